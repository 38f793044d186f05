//! What needs somebody, causes before consequences, each with the decisions that are possible now.

import { post } from "./api.js";
import { announce, button, byId, draw, el, outside } from "./dom.js";
import { connectionIsUsable, model, refresh } from "./model.js";
import { count, money, prose, shortDay, sum, when } from "./money.js";
import { asking, details, documentLink, mark, nameOf, problemBox, transactionLine } from "./parts.js";
import { documentAddress } from "./route.js";
import { mayAct } from "./session.js";
import { say, sync } from "./connection.js";
import { actionName, causeWords, kindName, reasonWords, stateLook } from "./words.js";

const problems = new Map();

/** Draws the cards, or says that nothing needs anybody. */
export function drawAttention() {
  const region = byId("attention");
  const { status, attention, progress } = model;
  if (!status || !status.company || !attention) {
    draw(region, null, () => null);
    return;
  }
  draw(region, [model.tieOut, status.status, status.sync, status.setup, attention, mayAct(), [...problems.keys()], progress !== null], () => {
    const groups = attention.groups ?? [];
    if (groups.length === 0) return allRight(status);
    const needing = groups.filter(needsSomebody).length;
    return el("section", { class: "card flush", "aria-labelledby": "attention-head" },
      el("h2", { id: "attention-head", class: "band" }, needing > 0 ? `${count(needing, "thing")} ${needing === 1 ? "needs" : "need"} you` : "Waiting"),
      el("ul", { class: "cards" }, groups.map(card)));
  });
}

function needsSomebody(group) {
  return !["uncertain", "pending", "posting"].includes(group.state) && !["wait", "sync_now", "connect", "reconnect"].includes(group.reason?.action);
}

/** Says that the books are right, if nothing speaks against it. */
function allRight(status) {
  if (!connectionIsUsable(status) || !status.setup.complete) return null;
  const { pending, uncertain, last_sync_at: last } = status.sync;
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
  const documents = group.documents ?? [];
  const several = group.count ?? documents.length;
  const { what, help } = words(group, several);
  const [shape, word, tone] = stateLook(group.state);
  const id = `need-${group.reason?.code ?? group.state}-${documents[0]?.id ?? ""}`;
  const objects = documents.flatMap((document) => document.objects ?? []).concat(group.objects ?? []);
  return el("li", { class: "need", id, tabindex: "-1" },
    el("div", { class: "need-head" },
      el("span", { class: `mark ${tone}` }, el("span", { class: "shape", "aria-hidden": "true" }, shape), el("span", { class: "unseen" }, word)),
      el("h3", null, several === 1 && documents[0] ? el("a", { href: documentAddress(documents[0]), id: `${id}-open` }, what) : what),
      el("span", { class: "figure" }, money(group.amount ?? sum(documents.map((document) => document.amount ?? "0"))))),
    group.reason?.message && el("p", null, prose(group.reason.message)),
    objects.length > 0 && el("ul", { class: "found" }, objects.map((object) => el("li", null, transactionLine(object)))),
    group.state === "uncertain" && group.next_at && el("p", { class: "quiet" }, "Looked up again ", when(group.next_at), "."),
    el("p", { class: "quiet" }, help),
    several > 1 && el("details", { id: `${id}-all` }, el("summary", null, `Show the ${count(several, noun(documents))}`),
      el("ul", { class: "found" }, documents.map((document) => el("li", null, documentLink(document, `${id}-${document.id}`), document.amount && `, ${money(document.amount)}`, document.customer && ` · ${document.customer.name ?? document.customer}`)))),
    problems.has(id) && problemBox(problems.get(id), null, `${id}-problem`),
    mayAct() ? el("div", { class: "actions" }, waysOn(group, id)) : el("p", { class: "quiet" }, "An owner or manager decides this."),
    details(id, { Code: group.reason?.code, State: group.state, Document: documents.map((document) => `${document.kind}/${document.id}`).join(", "), Trace: group.reason?.trace_id }));
}

function words(group, several) {
  const code = group.reason?.code;
  const documents = group.documents ?? [];
  const one = reasonWords(code, group.state, documents[0] ? nameOf(documents[0]) : "A document");
  if (several === 1) return one;
  return { what: causeWords(code, group.state, count(several, noun(documents))), help: one.help };
}

