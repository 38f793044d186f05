//! Settings: what a firm chooses among what QuickBooks has. The first time, a few answers with suggestions that need a click.

import { put, read, readTagged } from "./api.js";
import { button, byId, el, outside } from "./dom.js";
import { say } from "./connection.js";
import { changedAt, differences, suggested, valueAt } from "./draft.js";
import { knownParties } from "./known.js";
import { model, refresh } from "./model.js";
import { count } from "./money.js";
import { problemBox, reading } from "./parts.js";
import { focusOn, go } from "./route.js";
import { mayAct } from "./session.js";
import { accountField, choiceField, missingAccount, moneyMap, nameChoices, pickMap } from "./fields.js";
import { purposeName, settingName } from "./words.js";

const PURPOSES = ["contract_revenue", "accounts_receivable", "retainage"];
const HELD_BY_SETTINGS = ["settings_incomplete", "before_start_date", "customer_unmatched", "customer_inactive", "job_of_other_customer", "customer_currency", "class_inactive", "item_changed", "paused", "manual"];
const view = { region: null, saved: null, tag: "", draft: null, lists: {}, known: null, theirs: null, problem: null, isSetup: false };

/** Shows the settings, or the first answers. */
export async function showSettings(region, parameters, isSetup) {
  Object.assign(view, { region, theirs: null, problem: null, isSetup: Boolean(isSetup) });
  region.replaceChildren(reading("the settings and what QuickBooks has"));
  try {
    const [settings, ...lists] = await Promise.all([readTagged("settings"), ...[...PURPOSES, "deposit"].map(accounts)]);
    Object.assign(view, { saved: settings.value, draft: structuredClone(settings.value), tag: settings.tag });
    [...PURPOSES, "deposit"].forEach((purpose, index) => (view.lists[purpose] = lists[index]));
    view.lists.classes = await read("classes").then((answer) => answer.classes, () => []);
    view.known = await knownParties();
    await nameChoices(view.draft.customers);
    redraw();
    if (parameters?.get("at")) focusOn(`head-${parameters.get("at")}`);
  } catch (problem) {
    region.replaceChildren(problemBox(problem, () => showSettings(region, parameters, isSetup), "settings-problem"));
  }
}

/** Reads the accounts for a purpose. Without a connection there are none to choose from, and the settings stay as they are. */
async function accounts(purpose) {
  if (model.status?.status !== "connected") return null;
  return (await read(`accounts?for=${purpose}`)).accounts;
}

function redraw() {
  const focused = document.activeElement?.id;
  view.region.replaceChildren(...(view.isSetup ? setup() : allSettings()).flat(Infinity).filter(Boolean));
  if (focused) byId(focused)?.focus();
}

/** Changes a value of the draft. */
export function change(path, value) {
  view.draft = changedAt(view.draft, path, value);
  if (view.problem?.field === path) view.problem = null;
  redraw();
}

function required() {
  return PURPOSES.filter((purpose) => purpose !== "retainage" || view.draft.retainage_method !== "billed_on_release");
}

function setup() {
  const open = required().filter((purpose) => !view.draft.accounts[purpose]);
  const offers = open.map((purpose) => [purpose, suggested(purpose, view.lists[purpose] ?? [])]).filter(([, id]) => id);
  const useAll = () => {
    for (const [purpose, id] of offers) view.draft = changedAt(view.draft, `accounts.${purpose}`, id);
    redraw();
    byId("save").focus();
  };
  return [
    el("section", { class: "card", id: "set-up" }, el("h2", null, "A few answers, then billing is posted"),
      el("p", null, "Suggestions are marked. Nothing is chosen until you click it, and everything can be changed later in Settings."),
      offers.length > 1 && el("div", { class: "actions" }, button(`Use the ${offers.length} suggestions`, "plain", useAll, { id: "use-suggestions" }))),
    required().map((purpose) => account(purpose)),
    (view.lists.classes.length > 0 || view.draft.class_tracking.mode !== "off") && classes(),
    timing(true), footer("Save and begin"),
  ];
}

function allSettings() {
  return [
    view.theirs && otherSave(), view.lists.contract_revenue === null && el("p", { class: "box calm" }, "Accounts and classes can be chosen while QuickBooks is connected."),
    PURPOSES.map((purpose) => account(purpose)), account("deposit"), method(), lines(), classes(), customers(), timing(false), opening(), footer("Save"),
  ];
}

const NOTES = {
  contract_revenue: "An Income account. Billed work is credited here.",
  accounts_receivable: "An Accounts Receivable account. Invoices and released retainage are owed here.",
  retainage: "An Other Current Asset account. It holds what customers keep back.",
  deposit: "Where payments land. Without a choice they go to Undeposited Funds.",
};

