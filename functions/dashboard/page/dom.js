//! Makes and replaces elements. Text is always set as text, so no answer can become markup.

const SVG = "http://www.w3.org/2000/svg";

/** Returns an element. `on*` properties are listeners; empty properties and children are left out. */
export function el(name, properties, ...children) {
  const isPicture = name.startsWith("svg:");
  const node = isPicture ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...present(children));
  return node;
}

/** Returns the children that are there, as one list. */
function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Returns the element with this id. */
export function byId(id) {
  return document.getElementById(id);
}

const drawn = new WeakMap();

/** Replaces the content of a region if `key` is new. Focus, open details and half-written fields stay where they are. */
export function draw(region, key, build) {
  const text = JSON.stringify(key) ?? "";
  if (drawn.get(region) === text) return;
  drawn.set(region, text);
  const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...region.querySelectorAll("details[open][id]")].map((node) => node.id);
  region.replaceChildren(...present([build()]));
  for (const id of open) byId(id)?.setAttribute("open", "");
  if (focused) byId(focused)?.focus();
}

/** Lets the next [`draw`] of a region replace its content in any case. */
export function forget(region) {
  drawn.delete(region);
}

/** Says a sentence to readers of screens. */
export function announce(sentence) {
  const node = byId("announcer");
  node.textContent = "";
  setTimeout(() => (node.textContent = sentence), 50);
}

/** Returns a button. `style` is `primary`, `plain` or `danger`. */
export function button(label, style, onclick, properties) {
  return el("button", { type: "button", class: style, onclick, ...properties }, label);
}

/** Returns a link to another site in a new tab, or its text if the address is not one of the web. */
export function outside(label, address, properties) {
  if (!/^https?:\/\//.test(address ?? "")) return el("span", properties, label);
  const hint = el("span", { class: "unseen" }, " (opens in a new tab)");
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer", ...properties }, label, " ↗", hint);
}

/** Returns a folded part with a summary. */
export function folded(id, summary, ...children) {
  return el("details", { id }, el("summary", null, summary), ...children);
}

/** Returns a table with a caption for readers of screens. Cells that begin a row are headings of it. */
export function table(caption, heads, rows) {
  const head = heads.map((text) => el("th", { scope: "col", class: isFigure(text) ? "figure" : null }, label(text)));
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    el("table", null, el("caption", { class: "unseen" }, caption), el("thead", null, el("tr", null, head)),
      el("tbody", null, rows.map((cells) => tableRow(heads, cells)))));
}

function tableRow(heads, cells) {
  return el("tr", null, cells.map((cell, index) => {
    const properties = { class: isFigure(heads[index]) ? "figure" : null, "data-label": label(heads[index]) };
    return index === 0 ? el("th", { scope: "row", ...properties }, cell) : el("td", properties, el("span", null, cell));
  }));
}

/** Returns whether a column has figures: its heading begins with `#`. */
function isFigure(head) {
  return head.startsWith("#");
}

function label(head) {
  return head.replace(/^#/, "");
}
