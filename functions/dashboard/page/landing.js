//! The way back from Intuit: a sentence of its own for each result, and the confirmation of a company that is new.

import { post } from "./api.js";
import { button, byId, el } from "./dom.js";
import { say } from "./connection.js";
import { changed, model, refresh } from "./model.js";
import { now } from "./money.js";
import { problemBox } from "./parts.js";
import { user } from "./session.js";
import { landingWords } from "./words.js";

const OTHER_TABS = "BroadcastChannel" in window ? new BroadcastChannel("rivet-books") : null;

/** Shows the result of a sign-in. Other tabs of this page look at once. */
export function land({ quickbooks: outcome, code, confirmation }) {
  if (OTHER_TABS) OTHER_TABS.onmessage = refresh;
  if (!outcome) return;
  OTHER_TABS?.postMessage("landed");
  if (outcome === "confirm" && confirmation) {
    askToConfirm(confirmation);
    return;
  }
  const { what, help } = landingWords(outcome, code);
  const attempt = model.status?.last_attempt;
  const told = attempt?.code === code && attempt.user === user() && code === "other_company" ? attempt.message : help;
  say(what, told, outcome === "denied" || outcome === "failed" ? "warn" : "good");
}

function askToConfirm(confirmation) {
  const name = model.status?.pending_sign_in?.company;
  const company = typeof name === "string" ? name : "this QuickBooks company";
  const region = byId("outcome");
  const key = `confirm-${now()}`;
  const leave = () => {
    model.isConfirming = false;
    changed();
    say("Nothing was connected.", "RIVET gives the permission back to Intuit within ten minutes. Press Connect to choose another company.", "calm");
  };
  model.isConfirming = true;
  changed();
  region.replaceChildren(el("div", { class: "box calm", id: "confirm-box", tabindex: "-1" },
    el("p", null, el("strong", null, `Connect ${company} to this firm?`)),
    el("p", null, "You signed in at Intuit. RIVET will post this firm's billing to it, and to no other company. Confirm within ten minutes."),
    el("div", { class: "actions" },
      button(`Connect ${company}`, "primary", () => confirm(confirmation, key), { id: "confirm" }), button("Not this company", "plain", leave, { id: "not-this-company" }))));
  byId("confirm-box").focus();
}

/** Confirms. A second click, or a try after a lost answer, has the same key and is answered like the first. */
async function confirm(confirmation, key) {
  byId("confirm")?.setAttribute("disabled", "");
  model.isConfirming = false;
  try {
    model.status = await post("connect/confirm", { confirmation }, key);
    OTHER_TABS?.postMessage("landed");
    const name = model.status.company?.name ?? "QuickBooks";
    say(`${name} is connected.`, model.status.setup.complete ? "History and settings are as they were." : "Two or three answers are left below.", "good");
  } catch (problem) {
    const region = byId("outcome");
    const mayTryAgain = ["offline", "try_again"].includes(problem.code);
    region.replaceChildren(problemBox(problem, mayTryAgain ? () => confirm(confirmation, key) : null, "confirm-problem"));
    byId("confirm-problem").focus();
  }
  changed();
  refresh();
}
