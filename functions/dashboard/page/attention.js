//! What needs somebody, causes before consequences, each with the decisions that are possible now.

import { post, read } from "./api.js";
import { announce, button, byId, draw, el, forget, outside } from "./dom.js";
import { later } from "./later.js";
import { connectionIsUsable, model, refresh } from "./model.js";
import { count, money, monthName, prose, shortDay, when } from "./money.js";
import { asking, details, documentLink, mark, nameOf, problemBox, transactionLine } from "./parts.js";
import { address, documentAddress } from "./route.js";
import { hasPlan, mayAct } from "./session.js";
import { say, sync } from "./connection.js";
import { actionName, causeWords, kindName, reasonWords, stateLook, typeName } from "./words.js";

const problems = new Map();
/** The card whose setting is being mended. */
let mending = "";

/** What is mended in the card itself, by reason: the setting, the part of the plan that it is for, and the words. */
const FIXES = {
  customer_unmatched: ["customers.matches", "customer", "Choose the customer", "Which customer in QuickBooks is it?", "Use this customer"],
  customer_inactive: ["customers.matches", "customer", "Choose another customer", "Which customer in QuickBooks is it?", "Use this customer"],
  customer_currency: ["customers.matches", "customer", "Choose another customer", "Which customer in QuickBooks has that currency?", "Use this customer"],
  job_of_other_customer: ["customers.projects", "project", "Choose the job", "Which customer, job or project in QuickBooks is it?", "Use this one"],
};

/** The group of the settings that helps with a reason. */
const PLACES = { customer_unmatched: "customers", customer_inactive: "customers", class_inactive: "class_tracking", before_start_date: "sync", paused: "sync", settings_incomplete: "accounts.contract_revenue", item_changed: "accounts.contract_revenue" };

/** Draws the cards, or says that nothing needs anybody. */
export function drawAttention() {
  const region = byId("attention");
  const { status, attention, progress } = model;
  if (!status || !status.company || !attention) {
    draw(region, null, () => null);
    return;
  }
  if (mending && byId(mending)) return;
  draw(region, [model.tieOut, status.status, status.sync, status.setup, attention, mayAct(), [...problems.keys()], progress !== null], () => {
    const groups = attention.groups ?? [];
    if (groups.length === 0) return allRight(status);
    const needing = groups.filter((group) => group.needs_you && !isAboutConnection(group)).length;
    return el("section", { class: "card flush", "aria-labelledby": "attention-head" },
      el("h2", { id: "attention-head", class: "band" }, needing > 0 ? `${count(needing, "thing")} ${needing === 1 ? "needs" : "need"} you` : "Waiting"),
      el("ul", { class: "cards" }, groups.map(card)), attention.next_cursor && el("p", { class: "band quiet" }, "More wait. They appear here as these are done."));
  });
}

/** Returns whether the card of the connection says already what to do. */
function isAboutConnection({ reason }) {
  return ["connect", "reconnect", "sync_now"].includes(reason?.action);
}

/** Says that the books are right, if nothing speaks against it. A firm whose plan posts nothing is told that alone. */
function allRight(status) {
  if (!connectionIsUsable(status) || !status.setup.complete || !hasPlan()) return null;
  const { pending, held, failed, uncertain, last_sync_at: last } = status.sync;
  if (held + failed > 0) {
    return el("section", { class: "card band warn-band" }, el("p", null, mark("▲", `${count(held + failed, "document")} ${held + failed === 1 ? "waits" : "wait"}. `, "warn"), el("a", { href: "#/activity?state=held" }, "See what is on hold")));
  }
  if (pending + uncertain > 0) {
    return el("section", { class: "card band calm-band" }, el("p", null, el("strong", null, `${count(pending + uncertain, "document")} on the way. `), "Nothing needs you."));
  }
  if (!last) {
    return el("section", { class: "card band" }, el("p", null, el("strong", null, "Nothing to post yet. "), "The first pay app that is approved in RIVET is posted by itself."));
  }
  return verdict(model.tieOut);
}

