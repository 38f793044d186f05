//! The words for each refusal: what happened, what to do, and where. QuickBooks' own words are for programmers, so they are
//! passed on only where its one sentence says which rule of the books was broken.

#[cfg(test)]
mod tests;

use quickbooks::Failure;
use store::reason::{Action, Reason, place};

/// Codes, our code for them, the cure, the page in QuickBooks (if any) and the sentence.
type Entry = (
    &'static str,
    &'static str,
    Action,
    &'static str,
    &'static str,
);

/// A refusal by a rule of the books. Its detail says which.
const BY_A_RULE: &str = "6000";

/// Each code that concerns one document is in one of these; those that concern the connection are told by how it stands, closed
/// books by their hold. A code that is in none is told by its number.
const ENTRIES: [Entry; 20] = [
    (
        "5010",
        "changed_in_quickbooks",
        Action::FixInQuickbooks,
        "",
        "Somebody changed it in QuickBooks after RIVET posted it. Choose which version to keep.",
    ),
    (
        "6140",
        "duplicate_number",
        Action::FixInQuickbooks,
        "",
        "Other transactions in QuickBooks have its number and the next ones. Renumber one of them, then retry.",
    ),
    (
        "600",
        "duplicate_request",
        Action::SyncNow,
        "",
        "QuickBooks says that it has had this request, but nothing came of it. Retry sends it anew.",
    ),
    (
        "610 2500",
        "not_found",
        Action::FixInQuickbooks,
        "",
        "Something that it needs was deleted, merged or made inactive in QuickBooks. Restore it there, or choose another in the settings, then retry.",
    ),
    (
        BY_A_RULE,
        "refused_by_quickbooks",
        Action::FixInQuickbooks,
        "",
        "QuickBooks refused it by a rule of the books.",
    ),
    (
        "620",
        "cannot_be_linked",
        Action::FixInQuickbooks,
        "",
        "QuickBooks cannot apply the payment: what it pays is settled, void or of another customer there. Correct that, then retry.",
    ),
    (
        "2210",
        "invalid_email",
        Action::FixDocument,
        "",
        "QuickBooks does not accept the customer's e-mail address. Correct it in RIVET, then retry.",
    ),
    (
        "2390",
        "item_without_account",
        Action::FixInQuickbooks,
        "items",
        "A product or service of RIVET's has lost its income account in QuickBooks. Set it again, then retry.",
    ),
    (
        "5020",
        "not_permitted",
        Action::FixInQuickbooks,
        "",
        "QuickBooks does not permit it: a feature is off there, or the person who connected may not use it. Change that, then retry.",
    ),
    (
        "5030",
        "feature_missing",
        Action::FixSettings,
        "",
        "This edition of QuickBooks lacks a feature that the settings use, such as classes. Turn it off in the settings, then retry.",
    ),
    (
        "6080",
        "name_missing",
        Action::FixDocument,
        "",
        "QuickBooks wants a name for the customer. Give it one in RIVET, then retry.",
    ),
    (
        "6240",
        "duplicate_name",
        Action::FixInQuickbooks,
        "customers",
        "Something else in QuickBooks has this name. Rename it there, or choose the match in the settings, then retry.",
    ),
    (
        "6130 6150 6180",
        "customer_hierarchy",
        Action::FixInQuickbooks,
        "customers",
        "The customer's place among parent and sub-customers does not hold in QuickBooks. Correct it there, then retry.",
    ),
    (
        "6220 6280",
        "balance_open",
        Action::FixInQuickbooks,
        "customers",
        "The customer has an open balance or unbilled charges in QuickBooks. Settle them there, then retry.",
    ),
    (
        "6420",
        "email_missing",
        Action::FixDocument,
        "",
        "QuickBooks wants an e-mail address for the customer. Add one in RIVET, then retry.",
    ),
    (
        "6430",
        "account_type",
        Action::FixSettings,
        "chartofaccounts",
        "An account of the settings is of a type that QuickBooks does not take there. Choose another, then retry.",
    ),
    (
        "6450",
        "settled",
        Action::FixInQuickbooks,
        "",
        "It is settled in QuickBooks and cannot be changed. Take the payment off it, then retry.",
    ),
    (
        "6480",
        "bank_matched",
        Action::FixInQuickbooks,
        "banking",
        "It is matched with a bank transaction in QuickBooks. Undo the match, then retry.",
    ),
    (
        "6540",
        "deposited",
        Action::FixInQuickbooks,
        "",
        "The payment is part of a bank deposit in QuickBooks. Take it off the deposit, then retry.",
    ),
    (
        "500 1040 2010 2020 2030 2040 2050 2130 2170 2250 2260 2290 2300 4000 4001 4002 6070 6100 6440",
        "request_rejected",
        Action::ContactSupport,
        "",
        "QuickBooks cannot use what RIVET sent, and sending it again will not help. RIVET's support has to correct it.",
    ),
];

/// What is told of what nobody foresaw.
const UNFORESEEN: Entry = (
    "",
    "unexpected_fault",
    Action::ContactSupport,
    "",
    "QuickBooks refused it, and RIVET does not know why.",
);

/// What comes before Intuit's name for one answer of theirs.
pub const TRACE: &str = ", its trace id ";

/// The longest that a sentence of QuickBooks' may be, in characters.
const LONGEST: usize = 240;

/// What is told of a refusal.
pub fn reason_for(failure: &Failure) -> Reason {
    let fault = failure.deciding_fault();
    let met = fault.map_or("", |fault| fault.code.as_str());
    let entry = ENTRIES.iter().find(|entry| has(entry.0, met));
    let (codes, code, action, at, message) = *entry.unwrap_or(&UNFORESEEN);
    let mut message = message.to_owned();
    let mut say = |parts: [&str; 2]| parts.iter().for_each(|part| message.push_str(part));
    if action == Action::ContactSupport {
        say([
            " QuickBooks' code is ",
            if met.is_empty() { "unknown" } else { met },
        ]);
        say([TRACE, failure.tid().unwrap_or("unknown")]);
        say([".", ""]);
    }
    if codes == BY_A_RULE
        && let Some(sentence) = fault.and_then(|fault| fault.detail()).map(sentence)
    {
        say([" ", &sentence]);
    }
    let taken = fault.and_then(|fault| fault.duplicate());
    let at = taken.map_or(at.to_owned(), |taken| place(taken.kind, &taken.id));
    Reason::new(code, action, message).at(&at)
}

fn has(codes: &str, code: &str) -> bool {
    codes.split(' ').any(|one| one == code)
}

/// The first sentence of a detail, without the heading that repeats the message, and without what looks like an id, an address,
/// a key or markup: a word of 24 letters or more, or one with a `_`, `<`, `>`, `=` or `/` in it.
fn sentence(detail: &str) -> String {
    let heading = "Business Validation Error:";
    let text = detail.trim().trim_start_matches(heading).trim();
    let first = text.split_inclusive(". ").next().unwrap_or_default();
    let mut told = String::new();
    for word in first.split_whitespace() {
        if told.chars().count() + word.chars().count() >= LONGEST {
            told.push_str(" …");
            break;
        }
        if !told.is_empty() {
            told.push(' ');
        }
        let plain = word.chars().count() < 24 && !word.contains(['_', '<', '>', '=', '/', '@']);
        told.push_str(if plain { word } else { "…" });
    }
    told
}
