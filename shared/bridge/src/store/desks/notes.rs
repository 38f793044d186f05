//! What is written down at a desk about a document.

use super::Finished;
use crate::desk::{Activity, Desk, Mark, PAGE, Waiting};
use crate::register::{Entry, fits_a_chunk};
use billing::DocumentRef;
use jiff::Timestamp;

/// What is told if something new of a document comes before a decision about it was carried out.
pub(super) fn overtaken(desk: &Desk, document: &DocumentRef, now: Timestamp) -> Option<Activity> {
    let decision = desk.waiting_for(document)?.decision.as_ref()?;
    Some(Activity {
        at: now,
        document: document.clone(),
        state: "pending".into(),
        detail: format!(
            "{} RIVET sent something newer before that was done.",
            decision.sentence()
        ),
        by: Some(decision.by.clone()),
        tell: None,
    })
}

/// `sure`: nothing that makes documents wait was changed since the worker came. Else what it found to be held is tried again, for
/// whoever changed it has released only what lay here.
pub(super) fn note(desk: &mut Desk, (done, sure): (&Finished, bool), now: Timestamp) {
    let current = |waiting: &Waiting| {
        waiting.document == done.document
            && waiting.revision == done.revision
            && waiting.void == done.void
            && waiting.decision == done.decision
    };
    match &done.mark {
        None => desk.waiting.retain(|waiting| !current(waiting)),
        Some(mark) => {
            for waiting in desk.waiting.iter_mut().filter(|waiting| current(waiting)) {
                waiting.mark = match mark {
                    Mark::Held(hold)
                        if !sure && (hold.is_of_the_firm() || hold.is_of_a_match()) =>
                    {
                        Mark::PENDING
                    }
                    mark => mark.clone(),
                };
                waiting.by = None;
                // What failed or differs again is for a person to decide anew.
                waiting
                    .decision
                    .take_if(|_| matches!(mark, Mark::Failed | Mark::Conflict));
            }
        }
    }
    if done.posted {
        desk.last_sync_at = Some(now);
    }
    if done.mark.is_none() {
        desk.release(|hold| hold.may_end_with(&done.document));
    }
    desk.recent.push(done.activity.clone());
    for entry in &done.objects {
        desk.register.payable_entries |= entry.is_payable();
        desk.register.add(entry.clone());
    }
}

/// How many documents are noted in one swap, given the entries of each: with the next one they would bring more than a page of activity
/// or a chunk of the register.
pub(in crate::store) fn part<'a>(documents: impl Iterator<Item = &'a Vec<Entry>>) -> usize {
    let (mut entries, mut fit) = (Vec::new(), 0);
    for document in documents.take(PAGE) {
        entries.extend(document);
        if fit > 0 && !fits_a_chunk(&entries) {
            break;
        }
        fit += 1;
    }
    fit
}
