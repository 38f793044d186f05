//! Fault answers of QuickBooks, for whole requests and for single items of a batch. A rule for batches affects only batches.

use crate::scenario::Run;
use simulation::firms::COMPANIES;
use simulator::{Commit, Effect, Injection, RequestKind};

/// Injects a fault answer into one of the next calls to a company, if any is left.
pub fn inject_next(run: &Run) {
    let world = &run.deployment.world;
    if run.fault_answers_left.get() == 0 {
        return;
    }
    run.fault_answers_left.set(run.fault_answers_left.get() - 1);
    let injection = match world.below(4) {
        0 => write_refusal(run),
        1 => Injection::new(Effect::Partial {
            items: world.below(3),
            then: Box::new(batch_abort(run)),
        }),
        2 => Injection::new(item_fault(run)),
        _ => Injection::new(request_fault(run)),
    };
    let injection = injection
        .realm(COMPANIES[world.below(2)])
        .skip_first(world.below(3) as u32);
    world.trace(|| format!("trouble ahead: {injection:?}"));
    run.deployment.intuit.borrow_mut().inject(injection);
}

/// Draws a fault of a whole request.
fn request_fault(run: &Run) -> Effect {
    run.deployment.world.pick(&[
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
fn batch_abort(run: &Run) -> Effect {
    run.deployment.world.pick(&[
        Effect::Throttled,
        Effect::Unavailable,
        Effect::ApplicationError(Commit::Before),
        Effect::Dropped(Commit::Before),
    ])
}

/// Records that QuickBooks may refuse a correct request.
fn set_refusal(run: &Run, code: &str) {
    let is_temporary = matches!(code, "3001" | "10000");
    run.has_refusal.set(run.has_refusal.get() || !is_temporary);
}

/// Draws a fault of one item of a batch.
fn item_fault(run: &Run) -> Effect {
    let world = &run.deployment.world;
    let code = world.pick(&["6140", "2500", "610", "6000", "3001", "10000"]);
    set_refusal(run, code);
    Effect::Item {
        index: world.below(3),
        code: code.into(),
        message: "An odd answer".into(),
        detail: "The seed wants it so".into(),
    }
}

/// Draws a refusal of a single write, although the write is correct.
fn write_refusal(run: &Run) -> Injection {
    let code = run.deployment.world.pick(&["6140", "2500", "610", "6000"]);
    set_refusal(run, code);
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
