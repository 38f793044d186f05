//! The effect of executed steps on a document's posted objects.

use quickbooks::entity::TxnType;

use crate::ids::Ids;
use crate::posted_object::PostedObject;
use crate::posting::Posting;
use crate::step::Step;

/// The answer of QuickBooks to an executed step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepResult {
    /// QuickBooks id of the transaction that the step created or changed.
    pub id: String,
    /// The version that the step made (Intuit: `SyncToken`).
    pub sync_token: String,
    /// The instant at which QuickBooks made that version, in seconds since the Unix epoch; 0 if unknown.
    pub written_at: i64,
    /// The document number in QuickBooks.
    pub number: Option<String>,
    /// The QuickBooks ids that the step was rendered with.
    pub ids: Ids,
}

/// The change that somebody made to a transaction in QuickBooks before its reversal was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateChange {
    /// The transaction was deleted.
    EntryDeleted,
    /// The transaction was edited.
    EntryEdited,
}

impl PostedObject {
    /// Records in `all`, the document's posted objects, that `step` was executed with this result. A second call with the same step
    /// changes nothing more.
    pub fn record_step(all: &mut Vec<Self>, step: &Step, result: StepResult) {
        match step {
            Step::Create { .. } | Step::Update { .. } | Step::Zero { .. } | Step::Apply { .. } => {}
            Step::Void { target, .. } => deactivate(all, target.kind, &target.id, Some(&result)),
            Step::Reverse { of, of_kind, .. } => deactivate(all, *of_kind, of, None),
        }
        if let Some(posting) = step.posting() {
            upsert(all, object_after(step, posting, result));
        }
    }
}

/// Records that a reversal came too late, because somebody had changed or deleted what it reverses. `reversal_id` is the reversal that
/// `step` made.
///
/// The reversal is active until it is reversed itself. An edited transaction is active again, because the reversal does not cancel it.
pub fn record_late_reversal(
    all: &mut [PostedObject],
    step: &Step,
    reversal_id: &str,
    late: LateChange,
) {
    let (Step::Reverse { of, of_kind, .. }, Some(posting)) = (step, step.posting()) else {
        return;
    };
    for posted in all.iter_mut() {
        let is_reversed = posted.is_transaction(*of_kind, of);
        if is_reversed && late == LateChange::EntryDeleted {
            posted.mark_deleted();
        }
        let is_edited = is_reversed && late == LateChange::EntryEdited;
        posted.is_reversed &= !is_reversed;
        posted.is_active |= is_edited || posted.is_transaction(posting.txn_type(), reversal_id);
    }
}

/// Returns the object that `step` leaves in QuickBooks. A step that reverses something keeps the ids of the reversed object.
fn object_after(step: &Step, posting: &Posting, result: StepResult) -> PostedObject {
    let mut ids = step.ids().cloned().unwrap_or(result.ids);
    if let Posting::Payment(receipt) = posting {
        ids.payer(receipt).to_owned().clone_into(&mut ids.customer);
    }
    PostedObject {
        slot: step.slot(),
        kind: posting.txn_type(),
        id: result.id,
        sync_token: result.sync_token,
        written_at: result.written_at,
        number: result.number,
        posting: posting.clone(),
        ids,
        is_active: matches!(step, Step::Create { .. } | Step::Update { .. }),
        is_reversed: false,
        accepted_differences: Vec::new(),
        taken_over_differences: Vec::new(),
        is_posted_differently: false,
        moved_from: None,
    }
}

/// Makes the object inactive. If the step changed the object itself, the new version comes from `result`; else the object is reversed.
fn deactivate(all: &mut [PostedObject], kind: TxnType, id: &str, result: Option<&StepResult>) {
    if let Some(posted) = all
        .iter_mut()
        .find(|posted| posted.is_transaction(kind, id))
    {
        posted.is_active = false;
        posted.is_reversed = result.is_none();
        if let Some(result) = result {
            posted.sync_token.clone_from(&result.sync_token);
            posted.written_at = result.written_at;
        }
    }
}

