//! The card of the connection: one status, one action, and what happened last.

import { post } from "./api.js";
import { announce, button, byId, draw, el, forget, outside } from "./dom.js";
import { changed, model, onTheWay, refresh, startProgress } from "./model.js";
import { count, day, exactTime, money, now, prose, when } from "./money.js";
import { asking, details, mark, nameOf, problemBox } from "./parts.js";
import { documentAddress, go } from "./route.js";
import { appUrl, hasPlan, mayAct, mayManage, user } from "./session.js";
import { connectionLook } from "./words.js";

const DAY = 86_400_000;
const local = { problem: null, menu: false };

/** Draws the card. */
export function drawConnection() {
  const region = byId("connection");
  const { status, progress, waitingForTab, problem } = model;
  if (!status) {
    if (problem) draw(region, ["problem", problem.code], () => [heading(), problemBox(problem, refresh)]);
    return;
  }
  const key = [status, progress?.total, progress?.left, waitingForTab, model.isConfirming, local, mayAct(), problem?.code, Math.floor(now() / DAY)];
  draw(region, key, () => [
    heading(status), staleness(), company(status), trouble(status), planNote(status), lastPosted(status), expiring(status), syncProgress(),
    local.problem && problemBox(local.problem, null, "connection-problem"),
    waitingForTab ? waitingPanel(waitingForTab) : [leaving(status), model.isConfirming ? null : actions(status)],
  ]);
}

function heading(status) {
  const [shape, word, tone] = connectionLook(status?.status);
  return el("div", { class: "row" }, el("h2", null, "QuickBooks Online"), status && mark(shape, word, tone));
}

/** Says since when the shown figures are old, while RIVET cannot be reached. */
function staleness() {
  if (!model.problem) return null;
  return el("p", { class: "box warn", role: "status" }, el("strong", null, "RIVET cannot be reached. "), `Shown is how things stood on ${exactTime(new Date(model.asOf).toISOString())}. The page goes on by itself.`);
}

function company({ status, company: shown, connected_by: by, connected_at: at }) {
  if (!shown) return null;
  const who = by === user() ? "by you" : "";
  const since = at && (status === "disconnected" ? null : `connected ${[who, `on ${day(at)}`].filter(Boolean).join(" ")}`);
  return el("p", { class: "facts-line" }, [shown.name, shown.edition, since].filter(Boolean).join(" · "));
}

/** Says why the connection does not work, what still works, and since when nothing moves. */
function trouble({ status, reason, sync }) {
  if (status === "connected" || status === "disconnected" || !reason) return null;
  const waits = sync.pending + sync.held;
  return el("div", { class: `box ${status === "error" ? "bad" : "warn"}` },
    el("p", null, el("strong", null, prose(reason.message))),
    el("p", null, "Billing in RIVET works as ever. ", waits > 0 ? `${count(waits, "document")} ${waits === 1 ? "waits" : "wait"}, and nothing is lost. ` : "New billing waits, and nothing is lost. ",
      sync.last_sync_at ? ["The last sync was ", when(sync.last_sync_at), "."] : null),
    details("trouble", { Code: reason.code }));
}

/** Says that a firm whose plan no longer includes QuickBooks posts nothing. */
function planNote({ status }) {
  if (hasPlan() || status === "disconnected") return null;
  return el("div", { class: "box warn" }, el("p", null, el("strong", null, "This firm is on Starter, so nothing is posted.")),
    el("p", null, "QuickBooks Online is part of the Pro and Scale plans. What was posted stays, and what waits is posted after the change."), el("p", null, outside("See plans in RIVET", appUrl().origin)));
}

function lastPosted({ status, sync }) {
  if (status === "disconnected") return null;
  const last = sync.last_posted;
  const next = status === "connected" && sync.mode !== "paused" && sync.next_run_at;
  const parts = [
    last ? ["Last posted: ", el("a", { href: documentAddress(last.document ?? last), id: "last-posted" }, nameOf({ ...last.document, ...last })), ", ", money(last.amount), ", ", when(last.at)] : sync.last_sync_at && ["Last sync ", when(sync.last_sync_at)],
    next && ["next run ", when(sync.next_run_at)],
    sync.mode === "manual" && "posts on Sync now", sync.mode === "paused" && el("strong", null, "▲ sync is paused"),
  ].filter(Boolean);
  return parts.length > 0 && el("p", { class: "quiet" }, parts.map((part, index) => [index > 0 && " · ", part]));
}

