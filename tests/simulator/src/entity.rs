//! The rules of each kind of entity: its fields, checks, defaults and postings.

mod account;
mod class;
mod class_tracking;
mod contact;
mod credit_memo;
mod currency;
mod customer;
mod deposit;
mod invoice;
mod item;
mod journal_entry;
mod list;
mod number;
mod payment;
mod refresh;
mod rename;
mod sales_line;
mod sales_total;
mod simple;
mod tax;

use crate::fault::Fault;
use crate::kind::Kind;
use crate::schema::Field;
use crate::write::{Draft, Posting};

pub(crate) use refresh::{refresh_account, refresh_customer, refresh_links};
pub(crate) use rename::rename_everywhere;

/// Returns the fields of a kind besides those of every entity, or `None` if the API cannot write the kind.
pub(crate) fn fields(kind: Kind) -> Option<&'static [Field]> {
    match kind {
        Kind::Account => Some(account::FIELDS),
        Kind::Class => Some(class::FIELDS),
        Kind::CreditMemo => Some(credit_memo::FIELDS),
        Kind::Customer => Some(customer::FIELDS),
        Kind::Deposit => Some(deposit::FIELDS),
        Kind::Employee | Kind::Vendor => Some(contact::FIELDS),
        Kind::Invoice => Some(invoice::FIELDS),
        Kind::Item => Some(item::FIELDS),
        Kind::JournalEntry => Some(journal_entry::FIELDS),
        Kind::Payment => Some(payment::FIELDS),
        Kind::PaymentMethod | Kind::Term => Some(simple::FIELDS),
        Kind::CompanyInfo | Kind::Department | Kind::Preferences => None,
    }
}

/// Checks a draft by the rules of its kind, fills in its fields, and returns what it posts.
pub(crate) fn complete(draft: &mut Draft<'_>) -> Result<Posting, Fault> {
    match draft.kind {
        Kind::Account => account::complete(draft),
        Kind::Class => class::complete(draft),
        Kind::CreditMemo => credit_memo::complete(draft),
        Kind::Customer => customer::complete(draft),
        Kind::Deposit => deposit::complete(draft),
        Kind::Employee | Kind::Vendor => contact::complete(draft),
        Kind::Invoice => invoice::complete(draft),
        Kind::Item => item::complete(draft),
        Kind::JournalEntry => journal_entry::complete(draft),
        Kind::Payment => payment::complete(draft),
        Kind::PaymentMethod | Kind::Term => simple::complete(draft),
        Kind::CompanyInfo | Kind::Department | Kind::Preferences => {
            Err(Fault::unsupported_operation("save"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_only_kinds_have_no_fields() {
        for kind in Kind::ALL {
            let single = matches!(
                kind,
                Kind::CompanyInfo | Kind::Department | Kind::Preferences
            );
            assert_eq!(fields(kind).is_none(), single, "{kind:?}");
        }
    }
}
