//! Adopts a transaction of the planned revision.

use crate::context::WorkerContext;
use crate::entered_before::OwnTransaction;
use crate::saga::{self, ExecutedStep};
use jiff::civil::Date;
use mapping::{AsPosted, Ids, PostedObject, Posting, PostingPlan, Slot, Step, StepResult};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ObjectSnapshot;
use store::document::DocumentRecord;
use store::object_index::entry::VERSION_UNKNOWN;

/// A plan with the ids that it needs.
pub(super) struct Wanted<'a> {
    pub(super) plan: &'a mut PostingPlan,
    pub(super) ids: &'a Ids,
}

impl Wanted<'_> {
    /// Returns the step that makes the planned transaction of a slot, on the day of the document and with the letter of the number found.
    fn fitting(&self, slot: Slot, day: Option<Date>, found: &ObjectSnapshot) -> Option<Fitting> {
        let postings = self.plan.on_day(day).postings;
        let planned = postings.into_iter().find(|planned| planned.slot == slot)?;
        let mut posting = planned.posting;
        keep_letter(&mut posting, found);
        let step = Step::Create { slot, posting };
        Some(Fitting {
            fields: differing_fields(&step, self.ids, found),
            step,
            ids: self.ids.clone(),
        })
    }
}

/// The step that would have made a transaction, and how well it fits.
struct Fitting {
    step: Step,
    ids: Ids,
    /// The fields in which the transaction differs, so that the books differ.
    fields: Vec<&'static str>,
}

/// Puts the planned transaction of a slot on the accounts on which it was posted. Returns the ids with the items of these accounts.
fn on_posted_accounts(
    plan: &mut PostingPlan,
    slot: Slot,
    ids: &Ids,
    found: &ObjectSnapshot,
) -> Ids {
    let mut planned = plan.postings.iter_mut();
    let Some(planned) = planned.find(|planned| planned.slot == slot) else {
        return ids.clone();
    };
    let as_posted = AsPosted::new(&planned.posting, ids, found);
    planned.posting = as_posted.posting;
    as_posted.ids
}

/// Adopts a transaction of the planned revision, on the accounts on which it was posted. A difference that a person made is recorded as
/// after a look-up, or left to the next scan if it may be a move.
pub(super) fn adopt_same<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    own: OwnTransaction,
    wanted: &mut Wanted<'_>,
) {
    let (slot, day) = (own.planned.slot, record.posting_day);
    let found = ObjectSnapshot {
        updated_at: None,
        ..own.found
    };
    let Some(mut fitting) = wanted.fitting(slot, day, &found) else {
        return;
    };
    if !fitting.fields.is_empty() {
        let mut elsewhere = wanted.plan.clone();
        let ids = on_posted_accounts(&mut elsewhere, slot, wanted.ids, &found);
        let other = Wanted {
            plan: &mut elsewhere,
            ids: &ids,
        };
        if let Some(other) = other.fitting(slot, day, &found)
            && other.fields.len() < fitting.fields.len()
        {
            fitting = other;
            *wanted.plan = elsewhere;
        }
    }
    let Fitting { step, ids, fields } = fitting;
    if fields == ["customer"] {
        let result = result_of(&found, &ids);
        return PostedObject::record_step(&mut record.posted, &step, result);
    }
    let executed = ExecutedStep {
        step: &step,
        ids: &ids,
    };
    saga::apply(ctx, record, executed, &found);
}

/// Returns the fields in which a transaction differs from what a step would have made, so that the books differ.
fn differing_fields(step: &Step, ids: &Ids, found: &ObjectSnapshot) -> Vec<&'static str> {
    let mut made = Vec::new();
    PostedObject::record_step(&mut made, step, result_of(found, ids));
    let differences = made.first_mut().map(|made| made.compare_with_answer(found));
    let differences = differences.unwrap_or_default().into_iter();
    differences.map(|difference| difference.field).collect()
}

/// Returns the result of the step that made a transaction. Its version stays unknown, so that the next scan compares it.
fn result_of(found: &ObjectSnapshot, ids: &Ids) -> StepResult {
    StepResult {
        id: found.id.clone(),
        sync_token: VERSION_UNKNOWN.to_owned(),
        written_at: 0,
        number: found.doc_number.clone(),
        ids: ids.clone(),
    }
}

/// Gives a posting the number of the transaction found, if RIVET added a letter to it because the planned number was taken.
pub(super) fn keep_letter(posting: &mut Posting, found: &ObjectSnapshot) {
    let Some(planned) = posting.number() else {
        return;
    };
    let stem = mapping::number_stem(planned, posting.kind());
    let number = found.doc_number.as_deref().unwrap_or_default();
    let letter = number.strip_prefix(&stem).unwrap_or_default();
    if letter.len() == 1 && letter.chars().all(|c| c.is_ascii_lowercase()) {
        posting.set_number(Some(number));
    }
}
