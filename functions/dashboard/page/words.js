//! Every word that stands for a code of the API. A code without words is never shown: each table has words for the unknown.

/** Kinds of documents in RIVET. */
const KINDS = { pay_app: "Pay app", retainage_release: "Retainage release", payment: "Payment", project: "Project" };

/** Types of transactions, as QuickBooks names them on its own pages. */
const TYPES = { Invoice: "Invoice", CreditMemo: "Credit Memo", JournalEntry: "Journal Entry", Payment: "Payment", Deposit: "Deposit" };

/** States of documents: a shape, a word and a tone. */
const STATES = {
  pending: ["○", "Waiting its turn", "calm"],
  posting: ["◐", "Being sent", "calm"],
  posted: ["✓", "Posted", "good"],
  held: ["▲", "On hold", "warn"],
  uncertain: ["?", "Being looked up", "calm"],
  failed: ["■", "Needs you", "bad"],
  conflict: ["◆", "Two versions", "warn"],
  voided: ["✓", "Voided", "good"],
  skipped: ["–", "Left out", "calm"],
  paid: ["$", "Paid", "good"],
  noted: ["✎", "Noted", "calm"],
};

/** States of the connection: a shape, a word and a tone. */
const CONNECTIONS = {
  connected: ["●", "Connected", "good"],
  needs_reauthorization: ["▲", "Needs Reauthorization", "warn"],
  error: ["■", "Error", "bad"],
  disconnected: ["○", "Disconnected", "calm"],
};

/** Reasons of documents: what happened, and what to do. `{it}` is the document. */
const REASONS = {
  manual: ["{it} waits for Sync now", "Sync is manual. Press Sync now to post it."],
  paused: ["{it} waits because sync is paused", "Choose automatic or manual in Settings to go on."],
  settings_incomplete: ["{it} waits for the settings", "Choose what is missing. Then it is posted."],
  not_connected: ["{it} waits for a connection", "Connect QuickBooks. Then it is posted."],
  country_not_supported: ["{it} waits for a company of the United States", "Connect a company of the United States."],
  plan_not_eligible: ["{it} waits because of the plan", "QuickBooks Online is part of the Pro and Scale plans."],
  books_closed: ["{it} is dated in a closed period", "Post it on the first open day, or set the closing date back in QuickBooks."],
  waiting_for: ["{it} waits for another document", "It goes on by itself once that one is posted."],
  before_start_date: ["{it} is dated before the start of syncing", "Change the start date in Settings, or leave it out."],
  customer_unmatched: ["{it} has no customer in QuickBooks", "Choose which customer there it is. Later documents use it too."],
  customer_inactive: ["The customer of {it} is inactive", "Make the customer active in QuickBooks, or choose another in Settings."],
  job_of_other_customer: ["The project of {it} is mapped to another customer", "Choose the customer, or a job or project of it, in Settings."],
  customer_currency: ["{it} is in another currency than its customer", "Add a customer in that currency in QuickBooks, and choose it in Settings."],
  class_inactive: ["The class of {it} is inactive", "Make the class active in QuickBooks, or choose another in Settings."],
  item_inactive: ["A product or service of {it} was merged", "Sync now posts to a new one."],
  item_changed: ["A product or service of {it} was changed", "Put it back in QuickBooks, or choose another account in Settings."],
  retainage_exceeded: ["{it} takes more retainage than is held", "Post the missing pay app, enter what was held before, or post it anyway."],
  payments_applied: ["{it} is paid in QuickBooks", "Remove the payments there first. Then it goes on."],
  already_in_quickbooks: ["{it} is in QuickBooks already", "Say which one it is, or post it beside."],
  already_paid: ["{it} pays what is paid already", "Say which payment it is, or post it beside."],
  copies_in_quickbooks: ["{it} may be in QuickBooks more than once", "Delete the copies there, or say which one is right."],
  not_as_marked: ["{it} differs from what was chosen", "Choose another transaction, or correct it in QuickBooks."],
  changed_in_quickbooks: ["{it} was changed in QuickBooks", "Choose which version to keep."],
  posted_differently: ["QuickBooks made something else of {it}", "Choose which version to keep."],
  duplicate_request: ["{it} was sent twice and not found", "Press Retry."],
  duplicate_number: ["The number of {it} is taken in QuickBooks", "Change the number of the other transaction there, then press Retry."],
  duplicate_name: ["A name that {it} needs is taken in QuickBooks", "Change the other name there, then press Retry."],
  not_found: ["Something that {it} needs is gone from QuickBooks", "Bring it back there, then press Retry."],
  refused_by_quickbooks: ["QuickBooks refused {it}", "Change what it names, then press Retry."],
  cannot_be_linked: ["{it} cannot be applied in QuickBooks", "Look at what it pays there, then press Retry."],
  item_without_account: ["A product or service of {it} has no account", "Give it its income account in QuickBooks, then press Retry."],
  not_permitted: ["QuickBooks does not permit {it}", "Let an admin of the company look, then press Retry."],
  customer_hierarchy: ["The customer of {it} is placed differently", "Correct the customer in QuickBooks, then press Retry."],
  balance_open: ["A balance stands against {it}", "Settle it in QuickBooks, then press Retry."],
  settled: ["{it} is paid in QuickBooks", "Take it off the payment there, then press Retry."],
  bank_matched: ["{it} is matched with the bank", "Undo the match in QuickBooks, then press Retry."],
  deposited: ["{it} is in a deposit already", "Take it out of the deposit in QuickBooks, then press Retry."],
  feature_missing: ["QuickBooks lacks a feature that {it} needs", "Turn it on there, or change Settings."],
  account_type: ["An account of {it} has another type", "Choose another account in Settings."],
  invalid_email: ["The e-mail address of {it} is not valid", "Correct it in RIVET."],
  email_missing: ["{it} needs an e-mail address", "Enter it in RIVET."],
  name_missing: ["{it} needs a name", "Enter it in RIVET."],
  document_does_not_fit: ["The figures of {it} cannot be posted", "Correct it in RIVET."],
  nothing_owed: ["{it} pays what no longer stands", "Correct it in RIVET, or leave it out."],
  outcome_unknown: ["{it} was sent, and no answer came", "RIVET looks it up and sends nothing before it knows. Nobody has to do anything."],
  lookup_refused: ["QuickBooks refuses to say what became of {it}", "Copy the details for support."],
  no_clear_answer: ["QuickBooks never answered about {it}", "Copy the details for support."],
  request_rejected: ["QuickBooks could not read {it}", "Copy the details for support."],
  unexpected_fault: ["QuickBooks refused {it} without a known reason", "Copy the details for support."],
  unresolved: ["RIVET could not look up what {it} needs", "Copy the details for support."],
  ignored_by_user: ["{it} was left out by a person", "The next revision is posted as usual."],
  nothing_to_post: ["{it} has nothing to post", "Its amounts are all zero."],
};

