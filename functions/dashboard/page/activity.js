//! The activity, newest first: what was posted, paid, held, and by whom. The address keeps search and filters.

import { read } from "./api.js";
import { button, byId, el } from "./dom.js";
import { cents, dayHeading, money, prose, when } from "./money.js";
import { documentLink, empty, problemBox, projectName, reading, stateMark, transactionLink } from "./parts.js";
import { keep } from "./route.js";
import { kindChoices, stateChoices } from "./words.js";

const PAGE = 50;
const DONE = ["posted", "paid", "voided", "skipped"];
const view = { query: "", pages: [], cursor: null, problem: null, newest: null, hidesDone: false, sort: "" };

/** Shows the activity that the parameters ask for. */
export async function showActivity(region, parameters) {
  const query = queryOf(parameters);
  Object.assign(view, { query, pages: [], cursor: null, problem: null, hidesDone: Boolean(parameters.get("hide")), sort: parameters.get("sort") ?? "" });
  region.replaceChildren(filters(parameters), el("div", { id: "activity-list" }, reading("the activity")));
  await more(true);
}

/** Reads the first page again, if no older page is shown. */
export async function refreshActivity() {
  if (!byId("activity-list") || view.pages.length > 1) return;
  try {
    const first = await read(`activity?${view.query}`);
    if (first === view.newest) return;
    Object.assign(view, { newest: first, pages: [first], cursor: first.next_cursor, problem: null });
    drawList(false);
  } catch {
    // The card of the connection says that RIVET cannot be reached.
  }
}

function queryOf(parameters) {
  const present = [["limit", PAGE], ...["state", "kind", "project", "q"].map((name) => [name, parameters.get(name)])].filter(([, value]) => value);
  return new URLSearchParams(present).toString();
}

function filters(parameters) {
  const value = (name) => parameters.get(name) ?? "";
  const change = () => {
    const chosen = Object.fromEntries(["q", "state", "kind", "sort"].map((name) => [name, byId(`filter-${name}`).value.trim()]));
    chosen.hide = byId("filter-hide").checked ? "done" : "";
    Object.assign(view, { hidesDone: chosen.hide !== "", sort: chosen.sort });
    if (value("project")) chosen.project = value("project");
    keep("activity", chosen);
    view.query = queryOf(new URLSearchParams(chosen));
    Object.assign(view, { pages: [], cursor: null });
    more(true);
  };
  const select = (name, label, all, choices) => el("label", { class: "field" }, el("span", null, label),
    el("select", { id: `filter-${name}`, onchange: change }, el("option", { value: "" }, all), choices.map(([code, text]) => el("option", { value: code, selected: code === value(name) }, text))));
  return el("form", { class: "filters paired", role: "search", "aria-label": "Activity", onsubmit: (event) => (event.preventDefault(), change()) },
    el("label", { class: "field wide" }, el("span", null, "Number, name or amount"), el("input", { id: "filter-q", type: "search", value: value("q"), maxlength: 64, onchange: change })),
    select("state", "State", "All states", stateChoices()), select("kind", "Kind", "All kinds", kindChoices()), select("sort", "Sort by", "Newest first", [["amount", "Largest first"]]),
    el("label", { class: "check-field" }, el("input", { type: "checkbox", id: "filter-hide", checked: value("hide") !== "", onchange: change }), "Hide what is done"));
}

async function more(isFirst) {
  try {
    const query = isFirst ? view.query : `${view.query}&cursor=${encodeURIComponent(view.cursor)}`;
    const asked = view.query;
    const page = await read(`activity?${query}`);
    if (asked !== view.query) return;
    view.pages.push(page);
    view.cursor = page.next_cursor;
    view.problem = null;
    if (isFirst) view.newest = page;
  } catch (problem) {
    view.problem = problem;
  }
  drawList(!isFirst);
}

function drawList(keepsFocus) {
  const region = byId("activity-list");
  if (!region) return;
  const entries = view.pages.flatMap((page) => page.activity).filter((entry) => !view.hidesDone || !DONE.includes(entry.state));
  const before = region.querySelectorAll("li.entry").length;
  region.replaceChildren(...list(entries));
  // By day the older ones follow those that were there; by amount they are anywhere among them.
  const next = view.sort === "amount" ? null : region.querySelectorAll("li.entry")[before]?.querySelector("a");
  if (keepsFocus) (next ?? byId("older") ?? region.querySelector("a"))?.focus();
}

function list(entries) {
  if (view.problem) return [problemBox(view.problem, () => more(view.pages.length === 0), "activity-problem")];
  const isFiltered = view.hidesDone || view.query !== `limit=${PAGE}`;
  if (entries.length === 0 && !view.cursor) {
    return [isFiltered ? empty("Nothing fits these filters.", "Choose other words, or all states and kinds.") : empty("Nothing has happened yet.", "Pay apps, retainage and payments appear here as soon as RIVET bills them.")];
  }
  const isByAmount = view.sort === "amount";
  const days = isByAmount ? new Map([[largestHeading(entries.length), entries.sort(byAmount)]]) : groupByDay(entries);
  const note = isByAmount && view.cursor && el("p", { class: "quiet" }, "Older entries are not among them yet. Show older adds the next ones.");
  const parts = [...days].map(([day, of]) => el("section", { class: "day" }, el("h3", null, day), note, el("ul", { class: "entries" }, of.map(row))));
  if (view.cursor) parts.push(el("div", { class: "actions" }, button("Show older", "plain", () => more(false), { id: "older" })));
  return parts;
}

/** Returns the heading of the entries that are sorted by amount: only those that were read can be. */
function largestHeading(count) {
  return view.cursor ? `Largest first of the ${count} newest` : "Largest first";
}

function byAmount(one, other) {
  const [size, otherSize] = [cents(shownAmount(one)), cents(shownAmount(other))];
  return size === otherSize ? 0 : size < otherSize ? 1 : -1;
}

function groupByDay(entries) {
  const days = new Map();
  for (const entry of entries) {
    const day = dayHeading(entry.at);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return days;
}

function row(entry) {
  const document = { ...entry.document, number: entry.number };
  const place = [entry.customer, projectName(entry.project)].filter(Boolean).join(" · ");
  const objects = entry.objects ?? [];
  return el("li", { class: "entry" },
    stateMark(entry.state), el("span", { class: "what" }, documentLink(document)),
    el("span", { class: "place" }, place || prose(entry.detail)), el("span", { class: "figure" }, amountOf(entry)),
    el("span", { class: "links" }, objects.slice(0, 2).map((object, index) => [index > 0 && ", ", transactionLink(object)]), objects.length === 0 && place && prose(entry.detail)),
    el("span", { class: "when" }, when(entry.at)));
}

/** Returns the amount that a row shows, as text. */
function shownAmount(entry) {
  return entry.amount || entry.payment?.paid;
}

function amountOf(entry) {
  const amount = shownAmount(entry);
  return amount ? money(amount) : "";
}
