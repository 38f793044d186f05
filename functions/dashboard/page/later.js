//! The views and parts that are loaded when they are first needed.

let loaded = null;

/** Returns them. */
export async function later() {
  loaded ??= (await import(document.querySelector("meta[name=views]").content)).VIEWS;
  return loaded;
}

/** Returns them if they are loaded already. */
export const loadedViews = () => loaded;
