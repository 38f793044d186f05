//! The usual bill with a lost answer, and the look-ups after it.

use super::usual_bill::BILL;
use super::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use serde_json::Value;
use simulator::{Commit, Effect, Injection, Outage, RequestKind};

impl World {
    /// Delivers the usual bill, whose answer is lost after QuickBooks carried it out or before. Intuit forgets the request id.
    pub fn lose_bill(&self, commit: Commit) {
        self.fail_bill(Effect::Dropped(commit));
        self.person(|person| person.forget_request_ids());
    }

    /// Delivers the usual bill, which fails so. Its customer and items are created before.
    pub fn fail_bill(&self, effect: Effect) {
        let failed = Injection::new(effect).kind(RequestKind::Write);
        self.simulator()
            .inject(failed.body_containing("JournalEntry"));
        assert_eq!(self.bill(), Outcome::Queued);
        self.simulator().clear_injections();
    }

    /// Lets every query of the next time fail so.
    pub fn refuse_queries(&self, effect: Effect) {
        let refused = Injection::new(effect).kind(RequestKind::Query);
        self.simulator().inject(refused.always());
    }

    /// Runs the scheduled sync every half minute, this often.
    pub fn run_half_minutes(&self, times: usize) {
        for _ in 0..times {
            self.advance(SignedDuration::from_secs(30));
            self.run_scheduled_sync();
        }
    }

    /// Returns the state of the usual bill.
    pub fn bill_state(&self) -> Value {
        self.view(BILL)["state"].clone()
    }

    /// Returns a world in which the lost bill and its copy cannot be told apart, with the ids of both.
    pub fn with_equal_copies() -> (Self, [String; 2]) {
        let options = WorldOptions::with_company(|company| company.custom_numbers(false));
        let world = Self::configured_with(options, |_| {});
        world.lose_bill(Commit::After);
        let original = world.last_id("Invoice");
        let day = world.last("Invoice")["TxnDate"].clone();
        let copy = world
            .person(|person| person.copy("Invoice", &original))
            .unwrap();
        world.edit_last("Invoice", |invoice| invoice["TxnDate"] = day);
        (world, [original, copy])
    }
}

/// Returns the refusal of a request with this code.
pub fn refused(code: &str) -> Effect {
    Effect::Refused {
        code: code.into(),
        message: "Error parsing query".into(),
        detail: "Something is wrong with it.".into(),
    }
}

/// Returns each way in which a look-up fails.
pub fn refusals() -> Vec<Effect> {
    vec![
        refused("4000"),
        refused("4001"),
        refused("4002"),
        refused("7777"),
        Effect::Outage(Outage::Page { status: 403 }, Commit::Before),
        Effect::Outage(Outage::InternalError { status: 200 }, Commit::Before),
        Effect::Outage(Outage::Empty { status: 400 }, Commit::Before),
        Effect::Outage(Outage::FaultInfo, Commit::Before),
        Effect::ApplicationError(Commit::Before),
        Effect::Unavailable,
        Effect::Throttled,
        Effect::Dropped(Commit::Before),
    ]
}
