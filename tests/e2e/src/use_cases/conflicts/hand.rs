//! What somebody posted by hand, and what is said of it in QuickBooks.

use super::{
    ASHGROVE, Act, Decision, FIRST, TxnType, World, assert_books, body, by_hand, mark, view,
    waiting_for_a_person,
};
use bridge::accept::Outcome;
use jiff::SignedDuration;
use serde_json::json;

impl World {
    /// By the next morning everything that changed was looked at.
    fn a_quiet_night(&self) {
        self.advance(SignedDuration::from_hours(24));
        self.next_run();
    }
}

#[test]
fn what_stands_in_the_place_of_what_is_gone_may_be_written_on() {
    let world = World::usual();
    world.deliver(body("04"));
    for kind in ["Invoice", "JournalEntry"] {
        world.delete_last(kind);
    }
    world.a_quiet_night();
    assert_eq!(view(&world)["state"], "conflict");
    let objects = by_hand(&world, ASHGROVE, "8106.65", "426.67");
    assert_eq!(mark(&world, objects)["state"], "posted");
    world.edit_last("Invoice", |form| {
        form["CustomerMemo"] = json!({ "value": "thank you" });
    });
    world.a_quiet_night();
    assert_eq!(view(&world)["state"], "posted", "{}", view(&world));
    assert_books(&world, FIRST, "written on");
}

#[test]
fn a_word_about_rivet_is_no_mark_of_rivets() {
    let world = waiting_for_a_person();
    let objects = by_hand(&world, ASHGROVE, "8106.65", "426.67");
    world.edit_last("Invoice", |form| {
        form["PrivateNote"] = json!("RIVET pay app 1, entered by hand");
    });
    assert_eq!(mark(&world, objects)["state"], "posted");
}

#[test]
fn what_stands_for_one_document_stands_for_no_other() {
    let world = waiting_for_a_person();
    let objects = by_hand(&world, ASHGROVE, "8106.65", "426.67");
    assert_eq!(mark(&world, objects.clone())["state"], "posted");
    let other = "pa_1057_1b";
    let arrives = |data: &mut serde_json::Value| data["pay_app"]["id"] = json!(other);
    assert_eq!(world.deliver_changed("04", arrives), Outcome::Held);
    let again = Decision {
        objects: objects.clone(),
        ..world.decision(Act::Posted)
    };
    world.settle(other, &again).unwrap();
    world.next_run();
    let told = world.view(other);
    assert_eq!(told["reason"]["code"], "not_as_marked");
    let id = &objects[0].1;
    assert_eq!(
        told["reason"]["message"],
        format!(
            "It is not as it was marked. Invoice {id} stands for another document (pay_app/pa_1057_1)."
        )
    );
    assert_eq!(objects[0].0, TxnType::Invoice);
}
