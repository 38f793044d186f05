//! Merges: the next posting after list entries were merged.

use super::cases::firm_with_documents;
use super::edits::{INVOICE, ObjectRef};
use super::lists::{ASHGROVE, CLINIC, ITEM, REVENUE};
use crate::support::usual_bill::{BILL, Figures, USUAL};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use mapping::RetainageMethod;
use serde_json::json;
use simulator::{Commit, Effect, Injection, Subscription};

const NEXT_PAY_APP: ObjectRef = ObjectRef {
    document: "pa_1057_9",
    kind: "Invoice",
};

impl World {
    /// Delivers the next pay app of Ashgrove.
    fn deliver_next_pay_app(&self) -> Outcome {
        self.deliver_changed("11", |data| {
            data["pay_app"]["id"] = json!("pa_1057_9");
            data["pay_app"]["number"] = json!(9);
        })
    }

    /// Lets RIVET read the invoice, which refers to the merged entries.
    fn detect_invoice_edit(&self) {
        self.change_object(INVOICE, json!({"CustomerMemo": {"value": "Thank you"}}));
        self.deliver_events_and_scan();
    }
}

#[test]
fn next_pay_app_uses_merged_customer() {
    for (is_named, is_scanned) in [(true, false), (false, true)] {
        let world = firm_with_documents(RetainageMethod::JournalEntry);
        let subscription = Subscription::new("https://books.example/", "verifier");
        world
            .simulator()
            .subscribe(subscription.deleted_id_in_data(is_named));
        world.merge_in_list("Customer", ASHGROVE, "Ashgrove");
        world.deliver_events_and_scan();
        if is_scanned {
            world.detect_invoice_edit();
        }
        assert_eq!(world.deliver_next_pay_app(), Outcome::Posted, "{is_named}");
        let into = world.list_id("Customer", "Ashgrove");
        let invoice = world.object(NEXT_PAY_APP);
        assert_eq!(invoice["CustomerRef"]["value"], into);
    }
}

#[test]
fn next_pay_app_uses_merged_class_and_item() {
    for (list, from, into, field) in [
        ("Class", CLINIC, "Clinic", "ClassRef"),
        ("Item", ITEM, "Service calls", "ItemRef"),
    ] {
        let world = firm_with_documents(RetainageMethod::JournalEntry);
        let revenue = world.accounts().revenue;
        let body = json!({"Name": into, "IncomeAccountRef": {"value": revenue}});
        if list == "Item" {
            world.enter(list, body);
        }
        world.merge_in_list(list, from, into);
        world.deliver_events_and_scan();
        world.detect_invoice_edit();
        assert_eq!(world.deliver_next_pay_app(), Outcome::Posted, "{list}");
        let into = world.list_id(list, into);
        let invoice = world.object(NEXT_PAY_APP);
        let detail = &invoice["Line"][0]["SalesItemLineDetail"];
        assert_eq!(detail[field]["value"], into);
    }
}

#[test]
fn item_merged_into_unfit_one_is_replaced() {
    for is_detected in [false, true] {
        let world = firm_with_documents(RetainageMethod::JournalEntry);
        world.merge_in_list("Item", ITEM, "Service calls");
        world.deliver_events_and_scan();
        if is_detected {
            world.detect_invoice_edit();
        }
        assert_eq!(world.deliver_next_pay_app(), Outcome::Posted);
        let invoice = world.object(NEXT_PAY_APP);
        let detail = &invoice["Line"][0]["SalesItemLineDetail"];
        assert_eq!(detail["ItemRef"]["name"], ITEM);
    }
}

#[test]
fn unseen_merge_holds_next_pay_app() {
    for (list, from, into, hold) in [
        ("Customer", ASHGROVE, "Ashgrove", "customer_inactive"),
        ("Class", CLINIC, "Clinic", "class_inactive"),
    ] {
        let world = firm_with_documents(RetainageMethod::JournalEntry);
        world.merge_in_list(list, from, into);
        world.deliver_events_and_scan();
        assert_eq!(world.deliver_next_pay_app(), Outcome::Held, "{list}");
        assert_eq!(world.view("pa_1057_9")["reason"]["code"], hold);
        // Reading any object that refers to the merged entry reveals the merge.
        world.detect_invoice_edit();
        world.deliver_events_and_scan();
        assert_eq!(world.view("pa_1057_9")["state"], "posted", "{list}");
    }
}