function account(purpose) {
  const list = view.lists[purpose];
  const path = `accounts.${purpose}`;
  const body = list === null || list === undefined ? el("p", null, view.draft.accounts[purpose] ? "Chosen." : "Not chosen.")
    : list.length === 0 && purpose !== "deposit" ? missingAccount(purpose, () => showSettings(view.region, null, view.isSetup))
    : accountField({ path, options: list, value: view.draft.accounts[purpose], suggestion: purpose === "deposit" || view.saved.accounts[purpose] ? null : suggested(purpose, list), none: purpose === "deposit" ? "Undeposited Funds (QuickBooks’ own)" : null, change, disabled: !mayAct() });
  return group(purposeName(purpose), path, NOTES[purpose], body);
}

/** Returns one group of settings. A problem of its field stands beside it. */
function group(title, path, note, ...body) {
  const isWrong = view.problem?.field && (view.problem.field === path || view.problem.field.startsWith(`${path}.`));
  return el("section", { class: `card group${isWrong ? " wrong" : ""}`, "aria-labelledby": `head-${path}` }, el("h3", { id: `head-${path}` }, title), note && el("p", { class: "quiet" }, note),
    isWrong && el("p", { class: "box bad", role: "alert", id: `wrong-${path}`, tabindex: "-1" }, wording(view.problem.detail)), body);
}

