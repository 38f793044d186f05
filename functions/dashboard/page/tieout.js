//! The tie-out: what RIVET's documents come to, what the books hold, and the transactions between them, to the cent.

import { read } from "./api.js";
import { button, el, folded, outside, table } from "./dom.js";
import { cents, day, decimal, money, prose, when } from "./money.js";
import { bar, key } from "./pictures.js";
import { changed, model } from "./model.js";
import { documentLink, mark, problemBox, projectName, reading, transactionLink } from "./parts.js";
import { address } from "./route.js";
import { purposeName, stateLook, typeName } from "./words.js";

const PILES = [
  ["only_in_quickbooks", "Only in QuickBooks", "Transactions that RIVET did not post."],
  ["only_in_rivet", "Only in RIVET", "Documents that are not in QuickBooks, or not yet."],
  ["different", "In both, but different", "The same document with other amounts."],
];
const LOOKS = [["paid", "Paid", "part-1"], ["owed", "Billed and open", "part-2"], ["retained", "Retained", "part-3"]];

/** Shows the tie-out. */
export async function showTieOut(region) {
  region.replaceChildren(reading("both sides; this takes a moment"));
  try {
    const answer = await read("tie-out");
    model.tieOut = { isRight: answer.tied_out, at: answer.checked_at };
    changed();
    region.replaceChildren(...tieOutContent(answer, () => showTieOut(region)).flat(Infinity).filter(Boolean));
  } catch (problem) {
    region.replaceChildren(problemBox(problem, () => showTieOut(region), "tie-out-problem"));
  }
}

function tieOutContent(answer, again) {
  const off = answer.accounts.filter((account) => cents(account.difference) !== 0n);
  return [
    el("section", { class: `card band ${answer.tied_out ? "good-band" : "bad-band"}`, id: "verdict" },
      answer.tied_out ? el("h2", null, mark("✓", "Tied out to the cent", "good")) : el("h2", null, mark("■", tieOutVerdict(off), "bad")),
      el("p", { class: "quiet" }, "Compared ", when(answer.checked_at), ". Difference is QuickBooks less RIVET.", " ", button("Compare again", "plain small", again, { id: "compare" }))),
    el("section", { class: "card" }, el("h3", null, "Accounts"),
      table("Accounts in both", ["Account", "#RIVET", "#QuickBooks", "#Difference"], answer.accounts.map((account) => [[purposeName(account.purpose), account.account?.name !== purposeName(account.purpose) && el("span", { class: "quiet" }, ` ${account.account?.name ?? ""}`)], ...compared(account)]))),
    PILES.map((pile) => section(pile, answer)),
    byCustomer(answer), byProject(answer),
  ];
}

function tieOutVerdict(off) {
  if (off.length === 0) return "Not all transactions agree";
  return `Off by ${off.map((account) => `${money(account.difference.replace("-", ""))} in ${purposeName(account.purpose)}`).join(", ")}`;
}

function compared({ rivet, quickbooks, difference }) {
  return [money(rivet), money(quickbooks), differenceMark(difference)];
}

function differenceMark(difference) {
  return cents(difference) === 0n ? el("span", { class: "quiet" }, money(difference)) : el("strong", { class: "bad-text" }, el("span", { "aria-hidden": "true" }, "◆ "), money(difference));
}

function section([name, title, why], answer) {
  const entries = answer[name] ?? [];
  const parties = partyNames(answer);
  const rows = entries.map((entry) => [
    entry.document ? documentLink(entry.document) : transactionName(entry),
    [entry.document && entry.id && [transactionLink(entry), ". "], prose(entry.sentence), entry.state && [" ", el("span", { class: "quiet" }, stateLook(entry.state)[1])], entry.reason?.message && el("span", { class: "quiet" }, ` ${prose(entry.reason.message)}`)],
    [parties.get(entry.customer), parties.get(entry.project)].filter(Boolean).join(" · ") || "–", entry.date ? day(entry.date) : "–", ...compared(entry.amount)]);
  return el("section", { class: "card", id: name }, el("h3", null, `${title} · ${entries.length}`), el("p", { class: "quiet" }, entries.length > 0 ? why : "Nothing."),
    rows.length > 0 && table(title, ["Transaction", "Why", "Customer", "Day", "#RIVET", "#QuickBooks", "#Difference"], rows));
}

function transactionName(entry) {
  return entry.type ? transactionLink(entry) : outside("A balance", entry.link);
}

function partyNames({ customers: known, projects: jobs }) {
  const all = [...known.map(({ customer }) => [customer.id, customer.name]), ...jobs.map(({ project }) => [project.id, `${project.number ?? ""} ${project.name}`.trim()])];
  return new Map(all);
}

function byCustomer(answer) {
  if (answer.customers.length === 0) return null;
  return folded("tie-out-customers", `By customer · ${answer.customers.length}`, table("Accounts Receivable by customer", ["Customer", "#RIVET", "#QuickBooks", "#Difference"],
    answer.customers.map(({ customer, receivable }) => [[el("a", { href: address("activity", { q: customer.name }) }, customer.name), customer.link && [" · ", outside("in QuickBooks", customer.link)]], ...compared(receivable)])));
}

function byProject(answer) {
  if (answer.projects.length === 0) return null;
  const whole = answer.projects.map((project) => cents(project.billed)).reduce((one, other) => (one > other ? one : other), 0n);
  return [el("section", { class: "card" }, el("h3", null, "Billed, paid, retained"), key(LOOKS.map(([, label, look]) => [label, look])),
    table("Billed, paid and retained by project", ["Project", "#Billed", "#Paid", "#Retained", "Picture"], answer.projects.map((project) => [
      projectLink(project.project), money(project.billed), money(project.paid), money(project.retained), bar(project.project.name, pictureParts(project), whole)]))),
  folded("tie-out-projects", `By project · ${answer.projects.length}`, table("Retainage and revenue by project", ["Project", "#Retainage in RIVET", "#in QuickBooks", "#Difference", "#Revenue in RIVET", "#in QuickBooks ", "#Difference "],
    answer.projects.map(({ project, retainage, revenue }) => [projectLink(project), ...compared(retainage), ...compared(revenue)])))];
}

/** Returns a project's name, which opens its documents. */
function projectLink(project) {
  return el("a", { href: address("activity", { project: project.id }) }, projectName(project));
}

function pictureParts({ billed, paid, retained }) {
  const owed = cents(billed) - cents(paid) - cents(retained);
  const amounts = { paid, retained, owed: owed > 0n ? decimal(owed) : "0.00" };
  return LOOKS.map(([name, label, look]) => [label, amounts[name], look]);
}