function expiring({ status, grant_expires_at: end }) {
  const left = Math.ceil((Date.parse(end ?? "") - now()) / DAY);
  if (status !== "connected" || !(left <= 30)) return null;
  return el("div", { class: "box warn" },
    el("p", null, el("strong", null, `The connection ends on ${day(end)}, in ${count(Math.max(left, 0), "day")}.`)),
    el("p", null, "Renew it before: an admin signs in again, and everything stays as it is."), mayAct() && connectButton("Renew the connection", "renew"));
}

function syncProgress() {
  if (!model.progress) return null;
  const { total, left } = model.progress;
  const text = `Syncing ${total - left} of ${total}.`;
  return el("div", { class: "box calm" },
    el("p", { id: "progress-text" }, el("strong", null, text), " You may leave this page; it goes on."),
    el("progress", { max: total, value: total - left, "aria-labelledby": "progress-text" }));
}

/** Says before the first sign-in who must sign in, which editions work, and what is touched. */
function leaving({ status }) {
  if (status !== "disconnected") return null;
  if (!hasPlan()) {
    return [el("p", null, el("strong", null, "QuickBooks Online is part of the Pro and Scale plans.")), el("p", null, "This firm is on Starter. An owner can change the plan in RIVET; nothing has to be entered again afterwards."),
      el("p", null, outside("See plans in RIVET", appUrl().origin))];
  }
  return [
    model.status.company && el("p", { class: "box calm" }, el("strong", null, "New billing waits. "), "What was posted stays in QuickBooks and here. After you connect again, what waited is posted."),
    el("p", null, "RIVET posts pay apps, retainage and payments to your books, each exactly once."),
    el("ul", { class: "points" },
      el("li", null, el("strong", null, "Who signs in: "), "an admin of the QuickBooks company."),
      el("li", null, el("strong", null, "Which editions: "), "QuickBooks Online Simple Start, Essentials, Plus or Advanced, in the United States. Not QuickBooks Desktop."),
      el("li", null, el("strong", null, "What is touched: "), "invoices, credit memos, journal entries, payments, customers, classes and two service items are made and changed. Accounts are only read. Nothing is deleted.")),
    !mayManage() && el("p", { class: "box calm" }, el("strong", null, "An owner or manager connects QuickBooks. "), "You may look at everything here."),
  ];
}

function actions(status) {
  const shown = status.status;
  if (!mayManage()) return shown === "disconnected" ? null : el("p", { class: "quiet" }, "You may look at everything here. An owner or manager may change it.");
  const parts = [];
  if (shown === "disconnected" && hasPlan()) parts.push(connectButton("Connect QuickBooks Online", "connect"));
  if (shown === "needs_reauthorization" || (shown === "error" && status.reason?.action === "reconnect")) parts.push(connectButton("Reconnect", "reconnect"));
  if (shown === "connected" || shown === "error") parts.push(syncButton(status));
  if (shown !== "disconnected") parts.push(el("a", { href: "#/settings", class: "plain", id: "open-settings" }, "Settings"), menu(status));
  return el("div", { class: "actions" }, parts);
}

function connectButton(label, id) {
  return button(label, "primary", () => connect(label), { id });
}

/** Opens Intuit's sign-in in a new tab. If the browser keeps the tab closed, the panel has a plain link to it. */
async function connect(label) {
  const tab = window.open("about:blank", "_blank");
  local.problem = null;
  try {
    const { connect_url: link } = await post("connect");
    model.waitingForTab = { link, label, isOpen: tab !== null, since: now() };
    if (tab) {
      tab.opener = null;
      tab.location.replace(link);
    }
  } catch (problem) {
    tab?.close();
    local.problem = problem;
  }
  changed();
  byId("waiting")?.focus();
  refresh();
}

function waitingPanel({ link, isOpen }) {
  const stop = () => {
    model.waitingForTab = null;
    changed();
  };
  return el("div", { class: "box calm", id: "waiting", tabindex: "-1" },
    el("p", null, el("strong", null, isOpen ? "Go on in the other tab." : "Your browser kept the new tab closed.")),
    el("p", null, isOpen ? "Sign in at Intuit, choose the company and press Connect there. This page notices by itself." : "Open Intuit's sign-in with this link. This page notices by itself when you are done."),
    el("div", { class: "actions" }, outside(isOpen ? "Open the sign-in again" : "Open Intuit's sign-in", link, { class: isOpen ? "plain" : "primary", id: "sign-in-link" }), button("Stop waiting", "plain", stop, { id: "stop-waiting" })));
}