const REASON_BY_STATE = {
  failed: ["{it} could not be posted", "Press Retry. If it comes again, copy the details for support."],
  conflict: ["{it} differs in QuickBooks", "Choose which version to keep."],
  uncertain: REASONS.outcome_unknown,
};

/** Causes of several held documents: one line for all of them. `{n}` is their number and noun. */
const CAUSES = {
  manual: "{n} wait for Sync now",
  paused: "{n} wait because sync is paused",
  settings_incomplete: "{n} wait for the settings",
  not_connected: "{n} wait for a connection",
  plan_not_eligible: "{n} wait because of the plan",
  books_closed: "{n} are dated in a closed period",
  waiting_for: "{n} wait for other documents",
  before_start_date: "{n} are dated before the start of syncing",
  customer_unmatched: "{n} have no customer in QuickBooks",
  customer_inactive: "{n} have an inactive customer",
  job_of_other_customer: "{n} are mapped to another customer",
  customer_currency: "{n} are in another currency than their customer",
  class_inactive: "{n} have an inactive class",
  item_changed: "{n} use a changed product or service",
  outcome_unknown: "{n} are being looked up",
};

/** Results of a sign-in: what happened, why, and what to do. */
const LANDINGS = {
  connected: ["QuickBooks is connected.", "Two or three answers are left below."],
  reconnected: ["QuickBooks is connected again.", "It is the same connection: history and settings are as they were, and what waited goes on now."],
  disconnected: ["The connection was ended in QuickBooks.", "What was posted stays. New billing waits until you connect again."],
  reconnect: ["QuickBooks asks you to sign in again.", "Press Reconnect. History and settings stay."],
  access_denied: ["Nothing was connected: the permission was declined at Intuit.", "Press Connect again, and choose Connect there."],
  not_admin: ["Nothing was connected: this person is not an admin of the company.", "Ask an admin of the QuickBooks company to sign in."],
  other_company: ["Nothing was changed: that is another QuickBooks company.", "Sign in again and choose the company that is connected here."],
  company_taken: ["Nothing was connected: that company belongs to another RIVET account.", "One company serves one account. Disconnect it there first, or choose another company."],
  country_not_supported: ["Nothing was connected: the company is not of the United States.", "RIVET posts to companies of the United States only."],
  company_missing: ["Nothing was connected: Intuit named no company.", "Choose a QuickBooks Online company there. QuickBooks Desktop is not supported."],
  company_suspended: ["Nothing was connected: the QuickBooks subscription has ended.", "Renew it in QuickBooks, then connect again."],
  company_unreachable: ["Nothing was connected: the company does not answer as QuickBooks Online.", "QuickBooks Desktop is not supported. Choose a QuickBooks Online company."],
  link_used: ["This link was used already.", "Each link opens once. Press Connect for a new one."],
  link_expired: ["This link is too old.", "A link lasts ten minutes. Press Connect for a new one."],
  link_unknown: ["This link does not open.", "Press Connect for a new one."],
  other_browser: ["The sign-in was started in another browser.", "Start and finish it in one browser. Press Connect again."],
  state_unknown: ["Intuit's answer belongs to no sign-in of this page.", "Press Connect again."],
  state_used: ["Intuit's answer came a second time.", "If QuickBooks is not connected below, press Connect again."],
  state_expired: ["The sign-in took longer than ten minutes.", "Press Connect again."],
  intuit_unavailable: ["Nothing was connected: Intuit does not answer.", "Wait a few minutes, then press Connect again."],
  intuit_error: ["Nothing was connected: Intuit reported a problem of its own.", "Press Connect again."],
  code_refused: ["Nothing was connected: Intuit did not honor the sign-in.", "Press Connect again."],
  app_misconfigured: ["Nothing was connected: Intuit refused RIVET itself.", "Tell RIVET's support. You can do nothing about it."],
  try_again: ["Nothing was connected: another window is connecting too.", "Wait two minutes, then press Connect again."],
};