/** Says that everything is posted, and that the books are right once they were compared. */
function verdict(tieOut) {
  const compare = el("a", { href: "#/tie-out", id: "compare-link" }, tieOut ? "See the tie-out" : "Compare to the cent");
  if (tieOut && !tieOut.isRight) {
    return el("section", { class: "card band warn-band" }, el("p", null, mark("▲", "Everything is posted, but the books differ. ", "warn"), compare));
  }
  const what = tieOut ? "The books are right. " : "Everything is posted. ";
  const why = tieOut ? ["Tied out to the cent ", when(tieOut.at), ". "] : "All that RIVET billed is in QuickBooks. ";
  return el("section", { class: "card band good-band" }, el("p", null, mark("✓", what, "good"), why, compare));
}

function card(group) {
  const { documents, count: several, reason, state, holds_up: held } = group;
  const { what, help } = words(group);
  const [shape, word, tone] = stateLook(state);
  const id = `need-${reason?.code ?? state}-${documents[0].document.id}`;
  const objects = reason?.objects ?? [];
  return el("li", { class: "need", id, tabindex: "-1" },
    el("div", { class: "need-head" },
      el("span", { class: `mark ${tone}` }, el("span", { class: "shape", "aria-hidden": "true" }, shape), el("span", { class: "unseen" }, word)),
      el("h3", null, several === 1 ? el("a", { href: documentAddress(documents[0].document), id: `${id}-open` }, what) : what),
      group.amount && el("span", { class: "figure" }, money(group.amount))),
    reason?.message && el("p", null, prose(reason.message)),
    objects.length > 0 && el("ul", { class: "found" }, objects.map((object) => el("li", null, transactionLine(object)))),
    documents[0].decision && el("p", { class: "quiet" }, "It is decided. The next run carries it out."),
    help.toLowerCase() !== reason?.message?.toLowerCase() && el("p", { class: "quiet" }, help),
    held?.count > 0 && el("p", null, `${count(held.count, "other document")} ${held.count === 1 ? "waits" : "wait"} for it`, held.amount && `, ${money(held.amount)}`, "."),
    several > 1 && el("details", { id: `${id}-all` }, el("summary", null, `Show ${several > documents.length ? `${documents.length} of ` : "the "}${count(several, noun(documents))}`),
      el("ul", { class: "found" }, documents.map((one) => el("li", null, documentLink({ ...one.document, number: one.number }, `${id}-${one.document.id}`), el("span", null, [one.amount && money(one.amount), one.customer].filter(Boolean).join(" · ")))))),
    problems.has(id) && problemBox(problems.get(id), null, `${id}-problem`),
    mayAct() ? el("div", { class: "actions" }, waysOn(group, id)) : group.needs_you && el("p", { class: "quiet" }, "An owner or manager decides this."),
    details(id, { Code: reason?.code, State: state, Document: documents.map(({ document }) => `${document.kind}/${document.id}`).join(", "), Trace: reason?.trace_id }));
}

function words({ documents, count: several, reason, state }) {
  const one = reasonWords(reason?.code, state, nameOf({ ...documents[0].document, number: documents[0].number }));
  return several === 1 ? one : { what: causeWords(reason?.code, state, count(several, noun(documents))), help: one.help };
}

/** Returns the noun for several documents: their kind, if they have one. */
function noun(documents) {
  const kinds = new Set(documents.map(({ document }) => document.kind));
  return kinds.size === 1 ? kindName([...kinds][0]).toLowerCase() : "document";
}

/** Returns the buttons: one for each decision that is possible, then what helps besides. */
function waysOn(group, id) {
  const { documents, count: several, reason, state } = group;
  const decide = (body, done) => async () => decideAll(await allOf(group), body, done, id);
  const buttons = documents[0].decisions.flatMap((decision) => decisionButtons(decision, group, documents, decide, id));
  const isManual = reason?.code === "manual";
  const label = isManual ? `Sync ${several}` : state === "uncertain" ? "Look now" : reason?.code === "books_closed" ? reopened(reason.message) : several > 1 ? `Retry ${several}` : "Retry";
  return [
    buttons,
    FIXES[reason?.code] && fixButton(documents[0].document, FIXES[reason.code], id),
    reason?.action === "fix_settings" && el("a", { href: address("settings", { at: PLACES[reason.code] }), class: "plain", id: `${id}-settings` }, actionName(reason.action)),
    documents[0].retry && button(label, isManual ? "primary" : "plain", async () => sync(isManual ? undefined : (await allOf(group)).map(({ document }) => document)), { id: `${id}-retry` }),
    reason?.link && outside("Look", reason.link, { class: "plain", id: `${id}-look` }),
  ];
}

