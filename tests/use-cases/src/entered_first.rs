//! Documents that a bookkeeper entered in QuickBooks before RIVET did: nothing is posted beside them.

mod decisions;
mod looks;
mod lost_store;
mod payments;

use crate::support::bookkeeper::{TYPED_BILL, Typed};
use crate::support::connections::SignInResult;
use crate::support::usual_bill::{BILL, USUAL};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use futures::executor::block_on;
use inbound::webhook_intake::receive;
use jiff::SignedDuration;
use mapping::SyncMode;
use serde_json::{Value, json};
use simulator::{Answer, Subscription};

impl World {
    /// Asserts that a document is held for these objects, and that nothing was posted beside them.
    fn assert_held_for(&self, id: &str, code: &str, objects: &[&str]) {
        let view = self.view(id);
        assert_eq!(view["state"], "held", "{view}");
        assert_eq!(view["reason"]["code"], code, "{view}");
        let named = view["reason"]["objects"].as_array().unwrap().iter();
        let ids: Vec<&str> = named.map(|object| object["id"].as_str().unwrap()).collect();
        assert_eq!(ids, objects, "{view}");
    }

    fn shows(&self, id: &str) -> String {
        self.view(id)["state"].as_str().unwrap().to_owned()
    }

    /// Receives the webhooks that are due, and runs the schedule.
    fn hear_and_run(&self) {
        self.advance(SignedDuration::from_mins(3));
        let now = self.now();
        let deliveries = self.simulator().start_due_deliveries(now);
        for delivery in deliveries {
            block_on(receive(&self.services.store, &delivery.body, now)).unwrap();
            let answer = Answer::Status(200);
            self.simulator().report_delivery(delivery.id, answer, now);
        }
        self.run_scheduled_sync();
    }

    /// Lets the next night pass.
    fn pass_night(&self) {
        self.advance(SignedDuration::from_hours(24));
        self.run_next_sync();
    }
}

/// Returns a configured firm whose company announces its changes.
fn hearing_world() -> World {
    let world = World::configured();
    let url = "https://books.example/v1/webhooks/quickbooks";
    let subscription = Subscription::new(url, "verifier-token-of-the-test");
    world.simulator().subscribe(subscription);
    world
}

#[test]
fn bill_typed_before_connecting_is_held() {
    let world = World::new(WorldOptions::default());
    let typed = world.type_invoice(TYPED_BILL);
    assert_eq!(world.connect(), SignInResult::Connected);
    world.save_settings(|_| {});
    assert_eq!(world.bill(), Outcome::Held);
    world.assert_held_for(BILL, "already_in_quickbooks", &[&typed]);
    assert_eq!(world.invoices_and_entries(), (1, 0));
    let object = &world.view(BILL)["reason"]["objects"][0];
    let link = format!("https://app.qbo.intuit.com/app/invoice?txnId={typed}");
    let expected = json!({ "type": "Invoice", "id": typed, "number": "1042-1",
        "date": "2026-03-31", "amount": "43650.00", "link": link });
    assert_eq!(*object, expected);
}

#[test]
fn number_typed_with_spaces_or_dashes_is_held() {
    for number in ["1042 - 1", "1042\u{2013}1", "10421", "1042 1"] {
        let world = World::configured();
        world.type_invoice(Typed {
            number,
            ..TYPED_BILL
        });
        assert_eq!(world.bill(), Outcome::Held, "{number}");
        assert_eq!(world.count("Invoice"), 1);
    }
}

#[test]
fn one_equal_fact_beside_number_is_enough() {
    let other_amount = Typed {
        amount: "48500.00",
        ..TYPED_BILL
    };
    let other_customer = Typed {
        customer: "Harbor Bldrs",
        ..TYPED_BILL
    };
    for typed in [other_amount, other_customer] {
        let world = World::configured();
        let id = world.type_invoice(typed);
        assert_eq!(world.bill(), Outcome::Held);
        world.assert_held_for(BILL, "already_in_quickbooks", &[&id]);
    }
}

#[test]
fn credit_memo_or_entry_with_number_is_held() {
    let world = World::configured();
    world.type_form(
        "CreditMemo",
        Typed {
            amount: "10.00",
            ..TYPED_BILL
        },
    );
    assert_eq!(world.bill(), Outcome::Held);
    let world = World::configured();
    world.type_entry(Typed {
        number: "1042-1R",
        amount: "4850.00",
        ..TYPED_BILL
    });
    assert_eq!(world.bill(), Outcome::Held);
    assert_eq!(world.invoices_and_entries(), (0, 1));
}

#[test]
fn other_customer_and_amount_gets_letter() {
    for warns in [true, false] {
        let options = WorldOptions::with_company(|company| company.warn_duplicate_numbers(warns));
        let world = World::configured_with(options, |_| {});
        world.type_invoice(Typed {
            customer: "Somebody",
            amount: "10.00",
            ..TYPED_BILL
        });
        assert_eq!(world.bill(), Outcome::Posted);
        let number = if warns { "1042-1a" } else { "1042-1" };
        assert_eq!(world.view(BILL)["quickbooks"][0]["number"], number);
    }
}

#[test]
fn void_bill_is_no_reason_to_hold() {
    let world = World::configured();
    world.type_invoice(TYPED_BILL);
    world.void_last("Invoice");
    assert_eq!(world.bill(), Outcome::Posted);
}

