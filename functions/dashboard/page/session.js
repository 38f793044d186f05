//! The user's session, as RIVET hands it over: in the fragment of the address, or by a message of RIVET's page around this one.

import { byId } from "./dom.js";
import { roleName } from "./words.js";

const KEY = "rivet-session";
let token = null;
let claims = {};
const waiting = [];

/** Returns the page in RIVET around this one. */
export function appUrl() {
  return new URL(document.querySelector("meta[name=rivet-app-url]").content);
}

/** Takes the session over, and removes it and the result of a sign-in from the address. Returns that result. */
export function beginSession() {
  const here = new URL(location.href);
  const fragment = new URLSearchParams(here.hash.replace(/^#/, ""));
  const handed = fragment.get("session");
  adopt(handed ?? remembered());
  const landing = Object.fromEntries(["quickbooks", "code", "confirmation"].map((name) => [name, here.searchParams.get(name)]));
  const hash = handed === null ? here.hash : fragment.get("view") ? `#/${fragment.get("view")}` : "";
  if (handed !== null || here.search) history.replaceState(null, "", here.pathname + hash);
  addEventListener("message", receive);
  askRivet();
  return landing;
}

function remembered() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Takes a session from RIVET's page, and from no other. */
function receive(event) {
  const isRivet = event.origin === appUrl().origin && (event.source === parent || event.source === opener) && event.source !== window;
  if (!isRivet || event.data?.type !== "rivet:session" || typeof event.data.token !== "string") return;
  adopt(event.data.token);
  for (const resolve of waiting.splice(0)) resolve(true);
}

/** Asks RIVET's page for a session, if there is one around this page. */
function askRivet() {
  if (parent !== window) parent.postMessage({ type: "rivet-books:ready" }, appUrl().origin);
}

/** Asks for a new session after the old one ended. Returns whether one came. */
export function renew() {
  end();
  if (parent === window) return Promise.resolve(false);
  askRivet();
  return new Promise((resolve) => {
    waiting.push(resolve);
    setTimeout(() => resolve(false), 4000);
  });
}

/** Forgets the session. */
export function end() {
  token = null;
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Without a store the session was in memory only.
  }
}

function adopt(text) {
  token = text || null;
  claims = readClaims(token);
  byId("person").textContent = [claims.name, roleName(claims.role)].filter(Boolean).join(" · ");
  try {
    if (token) sessionStorage.setItem(KEY, token);
  } catch {
    // A browser that stores nothing keeps the session in memory.
  }
}

/** Reads the claims for display alone: the components check the token. */
function readClaims(text) {
  try {
    const part = text.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0))));
  } catch {
    return {};
  }
}

/** Returns the bearer token, `null` without a session. */
export const bearer = () => token;
/** Returns the user's id. */
export const user = () => claims.sub ?? "";
/** Returns whether the user's role may change something. */
export const mayManage = () => claims.role === "owner" || claims.role === "manager";
/** Returns whether the firm's plan includes QuickBooks. */
export const hasPlan = () => claims.plan !== "starter";
/** Returns whether the user may connect, sync and decide. */
export const mayAct = () => mayManage() && hasPlan();
