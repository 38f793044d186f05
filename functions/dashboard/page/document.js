//! One document: its state, what was posted, the plan, both versions of a conflict, and every attempt.

import { read } from "./api.js";
import { button, byId, draw, el, folded, forget, table } from "./dom.js";
import { count, day, exactTime, money, prose, when } from "./money.js";
import { decideAll, decisionButtons } from "./attention.js";
import { sync } from "./connection.js";
import { details, documentLink, mark, nameOf, problemBox, projectName, reading, stateMark, transactionLine } from "./parts.js";
import { mayAct, user } from "./session.js";
import { fieldName, reasonWords, roleOfAccount, stateLook, typeName } from "./words.js";

let shown = null;

/** Shows a document. */
export async function showDocument(region, [kind, id]) {
  shown = { region, path: `documents/${kind}/${encodeURIComponent(id)}` };
  forget(region);
  region.replaceChildren(back(), reading("the document"));
  await refreshDocument();
  byId("document-name")?.focus();
}

/** Reads the shown document again. */
export async function refreshDocument() {
  if (!shown?.region.isConnected || !location.hash.startsWith("#/document/")) return;
  const { region, path } = shown;
  try {
    const document = await read(path);
    if (shown.path === path) draw(region, [path, document, mayAct()], () => documentParts(document));
  } catch (problem) {
    forget(region);
    region.replaceChildren(back(), problemBox(problem, refreshDocument, "document-problem"));
  }
}

function back() {
  return el("p", null, el("a", { href: "#/activity", id: "back" }, "← Activity"));
}

function documentParts(document) {
    return [
    back(),
    el("section", { class: "card" },
      el("div", { class: "row" }, el("h2", { id: "document-name", tabindex: "-1" }, nameOf(document)), stateMark(document.state)),
      el("p", { class: "facts-line" }, [document.customer, projectName(document.project), document.revision > 1 && `revision ${document.revision}`].filter(Boolean).join(" · "), document.amount && el("span", { class: "figure" }, money(document.amount))),
      reason(document), decided(document), lookup(document), ways(document)),
    document.conflict && conflict(document.conflict),
    posted(document), payments(document), plan(document), attempts(document),
    details("document", { Document: `${document.kind}/${document.id}`, State: document.state, Code: document.reason?.code, Trace: document.reason?.trace_id, "Plan hash": document.plan_hash }),
  ];
}

function reason(document) {
  if (!document.reason) return null;
  const { what, help } = reasonWords(document.reason.code, document.state, nameOf(document));
  const tone = stateLook(document.state)[2];
  return el("div", { class: `box ${tone}` }, el("p", null, el("strong", null, what)), el("p", null, prose(document.reason.message)),
    (document.reason.objects ?? []).length > 0 && el("ul", { class: "found" }, document.reason.objects.map((object) => el("li", null, transactionLine(object)))),
    document.reason.open && el("p", null, `Open in QuickBooks: ${money(document.reason.open)}`), el("p", { class: "quiet" }, help));
}

function decided({ decision }) {
  if (!decision) return null;
  const who = decision.by === user() ? "You" : "Another person";
  return el("p", { class: "quiet" }, `${who} decided it `, when(decision.at), decision.carried_out ? "." : ". The next run carries it out.");
}

function lookup({ lookup: found }) {
  if (!found) return null;
  return el("p", null, found.since && ["In doubt since ", when(found.since), ". "], found.next_at && ["Looked up again ", when(found.next_at), "."]);
}

function ways(document) {
  if (!mayAct()) return null;
  const one = { document: { kind: document.kind, id: document.id }, number: document.number };
  const group = { reason: document.reason, seen_at: document.conflict?.seen_at };
  const decide = (body, done) => async () => {
    await decideAll([one], body, done, "document");
    refreshDocument();
  };
  const buttons = (document.decisions ?? []).flatMap((decision) => decisionButtons(decision, group, [one], decide, "document"));
  const isRetry = document.retry ?? ["failed", "held", "uncertain"].includes(document.state);
  if (buttons.length === 0 && !isRetry) return null;
  return el("div", { class: "actions" }, buttons, isRetry && button(document.state === "uncertain" ? "Look now" : "Retry", "plain", async () => {
    await sync([document]);
    refreshDocument();
  }, { id: "document-retry" }));
}

