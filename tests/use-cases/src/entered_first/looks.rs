//! The cost of the looks: one call for the first document of a project, none after it.

use super::hearing_world;
use crate::support::bookkeeper::{HARBOR, TYPED_BILL, Typed};
use crate::support::usual_bill::{BILL, Figures, USUAL};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use mapping::SyncMode;
use serde_json::json;
use simulator::{Commit, Effect, Injection, RequestKind};

impl World {
    /// Returns the calls that read and those that write since the traffic was cleared.
    fn calls_of(&self, act: impl FnOnce()) -> (usize, usize) {
        self.simulator().clear_traffic();
        act();
        let simulator = self.simulator();
        let calls = simulator.traffic().iter();
        let writes = calls.clone().filter(|seen| seen.class.can_write()).count();
        (calls.count() - writes, writes)
    }
}

#[test]
fn second_bill_of_project_costs_no_read() {
    let world = World::configured();
    world.bill();
    let cost = world.calls_of(|| assert_eq!(world.bill_next(2, USUAL), Outcome::Posted));
    assert_eq!(cost, (0, 1));
}

#[test]
fn bill_of_new_project_costs_one_read() {
    let world = World::configured();
    world.bill();
    let other = |bill: &mut serde_json::Value| {
        bill["id"] = json!("pa_9");
        bill["project"] = json!({ "id": "prj_7", "number": "7", "name": "Pier" });
    };
    let cost = world.calls_of(|| assert_eq!(world.bill_with(other), Outcome::Posted));
    assert_eq!(cost, (1, 1));
}

#[test]
fn release_of_known_project_costs_no_read() {
    let world = World::configured();
    world.bill();
    let cost = world.calls_of(|| assert_eq!(world.release(1, "4850.00"), Outcome::Posted));
    assert_eq!(cost, (0, 1));
}

#[test]
fn second_payment_of_customer_costs_no_read() {
    let world = World::configured();
    world.bill();
    world.bill_next(2, USUAL);
    let first = world.calls_of(|| assert_eq!(world.pay("pa_1", "43650.00"), Outcome::Posted));
    let second = world.calls_of(|| assert_eq!(world.pay("pa_2", "43650.00"), Outcome::Posted));
    assert_eq!((first, second), ((1, 1), (0, 1)));
}

#[test]
fn typed_bills_of_project_cost_no_read_for_others() {
    let world = World::configured();
    world.type_invoice(TYPED_BILL);
    world.advance(SignedDuration::from_hours(1));
    assert_eq!(world.bill_next(2, USUAL), Outcome::Posted);
    let cost = world.calls_of(|| assert_eq!(world.bill_next(3, USUAL), Outcome::Posted));
    assert_eq!(cost, (0, 1));
    assert_eq!(world.bill(), Outcome::Held);
}

#[test]
fn own_echoes_cost_no_read() {
    let world = hearing_world();
    world.bill();
    world.advance(SignedDuration::from_hours(1));
    world.hear_and_run();
    let cost = world.calls_of(|| assert_eq!(world.bill_next(2, USUAL), Outcome::Posted));
    assert_eq!(cost, (0, 1));
}

#[test]
fn other_typed_bill_costs_one_read_once() {
    let world = hearing_world();
    world.bill();
    world.advance(SignedDuration::from_hours(1));
    world.type_invoice(Typed {
        number: "S-77",
        ..TYPED_BILL
    });
    world.hear_and_run();
    world.advance(SignedDuration::from_mins(30));
    let second = world.calls_of(|| assert_eq!(world.bill_next(2, USUAL), Outcome::Posted));
    let third = world.calls_of(|| assert_eq!(world.bill_next(3, USUAL), Outcome::Posted));
    assert_eq!((second, third), ((1, 1), (0, 1)));
}

