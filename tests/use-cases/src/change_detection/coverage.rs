//! Coverage: each kind of edit that a simulated person can make has a case.

use super::{invoices, journal_entries, lists, payments, retainage_lines, settings};
use simulator::Edit;

/// Kinds of edit, each with the name of a case for it.
const KINDS: [(Edit, &str); 47] = [
    (Edit::PayPartly, "paid in part"),
    (Edit::PayFully, "paid"),
    (Edit::PayTooMuch, "overpaid"),
    (Edit::PaySeveral, "two pay apps paid at once"),
    (Edit::Unapply, "RIVET's payment unapplied"),
    (Edit::VoidPayment, "RIVET's payment voided"),
    (Edit::DeletePayment, "RIVET's payment deleted"),
    (Edit::ApplyCreditMemo, "partly settled with a credit memo"),
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
fn every_kind_of_edit_has_a_case() {
    for edit in Edit::all() {
        assert!(KINDS.iter().any(|(kind, _)| *kind == edit), "{edit:?}");
    }
    let cases = invoices::CASES
        .iter()
        .chain(&journal_entries::CASES)
        .chain(&payments::CASES);
    let cases = cases
        .chain(&retainage_lines::CASES)
        .chain(&lists::CASES)
        .map(|case| case.name);
    let mut names: Vec<&str> = cases
        .chain(settings::CASES.iter().map(|case| case.name))
        .collect();
    for (edit, name) in KINDS {
        assert!(names.contains(&name), "{edit:?}: {name}");
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "two cases have the same name");
}
