//! The Integrations page: one connection, what needs somebody, and the views below.

import { Problem, onSessionOver } from "./api.js";
import { refreshActivity, showActivity } from "./activity.js";
import { drawAttention } from "./attention.js";
import { drawConnection, noticeTab } from "./connection.js";
import { button, byId, draw, el, forget, outside } from "./dom.js";
import { land } from "./landing.js";
import { later, loadedViews } from "./later.js";
import { beginReading, model, refresh, watch } from "./model.js";
import { empty, problemBox, reading } from "./parts.js";
import { focusOn, route } from "./route.js";
import { appUrl, beginSession, bearer, mayAct } from "./session.js";

const TABS = [["activity", "Activity"], ["retainage", "Retainage"], ["tie-out", "Tie-out"], ["check-up", "Check-up"], ["settings", "Settings"]];
let before = null;
let current = "";

async function begin() {
  const landing = beginSession();
  onSessionOver(showSessionOver);
  watch(redraw);
  addEventListener("hashchange", () => showView(true));
  if (!bearer() && parent === window) {
    showSessionOver();
    return;
  }
  await beginReading();
  if (!bearer()) return;
  land(landing);
}

function redraw() {
  const { status } = model;
  if (!bearer()) return;
  noticeTab(before, status);
  const isOther = before?.status !== status?.status || before?.setup.complete !== status?.setup.complete;
  before = status;
  drawConnection();
  drawAttention();
  if (isOther) showView(false);
  else refreshView();
}

/** Returns the name of the view that is shown: set-up as long as answers are missing. */
function wanted() {
  const { status } = model;
  if (!status) return "";
  if (!status.company) return "none";
  const { name } = route();
  if (name === "settings" || name === "document") return name;
  if (status.status === "connected" && !status.setup.complete && mayAct() && name === "activity") return "set-up";
  return TABS.some(([tab]) => tab === name) ? name : "activity";
}

/** Shows the view of the address. The focus follows if a person went there. */
async function showView(isAsked) {
  const region = byId("view");
  const name = wanted();
  const key = `${name} ${location.hash}`;
  if (name === "" || (key === current && !isAsked)) return;
  current = key;
  forget(region);
  if (name === "none") {
    region.replaceChildren();
    return;
  }
  const content = el("div", { id: "view-content", class: "view" });
  region.replaceChildren(tabs(name), content);
  if (isAsked && name !== "document" && document.activeElement?.id !== "outcome-box") focusOn("view-content");
  try {
    await open(name, content);
  } catch (problem) {
    content.replaceChildren(problemBox(problem instanceof Problem ? problem : new Problem("offline"), () => showView(true), "view-problem"));
    if (!(problem instanceof Problem)) console.error(problem);
  }
}

async function open(name, content) {
  const { rest, parameters } = route();
  if (name === "activity") {
    await showActivity(content, parameters);
    return;
  }
  content.replaceChildren(reading("the view"));
  const others = await later();
  const view = name === "set-up" ? others.settings : others[name];
  await view.show(content, name === "document" ? rest : parameters, name === "set-up");
}

function tabs(name) {
  const link = ([path, label]) => el("a", { href: `#/${path}`, "aria-current": path === name || (path === "settings" && name === "set-up") ? "page" : null, id: `tab-${path}` }, label);
  return el("nav", { class: "tabs", "aria-label": "Views" }, TABS.map(link));
}

function refreshView() {
  const name = wanted();
  if (name === "activity") refreshActivity();
  if (name === "document") loadedViews()?.document.refresh();
}

function showSessionOver() {
  for (const id of ["attention", "view", "outcome"]) byId(id).replaceChildren();
  const region = byId("connection");
  draw(region, "session over", () => [
    el("h2", null, "Your session is over"), el("p", null, "Open Integrations in RIVET again. Nothing is lost, and posting goes on meanwhile."),
    el("p", null, outside("Open RIVET", appUrl().href, { class: "primary", id: "open-rivet" })),
  ]);
  byId("open-rivet")?.focus();
}

begin();