/** Problems of the API: what happened, and what to do. */
const PROBLEMS = {
  offline: ["RIVET cannot be reached.", "Look at your internet connection. The page goes on by itself."],
  role_not_allowed: ["Only an owner or manager can do this.", "Ask one of them."],
  plan_not_eligible: ["Your plan does not include QuickBooks Online.", "It is part of the Pro and Scale plans."],
  not_connected: ["QuickBooks is not connected.", "Connect it first."],
  not_planned: ["RIVET does not know yet what this needs.", "Choose it in Settings."],
  not_in_conflict: ["There is no version to choose any more.", "The list below is up to date."],
  conflict_changed: ["It changed in QuickBooks once more.", "Look at both versions again, then choose."],
  not_decidable: ["This cannot be decided just now.", ""],
  settings_changed: ["Somebody else saved the settings.", "Look at both, then save again."],
  confirmation_not_yours: ["Somebody else started this sign-in.", "Nothing was connected. Only the person who pressed Connect can confirm it; press Connect yourself to sign in."],
  confirmation_used: ["This company is confirmed already.", "Nothing is left to do."],
  confirmation_expired: ["The confirmation came too late.", "It is kept for ten minutes, and nothing was connected. Press Connect again."],
  confirmation_superseded: ["A later sign-in replaced this one.", "Nothing is lost. Confirm in the tab of the later one, or press Connect again."],
  company_taken: ["That company belongs to another RIVET account by now.", "Nothing was connected. One company serves one account."],
  other_company: ["This firm has another company by now.", "Nothing was changed."],
  try_again: ["Another window is connecting at this moment.", "Wait a moment, then press the button again."],
  confirmation_unknown: ["This confirmation is not known.", "Nothing was connected. Press Connect again."],
  too_many_requests: ["QuickBooks was asked too often.", "Wait half a minute, then look again."],
  quickbooks_unavailable: ["QuickBooks does not answer.", "Nothing is lost. Try again in a few minutes."],
  quickbooks_throttled: ["QuickBooks asks RIVET to slow down.", "It goes on by itself in a minute."],
  store_busy: ["Somebody else is saving at this moment.", "Try again."],
  store_unavailable: ["RIVET's own records do not answer.", "Nothing is lost. Try again in a minute."],
  document_not_found: ["There is no such document.", "It may have been entered under another firm."],
  not_found: ["This part is not available yet.", ""],
};

/** Fields of a transaction in two versions. */
const FIELDS = {
  number: "Number", date: "Date", total: "Total", customer: "Customer", lines: "Lines", class: "Class", customer_memo: "Message to customer",
  private_note: "Memo", due_date: "Due date", description: "Description", balance: "Open balance", account: "Account",
  reference: "Reference no.", applied: "Paid with it", unapplied_amount: "Not applied", deposit_account: "Deposit to", exists: "In QuickBooks",
};

