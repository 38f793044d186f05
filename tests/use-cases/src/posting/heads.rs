//! The facts of a bill beside its amounts: dates, memo, note, number, names, class and tax.

use crate::support::usual_bill::{BILL, Figures, pay_app};
use crate::support::world::World;
use mapping::RetainageMethod;
use serde_json::{Value, json};

/// A pay app of negative net.
const CREDIT: Figures = Figures {
    billed: "-2400.00",
    retainage: "-120.00",
};

/// Returns the id of an entry of a list by its name.
fn id_of(world: &World, kind: &str, name: &str) -> Value {
    let id = world.simulator().find(&world.realm, kind, name);
    id.expect(name).into()
}

/// Returns the lines of the newest transaction of a kind that have this detail, each with the detail alone.
fn details(world: &World, kind: &str, detail: &str) -> Vec<Value> {
    let transaction = world.last(kind);
    let lines = transaction["Line"].as_array().unwrap().iter();
    let details = lines.map(|line| line[detail].clone());
    details.filter(|detail| !detail.is_null()).collect()
}

#[test]
fn bill_is_dated_and_due_by_the_rules() {
    let event = |due: &str| due.to_owned();
    // QuickBooks itself has an invoice without terms fall due on its day.
    let cases = [
        (json!("2026-05-20"), json!(30), event("2026-05-20")),
        (Value::Null, json!(45), event("2026-05-15")),
        (Value::Null, Value::Null, event("2026-03-31")),
    ];
    for (due, days, expected) in cases {
        let world = World::configured();
        world.bill_with(|bill| {
            bill["due_date"] = due.clone();
            bill["payment_terms_days"] = days.clone();
        });
        let invoice = world.last("Invoice");
        assert_eq!(invoice["TxnDate"], "2026-03-31");
        assert_eq!(invoice["DueDate"], expected, "{due} {days}");
        assert_eq!(world.last("JournalEntry")["TxnDate"], "2026-03-31");
        let receivable = world.accounts().receivable;
        let march = world.month_balance(&receivable, "2026-03");
        assert_eq!(march.to_string(), "43650.00");
    }
}

#[test]
fn bill_says_what_it_is_for() {
    let world = World::configured();
    world.bill();
    let memo = "1042 Harbor Point Tower · Pay app 1 · 2026-03-01 to 2026-03-31";
    let invoice = world.last("Invoice");
    assert_eq!(invoice["CustomerMemo"]["value"], memo);
    assert_eq!(invoice["PrivateNote"], "RIVET pay_app pa_1 revision 1");
    assert_eq!(invoice["DocNumber"], "1042-1");
    let entry = world.last("JournalEntry");
    assert_eq!(
        entry["PrivateNote"],
        "RIVET pay_app pa_1 revision 1 retainage"
    );
    assert_eq!(entry["DocNumber"], "1042-1R");
    for line in entry["Line"].as_array().unwrap() {
        assert_eq!(line["Description"], format!("Retainage · {memo}"));
    }
}

#[test]
fn each_entry_line_names_customer_and_class() {
    let world = World::with_classes(|_| {});
    world.bill();
    let customer = id_of(&world, "Customer", "Harbor Builders");
    let class = id_of(&world, "Class", "1042 Harbor Point Tower");
    let lines = details(&world, "JournalEntry", "JournalEntryLineDetail");
    let accounts = world.accounts();
    let sides = lines.iter().map(|line| {
        assert_eq!(line["Entity"]["EntityRef"]["value"], customer);
        assert_eq!(line["ClassRef"]["value"], class);
        (&line["PostingType"], &line["AccountRef"]["value"])
    });
    let expected = [
        (&json!("Debit"), &json!(accounts.retainage)),
        (&json!("Credit"), &json!(accounts.revenue)),
    ];
    assert_eq!(sides.collect::<Vec<_>>(), expected);
    for line in details(&world, "Invoice", "SalesItemLineDetail") {
        assert_eq!(line["ClassRef"]["value"], class);
    }
}

#[test]
fn no_line_of_a_form_is_taxed() {
    for (figures, kind) in [
        (crate::support::usual_bill::USUAL, "Invoice"),
        (CREDIT, "CreditMemo"),
    ] {
        let world = World::configured();
        world.save_settings(|settings| settings.retainage_method = RetainageMethod::InvoiceLine);
        world.bill_next(1, figures);
        let lines = details(&world, kind, "SalesItemLineDetail");
        assert_eq!(lines.len(), 2, "{kind}");
        for line in &lines {
            assert_eq!(line["TaxCodeRef"]["value"], "NON", "{kind}");
        }
        let items = ["RIVET Contract Revenue", "RIVET Retainage"];
        let ids = items.map(|name| id_of(&world, "Item", name));
        let used: Vec<_> = lines
            .iter()
            .map(|line| line["ItemRef"]["value"].clone())
            .collect();
        assert_eq!(used, ids, "{kind}");
    }
}

#[test]
fn changed_mapping_uses_another_item() {
    let world = World::configured();
    world.bill();
    let first = details(&world, "Invoice", "SalesItemLineDetail")[0]["ItemRef"]["value"].clone();
    let service = id_of(&world, "Account", "Service Revenue");
    let service = service.as_str().unwrap().to_owned();
    world.save_settings(|settings| settings.accounts.contract_revenue = Some(service.clone()));
    let mut bill = pay_app(2, crate::support::usual_bill::USUAL);
    bill["payment_terms_days"] = json!(0);
    world.deliver_pay_app("pay_app.approved", &bill);
    let second = details(&world, "Invoice", "SalesItemLineDetail")[0]["ItemRef"]["value"].clone();
    assert_ne!(first, second);
    let revenue = world.accounts().revenue;
    let balances = [revenue, service].map(|account| world.balance(&account).to_string());
    assert_eq!(balances, ["-48500.00", "-48500.00"]);
    assert_eq!(world.view(BILL)["state"], "posted");
}
