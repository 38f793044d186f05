//! RIVET's own products and services: what a person changes of them, and the documents that wait.

use crate::support::usual_bill::{Figures, USUAL};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulator::{CallClass, Effect, History, Injection, RequestKind, Subscription};

pub const ITEM: &str = "RIVET Contract Revenue";
const SERVICE: &str = "Service Revenue";

/// Another bill of the same project.
const SECOND: Figures = Figures {
    billed: "10000.00",
    retainage: "1000.00",
};

/// Returns a firm that posted the usual bill, whose company announces every change.
pub fn billed_world(options: WorldOptions) -> World {
    let world = World::configured_with(options, |_| {});
    let subscription = Subscription::new("https://books.example/", "verifier");
    world.simulator().subscribe(subscription);
    assert_eq!(world.bill(), Outcome::Posted);
    world.deliver_events_and_scan();
    world
}

impl World {
    /// Gives an item another income account, also for earlier sales.
    pub fn change_item(&self, item: &str, account: &str) {
        let find = |kind: &str, name: &str| self.simulator().find(&self.realm, kind, name);
        let (item, account) = (find("Item", item), find("Account", account));
        let (item, account) = (item.unwrap(), account.unwrap());
        self.person(|person| person.change_item_account(&item, &account, History::Updated))
            .unwrap();
    }

    /// Edits RIVET's item of contract revenue as a person.
    pub fn edit_item(&self, change: Value) {
        let names = [ITEM.to_owned(), format!("{ITEM} (deleted)")];
        let find = |name: &String| self.simulator().find(&self.realm, "Item", name);
        let item = names.iter().find_map(find).unwrap();
        self.person(|person| person.edit("Item", &item, change))
            .unwrap();
    }

    fn reason_of(&self, id: &str) -> Value {
        self.view(id)["reason"].clone()
    }

    fn is_posted(&self, id: &str) -> bool {
        self.view(id)["state"] == "posted"
    }
}

fn usual_world() -> World {
    billed_world(WorldOptions::default())
}

#[test]
fn item_on_other_account_holds_next_bill() {
    let world = usual_world();
    world.change_item(ITEM, SERVICE);
    world.deliver_events_and_scan();
    assert_eq!(world.bill_next(2, SECOND), Outcome::Held);
    let reason = world.reason_of("pa_2");
    assert_eq!(reason["code"], "item_changed");
    assert_eq!(reason["action"], "fix_in_quickbooks");
    assert_eq!(reason["link"], "https://app.qbo.intuit.com/app/items");
    let message = reason["message"].as_str().unwrap();
    let change = "its income account is \"Service Revenue\" instead of \"Contract Revenue\"";
    assert!(message.contains(change), "{message}");
    assert_eq!(world.invoices_and_entries(), (1, 1));
    world.change_item(ITEM, "Contract Revenue");
    world.deliver_events_and_scan();
    world.run_next_sync();
    assert!(world.is_posted("pa_2"));
    let revenue = world.balance(&world.accounts().revenue);
    assert_eq!(revenue, Decimal::from(-58_500));
}

#[test]
fn announced_change_counts_before_its_scan() {
    for change in [json!({"Active": false}), json!({"Taxable": true})] {
        let world = usual_world();
        world.edit_item(change.clone());
        world.deliver_events();
        assert_eq!(world.bill_next(2, SECOND), Outcome::Held, "{change}");
        assert_eq!(world.reason_of("pa_2")["code"], "item_changed");
    }
}

#[test]
fn next_document_finds_item_put_back() {
    let world = usual_world();
    world.edit_item(json!({"Taxable": true}));
    world.deliver_events_and_scan();
    assert_eq!(world.bill_next(2, SECOND), Outcome::Held);
    world.simulator().unsubscribe();
    world.edit_item(json!({"Taxable": false}));
    assert_eq!(world.bill_next(3, SECOND), Outcome::Posted);
    world.run_next_sync();
    assert!(world.is_posted("pa_2"));
}

#[test]
fn entry_that_queries_lack_yet_is_kept() {
    let world = World::configured();
    world.simulator().switches_mut().index_lag = SignedDuration::from_secs(100);
    let refused = Effect::Refused {
        code: "610".into(),
        message: "Object Not Found".into(),
        detail: "Something you're trying to use has been made inactive.".into(),
    };
    let refused = Injection::new(refused).kind(RequestKind::Write);
    let refused = refused.body_containing("SalesItemLineDetail");
    world.simulator().inject(refused.always());
    world.bill();
    let reason = world.reason_of("pa_1");
    assert_eq!(reason["code"], "not_found", "{reason}");
}

#[test]
fn documents_without_the_item_go_on() {
    let world = usual_world();
    world.change_item(ITEM, SERVICE);
    world.deliver_events_and_scan();
    assert_eq!(world.release(1, "4850.00"), Outcome::Posted);
    assert_eq!(world.pay("pa_1", "43650.00"), Outcome::Posted);
    assert_eq!(world.bill_next(2, SECOND), Outcome::Held);
}

