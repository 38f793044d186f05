//! The view in the address: `#/activity?state=held`. The address keeps filters, so that a view can be bookmarked and sent.

import { byId } from "./dom.js";

/** Returns the view of the address: its path and its parameters. */
export function route() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = (path || "activity").split("/");
  return { name, rest: rest.map(decodeURIComponent), parameters: new URLSearchParams(query ?? "") };
}

/** Returns the address of a view. */
export function address(path, parameters) {
  const present = Object.entries(parameters ?? {}).filter(([, value]) => value);
  const query = new URLSearchParams(present).toString();
  return `#/${path}${query ? `?${query}` : ""}`;
}

/** Goes to a view. */
export function go(path, parameters) {
  location.hash = address(path, parameters);
}

/** Changes the parameters of the view without a step in the history. */
export function keep(path, parameters) {
  history.replaceState(null, "", address(path, parameters));
}

/** Returns the address of a document's view. */
export function documentAddress(document) {
  return address(`document/${document.kind}/${encodeURIComponent(document.id)}`);
}

/** Moves the focus to an element, so that a reader of screens begins there. */
export function focusOn(id) {
  const node = byId(id);
  node?.setAttribute("tabindex", "-1");
  node?.focus({ preventScroll: false });
}
