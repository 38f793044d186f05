//! What a document costs: one as it arrives, and many that a person lets go.

use crate::support::world::World;
use bridge::accept_event::Outcome;
use host::call_counts::CallCounts;
use host::sample_billing::{Figures, Project};
use jiff::SignedDuration;
use mapping::SyncMode;

/// What is promised of pay apps with retainage whose customer, class and items are known. Each is an invoice and an entry.
mod budget {
    /// Calls for one that arrives alone.
    pub const CALLS_ALONE: usize = 1;
    /// Key-value writes for one that arrives alone, from its acceptance to its end.
    pub const WRITES_ALONE: usize = 6;
    /// Key-value writes for one that is accepted and waits.
    pub const WRITES_ACCEPTED: usize = 2;
    /// Documents for each write that moves what is full away from the desk.
    pub const TO_A_MOVE: usize = 25;
    /// Sync Now reads what the company says of itself.
    pub const ASKED: usize = 2;
    /// Calls besides: the limits of a minute cut rounds short.
    pub const CUT_SHORT: usize = 3;
    /// Transactions in a call.
    pub const TOGETHER: usize = 30;
    /// Key-value writes for each that waited: its end.
    pub const WRITES: usize = 1;
    /// Key-value writes for each call: what is begun, before it is sent; and of what it finished, the desk, shelves and a page.
    pub const WRITES_OF_A_CALL: usize = 4;
    /// Key-value writes of a shift, besides one for each project: the seat, its end, hints.
    pub const WRITES_OF_A_SHIFT: usize = 10;

    /// Calls for so many that waited.
    pub const fn calls(documents: usize) -> usize {
        (2 * documents).div_ceil(TOGETHER) + ASKED + CUT_SHORT
    }
}

/// The pay apps are spread over so many projects.
const PROJECTS: usize = 10;

/// Projects of one customer.
const TO_A_CUSTOMER: usize = 2;

/// What something cost.
#[derive(Debug)]
struct Cost {
    calls: CallCounts,
    writes: usize,
}

impl World {
    fn cost_of(&self, act: impl FnOnce()) -> Cost {
        self.simulator().clear_traffic();
        let writes = self.memory.writes();
        act();
        Cost {
            calls: CallCounts::count(self.simulator().traffic()),
            writes: self.memory.writes() - writes,
        }
    }
}

/// A firm that has billed once for each of its projects.
fn office() -> World {
    let world = World::with_classes(|_| {});
    for number in 0..PROJECTS {
        let first = project(number).pay_app_event(1, 1, figures(number));
        assert_eq!(world.deliver(&first), Outcome::Posted);
    }
    world
}

fn project(number: usize) -> Project {
    Project {
        firm: "firm_harbor".into(),
        number,
        customer: number / TO_A_CUSTOMER,
    }
}

fn figures(number: usize) -> Figures {
    Figures::with_ten_percent_retainage(100_000 + i64::try_from(number).unwrap())
}

/// The next pay app of one of the projects.
fn pay_app(number: usize) -> String {
    project(number % PROJECTS).pay_app_event(2 + number / PROJECTS, 1, figures(number))
}

/// Sync Now, and then the schedule until nothing waits; how many shifts that took.
fn let_go(world: &World) -> usize {
    world.press_sync_now();
    for shift in 2..100 {
        // The company takes 500 calls a minute.
        world.advance(SignedDuration::from_secs(61));
        if world.scheduled_sync().remaining == 0 {
            return shift;
        }
    }
    panic!("something waits for ever");
}

fn bulk(documents: usize) -> (Cost, usize) {
    let world = office();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    let accepted = world.cost_of(|| {
        for number in 0..documents {
            assert_eq!(world.deliver(&pay_app(number)), Outcome::Held);
        }
    });
    let stored = budget::WRITES_ACCEPTED * documents + documents / budget::TO_A_MOVE;
    assert_eq!(accepted.calls.total(), 0);
    assert!(accepted.writes <= stored, "{accepted:?}");
    let mut shifts = 0;
    let cost = world.cost_of(|| shifts = let_go(&world));
    println!(
        "{documents}: {} in {shifts} shifts; {} key-value writes to accept them, {} to post them: {:.3} each",
        cost.calls,
        accepted.writes,
        cost.writes,
        cost.writes as f64 / documents as f64
    );
    let there = documents + PROJECTS;
    assert_eq!(world.invoices_and_entries(), (there, there));
    (cost, shifts)
}

fn assert_within_budget(documents: usize) {
    let (cost, shifts) = bulk(documents);
    let told = format!("{cost:?} in {shifts} shifts");
    assert_eq!(cost.calls.reads, budget::ASKED, "{told}");
    assert!(cost.calls.total() <= budget::calls(documents), "{told}");
    let calls = cost.calls.total() - budget::ASKED;
    let stored = budget::WRITES * documents
        + budget::WRITES_OF_A_CALL * calls
        + (budget::WRITES_OF_A_SHIFT + PROJECTS) * shifts;
    assert!(cost.writes <= stored, "{told}");
}

#[test]
fn single_arriving_pay_app_stays_within_budget() {
    let world = office();
    let cost = world.cost_of(|| assert_eq!(world.deliver(&pay_app(0)), Outcome::Posted));
    assert_eq!(
        (cost.calls.total(), cost.calls.reads),
        (budget::CALLS_ALONE, 0)
    );
    assert!(cost.writes <= budget::WRITES_ALONE, "{cost:?}");
}

/// The first since the last run that looks after connections leaves a hint for the next one.
#[test]
fn notification_costs_one_write_between_runs() {
    let mut world = office();
    for (tells, first) in [(true, 1), (false, 0)] {
        world.bridge.notifies_documents = tells;
        world.advance(SignedDuration::from_mins(2));
        world.look_after();
        let offset = if tells { 0 } else { 3 };
        for (number, more) in [(0, first), (1, 0), (2, 0)] {
            let pay_app = pay_app(offset + number);
            let cost = world.cost_of(|| assert_eq!(world.deliver(&pay_app), Outcome::Posted));
            assert_eq!(
                cost.writes,
                budget::WRITES_ALONE + more,
                "{number} of {tells}: {cost:?}"
            );
        }
    }
}

#[test]
fn one_queued_pay_app_stays_within_budget() {
    assert_within_budget(1);
}

#[test]
fn thirty_queued_pay_apps_stay_within_budget() {
    assert_within_budget(30);
}

#[test]
fn thousand_queued_pay_apps_stay_within_budget() {
    assert_within_budget(1_000);
}
