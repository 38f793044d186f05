//! The retainage schedule: what customers hold back, per project, and for how long.

import { file, read } from "./api.js";
import { announce, button, byId, el, table } from "./dom.js";
import { cents, day, money, now, sum } from "./money.js";
import { bar, swatch } from "./pictures.js";
import { empty, problemBox, reading } from "./parts.js";
import { keep } from "./route.js";

const AGES = [["days_0_30", "0–30 days", "age-1"], ["days_31_60", "31–60 days", "age-2"], ["days_61_90", "61–90 days", "age-3"], ["over_90", "over 90 days", "age-4"]];

/** Shows the schedule at the end of the day that the parameters name, else of today. */
export async function showRetainage(region, parameters) {
  const asOf = /^\d{4}-\d{2}-\d{2}$/.test(parameters.get("as_of") ?? "") ? parameters.get("as_of") : "";
  const path = `retainage${asOf ? `?as_of=${asOf}` : ""}`;
  const body = el("div", { id: "schedule" }, reading("the retainage schedule"));
  region.replaceChildren(head(asOf, path, region, parameters.get("sort") ?? ""), body);
  try {
    const schedule = await read(path);
    body.replaceChildren(...scheduleContent(schedule, parameters.get("sort")).flat(Infinity).filter(Boolean));
  } catch (problem) {
    body.replaceChildren(problemBox(problem, () => showRetainage(region, parameters), "retainage-problem"));
  }
}

const ORDERS = {
  held: (one, other) => compareAmounts(other.held, one.held),
  oldest: (one, other) => (one.oldest_day ?? "9999").localeCompare(other.oldest_day ?? "9999"),
};

function compareAmounts(one, other) {
  return cents(one) < cents(other) ? -1 : cents(one) > cents(other) ? 1 : 0;
}

function head(asOf, path, region, sort) {
  const today = new Date(now()).toISOString().slice(0, 10);
  const change = async ({ target }) => {
    const chosen = { as_of: byId("as-of").value === today ? "" : byId("as-of").value, sort: byId("sort").value };
    keep("retainage", chosen);
    await showRetainage(region, new URLSearchParams(chosen));
    byId(target.id)?.focus();
  };
  const orders = [["", "Project"], ["held", "Most held first"], ["oldest", "Oldest first"]];
  return el("div", { class: "filters" },
    el("label", { class: "field" }, el("span", null, "At the end of"), el("input", { type: "date", id: "as-of", value: asOf || today, max: today, onchange: change })),
    el("label", { class: "field" }, el("span", null, "Sort by"), el("select", { id: "sort", onchange: change }, orders.map(([value, text]) => el("option", { value, selected: value === sort }, text)))),
    button("Save as CSV", "plain", () => saveFile(path), { id: "save-csv" }));
}

async function saveFile(path) {
  try {
    const text = await file(path, "text/csv");
    const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: "retainage.csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    announce("The schedule was saved.");
  } catch {
    announce("The schedule could not be saved.");
  }
}

function scheduleContent({ customers, totals }, sort) {
  if (customers.length === 0) return [empty("No retainage is held.", "Retainage appears here with the first pay app that withholds some.")];
  const projects = customers.flatMap((customer) => customer.projects.map((project) => ({ ...project, customer: customer.customer })));
  if (ORDERS[sort]) projects.sort(ORDERS[sort]);
  const whole = projects.map((project) => cents(project.held)).reduce((one, other) => (one > other ? one : other), 0n);
  return [
    el("section", { class: "card" },
      el("div", { class: "row" }, el("h2", null, "Retainage held"), el("span", { class: "figure large" }, money(totals.held))),
      bar("All projects", ageParts(totals), ages(totals)),
      el("dl", { class: "facts ages" }, AGES.map(([name, label, look]) => [el("dt", null, swatch(look), label), el("dd", { class: "figure" }, money(totals.ageing[name]))])),
      cents(totals.not_posted) !== 0n && el("p", { class: "quiet" }, `${money(totals.not_posted)} of it is not in QuickBooks yet.`)),
    el("section", { class: "card" }, el("h3", null, "By project"),
      table("Retainage by project", ["Project", "Customer", "#Opening", "#Withheld", "#Released", "#Held", "Oldest", "By age"],
        [...projects.map((project) => row(project, whole)), totalRow(totals)])),
  ];
}

function ageParts({ ageing }) {
  return AGES.map(([name, label, look]) => [label, ageing[name], look]);
}

function ages({ ageing }) {
  return cents(sum(Object.values(ageing)));
}

function row({ project, customer, opening, withheld, released, held, oldest_day: oldest, ageing }, whole) {
  const name = [project.number, project.name].filter(Boolean).join(" ");
  return [el("a", { href: `#/activity?project=${encodeURIComponent(project.id)}` }, name), customer.name, money(opening), money(withheld), money(released), money(held), oldest ? day(oldest) : "–", bar(name, ageParts({ ageing }), whole)];
}

function totalRow(totals) {
  return [el("strong", null, "Total"), "", money(totals.opening), money(totals.withheld), money(totals.released), el("strong", null, money(totals.held)), totals.oldest_day ? day(totals.oldest_day) : "–", ""];
}
