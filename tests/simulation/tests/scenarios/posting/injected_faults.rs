//! Fault answers of QuickBooks, for whole requests and for single items of a batch. A rule for batches affects only batches.

use simulation::deployment::Deployment;
use simulation::final_state::AFTER_LEASES;
use simulation::firms::COMPANIES;
use simulation::world::World;
use simulator::{Commit, Effect, Injection, Outage, RequestKind};
use std::cell::Cell;

/// The faults that a seed may still inject, and their consequence for the final checks.
pub struct Faults {
    /// The number of fault answers that QuickBooks may still give.
    left: Cell<u32>,
    /// True if QuickBooks may have refused a correct request, so that a person must try again.
    has_refusal: Cell<bool>,
}

impl Faults {
    /// Allows a number of fault answers.
    pub fn new(left: u32) -> Self {
        Self {
            left: Cell::new(left),
            has_refusal: Cell::new(false),
        }
    }

    /// Returns whether QuickBooks may have refused a correct request.
    pub fn has_refusal(&self) -> bool {
        self.has_refusal.get()
    }
}

/// Injects a fault answer into one of the next calls to a company, if any is left.
pub fn inject_next(deployment: &Deployment, faults: &Faults) {
    let world = &deployment.world;
    if faults.left.get() == 0 {
        return;
    }
    faults.left.set(faults.left.get() - 1);
    if world.conditions().has_outages && world.one_in(2) {
        return match world.one_in(2) {
            true => inject_refused_tokens(deployment),
            false => refuse_lookups(deployment, faults),
        };
    }
    let injection = match world.below(4) {
        0 => write_refusal(world, faults),
        1 => Injection::new(Effect::Partial {
            items: world.below(3),
            then: Box::new(batch_abort(world)),
        }),
        2 => Injection::new(item_fault(world, faults)),
        _ => Injection::new(request_fault(world)),
    };
    let injection = injection
        .realm(COMPANIES[world.below(2)])
        .skip_first(world.below(3) as u32);
    world.trace(|| format!("trouble ahead: {injection:?}"));
    deployment.intuit.borrow_mut().inject(injection);
}

/// Lets QuickBooks be away while documents still wait, for longer than a single wait.
pub async fn last_outage(deployment: &Deployment) {
    let (world, effect) = (&deployment.world, Effect::Unavailable);
    world.trace(|| "QuickBooks is away".into());
    let rule = Injection::new(effect).path_containing("/v3/company/");
    deployment.intuit.borrow_mut().inject(rule.always());
    for _ in 0..8 {
        world.join(deployment.scheduled_sync()).await;
        world.sleep(AFTER_LEASES).await;
    }
}

/// Lets a gateway refuse the token of the next calls to a company, although it is good.
fn inject_refused_tokens(deployment: &Deployment) {
    let world = &deployment.world;
    let code = world.pick(&["130", "100"]).to_owned();
    let effect = world.pick(&[
        Effect::Unauthorized,
        Effect::Outage(Outage::Unauthorized { code }, Commit::Before),
    ]);
    let injection = Injection::new(effect)
        .realm(COMPANIES[world.below(2)])
        .times(1 + world.below(4) as u32);
    world.trace(|| format!("trouble ahead: {injection:?}"));
    deployment.intuit.borrow_mut().inject(injection);
}

/// Lets a broken row spoil each query by number, until all faults end.
fn refuse_lookups(deployment: &Deployment, faults: &Faults) {
    let world = &deployment.world;
    set_refusal(faults, "4002");
    let parts = world.pick(&[
        "from Invoice",
        "from JournalEntry",
        "from Payment",
        "DocNumber",
    ]);
    world.trace(|| format!("queries with {parts} fail"));
    let mut intuit = deployment.intuit.borrow_mut();
    intuit.switches_mut().refused_queries = vec![parts.to_owned()];
}

/// Draws a fault of a whole request.
fn request_fault(world: &World) -> Effect {
    world.pick(&[
        Effect::Unauthorized,
        Effect::Throttled,
        Effect::Unavailable,
        Effect::ApplicationError(Commit::Before),
        Effect::ApplicationError(Commit::After),
        Effect::Dropped(Commit::Before),
        Effect::Dropped(Commit::After),
        Effect::ForgetRequestIds,
    ])
}

/// Draws a fault that ends a batch after some of its items. A refused token is no such fault: QuickBooks checks the token first.
fn batch_abort(world: &World) -> Effect {
    world.pick(&[
        Effect::Throttled,
        Effect::Unavailable,
        Effect::ApplicationError(Commit::Before),
        Effect::Dropped(Commit::Before),
    ])
}

/// Records that QuickBooks may refuse a correct request.
fn set_refusal(faults: &Faults, code: &str) {
    let is_temporary = matches!(code, "3001" | "10000");
    faults
        .has_refusal
        .set(faults.has_refusal.get() || !is_temporary);
}

/// Draws a fault of one item of a batch.
fn item_fault(world: &World, faults: &Faults) -> Effect {
    let code = world.pick(&["6140", "2500", "610", "6000", "3001", "10000"]);
    set_refusal(faults, code);
    Effect::Item {
        index: world.below(3),
        code: code.into(),
        message: "An odd answer".into(),
        detail: "The seed wants it so".into(),
    }
}

/// Draws a refusal of a single write, although the write is correct.
fn write_refusal(world: &World, faults: &Faults) -> Injection {
    let code = world.pick(&["6140", "2500", "610", "6000"]);
    set_refusal(faults, code);
    let has_refusal = Effect::Refused {
        code: code.into(),
        message: "An odd answer".into(),
        detail: "The seed wants it so".into(),
    };
    let field = if code == "6140" {
        "DocNumber"
    } else {
        "TxnDate"
    };
    Injection::new(has_refusal)
        .kind(RequestKind::Write)
        .path_containing(if code == "6140" { "/invoice" } else { "" })
        .body_containing(field)
}