/** Settings that may be missing. */
const SETTINGS = {
  "accounts.contract_revenue": "Contract Revenue", "accounts.accounts_receivable": "Accounts Receivable", "accounts.retainage": "Retainage",
  "accounts.deposit": "Deposit account", "class_tracking.mode": "Classes", "sync.start_date": "Start date", "sync.mode": "Sync",
  retainage_method: "Retainage in QuickBooks", invoice_lines: "Invoice lines", "customers.auto_create": "New customers",
  "customers.jobs": "Jobs", "sync.closed_books": "Closed books",
};

/** What may be done about a reason. */
const ACTIONS = {
  fix_settings: "Open Settings", fix_in_quickbooks: "Open in QuickBooks", fix_document: "Correct it in RIVET", sync_now: "Retry",
  upgrade_plan: "See plans in RIVET", contact_support: "Copy for support",
};

/** Roles in RIVET. */
const ROLES = { owner: "Owner", manager: "Manager", staff: "Staff", viewer: "Viewer" };

/** Purposes of accounts. */
const PURPOSES = { accounts_receivable: "Accounts Receivable", retainage: "Retainage", contract_revenue: "Contract Revenue", deposit: "Deposit account" };

/** Roles of accounts on the lines of a posting. */
const ACCOUNT_ROLES = { revenue: "Contract Revenue", retainage: "Retainage", receivable: "Accounts Receivable", accounts_receivable: "Accounts Receivable", deposit: "Deposit account" };

/** Returns the words of an account's role on a line. */
export const roleOfAccount = (role) => ACCOUNT_ROLES[role] ?? "Account";
/** Returns the words of a kind of document. */
export const kindName = (kind) => KINDS[kind] ?? "Document";
/** Returns QuickBooks' words for a type of transaction. */
export const typeName = (type) => TYPES[type] ?? "Transaction";
/** Returns shape, word and tone of a document's state. */
export const stateLook = (state) => STATES[state] ?? ["○", "In progress", "calm"];
/** Returns shape, word and tone of the connection. */
export const connectionLook = (status) => CONNECTIONS[status] ?? ["○", "Unknown", "calm"];
/** Returns the words of a field of a transaction. */
export const fieldName = (field) => FIELDS[field] ?? "Another field";
/** Returns the words of a setting. */
export const settingName = (path) => SETTINGS[path] ?? (path?.startsWith("retainage_opening") ? "Retainage held before" : "A setting");
/** Returns the words of an action. */
export const actionName = (action) => ACTIONS[action] ?? "";
/** Returns the words of a role. */
export const roleName = (role) => ROLES[role] ?? "";
/** Returns the words of a purpose of an account. */
export const purposeName = (purpose) => PURPOSES[purpose] ?? "Account";
/** Returns the states by which the activity can be filtered, with their words. */
export const stateChoices = () => ["posted", "held", "failed", "conflict", "uncertain", "pending", "voided", "skipped", "paid"].map((name) => [name, STATES[name][1]]);
/** Returns the kinds by which the activity can be filtered, with their words. */
export const kindChoices = () => Object.entries(KINDS);

/** Returns what happened to a document and what to do. `it` names the document. */
export function reasonWords(code, state, it) {
  const [what, help] = REASONS[code] ?? REASON_BY_STATE[state] ?? ["{it} waits", "Open it to see why."];
  return { what: what.replace("{it}", it), help };
}

/** Returns one line for several documents with the same reason. */
export function causeWords(code, state, several) {
  const known = CAUSES[code] ?? (state === "failed" ? "{n} could not be posted" : state === "conflict" ? "{n} differ in QuickBooks" : "{n} wait for one cause");
  return known.replace("{n}", several);
}

/** Returns what happened at a sign-in and what to do. */
export function landingWords(outcome, code) {
  const [what, help] = LANDINGS[code] ?? LANDINGS[outcome] ?? ["Nothing was connected.", "Press Connect again."];
  return { what, help };
}

/** Returns what went wrong and what to do. */
export function problemWords(problem) {
  const [what, help] = PROBLEMS[problem.code] ?? ["That did not work.", "Try again. If it comes again, copy the details for support."];
  const detail = ["not_decidable", "invalid_field", "not_connected"].includes(problem.code) ? problem.detail : "";
  return { what, help: detail && !/`/.test(detail) ? detail : help };
}