/** Returns the noun for several documents: their kind, if they have one. */
function noun(documents) {
  const kinds = new Set(documents.map((document) => document.kind));
  return kinds.size === 1 ? kindName([...kinds][0]).toLowerCase() : "document";
}

/** Returns the buttons: one for each decision that is possible, then what helps besides. */
function waysOn(group, id) {
  const documents = group.documents ?? [];
  const decide = (body, done) => () => decideAll(documents, body, done, id);
  const buttons = (group.decisions ?? []).flatMap((decision) => decisionButtons(decision, group, documents, decide, id));
  const { action, link } = group.reason ?? {};
  const label = action === "fix_settings" ? el("a", { href: "#/settings", class: "plain", id: `${id}-settings` }, actionName(action)) : null;
  const isRetry = ["failed"].includes(group.state) || ["sync_now", "fix_in_quickbooks"].includes(action);
  const size = group.count ?? documents.length;
  return [
    buttons, label,
    isRetry && button(group.reason?.code === "manual" ? `Sync ${size}` : size > 1 ? `Retry ${size}` : "Retry", group.reason?.code === "manual" ? "primary" : "plain", () => sync(documents), { id: `${id}-retry` }),
    link && outside("Look", link, { class: "plain", id: `${id}-look` }),
  ];
}

/** Returns the buttons of one decision. What cannot be undone is asked first. */
export function decisionButtons(decision, group, documents, decide, id) {
  const it = documents.length === 1 ? nameOf(documents[0]) : count(documents.length, noun(documents));
  const seen = group.seen_at ?? documents[0]?.seen_at;
  const withSeen = (body) => (seen ? { ...body, seen_at: seen } : body);
  const objects = (documents[0]?.objects ?? group.objects ?? []);
  switch (nameOfDecision(decision)) {
    case "posted":
      return objects.map((object, index) => button(objects.length === 1 ? "It is this one" : `It is ${object.number ?? object.id}`, "primary",
        decide({ posted: { type: object.type, id: object.id } }, `${it} is taken as posted.`), { id: `${id}-posted-${index}` }));
    case "post_anyway":
      return asking("Post anyway", { question: `QuickBooks will then have both, and ${it} is posted beside what is there.`, yes: `Post ${it}`, id: `${id}-anyway`, act: decide({ post: "anyway" }, `${it} is posted on the next run.`) });
    case "first_open_day": {
      const day = decision.date ?? group.first_open_day;
      return button(day ? `Post on ${shortDay(day)}` : "Post on the first open day", "primary", decide({ date: "first_open_day" }, `${it} is posted on ${day ? shortDay(day) : "the first open day"}.`), { id: `${id}-date` });
    }
    case "keep_rivet":
      return asking("Keep RIVET’s", { question: `What was changed in QuickBooks is replaced by ${it} as it is in RIVET.`, yes: "Replace it in QuickBooks", id: `${id}-rivet`, act: decide(withSeen({ keep: "rivet" }), `RIVET’s version of ${it} replaces the other on the next run.`) });
    case "keep_quickbooks":
      return button("Keep QuickBooks’", "plain", decide(withSeen({ keep: "quickbooks" }), `${it} stays as it is in QuickBooks.`), { id: `${id}-quickbooks` });
    case "ignore":
      return asking("Leave it out", { question: `${it} is not posted. A later revision is.`, yes: `Leave out ${it}`, id: `${id}-ignore`, act: decide({ ignore: true }, `${it} is left out.`) });
    default:
      return [];
  }
}

/** Returns the name of a decision, in whichever form the API names it. */
function nameOfDecision(decision) {
  return typeof decision === "string" ? decision : decision.name;
}

/** Sends the decision for each of the documents, and says what became of it. */
export async function decideAll(documents, body, done, id) {
  problems.delete(id);
  try {
    for (const { kind, id: document } of documents) await post(`documents/${kind}/${encodeURIComponent(document)}/resolve`, body);
    say(done, "It is carried out by the next run. Nothing else has to be done.", "good");
  } catch (problem) {
    problems.set(id, problem);
    announce("That was not possible.");
  }
  await refresh();
  byId(`${id}-problem`)?.focus();
}