/** Returns the button that opens the missing choice in the card. */
function fixButton(document, [setting, of, label, question, yes], id) {
  const fixId = `${id}-fix`;
  const holder = el("span", { class: "asking", id: `${fixId}-holder` });
  const close = () => {
    mending = "";
    forget(byId("attention"));
    drawAttention();
    byId(fixId)?.focus();
  };
  const open = async () => {
    mending = holder.id;
    (await later()).fix.open(holder, { document, setting, of, question, yes, id: fixId, close });
  };
  holder.append(button(label, "primary", open, { id: fixId }));
  return holder;
}

/** Returns what a person says who opened the closed period: its month, if the books are closed up to the end of one. */
function reopened(message) {
  const day = firstOpenDay(message);
  const last = day && new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000);
  return day?.endsWith("-01") ? `I reopened ${monthName(last)}` : "I reopened the books";
}

/** Returns all documents of a group. A card has the first of them. */
async function allOf(group) {
  const all = [...group.documents];
  if (all.length >= group.count) return all;
  let cursor = "";
  const found = [];
  do {
    const page = await read(`attention?limit=100&group=${encodeURIComponent(group.group)}${cursor}`);
    found.push(...page.groups.flatMap(({ documents }) => documents));
    cursor = page.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : "";
  } while (cursor);
  return found;
}

/** Returns the buttons of one decision. What cannot be undone is asked first. */
export function decisionButtons({ act, body }, group, documents, decide, id) {
  const size = group.count ?? documents.length;
  const it = size === 1 ? nameOf({ ...documents[0].document, number: documents[0].number }) : count(size, noun(documents));
  const isAre = size === 1 ? "is" : "are";
  const seen = group.seen_at ? { seen_at: group.seen_at } : {};
  switch (body?.date ?? act) {
    case "posted":
      return size > 1 ? [] : (group.reason?.objects ?? []).map((object, index, all) => button(all.length === 1 ? "It is this one" : `It is ${typeName(object.type)} ${object.number ?? object.id}`, "primary",
        decide({ posted: { type: object.type, id: object.id } }, `${it} is taken as posted.`), { id: `${id}-posted-${index}` }));
    case "post_anyway":
      return asking("Post anyway", { question: `QuickBooks will then have both: ${it} ${isAre} posted beside what is there.`, yes: `Post ${it}`, id: `${id}-anyway`, act: decide(body, `${it} ${isAre} posted on the next run.`) });
    case "first_open_day": {
      const day = firstOpenDay(group.reason?.message);
      return button(day ? `Post on ${shortDay(day)}` : "Post on the first open day", "primary", decide(body, `${it} ${isAre} posted on ${day ? shortDay(day) : "the first open day"}.`), { id: `${id}-date` });
    }
    case "keep_rivet":
      return asking("Keep RIVET’s", { question: `What was changed in QuickBooks is replaced by ${it} as it is in RIVET.`, yes: "Replace it in QuickBooks", id: `${id}-rivet`, act: decide({ ...body, ...seen }, `RIVET’s version of ${it} replaces the other on the next run.`) });
    case "keep_quickbooks":
      return button("Keep QuickBooks’", "plain", decide({ ...body, ...seen }, `${it} stays as it is in QuickBooks.`), { id: `${id}-quickbooks` });
    case "ignore":
      return asking("Leave it out", { question: `${it} ${isAre} not posted. A later revision is.`, yes: `Leave out ${it}`, id: `${id}-ignore`, act: decide(body, `${it} ${isAre} left out.`) });
    default:
      return [];
  }
}

/** Returns the day after the last closed one, which the reason names. */
function firstOpenDay(message) {
  const closed = /closed through (\d{4}-\d{2}-\d{2})/.exec(message ?? "");
  return closed && new Date(Date.parse(`${closed[1]}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** Sends the decision for each of the documents, and says what became of it. */
export async function decideAll(documents, body, done, id) {
  problems.delete(id);
  try {
    for (const { document } of documents) await post(`documents/${document.kind}/${encodeURIComponent(document.id)}/resolve`, body);
    say(done, "It is carried out by the next run. Nothing else has to be done.", "good");
  } catch (problem) {
    problems.set(id, problem);
    announce("That was not possible.");
  }
  await refresh();
  byId(`${id}-problem`)?.focus();
}