/** Returns a refusal of a field without its name in code. */
function wording(detail) {
  const text = detail.replace(/^`[^`]*` /, "");
  return `This ${text.startsWith("must") || text.startsWith("is") ? text : `is refused: ${text}`}`;
}

function choice(title, path, note, options) {
  return group(title, path, note, choiceField({ path, options, value: valueAt(view.draft, path), change, disabled: !mayAct() }));
}

function method() {
  return choice("Retainage in QuickBooks", "retainage_method", "A change concerns new documents. What is posted stays as it is.", [
    ["journal_entry", "Journal Entry", "A net Invoice, and a Journal Entry for what is withheld."],
    ["invoice_line", "Invoice line", "One gross Invoice with a line that takes the retainage off."],
    ["billed_on_release", "Billed on release", "A net Invoice. Retainage is billed when it is released; for firms on cash basis."],
  ]);
}

function lines() {
  return choice("Invoice lines", "invoice_lines", null, [["single", "One line", "All work of the pay app in one line."], ["by_sov_item", "A line for each SOV item", "As on the G703."]]);
}

function classes() {
  const mode = view.draft.class_tracking.mode;
  const options = [["off", "No classes", "Projects have no class."], ["auto_create", "A class for each project", "RIVET makes the class when the project first needs it."], ["manual", "Choose for each project", "Each project has an existing class."]];
  const noneThere = view.lists.classes.length === 0 && mode === "off";
  return group("Classes", "class_tracking", noneThere ? "Classes exist in QuickBooks Online Plus and Advanced, where they are turned on." : "Job costs by project.",
    choiceField({ path: "class_tracking.mode", options, value: mode, change, disabled: !mayAct() }),
    mode === "manual" && pickMap({ path: "class_tracking.projects", label: "Project in RIVET", names: view.known.projects, options: view.lists.classes, values: view.draft.class_tracking.projects, change, disabled: !mayAct() }));
}

function customers() {
  const { auto_create: creates, matches, jobs, projects } = view.draft.customers;
  return group("Customers", "customers", "Customers are found by name. One that is missing can be made.",
    choiceField({ path: "customers.auto_create", options: [[true, "Make missing customers", "RIVET makes a customer that QuickBooks does not have."], [false, "Only use existing ones", "A document waits until its customer is chosen here."]], value: creates, change, disabled: !mayAct() }),
    jobs !== undefined && choiceField({ path: "customers.jobs", legend: "Jobs", options: [["off", "No jobs", "Invoices name the customer."], ["auto_create", "A job for each project", "Invoices name a sub-customer for the project."]], value: jobs, change, disabled: !mayAct() }),
    el("h4", null, "Customers chosen by hand"),
    pickMap({ path: "customers.matches", label: "Customer in RIVET", names: view.known.customers, values: matches, change, disabled: !mayAct() }),
    projects !== undefined && [el("h4", null, "Projects chosen by hand"),
      el("p", { class: "quiet" }, "A project can be posted for a job or project that QuickBooks has, or for a customer. What is posted already stays where it is."),
      pickMap({ path: "customers.projects", label: "Project in RIVET", names: view.known.projects, values: projects, change, disabled: !mayAct() })]);
}

function timing(isSetup) {
  const options = [["automatic", "Automatic", "Each document is posted when it is approved in RIVET."], ["manual", "Manual", "Documents wait until somebody presses Sync now."], !isSetup && ["paused", "Paused", "Nothing is posted. Documents wait."]].filter(Boolean);
  const closed = view.draft.sync.closed_books;
  const start = el("label", { class: "field" }, el("span", null, "Post documents dated on or after"), el("input", { type: "date", id: "sync.start_date", value: view.draft.sync.start_date ?? "", disabled: !mayAct(), onchange: (event) => change("sync.start_date", event.target.value || null) }));
  return group("When documents are posted", "sync", null,
    choiceField({ path: "sync.mode", options, value: view.draft.sync.mode, change, disabled: !mayAct() }), start,
    !isSetup && closed !== undefined && choiceField({ path: "sync.closed_books", legend: "Documents dated in a closed period", options: [["hold", "Wait for a person", "They wait until the books are reopened or somebody decides."], ["first_open_day", "Post on the first open day", "Their period stays in the memo."]], value: closed, change, disabled: !mayAct() }));
}

function opening() {
  if (view.draft.retainage_opening === undefined) return null;
  return group("Retainage held before", "retainage_opening", "What a project’s customer held back before RIVET. It counts as held and is not posted.",
    moneyMap({ path: "retainage_opening", label: "Project in RIVET", names: view.known.projects, values: view.draft.retainage_opening, change, disabled: !mayAct() }));
}

function footer(label) {
  const changes = differences(view.saved, view.draft);
  const open = required().filter((purpose) => !view.draft.accounts[purpose]);
  const missing = open.length > 0 ? `Still to choose: ${open.map(purposeName).join(", ")}.` : "";
  const effect = changes.length > 0 ? effectOf(changes) : "Nothing is changed.";
  if (!mayAct()) return el("p", { class: "quiet" }, "An owner or manager may change the settings.");
  return el("div", { class: "card save" }, el("p", { id: "effect" }, missing || effect), view.problem && !view.problem.field && problemBox(view.problem, null, "save-problem"),
    el("div", { class: "actions" }, button(label, "primary", save, { id: "save", disabled: changes.length === 0 || (view.isSetup && open.length > 0), "aria-describedby": "effect" }),
      changes.length > 0 && !view.isSetup && button("Undo changes", "plain", undo, { id: "undo" })));
}

/** Says what saving releases and what stays. */
function effectOf(changes) {
  const groups = (model.attention?.groups ?? []).filter((group) => HELD_BY_SETTINGS.includes(group.reason?.code));
  const waiting = groups.reduce((total, group) => total + group.count, 0);
  const released = waiting > 0 ? ` ${count(waiting, "document")} that wait are looked at again.` : "";
  return `Saving changes ${changes.map(settingTitle).filter((title, index, all) => all.indexOf(title) === index).join(", ")}.${released} What is posted stays as it is.`;
}

function settingTitle(path) {
  const known = settingName(path);
  if (known !== "A setting") return known;
  if (path.startsWith("class_tracking")) return "Classes";
  if (path.startsWith("customers.projects")) return "Projects";
  return path.startsWith("customers") ? "Customers" : "another setting";
}

function undo() {
  Object.assign(view, { draft: structuredClone(view.saved), problem: null, theirs: null });
  redraw();
}

async function save() {
  try {
    const { value, tag } = await put("settings", view.draft, view.tag);
    Object.assign(view, { saved: value, draft: structuredClone(value), tag, problem: null, theirs: null });
    await refresh();
    const isDone = model.status?.setup.complete;
    say("The settings are saved.", isDone && view.isSetup ? "Billing is posted from now on." : "What waited for them is looked at again.", "good");
    if (view.isSetup && isDone) go("activity");
    else redraw();
  } catch (problem) {
    if (problem.code === "settings_changed") await takeTheirs();
    else view.problem = problem;
    redraw();
    (byId("theirs") ?? view.region.querySelector(".wrong [role=alert]") ?? byId("save-problem"))?.focus();
  }
}

/** Reads what somebody else saved meanwhile. The person's own changes stay in the draft, on top of it. */
async function takeTheirs() {
  const { value, tag } = await readTagged("settings");
  const mine = differences(view.saved, view.draft);
  const theirs = differences(view.saved, value).filter((path) => mine.includes(path));
  let draft = structuredClone(value);
  for (const path of mine) draft = changedAt(draft, path, valueAt(view.draft, path));
  Object.assign(view, { saved: value, draft, tag, theirs: { paths: theirs }, problem: null, isSetup: false });
}

function otherSave() {
  const { paths } = view.theirs;
  const keepTheirs = () => {
    for (const path of paths) view.draft = changedAt(view.draft, path, valueAt(view.saved, path));
    view.theirs = null;
    redraw();
    byId("save")?.focus();
  };
  return el("div", { class: "box warn", id: "theirs", role: "alert", tabindex: "-1" }, el("p", null, el("strong", null, "Somebody else saved the settings meanwhile.")),
    el("p", null, paths.length > 0 ? `Both of you changed ${paths.map(settingTitle).join(", ")}. Your choice is shown; saving replaces theirs.` : "You changed other things. Both changes are shown; save again to keep them."),
    paths.length > 0 && el("div", { class: "actions" }, button("Take theirs", "plain", keepTheirs, { id: "take-theirs" })));
}
