//! Every kind of edit that the simulator's people can make has a row.

use super::{invoices, journal_entries, lists, payments, retainage_lines, settings};
use simulator::Edit;

/// A kind of edit, and a row that makes one.
const KINDS: [(Edit, &str); 47] = [
    (Edit::PayPartly, "paid in part"),
    (Edit::PayFully, "paid"),
    (Edit::PayTooMuch, "paid with more than is owed"),
    (Edit::PaySeveral, "two pay apps paid at once"),
    (Edit::Unapply, "RIVET's payment un-applied"),
    (Edit::VoidPayment, "RIVET's payment voided"),
    (Edit::DeletePayment, "RIVET's payment deleted"),
    (Edit::ApplyCreditMemo, "settled with a credit memo in part"),
    (Edit::DepositPayment, "paid, and deposited"),
    (
        Edit::DeleteDeposit,
        "RIVET's payment deposited, and the deposit deleted",
    ),
    (Edit::ChangeAmount, "another amount on its first line"),
    (Edit::ChangeCustomer, "another customer"),
    (
        Edit::ChangeItem,
        "another item, and with it another account",
    ),
    (Edit::ChangeClass, "another class on a line"),
    (Edit::ChangeNumber, "another number"),
    (Edit::ChangeDate, "another date"),
    (Edit::ChangeMemo, "another private note"),
    (Edit::ChangeEmail, "another address to send it to"),
    (Edit::ChangeTerms, "other terms"),
    (Edit::ChangeDueDate, "another due date"),
    (Edit::EmailInvoice, "sent to the customer"),
    (Edit::VoidInvoice, "voided"),
    (Edit::DeleteInvoice, "deleted"),
    (Edit::ChangeEntry, "another amount of the retainage entry"),
    (Edit::VoidEntry, "the entry voided"),
    (Edit::DeleteEntry, "the entry deleted"),
    (
        Edit::RetypeAccount,
        "the revenue account becomes one of other income",
    ),
    (Edit::ClassTracking, "class tracking switched off"),
    (Edit::ClosingDate, "the books are closed"),
    (Edit::CustomNumbers, "custom numbers switched off"),
    (Edit::RenameCompany, "the company renamed"),
    (Edit::Rename("Customer"), "a customer renamed"),
    (Edit::Merge("Customer"), "a customer merged into another"),
    (Edit::Inactivate("Customer"), "a customer is made inactive"),
    (Edit::Reactivate("Customer"), "a customer is made inactive"),
    (Edit::Rename("Class"), "a class renamed"),
    (Edit::Merge("Class"), "a class merged into another"),
    (
        Edit::Inactivate("Class"),
        "the project's class is made inactive",
    ),
    (
        Edit::Reactivate("Class"),
        "the project's class is made inactive",
    ),
    (Edit::Rename("Item"), "an item renamed"),
    (
        Edit::Merge("Item"),
        "an item merged, and two invoices with it paid",
    ),
    (Edit::Inactivate("Item"), "RIVET's item is made inactive"),
    (
        Edit::Reactivate("Item"),
        "an item made inactive, and active again",
    ),
    (Edit::Rename("Account"), "an account renamed"),
    (
        Edit::Merge("Account"),
        "the revenue account is merged into another",
    ),
    (
        Edit::Inactivate("Account"),
        "the retainage account is made inactive",
    ),
    (
        Edit::Reactivate("Account"),
        "the retainage account is made inactive",
    ),
];

#[test]
fn every_kind_of_edit_has_a_row() {
    for edit in Edit::all() {
        assert!(KINDS.iter().any(|(kind, _)| *kind == edit), "{edit:?}");
    }
    let rows = invoices::ROWS
        .iter()
        .chain(&journal_entries::ROWS)
        .chain(&payments::ROWS);
    let rows = rows
        .chain(&retainage_lines::ROWS)
        .chain(&lists::ROWS)
        .map(|row| row.what);
    let mut all: Vec<&str> = rows
        .chain(settings::ROWS.iter().map(|row| row.what))
        .collect();
    for (edit, what) in KINDS {
        assert!(all.contains(&what), "{edit:?}: {what}");
    }
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count, "two rows have the same name");
}
