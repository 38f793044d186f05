//! What goes wrong between the host and QuickBooks, so many times in a hundred.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use simulator::{Commit, Effect, Injection, RequestKind, Simulator};

/// Calls that may be met, at most: more than a run makes.
const CALLS: u32 = 20_000;

/// An item of a batch is met rather than a call as often as this many calls to one item.
const CALLS_TO_AN_ITEM: u32 = 5;

/// The longest wait that still ends in an answer.
const SLOW: SignedDuration = SignedDuration::from_millis(700);

/// One of the first items of a batch: few batches have more.
const ITEMS: usize = 4;

/// Lays out what goes wrong: of all calls to companies `percent` in a hundred, and so much of the batches' items.
///
/// Sign-ins and refreshes are left alone: `crash` without billing is about them.
pub(super) fn lay(intuit: &mut Simulator, chance: &mut fastrand::Rng, percent: f64) {
    if percent <= 0.0 {
        return;
    }
    let mut at = 0;
    let gap = |chance: &mut fastrand::Rng| (200.0 / percent * chance.f64()) as u32;
    loop {
        at += gap(chance).max(1);
        if at > CALLS {
            return;
        }
        if chance.u32(..CALLS_TO_AN_ITEM) == 0 {
            let item = Injection::new(item(chance)).kind(RequestKind::Batch);
            intuit.inject(item.after(at / CALLS_TO_AN_ITEM));
        }
        let call = Injection::new(call(chance)).path("/v3/company/");
        intuit.inject(call.after(at));
    }
}

fn call(chance: &mut fastrand::Rng) -> Effect {
    let before_or_after = [Commit::Before, Commit::After][chance.usize(..2)];
    match chance.u8(..10) {
        0 | 1 => Effect::Throttled,
        2 => Effect::Unavailable,
        3..=5 => Effect::ApplicationError(before_or_after),
        6..=8 => Effect::Dropped(before_or_after),
        _ => Effect::Slow(SLOW),
    }
}

/// A refusal that a person must see, or one that passes.
fn item(chance: &mut fastrand::Rng) -> Effect {
    let (code, message) = match chance.bool() {
        true => (
            "6000",
            "A business validation error has occurred while processing your request",
        ),
        false => (
            "10000",
            "An application error has occurred while processing your request",
        ),
    };
    Effect::Item {
        index: chance.usize(..ITEMS),
        code: code.into(),
        message: message.into(),
        detail: "So the seed wants it".into(),
    }
}

/// What is laid out and has met nothing yet, by name.
pub(super) fn ahead(intuit: &Simulator) -> BTreeMap<&'static str, usize> {
    let mut ahead = BTreeMap::new();
    for rule in intuit.injections() {
        *ahead.entry(name(rule.effect())).or_default() += 1;
    }
    ahead
}

fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::Throttled => "throttled",
        Effect::Unavailable => "unavailable",
        Effect::ApplicationError(Commit::Before) => "500 and not done",
        Effect::ApplicationError(Commit::After) => "500 and done",
        Effect::Dropped(Commit::Before) => "cut and not done",
        Effect::Dropped(Commit::After) => "cut and done",
        Effect::Slow(_) => "slow",
        Effect::Item { .. } => "one item refused",
        _ => "other",
    }
}
