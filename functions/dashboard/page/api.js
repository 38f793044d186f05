//! Calls of the HTTP API. Answers that did not change cost no body.

import { bearer, renew } from "./session.js";
import { setClock } from "./money.js";

const BASE = "/v1/quickbooks/";
const kept = new Map();
let sessionOver = () => {};

/** A call that was not answered as asked. `code` is the problem's code, or `offline`, or `session_over`. */
export class Problem extends Error {
  constructor(code, answer) {
    super(answer?.detail ?? code);
    this.code = code;
    this.detail = answer?.detail ?? "";
    this.field = answer?.field ?? "";
    this.retryAfter = Number(answer?.retry_after ?? 0);
    this.request = answer?.request_id ?? "";
  }
}

/** Sets what happens when the session is over. */
export function onSessionOver(listener) {
  sessionOver = listener;
}

/** Returns the JSON of a GET. An answer that did not change is the very same value as before. */
export async function read(path) {
  const earlier = kept.get(path);
  const answer = await send("GET", path, { "if-none-match": earlier?.tag });
  if (answer.status === 304) return earlier.value;
  const value = await answer.json();
  const tag = answer.headers.get("etag");
  if (tag) kept.set(path, { tag, value });
  return value;
}

/** Returns the JSON of a GET with its entity tag, for a later change. */
export async function readTagged(path) {
  const answer = await send("GET", path, {});
  return { value: await answer.json(), tag: answer.headers.get("etag") };
}

/** Sends a POST and returns its JSON. With a key it may be sent again: it is answered like the first time. */
export async function post(path, body, key) {
  const answer = await send("POST", path, { "content-type": "application/json", "idempotency-key": key }, body);
  return answer.json();
}

/** Replaces a value, if it still has this entity tag. */
export async function put(path, body, tag) {
  const answer = await send("PUT", path, { "content-type": "application/json", "if-match": tag }, body);
  return { value: await answer.json(), tag: answer.headers.get("etag") };
}

/** Returns a file as text. */
export async function file(path, type) {
  const answer = await send("GET", path, { accept: type });
  return answer.text();
}

async function send(method, path, headers, body) {
  let answer = await once(method, path, headers, body);
  if (answer.status === 401 && (await renew())) answer = await once(method, path, headers, body);
  if (answer.ok || answer.status === 304) return answer;
  if (answer.status === 401) {
    sessionOver();
    throw new Problem("session_over");
  }
  const problem = await answer.json().catch(() => ({}));
  throw new Problem(problem.code ?? "internal", problem);
}

async function once(method, path, headers, body) {
  const token = bearer();
  if (!token) return { status: 401, ok: false };
  const present = Object.entries({ ...headers, authorization: `Bearer ${token}` }).filter(([, value]) => value);
  const request = { method, headers: Object.fromEntries(present), cache: "no-store", credentials: "omit", body: body === undefined ? undefined : JSON.stringify(body) };
  try {
    const answer = await fetch(BASE + path, request);
    setClock(answer.headers.get("date"));
    return answer;
  } catch {
    throw new Problem("offline");
  }
}
