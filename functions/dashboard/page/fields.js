//! The fields of the settings: accounts with suggestions, choices, and tables of what was chosen by hand.

import { read } from "./api.js";
import { button, byId, el, outside } from "./dom.js";
import { money } from "./money.js";
import { copyButton } from "./parts.js";
import { problemWords } from "./words.js";

const MANY = 6;

/** Returns the choice among accounts: a list of buttons if they are few, else a menu. A suggestion is marked and not chosen. */
export function accountField({ path, options, value, suggestion, none, change, disabled }) {
  const sorted = [...options].sort((one, other) => (other.id === suggestion) - (one.id === suggestion));
  if (sorted.length <= MANY) {
    const choices = sorted.map((option) => [option.id, [accountName(option), option.id === suggestion && el("span", { class: "badge" }, "Suggested")], option.type ?? ""]);
    return choiceField({ path, options: none ? [[null, none, ""], ...choices] : choices, value, change, disabled });
  }
  const choose = (event) => change(path, event.target.value || null);
  return el("div", null,
    el("select", { id: path, onchange: choose, disabled, "aria-labelledby": `head-${path}` }, el("option", { value: "" }, none ?? "Choose …"),
      sorted.map((option) => el("option", { value: option.id, selected: option.id === value }, `${accountName(option)}${option.id === suggestion ? " (suggested)" : ""}`))),
    suggestion && suggestion !== value && !disabled && el("div", { class: "actions" }, button([`Use ${accountName(options.find((option) => option.id === suggestion))} `, el("span", { class: "badge" }, "Suggested")], "plain", () => change(path, suggestion), { id: `${path}-suggested` })));
}

function accountName({ number, name }) {
  return [number, name].filter(Boolean).join(" ");
}

/** Returns a choice of one: `[value, name, note]`. */
export function choiceField({ path, legend, options, value, change, disabled }) {
  const choices = options.map(([option, name, note], index) => {
    const id = `${path}-${index}`;
    return el("label", { class: "choice", for: id }, el("input", { type: "radio", name: path, id, checked: option === value, disabled, onchange: () => change(path, option) }),
      el("span", null, el("span", { class: "name" }, name), note && el("span", { class: "quiet" }, note)));
  });
  return el("fieldset", { class: "choices", "aria-labelledby": legend ? null : `head-${headOf(path)}` }, legend && el("legend", null, legend), choices);
}

function headOf(path) {
  return byId(`head-${path}`) || path.startsWith("accounts") || !path.includes(".") ? path : path.split(".")[0];
}

const MAKE = {
  retainage: ["Other Current Assets", "Retainage", "Retainage Receivable"],
  contract_revenue: ["Income", "Service/Fee Income", "Contract Revenue"],
  accounts_receivable: ["Accounts receivable (A/R)", "Accounts Receivable", "Accounts Receivable"],
};

const CHART = "https://app.qbo.intuit.com/app/chartofaccounts";

/** Says exactly which account is missing and how to make it. RIVET makes no accounts. */
export function missingAccount(purpose, again) {
  const [type, detail, name] = MAKE[purpose];
  const steps = ["Open Chart of accounts and press New.", `Account type: ${type}. Detail type: ${detail}.`, `Name: ${name}. Save.`];
  const letter = ["RIVET needs an account in QuickBooks that is not there yet.", ...steps, CHART].join("\n");
  return el("div", { class: "box warn" }, el("p", null, el("strong", null, "QuickBooks has no account that fits. ")), el("p", null, "Make it there; RIVET makes no accounts:"),
    el("ol", null, steps.map((step) => el("li", null, step))),
    el("div", { class: "actions" }, outside("Open Chart of accounts", CHART, { class: "plain" }), button("Look again", "primary", again, { id: `again-${purpose}` }), copyButton("Copy for the bookkeeper", letter, `copy-${purpose}`)));
}

/** Returns a table of choices by hand: an id of RIVET, and what it is in QuickBooks. `names` has the ids that are known. */
export function pickMap({ path, label, names, options, values, change, disabled }) {
  const remove = (key) => () => change(path, Object.fromEntries(Object.entries(values).filter(([other]) => other !== key)));
  const name = (id) => options?.find((option) => option.id === id)?.name ?? foundNames.get(id) ?? `No. ${id} in QuickBooks`;
  const rows = Object.entries(values).map(([key, id]) => el("li", null, el("span", null, `${names.get(key) ?? key} → ${name(id)}`), !disabled && button("Remove", "plain small", remove(key), { "aria-label": `Remove ${names.get(key) ?? key}` })));
  return el("div", { class: "map" }, rows.length > 0 ? el("ul", { class: "found" }, rows) : el("p", { class: "quiet" }, "None."),
    !disabled && adder({ path, label, names, options, add: (key, id) => change(path, { ...values, [key]: id }) }));
}

