//! A run: one or two firms bill, the events arrive in any order, and the run settles.

use crate::posting::billing_events::{self, Billing, Event};
use crate::posting::given::{Given, start_time};
use crate::posting::injected_faults::{self, Faults, inject_next};
use crate::posting::restore::Restore;
use crate::posting::{
    actions, bulk_sync, final_state, firm_actions, manual_edits, typed_documents,
};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use simulation::deployment::Deployment;
use simulation::firms::{FIRMS, firm_id};
use simulation::world::{Failure, World};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use store::document::decision::DecisionKind;

/// By how many other events an event may be overtaken.
const MAX_DELAY_PLACES: usize = 4;

/// A run, with the facts that the final checks need.
pub struct Run {
    pub deployment: Deployment,
    pub given: Given,
    pub billing_events: Billing,
    pub faults: Faults,
    /// The day through which the books of each company are closed.
    pub closed: Cell<[Option<Date>; 2]>,
    /// True for each company whose subscription ended at some time.
    pub lapsed: Cell<[bool; 2]>,
    /// True for each company whose subscription is paid.
    pub subscribed: Cell<[bool; 2]>,
    /// The decisions of people.
    pub decisions: RefCell<Vec<MadeDecision>>,
    /// The payments that people applied.
    pub paid: RefCell<Vec<ManualPayment>>,
    /// The invoices that people typed before RIVET sent anything.
    pub typed_first: RefCell<Vec<TypedInvoice>>,
    /// The invoices that people deleted before RIVET knew of them.
    pub deleted: RefCell<Vec<DeletedInvoice>>,
    /// The copies of invoices that RIVET did not know when they were made.
    pub copies: RefCell<Vec<CopiedInvoice>>,
    /// The kinds of which QuickBooks made something else than what RIVET sent.
    pub altered: RefCell<BTreeSet<&'static str>>,
    /// The customers that people made inactive.
    pub inactive: RefCell<Vec<InactiveCustomer>>,
    /// The items of RIVET's that people edited.
    pub edited_items: RefCell<Vec<EditedItem>>,
    /// The edits after which QuickBooks has what it had before.
    pub empty_edits: RefCell<Vec<EmptyEdit>>,
}

/// An item of RIVET's that a person edited.
pub struct EditedItem {
    /// The company.
    pub which: usize,
    pub id: String,
    /// The fields that a person may edit, as they were before.
    pub before: Value,
}

/// An edit after which QuickBooks has what it had before, such as an amount that QuickBooks corrects.
pub struct EmptyEdit {
    /// The company.
    pub which: usize,
    /// The kind and the id of the transaction.
    pub posted: (String, String),
    pub edited_at: Timestamp,
}

/// A decision that a person made.
pub struct MadeDecision {
    /// The firm and the document.
    pub about: String,
    pub kind: DecisionKind,
    pub decided_at: Timestamp,
}

/// A payment that a person applied in QuickBooks.
pub struct ManualPayment {
    /// The company.
    pub which: usize,
    /// The id of the payment; empty once the payment was deleted.
    pub id: String,
    /// The id of the object that was paid.
    pub applied_to: String,
}

/// An invoice that a person typed.
pub struct TypedInvoice {
    /// The company.
    pub which: usize,
    /// The id of the customer.
    pub customer: String,
    /// The number, as RIVET would write it.
    pub number: &'static str,
}

/// An invoice that a person deleted before RIVET knew of it.
pub struct DeletedInvoice {
    /// The company.
    pub which: usize,
    pub id: String,
    /// The time from which queries do not find the invoice any more.
    pub unlisted_from: Timestamp,
}

/// A copy of an invoice, with its number and its mark.
pub struct CopiedInvoice {
    /// The company.
    pub which: usize,
    pub id: String,
    /// The id of the invoice that was copied.
    pub original: String,
}

/// A customer that a person made inactive.
pub struct InactiveCustomer {
    /// The company.
    pub which: usize,
    pub id: String,
}