/** Ends the wait for the other tab as soon as its result shows. */
export function noticeTab(before, after) {
  if (!model.waitingForTab) return;
  const attempt = Date.parse(after?.last_attempt?.at ?? "");
  const isConnected = after?.status === "connected" && (before?.status !== "connected" || before.connected_at !== after.connected_at || before.grant_expires_at !== after.grant_expires_at);
  if (isConnected || attempt > model.waitingForTab.since) {
    model.waitingForTab = null;
    announce(isConnected ? "QuickBooks is connected." : "The sign-in ended without a connection.");
  }
}

function syncButton(status) {
  const waiting = waitingForSync(status);
  const label = waiting.count > 0 ? `Sync ${waiting.count}` : "Sync now";
  const properties = { id: "sync", disabled: model.progress !== null || !hasPlan(), "aria-describedby": waiting.amount ? "sync-amount" : null };
  return [button(label, "primary", syncAll, properties), waiting.amount && el("span", { class: "quiet", id: "sync-amount" }, money(waiting.amount))];
}

/** Returns how many documents wait for a person to press Sync now, and what they come to. */
function waitingForSync({ sync }) {
  const waiting = sync.sync_now ?? {};
  return { count: waiting.count ?? 0, amount: waiting.count > 0 ? waiting.amount : null };
}

/** Posts everything that waits. */
export async function syncAll() {
  await sync();
}

/** Posts these documents, or everything that waits. */
export async function sync(documents) {
  local.problem = null;
  const before = onTheWay(model.status) + (documents?.length ?? waitingForSync(model.status).count);
  try {
    startProgress(Math.max(before, 1), ({ total }) => announce(`Sync is done: ${count(total, "document")}.`));
    await post("sync", documents && { documents: documents.map(({ kind, id }) => ({ kind, id })) });
  } catch (problem) {
    model.progress = null;
    local.problem = problem;
  }
  changed();
  await refresh();
}

function menu(status) {
  const name = status.company?.name ?? "QuickBooks";
  const question = `What was posted stays in both. New billing waits until you connect again. Nothing that waits is lost.`;
  return el("details", { class: "menu", id: "more", onkeydown: closeOnEscape }, el("summary", { "aria-label": "More" }, "⋯"),
    el("div", { class: "sheet" },
      status.status === "connected" && button("Sign in again", "plain", () => connect("Sign in again"), { id: "sign-in-again" }),
      details("firm", { Company: name, "Company ID": status.company?.realm_id, Status: status.status, "Connected by": status.connected_by, "Connection ends": status.grant_expires_at, "Reads this month": status.sync.reads_this_month }),
      asking("Disconnect …", { question, yes: `Disconnect ${name}`, style: "danger", id: "disconnect", act: disconnect })));
}

function closeOnEscape(event) {
  if (event.key !== "Escape") return;
  event.currentTarget.removeAttribute("open");
  event.currentTarget.querySelector("summary").focus();
}

async function disconnect() {
  try {
    const name = model.status.company?.name ?? "QuickBooks";
    model.status = await post("disconnect", { confirm: true });
    local.problem = null;
    byId("more")?.removeAttribute("open");
    say(`${name} is disconnected.`, "What was posted stays in QuickBooks and here. New billing waits until you connect again.", "good");
  } catch (problem) {
    local.problem = problem;
  }
  forget(byId("connection"));
  changed();
  refresh();
}

/** Shows a result beside the connection, and moves the focus to it. */
export function say(what, help, tone, ...more) {
  const region = byId("outcome");
  region.replaceChildren(el("div", { class: `box ${tone}`, id: "outcome-box", tabindex: "-1" },
    el("p", null, el("strong", null, what)), help && el("p", null, help), more,
    button("Close", "plain small", () => {
      region.replaceChildren();
      byId("content").focus();
    }, { id: "close-outcome" })));
  byId("outcome-box").focus();
}

/** Leaves the view for settings. */
export function openSettings() {
  go("settings");
}
