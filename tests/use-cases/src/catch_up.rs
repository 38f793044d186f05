//! Changes that no webhook announced: change data capture and the sweep find them.

use crate::support::events::event_body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use bridge::views;
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::SyncMode;
use serde_json::json;
use store::activity::DocumentNotification;
use store::connection::{CompanyError, ConnectionStatus};

/// The posted pay app.
const PAY_APP: &str = "pa_1057_1";

/// Returns a firm with a posted pay app, whose company sends no webhooks.
fn firm_without_webhooks() -> World {
    let world = World::configured();
    assert_eq!(world.deliver(event_body("04")), Outcome::Posted);
    world.run_schedule(1);
    world.simulator().clear_traffic();
    world
}

impl World {
    /// Runs the schedule this many times, five minutes apart.
    fn run_schedule(&self, times: usize) {
        for _ in 0..times {
            self.advance(SignedDuration::from_mins(5));
            self.run_scheduled_sync();
        }
    }

    /// Lets a day pass and runs the schedule, which scans the company.
    fn scan_after_a_day(&self) {
        self.advance(SignedDuration::from_hours(24));
        self.run_schedule(2);
    }

    /// Lets 40 days pass without a scan. The connection schedule keeps the grant alive.
    fn let_change_data_expire(&self) {
        for _ in 0..40 {
            self.advance(SignedDuration::from_hours(24));
            self.refresh_tokens();
        }
    }

    /// Asserts that the pay app has this state, and that RIVET was notified of one change.
    fn assert_detected_once(&self, state: &str) {
        let view = self.view(PAY_APP);
        assert_eq!(view["state"], state, "{view}");
        assert_eq!(self.detections(), 1);
    }

    /// Returns the number of notifications about changes in QuickBooks.
    fn detections(&self) -> usize {
        let queue = block_on(self.services.store.queue(&self.firm)).unwrap();
        let notifications = queue
            .recent_activity
            .iter()
            .filter_map(|entry| entry.notification.as_ref());
        notifications
            .filter(|notification| {
                matches!(
                    notification,
                    DocumentNotification::Changed | DocumentNotification::Paid(_)
                )
            })
            .count()
    }

    pub fn reads_this_month(&self) -> u64 {
        let status = block_on(views::status(
            &self.services.store,
            &self.session(),
            self.now(),
        ));
        let status = serde_json::to_value(status.unwrap()).unwrap();
        status["sync"]["reads_this_month"].as_u64().unwrap()
    }

    /// Returns the calls to the company since the last look, without token refreshes.
    fn take_calls(&self) -> Vec<String> {
        let mut simulator = self.simulator();
        let calls = simulator.traffic().iter();
        let calls = calls.map(|call| call.path.rsplit('/').next().unwrap_or_default().to_owned());
        let calls = calls.filter(|call| call != "bearer").collect();
        simulator.clear_traffic();
        calls
    }

    /// Enters this many payments of a customer that RIVET does not know.
    fn enter_unrelated_payments(&self, payments: usize) {
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
    let world = firm_without_webhooks();
    let before = world.reads_this_month();
    world.scan_after_a_day();
    assert_eq!(world.take_calls(), ["cdc"]);
    assert_eq!(world.reads_this_month(), before + 1);
    assert_eq!(world.detections(), 0);
    world.run_schedule(3);
    assert_eq!(world.take_calls(), Vec::<String>::new());
}

#[test]
fn reconnect_scans_missed_changes_immediately() {
    let world = firm_without_webhooks();
    world.scan_after_a_day();
    world.disconnect();
    world.delete_last("Invoice");
    world.advance(SignedDuration::from_hours(1));
    world.connect();
    world.run_schedule(1);
    world.assert_detected_once("conflict");
}

#[test]
fn sweep_finds_changes_older_than_change_data() {
    let world = firm_without_webhooks();
    world.scan_after_a_day();
    world.delete_last("Invoice");
    world.let_change_data_expire();
    world.run_schedule(3);
    world.assert_detected_once("conflict");
    world.scan_after_a_day();
    assert_eq!(world.detections(), 1);
}

#[test]
fn document_in_progress_is_scanned_after_sweep() {
    use simulator::{Effect, Injection};
    let world = firm_without_webhooks();
    world.scan_after_a_day();
    world.edit_last("JournalEntry", |entry| {
        entry["TxnDate"] = json!("2026-04-02")
    });
    world.let_change_data_expire();
    // A revision arrives whose invoice cannot be read. The sweep leaves the document until it is posted.
    let unavailable = Injection::new(Effect::Unavailable).path_containing("/invoice/");
    world.simulator().inject(unavailable.always());
    let outcome = world.deliver_changed("04", |data| {
        data["pay_app"]["revision"] = json!(2);
    });
    assert_eq!(outcome, Outcome::Queued);
    world.simulator().clear_traffic();
    let has_scanned = || {
        world.run_schedule(1);
        world.take_calls().contains(&"cdc".to_owned())
    };
    assert!((0..20).any(|_| has_scanned()));
    assert_eq!(world.detections(), 0);
    world.simulator().clear_injections();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Paused);
    world.run_schedule(5);
    world.assert_detected_once("held");
}

#[test]
fn truncated_change_data_is_halved_then_swept() {
    let world = firm_without_webhooks();
    world.scan_after_a_day();
    world.simulator().clear_traffic();
    world.delete_last("Invoice");
    world.enter_unrelated_payments(1_000);
    world.advance(SignedDuration::from_hours(20));
    world.scan_after_a_day();
    world.run_schedule(2);
    let calls = world.take_calls();
    let queries = calls.iter().filter(|call| *call == "cdc").count();
    assert!((2..=8).contains(&queries), "{calls:?}");
    world.assert_detected_once("conflict");
}

#[test]
fn next_run_repeats_lost_nightly_scan() {
    use simulator::{Commit, Effect, Injection, RequestKind};
    let world = firm_without_webhooks();
    world.scan_after_a_day();
    world.delete_last("Invoice");
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Read);
    world.simulator().inject(lost);
    world.advance(SignedDuration::from_hours(24));
    world.run_schedule(1);
    assert_eq!(world.view(PAY_APP)["state"], "posted");
    world.run_schedule(2);
    world.assert_detected_once("conflict");
}

#[test]
fn scan_records_ended_subscription() {
    let world = firm_without_webhooks();
    world.scan_after_a_day();
    world.person(|person| person.set_subscribed(false));
    world.scan_after_a_day();
    assert_eq!(
        world.connection().status,
        ConnectionStatus::Error(CompanyError::SubscriptionEnded)
    );
    world.simulator().clear_traffic();
    world.run_schedule(5);
    assert_eq!(world.take_calls(), Vec::<String>::new());
}
