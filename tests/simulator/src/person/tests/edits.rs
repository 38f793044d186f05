//! Each thing that somebody may do by hand: what webhooks and change data capture tell of it. That both tell the same,
//! and that the ledger balances, [`Shop::told`] checks.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::shop::Shop;
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

/// What is told of a change of these fields of the first invoice.
fn told_of(changes: Value) -> Vec<String> {
    let mut shop = Shop::new();
    let invoice = shop.invoice.clone();
    shop.person().edit("Invoice", &invoice, changes).unwrap();
    shop.told()
}

#[test]
fn an_invoice_paid_in_part_is_told_with_its_payment() {
    let mut shop = Shop::new();
    let (customer, invoice) = (shop.customer.clone(), shop.invoice.clone());
    shop.person()
        .pay(&customer, dollars(40), &[(&invoice, dollars(40))])
        .unwrap();
    assert_eq!(shop.told(), ["payment created", "invoice updated"]);
}

#[test]
fn one_payment_for_several_invoices_tells_each() {
    let mut shop = Shop::new();
    let (customer, one, two) = (
        shop.customer.clone(),
        shop.invoice.clone(),
        shop.second.clone(),
    );
    let paid = [(one.as_str(), dollars(100)), (two.as_str(), dollars(40))];
    shop.person().pay(&customer, dollars(140), &paid).unwrap();
    assert_eq!(
        shop.told(),
        ["payment created", "invoice updated", "invoice updated"]
    );
}

#[test]
fn what_is_paid_too_much_stays_with_the_payment() {
    let mut shop = Shop::new();
    let (customer, invoice) = (shop.customer.clone(), shop.invoice.clone());
    let paid = [(invoice.as_str(), dollars(100))];
    let payment = shop.person().pay(&customer, dollars(130), &paid).unwrap();
    assert_eq!(shop.told(), ["payment created", "invoice updated"]);
    let (_, answer) = shop.client.get(&format!("payment/{payment}"));
    assert_eq!(answer["Payment"]["UnappliedAmt"].to_string(), "30.00");
}

#[test]
fn a_payment_that_is_taken_off_opens_its_invoice() {
    let mut shop = Shop::new();
    let payment = shop.payment.clone();
    shop.person().unapply(&payment).unwrap();
    assert_eq!(shop.told(), ["payment updated", "invoice updated"]);
}

#[test]
fn a_void_payment_opens_its_invoice() {
    let mut shop = Shop::new();
    let payment = shop.payment.clone();
    shop.person().void("Payment", &payment).unwrap();
    assert_eq!(shop.told(), ["payment voided", "invoice updated"]);
}

#[test]
fn a_deleted_payment_opens_its_invoice() {
    let mut shop = Shop::new();
    let payment = shop.payment.clone();
    shop.person().delete("Payment", &payment).unwrap();
    assert_eq!(shop.told(), ["payment deleted", "invoice updated"]);
}

#[test]
fn a_credit_memo_is_applied_by_a_payment_without_money() {
    let mut shop = Shop::new();
    let (memo, invoice) = (shop.memo.clone(), shop.invoice.clone());
    shop.person()
        .apply_credit(&memo, &invoice, dollars(30))
        .unwrap();
    let told = ["payment created", "creditmemo updated", "invoice updated"];
    assert_eq!(shop.told(), told);
}

#[test]
fn a_deposit_is_told_alone_and_so_is_its_end() {
    let mut shop = Shop::new();
    let (payment, bank) = (shop.payment.clone(), shop.account("Checking"));
    let deposit = shop.person().deposit(&payment, &bank).unwrap();
    assert_eq!(shop.told(), ["deposit created"]);
    assert_eq!(code(shop.person().delete("Payment", &payment)), "6540");
    shop.client
        .simulator
        .advance(jiff::SignedDuration::from_mins(1));
    shop.person().delete("Deposit", &deposit).unwrap();
    assert_eq!(shop.told(), ["deposit deleted"]);
}

