//! Pictures of amounts. Each has the same figures as text beside it, and patterns that can be told apart without colors.

import { el } from "./dom.js";
import { cents, money } from "./money.js";

/** Returns one bar of parts: `[name, amount, look]`. It is as long as its sum beside `whole`. */
export function bar(title, parts, whole) {
  const total = Number(whole > 0n ? whole : 1n);
  let at = 0;
  const shapes = parts.filter(([, amount]) => cents(amount) > 0n).map(([name, amount, look]) => {
    const width = Math.max(0.5, (Number(cents(amount)) / total) * 100);
    const shape = el("svg:rect", { x: `${at}%`, y: 1, width: `${Math.max(0.4, width - 0.3)}%`, height: 12, rx: 2, class: look }, el("svg:title", null, `${name} ${money(amount)}`));
    at += width;
    return shape;
  });
  return el("svg:svg", { class: "picture", role: "img", "aria-label": `${title}: ${parts.map(([name, amount]) => `${name} ${money(amount)}`).join(", ")}` }, shapes);
}

/** Returns the key of a picture: each look with its name. */
export function key(parts) {
  return el("ul", { class: "key" }, parts.map(([name, look]) => el("li", null, swatch(look), name)));
}

/** Returns a small square in a look. */
export function swatch(look) {
  return el("svg:svg", { viewBox: "0 0 14 14", class: "swatch", "aria-hidden": "true" }, el("svg:rect", { x: 0.5, y: 0.5, width: 13, height: 13, rx: 2, class: look }));
}