#[test]
fn entry_or_invoice_with_release_number_is_held() {
    for kind in ["JournalEntry", "Invoice"] {
        let world = World::configured();
        world.bill();
        let number = mapping::release_number("1042", &"rel_1".parse().unwrap());
        world.advance(SignedDuration::from_hours(1));
        let typed = Typed {
            number: &number,
            amount: "4850.00",
            ..TYPED_BILL
        };
        let id = match kind {
            "Invoice" => world.type_invoice(typed),
            _ => world.type_entry(typed),
        };
        world.pass_night();
        assert_eq!(world.release(1, "4850.00"), Outcome::Held, "{kind}");
        world.assert_held_for("rel_1", "already_in_quickbooks", &[&id]);
    }
}

#[test]
fn bill_typed_during_pause_is_held() {
    let world = World::configured();
    world.bill();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Paused);
    world.advance(SignedDuration::from_hours(1));
    assert_eq!(world.bill_next(2, USUAL), Outcome::Held);
    let typed = world.type_invoice(Typed {
        number: "1042-2",
        ..TYPED_BILL
    });
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    world.run_next_sync();
    world.assert_held_for("pa_2", "already_in_quickbooks", &[&typed]);
}

#[test]
fn bill_typed_while_disconnected_is_held() {
    let world = World::configured();
    world.bill();
    world.disconnect();
    world.advance(SignedDuration::from_mins(5));
    let typed = world.type_invoice(Typed {
        number: "1042-2",
        ..TYPED_BILL
    });
    world.connect();
    assert_eq!(world.bill_next(2, USUAL), Outcome::Held);
    world.assert_held_for("pa_2", "already_in_quickbooks", &[&typed]);
}

#[test]
fn announced_bill_is_held_before_its_scan() {
    let world = hearing_world();
    world.bill();
    world.advance(SignedDuration::from_hours(1));
    let typed = world.type_invoice(Typed {
        number: "1042-2",
        ..TYPED_BILL
    });
    world.hear_and_run();
    assert_eq!(world.bill_next(2, USUAL), Outcome::Held);
    world.assert_held_for("pa_2", "already_in_quickbooks", &[&typed]);
}

#[test]
fn unannounced_bill_is_held_after_the_night() {
    let world = World::configured();
    world.bill();
    world.advance(SignedDuration::from_hours(1));
    let typed = world.type_invoice(Typed {
        number: "1042-2",
        ..TYPED_BILL
    });
    world.pass_night();
    assert_eq!(world.bill_next(2, USUAL), Outcome::Held);
    world.assert_held_for("pa_2", "already_in_quickbooks", &[&typed]);
}

#[test]
fn bill_typed_in_that_moment_gets_no_letter() {
    let options = WorldOptions::with_company(|company| company.warn_duplicate_numbers(true));
    let world = World::configured_with(options, |_| {});
    world.bill();
    let typed = world.type_invoice(Typed {
        number: "1042-2",
        ..TYPED_BILL
    });
    assert_eq!(world.bill_next(2, USUAL), Outcome::Held);
    world.assert_held_for("pa_2", "already_in_quickbooks", &[&typed]);
    assert_eq!(world.count("Invoice"), 2);
}

#[test]
fn hold_ends_when_bill_is_deleted() {
    let world = hearing_world();
    world.type_invoice(TYPED_BILL);
    assert_eq!(world.bill(), Outcome::Held);
    world.delete_last("Invoice");
    world.hear_and_run();
    world.run_next_sync();
    assert_eq!(world.shows(BILL), "posted");
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

#[test]
fn hold_ends_in_night_after_void() {
    let options = WorldOptions::with_company(|company| company.warn_duplicate_numbers(true));
    let world = World::configured_with(options, |_| {});
    world.type_invoice(TYPED_BILL);
    assert_eq!(world.bill(), Outcome::Held);
    world.void_last("Invoice");
    world.pass_night();
    world.run_next_sync();
    assert_eq!(world.shows(BILL), "posted", "{}", world.view(BILL));
}

#[test]
fn sync_now_keeps_hold_and_notifies_nobody() {
    let world = World::configured();
    let typed = world.type_invoice(TYPED_BILL);
    world.bill();
    world.press_sync_now();
    world.press_sync_now();
    world.assert_held_for(BILL, "already_in_quickbooks", &[&typed]);
    world.refresh_tokens();
    assert!(world.rivet().notifications.is_empty());
}

#[test]
fn batch_holds_only_what_was_entered() {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    let typed = world.type_invoice(Typed {
        number: "1042-2",
        ..TYPED_BILL
    });
    for number in 1..4 {
        assert_eq!(world.bill_next(number, USUAL), Outcome::Held);
    }
    world.press_sync_now();
    world.assert_held_for("pa_2", "already_in_quickbooks", &[&typed]);
    assert_eq!(
        [world.shows("pa_1"), world.shows("pa_3")],
        ["posted", "posted"]
    );
    assert_eq!(world.invoices_and_entries(), (3, 2));
}

#[test]
fn activity_names_object_with_link() {
    let world = World::configured();
    let typed = world.type_invoice(TYPED_BILL);
    world.bill();
    let page = bridge::views::activity::PageRequest {
        limit: 10,
        ..Default::default()
    };
    let store = &world.services.store;
    let list = block_on(bridge::views::activity(store, &world.firm, &page)).unwrap();
    let list: Value = serde_json::to_value(list).unwrap();
    let object = &list["activity"][0]["objects"][0];
    assert_eq!(object["id"], typed, "{list}");
    assert!(object["link"].as_str().unwrap().ends_with(&typed));
}
