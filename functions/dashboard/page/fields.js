//! The fields of the settings: accounts with suggestions, choices, and tables of what was chosen by hand.

import { read } from "./api.js";
import { button, byId, el, outside } from "./dom.js";
import { money } from "./money.js";

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

/** Says exactly which account is missing and how to make it. RIVET makes no accounts. */
export function missingAccount(purpose, again) {
  const [type, detail, name] = MAKE[purpose];
  return el("div", { class: "box warn" }, el("p", null, el("strong", null, "QuickBooks has no account that fits. ")), el("p", null, "Make it there; RIVET makes no accounts:"),
    el("ol", null, el("li", null, "Open Chart of accounts and press New."), el("li", null, `Account type: ${type}. Detail type: ${detail}.`), el("li", null, `Name: ${name}. Save.`)),
    el("div", { class: "actions" }, outside("Open Chart of accounts", "https://app.qbo.intuit.com/app/chartofaccounts", { class: "plain" }), button("Look again", "primary", again, { id: `again-${purpose}` })));
}

/** Returns a table of choices by hand: an id of RIVET, and what it is in QuickBooks. */
export function pickMap({ path, label, options, search, values, change, disabled }) {
  const remove = (key) => () => change(path, Object.fromEntries(Object.entries(values).filter(([other]) => other !== key)));
  const name = (id) => options?.find((option) => option.id === id)?.name ?? foundNames.get(id) ?? `No. ${id}`;
  const rows = Object.entries(values).map(([key, id]) => el("li", null, el("span", null, `${key} → ${name(id)}`), !disabled && button("Remove", "plain small", remove(key), { "aria-label": `Remove ${key}` })));
  return el("div", { class: "map" }, rows.length > 0 ? el("ul", { class: "found" }, rows) : el("p", { class: "quiet" }, "None."),
    !disabled && adder({ path, label, options, search, add: (key, id) => change(path, { ...values, [key]: id }) }));
}

const foundNames = new Map();

function adder({ path, label, options, search, add }) {
  const target = el("select", { id: `${path}-target` }, (options ?? []).map((option) => el("option", { value: option.id }, option.name)));
  const find = async (event) => {
    const { customers } = await read(`customers?q=${encodeURIComponent(event.target.value)}`).catch(() => ({ customers: [] }));
    for (const { id, name } of customers) foundNames.set(id, name);
    target.replaceChildren(...customers.map(({ id, name }) => el("option", { value: id }, name)));
  };
  const put = () => {
    const key = byId(`${path}-key`).value.trim();
    if (key && target.value) add(key, target.value);
  };
  return el("div", { class: "filters" }, el("label", { class: "field" }, el("span", null, label), el("input", { id: `${path}-key`, maxlength: 64, autocomplete: "off" })),
    search && el("label", { class: "field" }, el("span", null, "Find in QuickBooks"), el("input", { id: `${path}-find`, type: "search", onchange: find })),
    el("label", { class: "field" }, el("span", null, "In QuickBooks"), target), button("Add", "plain", put, { id: `${path}-add` }));
}

/** Returns a table of amounts by project. */
export function moneyMap({ path, label, values, change, disabled }) {
  const remove = (key) => () => change(path, Object.fromEntries(Object.entries(values).filter(([other]) => other !== key)));
  const put = () => {
    const key = byId(`${path}-key`).value.trim();
    const amount = byId(`${path}-amount`).value.replace(/[$,\s]/g, "");
    if (key && /^\d+(\.\d{1,2})?$/.test(amount)) change(path, { ...values, [key]: amount });
    else byId(`${path}-amount`).setAttribute("aria-invalid", "true");
  };
  const rows = Object.entries(values).map(([key, amount]) => el("li", null, el("span", null, `${key}: ${money(amount)}`), !disabled && button("Remove", "plain small", remove(key), { "aria-label": `Remove ${key}` })));
  return el("div", { class: "map" }, rows.length > 0 ? el("ul", { class: "found" }, rows) : el("p", { class: "quiet" }, "None."),
    !disabled && el("div", { class: "filters" }, el("label", { class: "field" }, el("span", null, label), el("input", { id: `${path}-key`, maxlength: 64, autocomplete: "off" })),
      el("label", { class: "field" }, el("span", null, "Amount"), el("input", { id: `${path}-amount`, inputmode: "decimal", autocomplete: "off" })), button("Add", "plain", put, { id: `${path}-add` })));
}
