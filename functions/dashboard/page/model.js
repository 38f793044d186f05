//! What the page knows: the status, what needs somebody, and the time of both. It asks again while it is looked at.

import { Problem, read } from "./api.js";
import { now, tick } from "./money.js";

const CALM = 15_000;
const EAGER = 2_500;

export const model = { status: null, attention: null, problem: null, asOf: 0, progress: null, waitingForTab: null, tieOut: null, isConfirming: false };
const listeners = [];
let timer = 0;
let underWay = null;
let next = null;

/** Calls `listener` whenever something changed. */
export function watch(listener) {
  listeners.push(listener);
}

/** Tells all parts of the page that something changed. */
export function changed() {
  for (const listener of listeners) listener();
}

/** Asks for the status and for what needs somebody. What is asked for during a request is answered by a next one: the first may be older
 * than what a person just did. */
export function refresh() {
  if (underWay) {
    next ??= underWay.catch(() => null).then(() => {
      next = null;
      return refresh();
    });
    return next;
  }
  underWay = askBoth().finally(() => {
    underWay = null;
    schedule();
  });
  return underWay;
}

async function askBoth() {
  const before = model.status;
  try {
    const [status, attention] = await Promise.all([read("status"), read("attention")]);
    // A confirmation or a disconnect was answered meanwhile, with a newer status.
    if (model.status !== before) return;
    Object.assign(model, { status, attention, problem: null, asOf: now() });
    follow();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    model.problem = problem;
  }
  changed();
}

/** Follows a sync that a person asked for: it is over once nothing is on its way. */
function follow() {
  const left = onTheWay(model.status);
  if (!model.progress) return;
  model.progress.total = Math.max(model.progress.total, left);
  model.progress.left = left;
  if (left === 0) {
    model.progress.listener?.(model.progress);
    model.progress = null;
  }
}

/** Returns how many documents go on by themselves. */
export function onTheWay(status) {
  return (status?.sync.pending ?? 0) + (status?.sync.uncertain ?? 0);
}

/** Begins to follow a sync of so many documents. */
export function startProgress(total, listener) {
  model.progress = { total, left: total, listener };
  changed();
}

function schedule() {
  clearTimeout(timer);
  if (document.hidden || model.problem?.code === "session_over") return;
  const isEager = model.progress || model.waitingForTab || model.problem;
  const asked = (model.problem?.retryAfter ?? 0) * 1000;
  timer = setTimeout(refresh, Math.max(isEager ? EAGER : CALM, asked));
}

/** Begins to ask. A hidden page asks nothing, and a page that is looked at again asks at once. */
export function beginReading() {
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
  addEventListener("online", refresh);
  setInterval(tick, 20_000);
  return refresh();
}

/** Returns whether documents can be posted: the connection works. */
export function connectionIsUsable(status) {
  return status?.status === "connected";
}
