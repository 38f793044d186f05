//! The words about what is in doubt.

use jiff::Timestamp;
use store::document::Saga;
use store::reason::called;

/// Describes the open steps, such as `Invoice 1042-1`.
pub(super) fn in_question(saga: &Saga) -> Vec<String> {
    let steps = saga
        .open_steps()
        .map(|open| match (&open.step, open.step.target()) {
            (step, None) => {
                let posting = step.posting();
                let kind = posting.map_or("", |posting| called(posting.txn_type()));
                let number = posting
                    .and_then(|posting| posting.number())
                    .unwrap_or_default();
                format!("{kind} {number}").trim_end().to_owned()
            }
            (_, Some(target)) => format!("the change of {} {}", called(target.kind), target.id),
        });
    steps.collect()
}

/// Returns an instant as `2026-03-31 15:04 UTC`.
pub(super) fn minute(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    let clock = time.get(..5).unwrap_or(time);
    format!("{day} {clock} UTC")
}