/** Returns both versions of each transaction, side by side. */
function conflict({ objects, seen_at: seen }) {
  return el("section", { class: "card" }, el("h3", null, "Two versions"), el("p", { class: "quiet" }, "QuickBooks was read ", when(seen), "."),
    objects.map((object) => {
      const name = `${typeName(object.type)} ${object.rivet.number ?? object.quickbooks.number ?? object.id ?? ""}`;
      const fields = Object.keys({ ...object.rivet, ...object.quickbooks });
      const rows = (wanted) => fields.filter((field) => object.differs.includes(field) === wanted).map((field) => [fieldName(field), value(field, object.rivet[field]), value(field, object.quickbooks[field])]);
      const [differing, alike] = [rows(true), rows(false)];
      return [el("h4", null, mark("◆", name, "warn")), table(`What differs in ${name}`, ["Field", "RIVET", "QuickBooks"], differing),
        alike.length > 0 && folded(`alike-${object.type}-${object.id}`, `Show ${count(alike.length, "field")} alike`, table(`What is alike in ${name}`, ["Field", "RIVET", "QuickBooks"], alike))];
    }));
}

function value(field, text) {
  if (text === null || text === undefined) return el("span", { class: "quiet" }, "nothing");
  if (["total", "balance", "unapplied_amount"].includes(field)) return money(text);
  if (["customer", "class", "account", "deposit_account"].includes(field) && /^\d+$/.test(text)) return `No. ${text} in QuickBooks`;
  return prose(text);
}

function posted({ quickbooks }) {
  if (!quickbooks?.length) return null;
  return el("section", { class: "card" }, el("h3", null, "In QuickBooks"),
    el("ul", { class: "found" }, quickbooks.map((object) => el("li", null, el("div", null, transactionLine(object), object.live === false && el("span", { class: "quiet" }, " – void or reversed"),
      object.posting && folded(`lines-${object.type}-${object.id}`, "Show its lines", postingLines(object.posting, typeName(object.type))))))));
}

function payments({ payment }) {
  if (!payment) return null;
  const rows = payment.payments.map((part) => [part.is_credit ? "Credit" : `Payment ${part.id}`, part.date ? day(part.date) : "–", money(part.amount)]);
  return el("section", { class: "card" }, el("h3", null, "Paid"), el("p", null, `${money(payment.paid)} of ${money(payment.total)} is paid; ${money(payment.balance)} is open.`), rows.length > 0 && table("Payments", ["Payment", "Day", "#Amount"], rows));
}

/** Returns the transactions that the document becomes, with their lines. */
function plan({ plan: planned, state }) {
  const postings = planned?.postings ?? [];
  if (postings.length === 0) return null;
  return el("section", { class: "card" }, el("h3", null, state === "posted" ? "The plan" : "What RIVET would post"), postings.map(({ posting }) => {
    const { name, day: date } = postingHead(posting);
    return [el("h4", null, [name, date && day(date)].filter(Boolean).join(" · ")), postingLines(posting, name)];
  }));
}

const POSTING_TYPES = { invoice: "Invoice", credit_memo: "CreditMemo", journal_entry: "JournalEntry", payment: "Payment" };

/** Returns the name and the day of a posting, which is named by its kind. */
function postingHead(posting) {
  const [kind, { number, reference, date }] = Object.entries(posting)[0];
  return { name: `${typeName(POSTING_TYPES[kind])} ${number ?? reference ?? ""}`.trim(), day: date };
}

function postingLines(posting, name) {
  const content = Object.values(posting)[0];
  const lines = (content.lines ?? []).map((line) => [line.description, [line.side && (line.side === "debit" ? "Debit " : "Credit "), roleOfAccount(line.account?.role ?? line.role)], money(line.amount)]);
  const shares = [...(content.applied ?? []), ...(content.credits ?? [])].map(({ document, amount }) => [documentLink(document), "", money(amount)]);
  const rows = [...lines, ...shares];
  return rows.length > 0 && table(`Lines of ${name}`, ["Line", "Posts to", "#Amount"], rows);
}

function attempts({ attempts: made }) {
  if (!made?.length) return null;
  return el("section", { class: "card" }, el("h3", null, "What happened"), el("ol", { class: "attempts" }, [...made].reverse().map((attempt) => el("li", null,
    el("span", { class: "when" }, exactTime(attempt.at)), stateMark(attempt.outcome), el("span", null, prose(attempt.detail)), attempt.by && el("span", { class: "quiet" }, attempt.by === user() ? "asked by you" : "asked by another person")))));
}
