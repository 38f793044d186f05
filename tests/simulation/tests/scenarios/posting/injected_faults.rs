//! Fault answers of QuickBooks, for whole requests and for single items of a batch. A rule for batches affects only batches.

use simulation::deployment::Deployment;
use simulation::firms::COMPANIES;
use simulation::world::World;
use simulator::{Commit, Effect, Injection, RequestKind};
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
