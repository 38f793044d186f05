//! What no event told of: it is found all the same.

use crate::support::story::body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use bridge::views;
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::SyncMode;
use serde_json::{Value, json};
use store::activity::DocumentNotification;
use store::connection::{CompanyError, ConnectionStatus};

/// A firm with a pay app that was posted, whose company tells of nothing.
fn office() -> World {
    let world = World::usual();
    assert_eq!(world.deliver(body("04")), Outcome::Posted);
    world.runs(1);
    world.simulator().clear_traffic();
    world
}

impl World {
    /// Scheduled runs, some minutes apart.
    fn runs(&self, times: usize) {
        for _ in 0..times {
            self.advance(SignedDuration::from_mins(5));
            self.scheduled_sync();
        }
    }

    /// By the next morning.
    fn a_night(&self) {
        self.advance(SignedDuration::from_hours(24));
        self.runs(2);
    }

    fn pay_app(&self) -> Value {
        self.view("pa_1057_1")
    }

    fn noticed(&self) -> usize {
        let desk = block_on(self.bridge.store.queue(&self.firm)).unwrap();
        let told = desk
            .recent_activity
            .iter()
            .filter_map(|line| line.notification.as_ref());
        told.filter(|tell| {
            matches!(
                tell,
                DocumentNotification::Changed | DocumentNotification::Paid(_)
            )
        })
        .count()
    }

    fn reads_this_month(&self) -> u64 {
        let status = block_on(views::status(&self.bridge.store, &self.firm, self.now()));
        let status = serde_json::to_value(status.unwrap()).unwrap();
        status["sync"]["reads_this_month"].as_u64().unwrap()
    }

    /// What the company was asked since it was last counted.
    fn calls(&self) -> Vec<String> {
        let mut simulator = self.simulator();
        let calls = simulator.traffic().iter();
        let calls = calls.map(|call| call.path.rsplit('/').next().unwrap_or_default().to_owned());
        // Tokens are refreshed, too.
        let calls = calls.filter(|call| call != "bearer").collect();
        simulator.clear_traffic();
        calls
    }

    /// So many payments of a customer that RIVET does not know.
    fn till(&self, payments: usize) {
        let mut simulator = self.simulator();
        let mut person = simulator.person(&self.realm).unwrap();
        let walk_in = json!({"DisplayName": "Walk-in"});
        let customer = person.create("Customer", walk_in).unwrap();
        for _ in 0..payments {
            let payment = json!({"CustomerRef": {"value": customer}, "TotalAmt": 1});
            person.create("Payment", payment).unwrap();
        }
    }
}

#[test]
fn nightly_scan_without_changes_costs_one_read() {
    let world = office();
    let before = world.reads_this_month();
    world.a_night();
    assert_eq!(world.calls(), ["cdc"]);
    assert_eq!(world.reads_this_month(), before + 1);
    assert_eq!(world.noticed(), 0);
    world.runs(3);
    assert_eq!(world.calls(), Vec::<String>::new());
}

#[test]
fn reconnect_scans_missed_changes_immediately() {
    let world = office();
    world.a_night();
    world.disconnect();
    world.delete_last("Invoice");
    world.advance(SignedDuration::from_hours(1));
    world.connect();
    world.runs(1);
    assert_eq!(world.pay_app()["state"], "conflict", "{}", world.pay_app());
    assert_eq!(world.noticed(), 1);
}

#[test]
fn sweep_finds_changes_older_than_change_data() {
    let world = office();
    world.a_night();
    world.delete_last("Invoice");
    // Nobody runs the schedule, and the grant is kept alive.
    for _ in 0..40 {
        world.advance(SignedDuration::from_hours(24));
        world.look_after();
    }
    world.runs(3);
    assert_eq!(world.pay_app()["state"], "conflict", "{}", world.pay_app());
    assert_eq!(world.noticed(), 1);
    world.a_night();
    assert_eq!(world.noticed(), 1);
}

#[test]
fn document_in_progress_is_scanned_after_sweep() {
    use simulator::{Effect, Injection};
    let world = office();
    world.a_night();
    world.edit_last("JournalEntry", |entry| {
        entry["TxnDate"] = json!("2026-04-02")
    });
    for _ in 0..40 {
        world.advance(SignedDuration::from_hours(24));
        world.look_after();
    }
    // A revision arrives that cannot be compared with the invoice, and gives way to the look at everything.
    let unread = Injection::new(Effect::Unavailable).path_containing("/invoice/");
    world.simulator().inject(unread.always());
    let outcome = world.deliver_changed("04", |data| {
        data["pay_app"]["revision"] = json!(2);
    });
    assert_eq!(outcome, Outcome::Queued);
    world.simulator().clear_traffic();
    let is_asked = || {
        world.runs(1);
        world.calls().contains(&"cdc".to_owned())
    };
    assert!((0..20).any(|_| is_asked()));
    assert_eq!(world.noticed(), 0);
    world.simulator().clear_injections();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Paused);
    world.runs(5);
    assert_eq!(world.pay_app()["state"], "held", "{}", world.pay_app());
    assert_eq!(world.noticed(), 1);
}

#[test]
fn truncated_change_data_is_halved_then_swept() {
    let world = office();
    world.a_night();
    world.simulator().clear_traffic();
    world.delete_last("Invoice");
    world.till(1_000);
    world.advance(SignedDuration::from_hours(20));
    world.a_night();
    world.runs(2);
    let calls = world.calls();
    let asked = calls.iter().filter(|call| *call == "cdc").count();
    assert!((2..=8).contains(&asked), "{calls:?}");
    assert_eq!(world.pay_app()["state"], "conflict", "{}", world.pay_app());
    assert_eq!(world.noticed(), 1);
}

#[test]
fn next_run_repeats_lost_nightly_scan() {
    use simulator::{Commit, Effect, Injection, RequestKind};
    let world = office();
    world.a_night();
    world.delete_last("Invoice");
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Read);
    world.simulator().inject(lost);
    world.advance(SignedDuration::from_hours(24));
    world.runs(1);
    assert_eq!(world.pay_app()["state"], "posted");
    world.runs(2);
    assert_eq!(world.pay_app()["state"], "conflict", "{}", world.pay_app());
    assert_eq!(world.noticed(), 1);
}

#[test]
fn scan_records_ended_subscription() {
    let world = office();
    world.a_night();
    world.person(|person| person.set_subscribed(false));
    world.a_night();
    assert_eq!(
        world.connection().status,
        ConnectionStatus::Error(CompanyError::SubscriptionEnded)
    );
    world.simulator().clear_traffic();
    world.runs(5);
    assert_eq!(world.calls(), Vec::<String>::new());
}