#[test]
fn each_field_of_an_invoice_is_an_update_of_it_alone() {
    let shop = Shop::new();
    let reference = |id: &str| json!({ "value": id });
    let mut classed = line(&shop.items[0], 100_00);
    classed["SalesItemLineDetail"]["ClassRef"] = reference(&shop.classes[0]);
    let term = shop
        .client
        .simulator
        .find(&shop.client.realm, "Term", "Net 60")
        .unwrap();
    for changes in [
        json!({"Line": [line(&shop.items[0], 250_00)]}),
        json!({"CustomerRef": reference(&shop.other)}),
        json!({"Line": [line(&shop.items[1], 100_00)]}),
        json!({"Line": [classed]}),
        json!({"DocNumber": "P-1"}),
        json!({"TxnDate": "2026-02-27"}),
        json!({"PrivateNote": "Corrected by hand"}),
        json!({"CustomerMemo": {"value": "Thank you"}}),
        json!({"BillEmail": {"Address": "office@turnerbay.example"}}),
        json!({"SalesTermRef": reference(&term), "DueDate": null}),
        json!({"DueDate": "2026-06-30"}),
    ] {
        assert_eq!(told_of(changes.clone()), ["invoice updated"], "{changes}");
    }
}

#[test]
fn new_terms_move_the_due_date() {
    let mut shop = Shop::new();
    let term = shop
        .client
        .simulator
        .find(&shop.client.realm, "Term", "Net 60")
        .unwrap();
    let changes = json!({"SalesTermRef": {"value": term}, "DueDate": null});
    let invoice = shop.invoice.clone();
    shop.person().edit("Invoice", &invoice, changes).unwrap();
    let (_, answer) = shop.client.get(&format!("invoice/{invoice}"));
    assert_eq!(answer["Invoice"]["DueDate"], "2026-05-01");
}

#[test]
fn an_invoice_with_payments_keeps_its_customer_and_what_was_paid() {
    let mut shop = Shop::new();
    let (invoice, other) = (shop.second.clone(), shop.other.clone());
    let work = shop.items[0].clone();
    let mut person = shop.person();
    let changes = json!({"CustomerRef": {"value": other}});
    assert_eq!(code(person.edit("Invoice", &invoice, changes)), "620");
    let changes = json!({"Line": [line(&work, 9_00)]});
    assert_eq!(code(person.edit("Invoice", &invoice, changes)), "6000");
    assert_eq!(code(person.void("Invoice", &invoice)), "6000");
    assert_eq!(shop.told(), [""; 0]);
}

#[test]
fn an_invoice_that_goes_out_is_emailed() {
    let mut shop = Shop::new();
    let invoice = shop.invoice.clone();
    shop.person()
        .email(&invoice, "office@turnerbay.example")
        .unwrap();
    assert_eq!(shop.told(), ["invoice emailed"]);
    let (_, answer) = shop.client.get(&format!("invoice/{invoice}"));
    assert_eq!(answer["Invoice"]["EmailStatus"], "EmailSent");
    assert_eq!(answer["Invoice"]["SyncToken"], "1");
}

#[test]
fn a_void_invoice_is_told_as_such_and_is_no_deletion() {
    let mut shop = Shop::new();
    let invoice = shop.invoice.clone();
    shop.person().void("Invoice", &invoice).unwrap();
    assert_eq!(shop.told(), ["invoice voided"]);
}

#[test]
fn a_deleted_invoice_is_a_stub() {
    let mut shop = Shop::new();
    let invoice = shop.invoice.clone();
    shop.person().delete("Invoice", &invoice).unwrap();
    assert_eq!(shop.told(), ["invoice deleted"]);
}

#[test]
fn an_entry_that_is_edited_or_void_is_an_update() {
    let mut shop = Shop::new();
    let entry = shop.entry.clone();
    let [retainage, revenue] =
        ["Retainage Receivable", "Contract Revenue"].map(|name| shop.account(name));
    let changes = json!({"Line": [
        journal_line("Debit", 7_00, &retainage, None),
        journal_line("Credit", 7_00, &revenue, None),
    ]});
    shop.person().edit("JournalEntry", &entry, changes).unwrap();
    assert_eq!(shop.told(), ["journalentry updated"]);
    shop.client
        .simulator
        .advance(jiff::SignedDuration::from_mins(1));
    shop.person().void("JournalEntry", &entry).unwrap();
    assert_eq!(shop.told(), ["journalentry updated"]);
    let (_, answer) = shop.client.get(&format!("journalentry/{entry}"));
    let body = &answer["JournalEntry"];
    assert_eq!(body["Line"][0]["Amount"].to_string(), "0.00");
    assert_eq!(body["PrivateNote"], "Voided");
    let ledger = shop.client.simulator.ledger(&shop.client.realm);
    assert_eq!(ledger.of("JournalEntry", &entry), []);
}