#[test]
fn other_mapped_account_gets_another_item() {
    let world = usual_world();
    world.change_item(ITEM, "Interest Earned");
    world.deliver_events_and_scan();
    assert_eq!(world.bill_next(2, SECOND), Outcome::Held);
    let service = world.simulator().find(&world.realm, "Account", SERVICE);
    world.save_settings(|settings| settings.accounts.contract_revenue.clone_from(&service));
    world.run_next_sync();
    assert!(world.is_posted("pa_2"));
    let found = world
        .simulator()
        .find(&world.realm, "Item", "RIVET Contract Revenue 2");
    assert!(found.is_some());
}

#[test]
fn lost_announcement_is_found_at_night() {
    let world = usual_world();
    world.simulator().unsubscribe();
    world.edit_item(json!({"Active": false}));
    world.run_next_day();
    assert_eq!(world.bill_next(2, SECOND), Outcome::Held);
    assert_eq!(world.reason_of("pa_2")["code"], "item_changed");
    world.edit_item(json!({"Active": true}));
    world.run_next_day();
    world.run_next_sync();
    assert!(world.is_posted("pa_2"));
}

#[test]
fn bill_on_moved_item_is_posted_differently() {
    let world = usual_world();
    world.simulator().unsubscribe();
    world.change_item(ITEM, SERVICE);
    world.bill_next(2, SECOND);
    assert_eq!(world.view("pa_2")["state"], "conflict");
    let reason = world.reason_of("pa_2");
    assert_eq!(reason["code"], "posted_differently");
    assert!(
        reason["message"]
            .as_str()
            .unwrap()
            .contains("another account")
    );
    assert_eq!(world.bill_next(3, SECOND), Outcome::Held);
    assert_eq!(world.reason_of("pa_3")["code"], "item_changed");
}

#[test]
fn firm_is_told_once_of_changed_item() {
    let world = usual_world();
    world.edit_item(json!({"Taxable": true}));
    world.deliver_events_and_scan();
    world.edit_item(json!({"Description": "Work"}));
    world.deliver_events_and_scan();
    world.run_next_day();
    world.run_next_day();
    let entries = world.notified_entries();
    assert_eq!(entries.len(), 1, "{entries:#?}");
    assert!(entries[0].detail.contains("it is taxable"));
}

#[test]
fn new_item_is_not_taxable_nor_read() {
    let world = World::configured();
    let subscription = Subscription::new("https://books.example/", "verifier");
    world.simulator().subscribe(subscription);
    world.bill();
    assert_eq!(world.last("Item")["Taxable"], false);
    world.simulator().clear_traffic();
    world.deliver_events_and_scan();
    assert_eq!(world.bill_next(2, USUAL), Outcome::Posted);
    let simulator = world.simulator();
    let mut traffic = simulator.traffic().iter();
    assert!(traffic.all(|seen| seen.class != CallClass::Read));
}

#[test]
fn taxable_item_of_same_name_is_not_used() {
    let world = World::configured();
    let revenue = world.accounts().revenue;
    let body = json!({"Name": ITEM, "Taxable": true, "IncomeAccountRef": {"value": revenue}});
    world.enter("Item", body);
    assert_eq!(world.bill(), Outcome::Posted);
    let line = &world.last("Invoice")["Line"][0]["SalesItemLineDetail"];
    assert_eq!(line["ItemRef"]["name"], "RIVET Contract Revenue 2");
}

/// Returns a firm whose invoice was paid, then moved to a job of its customer.
fn paid_and_moved(pay: impl FnOnce(&World)) -> World {
    let world = usual_world();
    pay(&world);
    world.deliver_events_and_scan();
    let invoice = world.last("Invoice");
    let customer = invoice["CustomerRef"]["value"].as_str().unwrap();
    let project = world.person(|person| person.add_project(customer, "Tower"));
    let moved = json!({"CustomerRef": {"value": project.unwrap()}});
    world.edit_last("Invoice", |invoice| *invoice = moved);
    world.deliver_events_and_scan();
    world.run_next_day();
    world.run_next_day();
    world
}

fn notified(world: &World) -> Vec<String> {
    let entries = world.notified_entries().into_iter();
    entries.map(|entry| entry.detail).collect()
}

#[test]
fn payment_that_came_loose_is_told_once() {
    let world = paid_and_moved(|world| {
        let invoice = world.last("Invoice");
        let customer = invoice["CustomerRef"]["value"].as_str().unwrap();
        let id = invoice["Id"].as_str().unwrap();
        let amount = Decimal::from(43_650);
        let paid = world.person(|person| person.pay(customer, amount, &[(id, amount)]));
        paid.unwrap();
    });
    assert!(world.is_posted("pa_1"));
    let expected = [
        "Paid in QuickBooks: 43650.00 of 43650.00.",
        "Not paid any more in QuickBooks: 0.00 of 43650.00; 43650.00 is not applied to anything.",
    ];
    assert_eq!(notified(&world), expected);
}

#[test]
fn loose_payment_of_rivet_is_a_conflict() {
    let world = paid_and_moved(|world| {
        assert_eq!(world.pay("pa_1", "43650.00"), Outcome::Posted);
    });
    assert!(world.is_posted("pa_1"));
    assert_eq!(world.view("pay_pa_1")["state"], "conflict");
    let expected = [
        "Not paid any more in QuickBooks: 0.00 of 43650.00.",
        "Somebody took Payment ACH 88213 off what it pays in QuickBooks. Choose which version to keep.",
    ];
    assert_eq!(notified(&world), expected);
}
