//! The webhook events of each edit by hand. [`ConnectedCompany::events`] checks that change data capture agrees and that
//! the ledger balances.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::connected_company::ConnectedCompany;
use crate::test_company::{journal_line, line};
use crate::{ClassTracking, Error};

fn dollars(amount: i64) -> Decimal {
    Decimal::from(amount)
}

fn code(outcome: Result<impl Sized, Error>) -> String {
    match outcome.map(drop) {
        Err(Error::Refused { code, .. }) => code,
        other => panic!("{other:?}"),
    }
}

/// Returns the events of a change of the given fields of the first invoice.
fn events_of(changes: Value) -> Vec<String> {
    let mut company = ConnectedCompany::new();
    let invoice = company.invoice.clone();
    company.person().edit("Invoice", &invoice, changes).unwrap();
    company.events()
}

#[test]
fn partial_payment_sends_payment_and_invoice_events() {
    let mut company = ConnectedCompany::new();
    let (customer, invoice) = (company.customer.clone(), company.invoice.clone());
    company
        .person()
        .pay(&customer, dollars(40), &[(&invoice, dollars(40))])
        .unwrap();
    assert_eq!(company.events(), ["payment created", "invoice updated"]);
}

#[test]
fn payment_of_several_invoices_sends_each_event() {
    let mut company = ConnectedCompany::new();
    let (customer, one, two) = (
        company.customer.clone(),
        company.invoice.clone(),
        company.second.clone(),
    );
    let paid = [(one.as_str(), dollars(100)), (two.as_str(), dollars(40))];
    company
        .person()
        .pay(&customer, dollars(140), &paid)
        .unwrap();
    assert_eq!(
        company.events(),
        ["payment created", "invoice updated", "invoice updated"]
    );
}

#[test]
fn overpayment_stays_unapplied() {
    let mut company = ConnectedCompany::new();
    let (customer, invoice) = (company.customer.clone(), company.invoice.clone());
    let paid = [(invoice.as_str(), dollars(100))];
    let payment = company
        .person()
        .pay(&customer, dollars(130), &paid)
        .unwrap();
    assert_eq!(company.events(), ["payment created", "invoice updated"]);
    let (_, answer) = company.client.get(&format!("payment/{payment}"));
    assert_eq!(answer["Payment"]["UnappliedAmt"].to_string(), "30.00");
}

#[test]
fn unapplied_payment_reopens_invoice() {
    let mut company = ConnectedCompany::new();
    let payment = company.payment.clone();
    company.person().unapply(&payment).unwrap();
    assert_eq!(company.events(), ["payment updated", "invoice updated"]);
}

#[test]
fn void_payment_reopens_invoice() {
    let mut company = ConnectedCompany::new();
    let payment = company.payment.clone();
    company.person().void("Payment", &payment).unwrap();
    assert_eq!(company.events(), ["payment voided", "invoice updated"]);
}

#[test]
fn deleted_payment_reopens_invoice() {
    let mut company = ConnectedCompany::new();
    let payment = company.payment.clone();
    company.person().delete("Payment", &payment).unwrap();
    assert_eq!(company.events(), ["payment deleted", "invoice updated"]);
}

#[test]
fn credit_memo_is_applied_by_zero_payment() {
    let mut company = ConnectedCompany::new();
    let (memo, invoice) = (company.memo.clone(), company.invoice.clone());
    company
        .person()
        .apply_credit(&memo, &invoice, dollars(30))
        .unwrap();
    let events = ["payment created", "creditmemo updated", "invoice updated"];
    assert_eq!(company.events(), events);
}

#[test]
fn deposit_and_its_deletion_send_deposit_events() {
    let mut company = ConnectedCompany::new();
    let (payment, bank) = (company.payment.clone(), company.account("Checking"));
    let deposit = company.person().deposit(&payment, &bank).unwrap();
    assert_eq!(company.events(), ["deposit created"]);
    assert_eq!(code(company.person().delete("Payment", &payment)), "6540");
    company
        .client
        .simulator
        .advance(jiff::SignedDuration::from_mins(1));
    company.person().delete("Deposit", &deposit).unwrap();
    assert_eq!(company.events(), ["deposit deleted"]);
}

