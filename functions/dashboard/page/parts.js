//! Parts that several views share: states, names of documents, links, problems, and questions before something is done.

import { button, el, folded, outside, announce } from "./dom.js";
import { money, shortDay, exactTime } from "./money.js";
import { documentAddress } from "./route.js";
import { kindName, problemWords, stateLook, typeName } from "./words.js";

/** Returns a state by shape, word and tone. */
export function stateMark(state) {
  const [shape, word, tone] = stateLook(state);
  return mark(shape, word, tone);
}

/** Returns a mark: a shape, a word and a tone. */
export function mark(shape, word, tone) {
  return el("span", { class: `mark ${tone}` }, el("span", { class: "shape", "aria-hidden": "true" }, shape), " ", word);
}

/** Returns the name of a document, such as `Pay app 1042-3`. */
export function nameOf(document) {
  const number = document.number ?? (document.kind === "payment" ? document.reference : null);
  return `${kindName(document.kind)} ${number ?? document.id ?? ""}`.trim();
}

/** Returns the name of a project, such as `1042 Harbor Point Tower`. */
export function projectName(project) {
  return [project?.number, project?.name].filter(Boolean).join(" ");
}

/** Returns a link to the view of a document. */
export function documentLink(document, id) {
  return el("a", { href: documentAddress(document), id }, nameOf(document));
}

/** Returns a link to a transaction in QuickBooks, such as `Invoice 1042-3 ↗`. */
export function transactionLink(object) {
  return outside(`${typeName(object.type)} ${object.number ?? object.id ?? ""}`.trim(), object.link ?? object.url);
}

/** Returns one line about a transaction: name, amount, day. */
export function transactionLine(object) {
  const facts = [object.amount && money(object.amount), object.date && shortDay(object.date)].filter(Boolean);
  return el("span", { class: "transaction" }, transactionLink(object), facts.length > 0 && `, ${facts.join(", ")}`);
}

/** Returns a problem in words, with the way on and the details for support. */
export function problemBox(problem, retry, id) {
  const { what, help } = problemWords(problem);
  return el("div", { class: "box bad", role: "alert", id, tabindex: "-1" },
    el("p", null, el("strong", null, what)), help && el("p", null, help),
    retry && button("Try again", "plain", retry),
    problem.request && details(id ?? "problem", { Code: problem.code, Request: problem.request, Detail: problem.detail }));
}

/** Returns folded details, with a button that copies them for support. */
export function details(id, facts) {
  const present = Object.entries(facts).filter(([, value]) => value);
  if (present.length === 0) return null;
  const text = present.map(([name, value]) => `${name}: ${value}`).join("\n");
  const copy = copyButton("Copy for support", text);
  return folded(`${id}-details`, "Details",
    el("dl", { class: "facts" }, present.map(([name, value]) => [el("dt", null, name), el("dd", null, String(value))])), copy);
}

/** Returns a button that copies a text, to be sent to somebody else. */
export function copyButton(label, text, id) {
  const copy = async ({ target }) => {
    const result = await copied(text);
    target.textContent = result;
    announce(result);
  };
  return button(label, "plain small", copy, { id });
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(`${text}\nCopied: ${exactTime(new Date().toISOString())}`);
    return "Copied.";
  } catch {
    return "The browser did not let this page copy. Select the details instead.";
  }
}

/** Returns a button that asks first: `question` says what cannot be undone, `yes` says what it does. */
export function asking(label, { question, yes, style, id, act }) {
  const holder = el("span", { class: "asking" });
  const show = () => {
    const yesButton = button(yes, style ?? "primary", act, { id: id && `${id}-yes` });
    const no = button("Cancel", "plain", rest);
    holder.replaceChildren(el("span", { class: "question", role: "group", "aria-label": question }, el("span", { class: "why" }, question), yesButton, no));
    yesButton.focus();
  };
  const rest = () => {
    const first = button(label, style === "danger" ? "danger" : "plain", show, { id });
    const hadFocus = holder.contains(document.activeElement);
    holder.replaceChildren(first);
    if (hadFocus) first.focus();
  };
  rest();
  return holder;
}

/** Returns a line that says that something is being read. */
export function reading(what) {
  return el("p", { class: "quiet", role: "status" }, `Reading ${what} …`);
}

/** Returns a text that says that a list is empty, and why. */
export function empty(what, why) {
  return el("div", { class: "empty" }, el("p", null, el("strong", null, what)), why && el("p", { class: "quiet" }, why));
}
