//! The sentences that explain differences, in the words of QuickBooks.

use crate::comparison::entry::{Entry, Fate};
use mapping::money_text;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use store::document::TransactionKey;
use store::reason::called;

/// Explains a document whose newest revision or void is not posted.
pub(super) fn unposted(entry: &Entry) -> String {
    let is_posted = entry.transaction.is_some();
    let is_void = is_posted && entry.balances.rivet.is_zero();
    let what = match (is_void, is_posted) {
        (true, _) => "It is void in RIVET, and QuickBooks still has it",
        (false, true) => "QuickBooks has an earlier revision",
        (false, false) => "It is not in QuickBooks yet",
    };
    let reason = entry.state.as_ref().and_then(|state| state.reason.as_ref());
    match reason {
        Some(reason) => format!("{what}. {}", reason.message),
        None => format!("{what}: it is posted with the next sync."),
    }
}

/// Explains a transaction that differs from what RIVET posted.
pub(super) fn posted(entry: &Entry, fate: Fate) -> String {
    let name = name(entry);
    match fate {
        Fate::Gone => format!("{name} was deleted in QuickBooks."),
        Fate::Voided => format!("{name} was voided in QuickBooks."),
        Fate::Stands if entry.amount.difference().is_zero() => {
            format!("{name} is on other accounts in QuickBooks than RIVET posted it to.")
        }
        Fate::Stands => {
            let amount = |amount: Decimal| money_text(amount);
            let (found, posted) = (amount(entry.amount.quickbooks), amount(entry.amount.rivet));
            format!("{name} is {found} in QuickBooks, and RIVET posted {posted}.")
        }
    }
}

/// Explains a transaction of a void document that still counts.
pub(super) fn still_counts(entry: &Entry) -> String {
    let name = name(entry);
    format!("The document is void, and {name} still counts in QuickBooks.")
}

/// Explains a transaction that is not with its customer.
pub(super) fn moved_away(entry: &Entry) -> String {
    format!("{} is with another customer in QuickBooks.", name(entry))
}

/// Explains a transaction that is with a customer to whom RIVET did not post it.
pub(super) fn moved_here(entry: &Entry) -> String {
    format!(
        "{} is with this customer in QuickBooks, and RIVET posted it for another.",
        name(entry)
    )
}

/// Explains a transaction that somebody entered.
pub(super) fn entered(transaction: &TransactionKey) -> String {
    let name = called(transaction.kind);
    format!("Somebody entered this {name} in QuickBooks.")
}

/// Explains a payment entered in QuickBooks of which RIVET noticed a part.
pub(super) fn entered_partly(known: Decimal) -> String {
    let known = money_text(known);
    format!("Somebody entered this Payment in QuickBooks. RIVET knows of {known} of it.")
}

/// Explains a payment whose money is applied to other documents.
pub(super) fn applied(entry: &Entry, rivet: &str, quickbooks: &str) -> String {
    let name = name(entry);
    format!("{name} pays {quickbooks} in QuickBooks, and {rivet} in RIVET.")
}

/// Explains the part of a balance that no listed transaction explains.
pub(super) fn remainder(owner: &str, since: &str, amount: Decimal) -> String {
    let amount = money_text(amount);
    format!(
        "The balance of {owner} in QuickBooks has {amount} that no listed transaction explains: older than {since}, or of another type, such as a deposit or a check."
    )
}

/// Returns the name of the transaction, such as `Invoice 1042-1`.
fn name(entry: &Entry) -> String {
    let kind = entry
        .transaction
        .as_ref()
        .map_or(TxnType::Other, |known| known.kind);
    let called = called(kind);
    match (&entry.transaction, entry.number.as_str()) {
        (Some(known), "") => format!("{called} {}", known.id),
        (_, number) => format!("{called} {number}"),
    }
}