#[test]
fn invoice_field_change_sends_one_update() {
    let company = ConnectedCompany::new();
    let reference = |id: &str| json!({ "value": id });
    let mut classed = line(&company.items[0], 100_00);
    classed["SalesItemLineDetail"]["ClassRef"] = reference(&company.classes[0]);
    let term = company
        .client
        .simulator
        .find(&company.client.realm, "Term", "Net 60")
        .unwrap();
    for changes in [
        json!({"Line": [line(&company.items[0], 250_00)]}),
        json!({"CustomerRef": reference(&company.other)}),
        json!({"Line": [line(&company.items[1], 100_00)]}),
        json!({"Line": [classed]}),
        json!({"DocNumber": "P-1"}),
        json!({"TxnDate": "2026-02-27"}),
        json!({"PrivateNote": "Corrected by hand"}),
        json!({"CustomerMemo": {"value": "Thank you"}}),
        json!({"BillEmail": {"Address": "office@turnerbay.example"}}),
        json!({"SalesTermRef": reference(&term), "DueDate": null}),
        json!({"DueDate": "2026-06-30"}),
    ] {
        assert_eq!(events_of(changes.clone()), ["invoice updated"], "{changes}");
    }
}

#[test]
fn new_terms_move_due_date() {
    let mut company = ConnectedCompany::new();
    let term = company
        .client
        .simulator
        .find(&company.client.realm, "Term", "Net 60")
        .unwrap();
    let changes = json!({"SalesTermRef": {"value": term}, "DueDate": null});
    let invoice = company.invoice.clone();
    company.person().edit("Invoice", &invoice, changes).unwrap();
    let (_, answer) = company.client.get(&format!("invoice/{invoice}"));
    assert_eq!(answer["Invoice"]["DueDate"], "2026-05-01");
}

#[test]
fn paid_invoice_keeps_customer_and_paid_amount() {
    let mut company = ConnectedCompany::new();
    let (invoice, other) = (company.second.clone(), company.other.clone());
    let work = company.items[0].clone();
    let mut person = company.person();
    let changes = json!({"CustomerRef": {"value": other}});
    assert_eq!(code(person.edit("Invoice", &invoice, changes)), "620");
    let changes = json!({"Line": [line(&work, 9_00)]});
    assert_eq!(code(person.edit("Invoice", &invoice, changes)), "6000");
    assert_eq!(code(person.void("Invoice", &invoice)), "6000");
    assert_eq!(company.events(), [""; 0]);
}

#[test]
fn sent_invoice_sends_emailed_event() {
    let mut company = ConnectedCompany::new();
    let invoice = company.invoice.clone();
    company
        .person()
        .email(&invoice, "office@turnerbay.example")
        .unwrap();
    assert_eq!(company.events(), ["invoice emailed"]);
    let (_, answer) = company.client.get(&format!("invoice/{invoice}"));
    assert_eq!(answer["Invoice"]["EmailStatus"], "EmailSent");
    assert_eq!(answer["Invoice"]["SyncToken"], "1");
}

#[test]
fn void_invoice_sends_voided_event() {
    let mut company = ConnectedCompany::new();
    let invoice = company.invoice.clone();
    company.person().void("Invoice", &invoice).unwrap();
    assert_eq!(company.events(), ["invoice voided"]);
}

#[test]
fn deleted_invoice_sends_deleted_event() {
    let mut company = ConnectedCompany::new();
    let invoice = company.invoice.clone();
    company.person().delete("Invoice", &invoice).unwrap();
    assert_eq!(company.events(), ["invoice deleted"]);
}

#[test]
fn edited_or_void_entry_sends_update() {
    let mut company = ConnectedCompany::new();
    let entry = company.entry.clone();
    let [retainage, revenue] =
        ["Retainage Receivable", "Contract Revenue"].map(|name| company.account(name));
    let changes = json!({"Line": [
        journal_line("Debit", 7_00, &retainage, None),
        journal_line("Credit", 7_00, &revenue, None),
    ]});
    company
        .person()
        .edit("JournalEntry", &entry, changes)
        .unwrap();
    assert_eq!(company.events(), ["journalentry updated"]);
    company
        .client
        .simulator
        .advance(jiff::SignedDuration::from_mins(1));
    company.person().void("JournalEntry", &entry).unwrap();
    assert_eq!(company.events(), ["journalentry updated"]);
    let (_, answer) = company.client.get(&format!("journalentry/{entry}"));
    let body = &answer["JournalEntry"];
    assert_eq!(body["Line"][0]["Amount"].to_string(), "0.00");
    assert_eq!(body["PrivateNote"], "Voided");
    let ledger = company.client.simulator.ledger(&company.client.realm);
    assert_eq!(ledger.lines_of("JournalEntry", &entry), []);
}

