//! The cost of posting: of one document that arrives alone, and of many that a person releases at once.

use crate::support::world::World;
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use mapping::SyncMode;
use samples::billing::{Figures, Project};
use samples::call_counts::CallCounts;
use simulation::seeds::TestSize;

/// Limits for pay apps with retainage whose customer, class and items are known. Each is an invoice and a journal entry.
mod budget {
    /// Calls for a pay app that arrives alone.
    pub const CALLS_ALONE: usize = 1;
    /// Key-value writes for a pay app that arrives alone, from acceptance to completion.
    pub const WRITES_ALONE: usize = 6;
    /// Key-value writes for a pay app that is accepted and held.
    pub const WRITES_ACCEPTED: usize = 2;
    /// Queue entries for each write that moves full pages out of the queue record.
    pub const ENTRIES_PER_PAGE_WRITE: usize = 25;
    /// Calls with which Sync Now reads the company and its preferences.
    pub const COMPANY_READS: usize = 2;
    /// Additional calls: the rate limit of a minute splits batches.
    pub const SPLIT_BATCHES: usize = 3;
    /// Transactions in one call.
    pub const TRANSACTIONS_PER_CALL: usize = 30;
    /// Key-value writes to complete a queued document.
    pub const WRITES_PER_DOCUMENT: usize = 1;
    /// Key-value writes for each call: the batch log before it, then queue, overflow pages and an activity page.
    pub const WRITES_PER_CALL: usize = 4;
    /// Key-value writes of a worker run, besides one for each project: lease, release and due hints.
    pub const WRITES_PER_RUN: usize = 10;

    /// Returns the calls allowed for this many queued documents.
    pub const fn calls(documents: usize) -> usize {
        (2 * documents).div_ceil(TRANSACTIONS_PER_CALL) + COMPANY_READS + SPLIT_BATCHES
    }
}

/// Number of pay apps that wait together.
const MANY: TestSize = TestSize {
    usual: 160,
    full: 1_000,
};

/// Number of projects that the pay apps are spread over.
const PROJECTS: usize = 10;

/// Number of projects of one customer.
const PROJECTS_PER_CUSTOMER: usize = 2;

/// Calls and key-value writes of one act.
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

/// Returns a firm that has billed once for each of its projects.
fn firm_with_projects() -> World {
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
        customer: number / PROJECTS_PER_CUSTOMER,
    }
}

fn figures(number: usize) -> Figures {
    Figures::with_ten_percent_retainage(100_000 + i64::try_from(number).unwrap())
}

/// Returns the next pay app of one of the projects.
fn pay_app(number: usize) -> String {
    project(number % PROJECTS).pay_app_event(2 + number / PROJECTS, 1, figures(number))
}

/// Presses Sync Now, then runs the schedule until the queue is empty. Returns the number of worker runs.
fn empty_queue(world: &World) -> usize {
    world.press_sync_now();
    for run in 2..100 {
        // The company takes 500 calls a minute.
        world.advance(SignedDuration::from_secs(61));
        if world.run_scheduled_sync().remaining == 0 {
            return run;
        }
    }
    panic!("the queue is never empty");
}

/// Accepts this many held documents and then posts them. Returns the cost of posting and the number of worker runs.
fn post_held(documents: usize) -> (Cost, usize) {
    let world = firm_with_projects();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    let accepted = world.cost_of(|| {
        for number in 0..documents {
            assert_eq!(world.deliver(&pay_app(number)), Outcome::Held);
        }
    });
    let allowed = budget::WRITES_ACCEPTED * documents + documents / budget::ENTRIES_PER_PAGE_WRITE;
    assert_eq!(accepted.calls.total(), 0);
    assert!(accepted.writes <= allowed, "{accepted:?}");
    let mut runs = 0;
    let cost = world.cost_of(|| runs = empty_queue(&world));
    println!(
        "{documents}: {} in {runs} runs; {} key-value writes to accept them, {} to post them: {:.3} each",
        cost.calls,
        accepted.writes,
        cost.writes,
        cost.writes as f64 / documents as f64
    );
    let posted = documents + PROJECTS;
    assert_eq!(world.invoices_and_entries(), (posted, posted));
    (cost, runs)
}

/// Returns a firm that has posted many pay apps, besides the first of each project.
pub fn firm_of_many_pay_apps() -> World {
    let world = firm_with_projects();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    for number in 0..many() {
        world.deliver(&pay_app(number));
    }
    empty_queue(&world);
    world
}

fn many() -> usize {
    usize::try_from(MANY.get()).unwrap()
}

fn assert_within_budget(documents: usize) {
    let (cost, runs) = post_held(documents);
    let summary = format!("{cost:?} in {runs} runs");
    assert_eq!(cost.calls.reads, budget::COMPANY_READS, "{summary}");
    assert!(cost.calls.total() <= budget::calls(documents), "{summary}");
    let calls = cost.calls.total() - budget::COMPANY_READS;
    let allowed = budget::WRITES_PER_DOCUMENT * documents
        + budget::WRITES_PER_CALL * calls
        + (budget::WRITES_PER_RUN + PROJECTS) * runs;
    assert!(cost.writes <= allowed, "{summary}");
}

#[test]
fn single_arriving_pay_app_stays_within_budget() {
    let world = firm_with_projects();
    let cost = world.cost_of(|| assert_eq!(world.deliver(&pay_app(0)), Outcome::Posted));
    assert_eq!(
        (cost.calls.total(), cost.calls.reads),
        (budget::CALLS_ALONE, 0)
    );
    assert!(cost.writes <= budget::WRITES_ALONE, "{cost:?}");
}

/// The first document after a run of the connection schedule also writes a due hint.
#[test]
fn notification_costs_one_write_between_runs() {
    let mut world = firm_with_projects();
    for (has_receiver, first) in [(true, 1), (false, 0)] {
        world.services.notifies_documents = has_receiver;
        world.advance(SignedDuration::from_mins(2));
        world.refresh_tokens();
        let offset = if has_receiver { 0 } else { 3 };
        for (number, hint) in [(0, first), (1, 0), (2, 0)] {
            let pay_app = pay_app(offset + number);
            let cost = world.cost_of(|| assert_eq!(world.deliver(&pay_app), Outcome::Posted));
            assert_eq!(
                cost.writes,
                budget::WRITES_ALONE + hint,
                "{number} {has_receiver}: {cost:?}"
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
fn many_queued_pay_apps_stay_within_budget() {
    assert_within_budget(many());
}
