//! Documents that a person types or copies, and items that a person changes.

use rust_decimal::Decimal;
use serde_json::json;

use super::connected_company::ConnectedCompany;
use crate::{EntryAccounts, History, Typed};

fn typed(customer: &str) -> Typed<'_> {
    Typed {
        customer,
        number: "1042 - 1",
        date: "2026-03-02",
        amount: Decimal::from(100),
    }
}

#[test]
fn typed_documents_are_posted() {
    let mut company = ConnectedCompany::new();
    let customer = company.other.clone();
    let accounts = ["Accounts Receivable (A/R)", "Retainage Receivable"];
    let [debit, credit] = accounts.map(|name| company.account(name));
    let typed = typed(&customer);
    let mut person = company.person();
    person.bill("Invoice", &typed).unwrap();
    person.bill("CreditMemo", &typed).unwrap();
    let accounts = EntryAccounts {
        debit: &debit,
        credit: &credit,
    };
    person.post_entry(&typed, accounts).unwrap();
    person.receive(&typed).unwrap();
    company.assert_balanced();
    let simulator = &company.client.simulator;
    let ledger = simulator.ledger(&company.client.realm);
    assert!(ledger.customer_balance(&debit, &customer).is_zero());
    let found = simulator.find(&company.client.realm, "JournalEntry", "1042 - 1");
    assert!(found.is_some());
}

#[test]
fn copy_has_note_and_another_number() {
    let mut company = ConnectedCompany::new();
    let (invoice, entry) = (company.invoice.clone(), company.entry.clone());
    let note = json!({"PrivateNote": "RIVET pay_app pa_1", "DocNumber": "1042-1"});
    company
        .person()
        .edit("Invoice", &invoice, note.clone())
        .unwrap();
    company.person().edit("JournalEntry", &entry, note).unwrap();
    for (kind, id) in [("Invoice", &invoice), ("JournalEntry", &entry)] {
        let copy = company.person().copy(kind, id).unwrap();
        let path = format!("{}/{copy}", kind.to_lowercase());
        let (_, answer) = company.client.get(&path);
        assert_eq!(answer[kind]["PrivateNote"], "RIVET pay_app pa_1");
        assert_ne!(answer[kind]["DocNumber"], "1042-1");
    }
    company.assert_balanced();
}

#[test]
fn item_account_changes_with_or_without_history() {
    for (history, moved) in [(History::Kept, 0), (History::Updated, -120)] {
        let mut company = ConnectedCompany::new();
        let (item, service) = (company.items[0].clone(), company.account("Service Revenue"));
        company
            .person()
            .change_item_account(&item, &service, history)
            .unwrap();
        assert_eq!(company.events(), ["item updated"]);
        let ledger = company.client.simulator.ledger(&company.client.realm);
        assert_eq!(ledger.balance(&service), Decimal::from(moved));
    }
}

#[test]
fn project_is_job_and_owes_its_invoices() {
    let mut company = ConnectedCompany::new();
    let customer = company.customer.clone();
    let invoice = company.invoice.clone();
    let project = company.person().add_project(&customer, "Tower").unwrap();
    let (_, answer) = company.client.get(&format!("customer/{project}"));
    assert_eq!(answer["Customer"]["IsProject"], true);
    assert_eq!(answer["Customer"]["Job"], true);
    let changes = json!({"ProjectRef": {"value": project}});
    company.person().edit("Invoice", &invoice, changes).unwrap();
    let (_, answer) = company.client.get(&format!("customer/{project}"));
    assert_eq!(answer["Customer"]["Balance"].to_string(), "100.00");
}

#[test]
fn sales_tax_is_a_preference() {
    let mut company = ConnectedCompany::new();
    company.person().set_sales_tax(Some(Decimal::new(825, 2)));
    let (_, answer) = company.client.get("preferences");
    let preferences = &answer["Preferences"]["TaxPrefs"];
    assert_eq!(preferences["UsingSalesTax"], true);
    assert_eq!(preferences["PartnerTaxEnabled"], true);
}