#[test]
fn new_projects_of_batch_share_one_look() {
    let world = World::configured();
    world.bill();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    for number in 2..6 {
        let bill = |bill: &mut serde_json::Value| {
            bill["id"] = json!(format!("pa_{number}"));
            let project = format!("20{number}");
            bill["project"] =
                json!({ "id": format!("prj_{number}"), "number": project, "name": "Pier" });
        };
        assert_eq!(world.bill_with(bill), Outcome::Held);
    }
    let cost = world.calls_of(|| assert_eq!(world.press_sync_now().posted, 4));
    assert_eq!(cost, (3, 1));
}

#[test]
fn look_reads_all_pages_of_numbers() {
    let world = World::configured();
    for at in 0..1_003 {
        let number = format!("1042{at:05}");
        world.type_invoice(Typed {
            number: &number,
            amount: "1.00",
            ..TYPED_BILL
        });
    }
    let typed = world.type_invoice(TYPED_BILL);
    assert_eq!(world.bill(), Outcome::Held);
    world.assert_held_for("pa_1", "already_in_quickbooks", &[&typed]);
}

#[test]
fn number_beyond_latin_is_looked_for() {
    let options = WorldOptions::with_company(|company| company.warn_duplicate_numbers(true));
    let world = World::configured_with(options, |_| {});
    world.type_invoice(Typed {
        number: "24 017-1",
        ..TYPED_BILL
    });
    let dashed = |bill: &mut serde_json::Value| {
        bill["project"]["number"] = json!("24\u{2013}017");
    };
    assert_eq!(world.bill_with(dashed), Outcome::Held);
}

#[test]
fn refused_look_posts_nothing() {
    let world = World::configured();
    world.type_invoice(TYPED_BILL);
    let down = Injection::new(Effect::Unavailable);
    world.simulator().inject(down.body_containing("DocNumber"));
    assert_ne!(world.bill(), Outcome::Posted);
    assert_eq!(world.invoices_and_entries(), (1, 0));
    world.run_next_sync();
    assert_eq!(world.shows("pa_1"), "held", "{}", world.view("pa_1"));
}

#[test]
fn created_project_is_looked_at_before_its_bill() {
    let world = World::configured();
    world.bill();
    let project = json!({ "id": "prj_7", "number": "7", "name": "Pier" });
    let customer = json!({ "id": "gc_1", "name": HARBOR });
    world.deliver_data(
        "project.created",
        json!({ "project": project, "customer": customer }),
    );
    let bill = |bill: &mut serde_json::Value| {
        bill["id"] = json!("pa_9");
        bill["project"] = project;
    };
    let cost = world.calls_of(|| assert_eq!(world.bill_with(bill), Outcome::Posted));
    assert_eq!(cost, (0, 1));
}

#[test]
fn refused_look_lets_bill_wait() {
    let world = World::configured();
    world.bill();
    world.simulator().switches_mut().refused_queries = vec!["DocNumber".into()];
    let other = |bill: &mut serde_json::Value| {
        bill["id"] = json!("pa_9");
        bill["project"] = json!({ "id": "prj_7", "number": "7", "name": "Pier" });
    };
    assert_eq!(world.bill_with(other), Outcome::Queued);
    world.run_half_minutes(10);
    assert_eq!(world.view("pa_9")["state"], "uncertain");
    world.simulator().switches_mut().refused_queries.clear();
    world.run_half_minutes(40);
    assert_eq!(world.view("pa_9")["state"], "posted");
}

#[test]
fn look_of_revision_knows_recovered_bill() {
    for commit in [Commit::Before, Commit::After] {
        let world = World::configured();
        let lost = Injection::new(Effect::Dropped(commit)).kind(RequestKind::Write);
        world.simulator().inject(lost.body_containing("TxnDate"));
        let without_retainage = Figures {
            retainage: "0.00",
            ..USUAL
        };
        assert_eq!(world.bill_next(1, without_retainage), Outcome::Queued);
        world.disconnect();
        assert_eq!(world.revise_bill(USUAL), Outcome::Queued);
        world.advance(SignedDuration::from_hours(1));
        world.connect();
        world.press_sync_now();
        assert_eq!(world.shows(BILL), "posted", "{}", world.view(BILL));
        assert_eq!(world.invoices_and_entries(), (1, 1));
    }
}
