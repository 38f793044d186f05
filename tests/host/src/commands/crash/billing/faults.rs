//! The faults that are injected between the host and QuickBooks.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use simulator::{Commit, Effect, Injection, RequestKind, Simulator};

/// The number of calls for which faults are drawn, more than a run makes.
const MAX_CALLS: u32 = 20_000;

/// The number of faults of whole calls for each fault of a batch item.
const CALL_FAULTS_PER_ITEM_FAULT: u32 = 5;

/// The delay of a slow answer. The host still waits for such an answer.
const SLOW: SignedDuration = SignedDuration::from_millis(700);

/// The number of batch items among which the failing one is drawn. Few batches have more.
const MAX_ITEMS: usize = 4;

/// Injects faults into `percent` % of the calls to companies, and into some items of batches.
///
/// Sign-ins and refreshes have no faults: `crash` without `--billing` tests those.
pub(super) fn inject(intuit: &mut Simulator, random: &mut fastrand::Rng, percent: f64) {
    if percent <= 0.0 {
        return;
    }
    let mut at = 0;
    let gap = |random: &mut fastrand::Rng| (200.0 / percent * random.f64()) as u32;
    loop {
        at += gap(random).max(1);
        if at > MAX_CALLS {
            return;
        }
        if random.u32(..CALL_FAULTS_PER_ITEM_FAULT) == 0 {
            let item = Injection::new(draw_item_fault(random)).kind(RequestKind::Batch);
            intuit.inject(item.skip_first(at / CALL_FAULTS_PER_ITEM_FAULT));
        }
        let call = Injection::new(draw_call_fault(random)).path_containing("/v3/company/");
        intuit.inject(call.skip_first(at));
    }
}

fn draw_call_fault(random: &mut fastrand::Rng) -> Effect {
    let commit = [Commit::Before, Commit::After][random.usize(..2)];
    match random.u8(..10) {
        0 | 1 => Effect::Throttled,
        2 => Effect::Unavailable,
        3..=5 => Effect::ApplicationError(commit),
        6..=8 => Effect::Dropped(commit),
        _ => Effect::Slow(SLOW),
    }
}

/// Draws a refusal: code 6000 needs a person, code 10000 passes.
fn draw_item_fault(random: &mut fastrand::Rng) -> Effect {
    let (code, message) = match random.bool() {
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
        index: random.usize(..MAX_ITEMS),
        code: code.into(),
        message: message.into(),
        detail: "Injected by the test".into(),
    }
}

/// Counts the faults that have not happened yet, by name.
pub(super) fn count_remaining(intuit: &Simulator) -> BTreeMap<&'static str, usize> {
    let mut remaining = BTreeMap::new();
    for rule in intuit.injections() {
        *remaining.entry(name(rule.effect())).or_default() += 1;
    }
    remaining
}

fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::Throttled => "throttled",
        Effect::Unavailable => "unavailable",
        Effect::ApplicationError(Commit::Before) => "500 before execution",
        Effect::ApplicationError(Commit::After) => "500 after execution",
        Effect::Dropped(Commit::Before) => "no answer and not executed",
        Effect::Dropped(Commit::After) => "no answer but executed",
        Effect::Slow(_) => "slow answer",
        Effect::Item { .. } => "batch item refused",
        _ => "other",
    }
}