#[test]
fn a_deleted_entry_is_a_stub() {
    let mut shop = Shop::new();
    let entry = shop.entry.clone();
    shop.person().delete("JournalEntry", &entry).unwrap();
    assert_eq!(shop.told(), ["journalentry deleted"]);
}

#[test]
fn a_void_credit_memo_is_an_update() {
    let mut shop = Shop::new();
    let memo = shop.memo.clone();
    shop.person().void("CreditMemo", &memo).unwrap();
    assert_eq!(shop.told(), ["creditmemo updated"]);
}

#[test]
fn a_name_an_end_and_a_return_are_updates_in_every_list() {
    let shop = Shop::new();
    let office = shop.account("Office Expenses");
    for (list, id) in [
        ("Customer", &shop.other),
        ("Class", &shop.classes[0]),
        ("Item", &shop.items[0]),
        ("Account", &office),
    ] {
        let mut shop = Shop::new();
        let told = [format!("{} updated", list.to_lowercase())];
        shop.person().rename(list, id, "Another Name").unwrap();
        assert_eq!(shop.told(), told);
        for active in [false, true] {
            shop.client
                .simulator
                .advance(jiff::SignedDuration::from_mins(1));
            shop.person().set_active(list, id, active).unwrap();
            assert_eq!(shop.told(), told);
        }
        assert_eq!(
            shop.client
                .simulator
                .find(&shop.client.realm, list, "Another Name"),
            Some(id.clone())
        );
    }
}

#[test]
fn merged_customers_are_told_as_merged() {
    let mut shop = Shop::new();
    let (from, into) = (shop.customer.clone(), shop.other.clone());
    shop.person().merge("Customer", &from, &into).unwrap();
    assert_eq!(shop.told(), ["customer merged"]);
    let (_, answer) = shop.client.get(&format!("invoice/{}", shop.invoice));
    assert_eq!(answer["Invoice"]["CustomerRef"]["value"], into);
}

#[test]
fn other_merged_entries_are_one_update_and_one_deletion() {
    let shop = Shop::new();
    let (contract, service) = (
        shop.account("Contract Revenue"),
        shop.account("Service Revenue"),
    );
    for (list, from, into) in [
        ("Class", &shop.classes[0], &shop.classes[1]),
        ("Item", &shop.items[0], &shop.items[1]),
        ("Account", &contract, &service),
    ] {
        let mut shop = Shop::new();
        shop.person().merge(list, from, into).unwrap();
        let list = list.to_lowercase();
        assert_eq!(
            shop.told(),
            [format!("{list} updated"), format!("{list} deleted")]
        );
    }
}

#[test]
fn an_account_of_another_type_is_an_update_and_moves_no_money() {
    let mut shop = Shop::new();
    let account = shop.account("Retainage Receivable");
    shop.person()
        .retype_account(&account, "Income", "ServiceFeeIncome")
        .unwrap();
    assert_eq!(shop.told(), ["account updated"]);
    let ledger = shop.client.simulator.ledger(&shop.client.realm);
    assert_eq!(ledger.balance(&account), dollars(5));
}

#[test]
fn settings_are_told_and_the_companys_name_is_captured_only() {
    let mut shop = Shop::new();
    shop.person().set_class_tracking(ClassTracking::Off);
    shop.person()
        .close_books(Some("2026-02-28".parse().unwrap()));
    shop.person().set_custom_numbers(false);
    assert_eq!(shop.told(), ["preferences updated"; 3]);
    shop.client
        .simulator
        .advance(jiff::SignedDuration::from_mins(1));
    shop.person().rename_company("Harbor Electric Inc");
    assert_eq!(shop.told(), [""; 0]);
    let now = shop.client.simulator.now();
    let (_, answer) = shop
        .client
        .get(&format!("cdc?entities=CompanyInfo&changedSince={now}"));
    let captured = &answer["CDCResponse"][0]["QueryResponse"][0]["CompanyInfo"][0];
    assert_eq!(captured["CompanyName"], "Harbor Electric Inc");
}
