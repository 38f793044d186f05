//! What becomes of the next posting after entries of lists were merged.

use super::cases::office;
use super::edits::BILL;
use super::lists::{ASHGROVE, CLINIC, ITEM};
use crate::support::world::World;
use bridge::accept_event::Outcome;
use mapping::RetainageMethod;
use serde_json::json;
use simulator::Subscription;

impl World {
    /// The next pay app of Ashgrove's arrives.
    fn next_pay_app(&self) -> Outcome {
        self.deliver_changed("11", |data| {
            data["pay_app"]["id"] = json!("pa_1057_9");
            data["pay_app"]["number"] = json!(9);
        })
    }

    fn is_sent(&self) {
        self.change(BILL, json!({"CustomerMemo": {"value": "Thank you"}}));
        self.cycle();
    }
}

#[test]
fn next_pay_app_uses_merged_customer() {
    for (is_named, is_seen) in [(true, false), (false, true)] {
        let world = office(RetainageMethod::JournalEntry);
        let all = Subscription::new("https://books.example/", "verifier");
        world
            .simulator()
            .subscribe(all.deleted_id_in_data(is_named));
        world.merge("Customer", ASHGROVE, "Ashgrove");
        world.cycle();
        if is_seen {
            world.is_sent();
        }
        assert_eq!(world.next_pay_app(), Outcome::Posted, "{is_named}");
        let into = world.entry("Customer", "Ashgrove");
        let bill = world.standing(("pa_1057_9", "Invoice"));
        assert_eq!(bill["CustomerRef"]["value"], into);
    }
}

#[test]
fn next_pay_app_uses_merged_class_and_item() {
    for (list, from, into, field) in [
        ("Class", CLINIC, "Clinic", "ClassRef"),
        ("Item", ITEM, "Service calls", "ItemRef"),
    ] {
        let world = office(RetainageMethod::JournalEntry);
        world.merge(list, from, into);
        world.cycle();
        world.is_sent();
        assert_eq!(world.next_pay_app(), Outcome::Posted, "{list}");
        let into = world.entry(list, into);
        let bill = world.standing(("pa_1057_9", "Invoice"));
        let detail = &bill["Line"][0]["SalesItemLineDetail"];
        assert_eq!(detail[field]["value"], into);
    }
}

#[test]
fn unseen_merge_holds_next_pay_app() {
    for (list, from, into, waits) in [
        ("Customer", ASHGROVE, "Ashgrove", "customer_inactive"),
        ("Class", CLINIC, "Clinic", "class_inactive"),
    ] {
        let world = office(RetainageMethod::JournalEntry);
        world.merge(list, from, into);
        world.cycle();
        assert_eq!(world.next_pay_app(), Outcome::Held, "{list}");
        assert_eq!(world.view("pa_1057_9")["reason"]["code"], waits);
        // As soon as anything is seen of what was merged, RIVET knows better.
        world.is_sent();
        world.cycle();
        assert_eq!(world.view("pa_1057_9")["state"], "posted", "{list}");
    }
}
