//! Amounts and times as people write them. Amounts stay decimal texts: no sum is ever a floating-point number.

import { el } from "./dom.js";

const DOLLARS = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const EXACT = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" });
const DAY_FORMAT = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeZone: "UTC" });
const SHORT_DAY = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", timeZone: "UTC" });
const LONG_DAY = new Intl.DateTimeFormat("en-US", { weekday: "long", month: "long", day: "numeric" });
const MONTH = new Intl.DateTimeFormat("en-US", { month: "long", timeZone: "UTC" });
const CLOCK = new Intl.DateTimeFormat("en-US", { timeStyle: "short" });
const AGO = new Intl.RelativeTimeFormat("en-US", { numeric: "auto", style: "short" });

/** Returns an amount in dollars with cents, or a dash if there is none. */
export function money(text) {
  return text === null || text === undefined || text === "" ? "–" : DOLLARS.format(text);
}

/** Returns an amount in whole cents. */
export function cents(text) {
  const found = /^(-?)(\d+)(?:\.(\d{1,2}))?/.exec(String(text ?? "0"));
  if (!found) return 0n;
  const amount = BigInt(found[2]) * 100n + BigInt((found[3] ?? "").padEnd(2, "0"));
  return found[1] ? -amount : amount;
}

/** Returns cents as a decimal text. */
export function decimal(amount) {
  const size = amount < 0n ? -amount : amount;
  return `${amount < 0n ? "-" : ""}${size / 100n}.${String(size % 100n).padStart(2, "0")}`;
}

/** Returns the sum of amounts, as a decimal text. */
export function sum(texts) {
  return decimal(texts.reduce((total, text) => total + cents(text), 0n));
}

let offset = 0;

/** Takes the time from an answer's `Date` header, so that a wrong clock on this machine does no harm. */
export function setClock(header) {
  const server = Date.parse(header ?? "");
  if (!Number.isNaN(server)) offset = server - Date.now();
}

/** Returns the time of the server, in milliseconds. */
export function now() {
  return Date.now() + offset;
}

/** Returns a day without a time, such as `Mar 31, 2026`. */
export function day(text) {
  const at = Date.parse(`${(text ?? "").slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(at) ? "no date" : DAY_FORMAT.format(at);
}

/** Returns a day of this year, such as `Apr 1`. */
export function shortDay(text) {
  const at = Date.parse(`${(text ?? "").slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(at) ? "no date" : SHORT_DAY.format(at);
}

/** Returns the name of a day's month, such as `March`. */
export function monthName(at) {
  return MONTH.format(at);
}

/** Returns the heading of a day in a list: `Today`, `Yesterday` or the day. */
export function dayHeading(text) {
  const at = new Date(text);
  const age = startOfDay(new Date(now())) - startOfDay(at);
  if (age <= 0) return "Today";
  return age <= 90_000_000 ? "Yesterday" : LONG_DAY.format(at) + yearIfOther(at);
}

function yearIfOther(at) {
  return at.getFullYear() === new Date(now()).getFullYear() ? "" : `, ${at.getFullYear()}`;
}

function startOfDay(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** Returns an instant as people say it, exact on hover and for readers of screens. */
export function when(text) {
  const at = Date.parse(text ?? "");
  if (Number.isNaN(at)) return el("span", null, "not yet");
  const exact = EXACT.format(at);
  return el("time", { datetime: text, title: exact },
    el("span", { "aria-hidden": "true", "data-since": at }, ago(at)), el("span", { class: "unseen" }, exact));
}

/** Returns an instant in full. */
export function exactTime(text) {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? "not yet" : EXACT.format(at);
}

/** Returns the time of a day, such as `5:14 PM`. */
export function clock(at) {
  return CLOCK.format(at);
}

function ago(at) {
  const seconds = Math.round((at - now()) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return seconds > 0 ? "in a moment" : "just now";
  if (size < 3300) return inUnits(seconds / 60, "minute");
  if (size < 79_200) return inUnits(seconds / 3600, "hour");
  if (size < 2_592_000) return inUnits(seconds / 86_400, "day");
  return DAY_FORMAT.format(at);
}

/** Returns a distance such as `2 min ago`, without the full stop of an abbreviation. */
function inUnits(distance, unit) {
  return AGO.format(Math.round(distance), unit).replace(".", "");
}

/** Brings all shown times up to date. */
export function tick() {
  for (const node of document.querySelectorAll("[data-since]")) node.textContent = ago(Number(node.dataset.since));
}

/** Returns a sentence of the API with its days and amounts as people write them. */
export function prose(text) {
  const days = (text ?? "").replace(/\b\d{4}-\d{2}-\d{2}\b(?![-\w])/g, (found) => day(found));
  return days.replace(/(?<![\w.$-])-?\d+\.\d{2}\b(?![-\w])/g, (found) => money(found));
}

/** Returns a number with a noun: `1 pay app`, `3 pay apps`. */
export function count(number, noun) {
  const plural = /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${number.toLocaleString("en-US")} ${number === 1 ? noun : plural}`;
}