impl Run {
    /// Returns the ids of the copies whose original a person deleted before RIVET knew of it. Nobody can tell such a copy from the original.
    pub fn copies_of_deleted(&self, which: usize) -> BTreeSet<String> {
        let deleted = self.deleted.borrow();
        let is_deleted = |copy: &CopiedInvoice| {
            let mut deleted = deleted.iter();
            deleted.any(|gone| (gone.which, &gone.id) == (which, &copy.original))
        };
        let copies = self.copies.borrow();
        let copies = copies
            .iter()
            .filter(|copy| copy.which == which && is_deleted(copy));
        copies.map(|copy| copy.id.clone()).collect()
    }

    /// Returns a run at its start.
    pub fn new(deployment: Deployment, given: Given, billing_events: Billing) -> Self {
        Self {
            deployment,
            given,
            billing_events,
            faults: Faults::new(given.fault_answers_left),
            closed: Cell::default(),
            lapsed: Cell::default(),
            subscribed: Cell::new([true; 2]),
            decisions: RefCell::default(),
            paid: RefCell::default(),
            typed_first: RefCell::default(),
            deleted: RefCell::default(),
            copies: RefCell::default(),
            altered: RefCell::default(),
            inactive: RefCell::default(),
            edited_items: RefCell::default(),
            empty_edits: RefCell::default(),
        }
    }

    /// Returns whether people edited an item of RIVET's.
    pub fn has_edited_items(&self) -> bool {
        !self.edited_items.borrow().is_empty()
    }
}

/// Runs the scenario with a seed.
pub fn run(seed: u64, traced: bool) -> Result<Vec<String>, Failure> {
    let mut chance = fastrand::Rng::with_seed(!seed);
    let given = Given::draw(&mut chance);
    let billing_events = billing_events::draw(&mut chance, given);
    let world = World::new(seed, given.conditions, start_time() + given.idle_for).traced(traced);
    world.trace(|| format!("{given:?}"));
    let run = Run::new(given.deploy(&world), given, billing_events);
    world.run(async move {
        let world = &run.deployment.world;
        if run.given.has_backlog {
            bulk_sync::prepare(&run).await;
        }
        if run.given.has_manual_edits && run.given.has_typed_documents {
            typed_documents::type_first(&run);
        }
        let events = out_of_order(world, &run.billing_events.events);
        let is_restored = run.given.is_restored;
        let mut restore = is_restored.then(|| Restore::draw(&run, events.len()));
        for event in events {
            let task = actions::send_event(&run.deployment, event.clone());
            if let Some(restore) = &mut restore {
                restore.after_event(&run, event, task).await;
            }
            if run.given.has_backlog {
                continue;
            }
            run_background_request(&run);
            world.sleep(pause(world)).await;
            if run.given.has_manual_edits {
                manual_edits::act(&run);
                world.sleep(pause(world)).await;
            }
        }
        if run.given.has_backlog {
            bulk_sync::sync_repeatedly(&run).await;
        }
        if run.given.has_long_outage {
            injected_faults::last_outage(&run.deployment).await;
        }
        final_state::settle(&run).await;
        final_state::check(&run).await;
    })
}

/// Returns each event once and some twice, a few places from their correct order.
fn out_of_order(world: &World, events: &[Event]) -> Vec<Event> {
    let mut sent: Vec<(usize, Event)> = Vec::new();
    for (place, event) in events.iter().enumerate() {
        let times = if world.one_in(4) { 2 } else { 1 };
        for _ in 0..times {
            let late = if world.one_in(2) {
                world.below(MAX_DELAY_PLACES)
            } else {
                0
            };
            sent.push((place + late, event.clone()));
        }
    }
    sent.sort_by_key(|(place, _)| *place);
    sent.into_iter().map(|(_, event)| event).collect()
}

/// Starts one of the requests that happen between the events.
fn run_background_request(run: &Run) {
    let (deployment, world) = (&run.deployment, &run.deployment.world);
    match world.below(8) {
        0 => {
            deployment.scheduled_sync();
        }
        1 => {
            deployment.scheduled_refresh();
        }
        2 => {
            deployment.press_sync_now(firm_id(FIRMS[0]));
        }
        3 => inject_next(&run.deployment, &run.faults),
        4 | 5 if run.given.has_firm_actions => firm_actions::act(run),
        _ => {}
    }
}

/// Draws a pause between two actions.
pub fn pause(world: &World) -> SignedDuration {
    let longest = world.pick(&[0, 0, 1, 10, 70, 400]);
    world.span_up_to(SignedDuration::from_secs(longest))
}