#[test]
fn deleted_entry_sends_deleted_event() {
    let mut company = ConnectedCompany::new();
    let entry = company.entry.clone();
    company.person().delete("JournalEntry", &entry).unwrap();
    assert_eq!(company.events(), ["journalentry deleted"]);
}

#[test]
fn void_credit_memo_sends_update() {
    let mut company = ConnectedCompany::new();
    let memo = company.memo.clone();
    company.person().void("CreditMemo", &memo).unwrap();
    assert_eq!(company.events(), ["creditmemo updated"]);
}

#[test]
fn list_entry_changes_send_updates() {
    let company = ConnectedCompany::new();
    let office = company.account("Office Expenses");
    for (list, id) in [
        ("Customer", &company.other),
        ("Class", &company.classes[0]),
        ("Item", &company.items[0]),
        ("Account", &office),
    ] {
        let mut company = ConnectedCompany::new();
        let events = [format!("{} updated", list.to_lowercase())];
        company.person().rename(list, id, "Another Name").unwrap();
        assert_eq!(company.events(), events);
        for active in [false, true] {
            company
                .client
                .simulator
                .advance(jiff::SignedDuration::from_mins(1));
            company.person().set_active(list, id, active).unwrap();
            assert_eq!(company.events(), events);
        }
        assert_eq!(
            company
                .client
                .simulator
                .find(&company.client.realm, list, "Another Name"),
            Some(id.clone())
        );
    }
}

#[test]
fn merged_customers_send_merged_event() {
    let mut company = ConnectedCompany::new();
    let (from, into) = (company.customer.clone(), company.other.clone());
    company.person().merge("Customer", &from, &into).unwrap();
    assert_eq!(company.events(), ["customer merged"]);
    let (_, answer) = company.client.get(&format!("invoice/{}", company.invoice));
    assert_eq!(answer["Invoice"]["CustomerRef"]["value"], into);
}

#[test]
fn other_merges_send_update_and_deletion() {
    let company = ConnectedCompany::new();
    let (contract, service) = (
        company.account("Contract Revenue"),
        company.account("Service Revenue"),
    );
    for (list, from, into) in [
        ("Class", &company.classes[0], &company.classes[1]),
        ("Item", &company.items[0], &company.items[1]),
        ("Account", &contract, &service),
    ] {
        let mut company = ConnectedCompany::new();
        company.person().merge(list, from, into).unwrap();
        let list = list.to_lowercase();
        assert_eq!(
            company.events(),
            [format!("{list} updated"), format!("{list} deleted")]
        );
    }
}

#[test]
fn retyped_account_sends_update_and_keeps_balance() {
    let mut company = ConnectedCompany::new();
    let account = company.account("Retainage Receivable");
    company
        .person()
        .retype_account(&account, "Income", "ServiceFeeIncome")
        .unwrap();
    assert_eq!(company.events(), ["account updated"]);
    let ledger = company.client.simulator.ledger(&company.client.realm);
    assert_eq!(ledger.balance(&account), dollars(5));
}

#[test]
fn company_rename_appears_in_change_data_only() {
    let mut company = ConnectedCompany::new();
    company.person().set_class_tracking(ClassTracking::Off);
    company
        .person()
        .close_books(Some("2026-02-28".parse().unwrap()));
    company.person().set_custom_numbers(false);
    assert_eq!(company.events(), ["preferences updated"; 3]);
    company
        .client
        .simulator
        .advance(jiff::SignedDuration::from_mins(1));
    company.person().rename_company("Harbor Electric Inc");
    assert_eq!(company.events(), [""; 0]);
    let now = company.client.simulator.now();
    let (_, answer) = company
        .client
        .get(&format!("cdc?entities=CompanyInfo&changedSince={now}"));
    let captured = &answer["CDCResponse"][0]["QueryResponse"][0]["CompanyInfo"][0];
    assert_eq!(captured["CompanyName"], "Harbor Electric Inc");
}