/// Replaces the object of the same type and id, or adds it.
fn upsert(all: &mut Vec<PostedObject>, object: PostedObject) {
    let known = all
        .iter_mut()
        .find(|posted| posted.is_transaction(object.kind, &object.id));
    match known {
        Some(posted) => {
            let is_moved = posted.ids.customer == object.ids.customer;
            let moved_from = posted.moved_from.take().filter(|_| is_moved);
            *posted = PostedObject {
                moved_from,
                ..object
            };
        }
        None => all.push(object),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{
        self, METHODS, STYLES, ids, open_books, planned, preferences, settings, worked_example,
    };
    use crate::slot::Slot;
    use crate::{ClassUse, plan, steps, void_steps};
    use billing::Document;

    fn result(id: &str, ids: Ids) -> StepResult {
        StepResult {
            id: id.into(),
            sync_token: "0".into(),
            written_at: 0,
            number: Some("1042-1".into()),
            ids,
        }
    }

    fn posted() -> Vec<PostedObject> {
        let mut all = Vec::new();
        let plan = planned(&worked_example(), &settings(METHODS[0], STYLES[0]));
        for (step, id) in steps(&[], &plan).iter().zip(["130", "131"]) {
            PostedObject::record_step(&mut all, step, result(id, ids()));
        }
        all
    }

    #[test]
    fn created_objects_are_active() {
        let found: Vec<_> = posted()
            .into_iter()
            .map(|posted| (posted.slot, posted.id, posted.kind, posted.is_active))
            .collect();
        let expected = [
            (Slot::Sale, "130".to_owned(), TxnType::Invoice, true),
            (
                Slot::Retainage,
                "131".to_owned(),
                TxnType::JournalEntry,
                true,
            ),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn voided_document_has_no_active_objects() {
        let mut all = posted();
        for (step, id) in void_steps(&all, &open_books()).iter().zip(["130", "140"]) {
            PostedObject::record_step(&mut all, step, result(id, Ids::default()));
        }
        assert!(all.iter().all(|posted| !posted.is_active));
        assert_eq!(
            (all.len(), all[2].slot, all[2].id.as_str()),
            (3, Slot::RetainageReversal, "140")
        );
        assert_eq!(all[2].ids, ids(), "the ids of the entry, not those at hand");
    }

    #[test]
    fn step_applied_twice_changes_nothing_more() {
        let mut all = posted();
        let steps = void_steps(&all, &open_books());
        let apply_all = |all: &mut Vec<PostedObject>| {
            steps
                .iter()
                .zip(["130", "140"])
                .for_each(|(step, id)| PostedObject::record_step(all, step, result(id, ids())));
        };
        apply_all(&mut all);
        let once = all.clone();
        apply_all(&mut all);
        assert_eq!(all, once);
    }

    #[test]
    fn objects_of_different_types_may_share_ids() {
        let mut all = posted();
        all[1].id = "130".into();
        let void = void_steps(&all[..1], &open_books());
        all.reverse();
        PostedObject::record_step(&mut all, &void[0], result("130", ids()));
        let active: Vec<_> = all
            .iter()
            .map(|posted| (posted.slot, posted.is_active))
            .collect();
        assert_eq!(active, [(Slot::Retainage, true), (Slot::Sale, false)]);
    }

    #[test]
    fn payments_apply_to_invoices_and_releases_only() {
        let [invoice, entry]: [PostedObject; 2] = posted().try_into().unwrap();
        assert!(invoice.is_receivable() && !entry.is_receivable());
        let settings = settings(METHODS[0], STYLES[0]);
        let release = plan(
            &Document::RetainageRelease(samples::release()),
            &samples::inputs(&settings, &preferences(ClassUse::None)),
        )
        .unwrap();
        let mut all = Vec::new();
        PostedObject::record_step(&mut all, &steps(&[], &release)[0], result("141", ids()));
        assert!(all[0].is_receivable());
    }

    #[test]
    fn stored_objects_load_unchanged() {
        let stored = serde_json::to_string(&posted()).unwrap();
        assert_eq!(
            serde_json::from_str::<Vec<PostedObject>>(&stored).unwrap(),
            posted()
        );
    }
}