#[test]
fn bill_on_unseen_merged_account_is_posted() {
    let world = World::configured();
    assert_eq!(world.bill(), Outcome::Posted);
    world.merge_in_list("Account", REVENUE, "Service Revenue");
    let without_entry = Figures {
        retainage: "0.00",
        ..USUAL
    };
    let outcome = world.bill_next(2, without_entry);
    assert_eq!(outcome, Outcome::Posted, "{}", world.view("pa_2"));
}

#[test]
fn unseen_merge_of_account_names_the_setting() {
    for (from, into, path) in [
        (REVENUE, "Service Revenue", "accounts.contract_revenue"),
        ("Retainage Receivable", "Holdback", "accounts.retainage"),
    ] {
        let options = WorldOptions::with_company(|company| {
            company.account("Holdback", "Other Current Asset", "Retainage")
        });
        let world = World::configured_with(options, |_| {});
        assert_eq!(world.bill(), Outcome::Posted);
        world.merge_in_list("Account", from, into);
        let outcome = world.bill_next(2, USUAL);
        assert_eq!(outcome, Outcome::Held, "{from}");
        let reason = &world.view("pa_2")["reason"];
        assert_eq!(reason["code"], "settings_incomplete", "{reason}");
        let message = reason["message"].as_str().unwrap();
        assert!(message.contains(path), "{message}");
        let chosen = world.list_id("Account", into);
        world.change_settings(|settings| match from {
            REVENUE => settings.accounts.contract_revenue = Some(chosen),
            _ => settings.accounts.retainage = Some(chosen),
        });
        world.run_half_minutes(4);
        assert_eq!(world.view("pa_2")["state"], "posted", "{from}");
        assert_eq!(world.invoices_and_entries(), (2, 2), "{from}");
    }
}

#[test]
fn merge_during_a_posting_is_no_difference() {
    for custom_numbers in [true, false] {
        for (list, from, into) in [
            ("Customer", "Harbor Builders", "Tidewater Contractors"),
            ("Item", ITEM, "Contract work"),
            ("Account", REVENUE, "Service Revenue"),
            ("Account", "Retainage Receivable", "Holdback"),
        ] {
            let options = WorldOptions::with_company(|company| {
                let company = company.custom_numbers(custom_numbers);
                company.account("Holdback", "Other Current Asset", "Retainage")
            });
            let world = World::configured_with(options, |_| {});
            let revenue = world.accounts().revenue;
            match list {
                "Customer" => world.enter(list, json!({ "DisplayName": into })),
                "Item" => world.enter(
                    list,
                    json!({ "Name": into, "Type": "Service", "IncomeAccountRef": { "value": revenue } }),
                ),
                _ => String::new(),
            };
            world.lose_bill(Commit::After);
            world.merge_in_list(list, from, into);
            world.run_half_minutes(4);
            let view = world.view(BILL);
            assert_eq!(view["state"], "posted", "{from}: {view}");
            assert_eq!(world.invoices_and_entries(), (1, 1), "{from}");
        }
    }
}

#[test]
fn deposit_account_merged_during_a_payment_is_no_difference() {
    let options =
        WorldOptions::with_company(|company| company.account("Operating", "Bank", "Checking"));
    let world = World::configured_with(options, |_| {});
    let checking = world.list_id("Account", "Checking");
    world.save_settings(|settings| settings.accounts.deposit = Some(checking));
    assert_eq!(world.bill(), Outcome::Posted);
    let lost = Injection::new(Effect::Dropped(Commit::After)).body_containing("PaymentRefNum");
    world.simulator().inject(lost);
    assert_eq!(world.pay(BILL, "43650.00"), Outcome::Queued);
    world.merge_in_list("Account", "Checking", "Operating");
    world.run_half_minutes(4);
    assert_eq!(world.view("pay_pa_1")["state"], "posted");
}

#[test]
fn invoice_moved_during_its_posting_is_no_difference() {
    let world = World::configured();
    world.lose_bill(Commit::After);
    let job = json!({ "DisplayName": "Harbor Point Tower", "Job": true,
        "ParentRef": world.last("Invoice")["CustomerRef"] });
    let job = world.enter("Customer", job);
    world.edit_last("Invoice", |invoice| {
        invoice["CustomerRef"] = json!({ "value": job })
    });
    world.run_half_minutes(4);
    assert_eq!(world.view(BILL)["state"], "posted");
    let moved = "Somebody moved Invoice 1042-1 to Harbor Builders:Harbor Point Tower.";
    let activity = world.activity();
    assert!(
        activity.iter().any(|entry| entry.detail.contains(moved)),
        "{activity:?}"
    );
}