const foundNames = new Map();

/** Learns the names of what was chosen by hand before, if something was. */
export async function nameChoices({ matches, projects }) {
  if (Object.keys({ ...matches, ...projects }).length === 0) return;
  const { customers } = await read("customers").catch(() => ({ customers: [] }));
  for (const { id, name } of customers) foundNames.set(id, name);
}

function adder({ path, label, names, options, add }) {
  const target = options && el("select", { id: `${path}-target` }, options.map((option) => el("option", { value: option.id }, option.name)));
  const found = target ? null : finder({ path, first: "" });
  const put = () => {
    const [key, id] = [idOf(path, names), target ? target.value : found.chosen()?.id];
    if (key && id) add(key, id);
    else byId(key ? `${path}-${target ? "target" : "find"}` : `${path}-key`).focus();
  };
  return el("div", { class: "filters" }, idField(path, label, names),
    target ? el("label", { class: "field" }, el("span", null, "In QuickBooks"), target) : found.fields, button("Add", "plain", put, { id: `${path}-add` }));
}

/** Returns the fields that find a customer, job or project of QuickBooks by its name. They ask when a person comes to them. */
export function finder({ path, first }) {
  const input = el("input", { id: `${path}-find`, type: "search", value: first, autocomplete: "off" });
  const target = el("select", { id: `${path}-target` }, el("option", { value: "" }, "Search first"));
  let found = [];
  let asked = null;
  const search = async () => {
    if (asked === input.value) return;
    asked = input.value;
    const answer = await read(`customers?q=${encodeURIComponent(asked.trim())}`).catch((problem) => ({ problem }));
    if (asked !== input.value) return;
    found = answer.customers ?? [];
    for (const { id, name } of found) foundNames.set(id, name);
    const none = answer.problem ? problemWords(answer.problem).what : "Nothing is called that";
    target.replaceChildren(...(found.length > 0 ? found.map(({ id, name }) => el("option", { value: id }, name)) : [el("option", { value: "" }, none)]));
  };
  input.addEventListener("change", search);
  input.addEventListener("focus", search);
  target.addEventListener("focus", search);
  return {
    search,
    chosen: () => found.find(({ id }) => id === target.value),
    fields: [el("label", { class: "field" }, el("span", null, "Find in QuickBooks"), input), el("label", { class: "field" }, el("span", null, "Customer, job or project"), target)],
  };
}

/** Returns a field for an id of RIVET, which offers the names that are known. */
function idField(path, label, names) {
  return el("label", { class: "field" }, el("span", null, label), el("input", { id: `${path}-key`, maxlength: 200, autocomplete: "off", list: `${path}-known` }),
    el("datalist", { id: `${path}-known` }, [...names.values()].map((name) => el("option", { value: name }))));
}

/** Returns the id of what a person chose or typed. */
function idOf(path, names) {
  const typed = byId(`${path}-key`).value.trim();
  return [...names].find(([, name]) => name === typed)?.[0] ?? typed;
}

/** Returns a table of amounts by project. */
export function moneyMap({ path, label, names, values, change, disabled }) {
  const remove = (key) => () => change(path, Object.fromEntries(Object.entries(values).filter(([other]) => other !== key)));
  const put = () => {
    const key = idOf(path, names);
    const amount = byId(`${path}-amount`).value.replace(/[$,\s]/g, "");
    if (key && /^\d+(\.\d{1,2})?$/.test(amount)) change(path, { ...values, [key]: amount });
    else byId(`${path}-amount`).setAttribute("aria-invalid", "true");
  };
  const rows = Object.entries(values).map(([key, amount]) => el("li", null, el("span", null, `${names.get(key) ?? key}: ${money(amount)}`), !disabled && button("Remove", "plain small", remove(key), { "aria-label": `Remove ${names.get(key) ?? key}` })));
  return el("div", { class: "map" }, rows.length > 0 ? el("ul", { class: "found" }, rows) : el("p", { class: "quiet" }, "None."),
    !disabled && el("div", { class: "filters" }, idField(path, label, names),
      el("label", { class: "field" }, el("span", null, "Amount"), el("input", { id: `${path}-amount`, inputmode: "decimal", autocomplete: "off" })), button("Add", "plain", put, { id: `${path}-add` })));
}
