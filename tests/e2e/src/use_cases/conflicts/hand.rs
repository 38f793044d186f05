//! What somebody posted by hand, and what is said of it in QuickBooks.

use super::{
    ASHGROVE, Act, Decision, FIRST, TxnType, World, assert_books, body, by_hand, decide_on,
    decision, edit, mark, person, run, view, view_of, waiting_for_a_person, world,
};
use billing::{DocumentRef, Kind};
use bridge::accept::Outcome;
use jiff::SignedDuration;
use serde_json::json;

impl World {
    /// By the next morning everything that changed was looked at.
    fn a_quiet_night(&self) {
        self.advance(SignedDuration::from_hours(24));
        run(self);
    }
}

#[test]
fn what_stands_in_the_place_of_what_is_gone_may_be_written_on() {
    let world = world();
    world.deliver(body("04"));
    for kind in ["Invoice", "JournalEntry"] {
        person(&world, kind, "delete");
    }
    world.a_quiet_night();
    assert_eq!(view(&world)["state"], "conflict");
    let objects = by_hand(&world, ASHGROVE, "8106.65", "426.67");
    assert_eq!(mark(&world, objects)["state"], "posted");
    edit(&world, "Invoice", |form| {
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
    edit(&world, "Invoice", |form| {
        form["PrivateNote"] = json!("RIVET pay app 1, entered by hand");
    });
    assert_eq!(mark(&world, objects)["state"], "posted");
}

#[test]
fn what_stands_for_one_document_stands_for_no_other() {
    let world = waiting_for_a_person();
    let objects = by_hand(&world, ASHGROVE, "8106.65", "426.67");
    assert_eq!(mark(&world, objects.clone())["state"], "posted");
    let other = DocumentRef {
        kind: Kind::PayApp,
        id: "pa_1057_1b".parse().unwrap(),
    };
    let arrives = |data: &mut serde_json::Value| data["pay_app"]["id"] = json!("pa_1057_1b");
    assert_eq!(world.deliver_changed("04", arrives), Outcome::Held);
    let again = Decision {
        objects: objects.clone(),
        ..decision(&world, Act::Posted)
    };
    decide_on(&world, (&other, again)).unwrap();
    run(&world);
    let told = view_of(&world, &other);
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
