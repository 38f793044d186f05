//! Settings while a person changes them: what was saved, what is changed, and what somebody else saved meanwhile.

/** Returns the value at a path such as `sync.mode`. */
export function valueAt(settings, path) {
  return path.split(".").reduce((value, name) => value?.[name], settings);
}

/** Returns a copy of the settings with another value at a path. */
export function changedAt(settings, path, value) {
  const copy = structuredClone(settings);
  const names = path.split(".");
  const last = names.pop();
  const place = names.reduce((holder, name) => (holder[name] ??= {}), copy);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}

/** Returns the paths at which two settings differ. */
export function differences(one, other, path = "") {
  const names = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]);
  return [...names].flatMap((name) => {
    const [left, right] = [one?.[name], other?.[name]];
    const place = path ? `${path}.${name}` : name;
    if (isObject(left) || isObject(right)) return differences(left ?? {}, right ?? {}, place);
    return (left ?? null) === (right ?? null) ? [] : [place];
  });
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}

const LIKELY = {
  contract_revenue: [/contract.*(revenue|income)/i, /(revenue|income).*contract/i, /construction income/i, /^(sales|services|revenue)$/i, /income|revenue/i],
  accounts_receivable: [/^accounts receivable \(a\/r\)$/i, /accounts receivable/i],
  retainage: [/retainage receivable/i, /retainage/i, /retention/i],
};

/** Returns the account that a firm most likely means, or `null`. It is a suggestion, which a person takes or leaves. */
export function suggested(purpose, accounts) {
  for (const likely of LIKELY[purpose] ?? []) {
    const found = accounts.filter((account) => likely.test(account.name.split(":").pop()));
    if (found.length > 0) return found[0].id;
  }
  return purpose === "accounts_receivable" && accounts.length === 1 ? accounts[0].id : null;
}
