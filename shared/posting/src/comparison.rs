//! Compares what QuickBooks made of RIVET's writes with what was sent. A document that the books have otherwise is in conflict, and never
//! counts as posted.

// Top first: a module uses only modules below it.
pub mod harmless;
pub mod assigned_numbers;

use crate::conflict::{decision_reason, find_posted};
use crate::context::WorkerContext;
use crate::error::PostingError;
use jiff::Timestamp;
use mapping::{PostedObject, Posting, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ObjectSnapshot;
use store::document::conflict::{Conflict, ConflictObject, FieldDiff};
use store::document::conflict_rows::conflict_fields;
use store::document::payment::PaymentState;
use store::document::{DocumentRecord, TransactionKey};
use store::object_index::entry::VERSION_UNKNOWN;
use store::reason::{ReasonCode, called};

/// The start of the reason of a document that QuickBooks has otherwise.
const DIFFERS: &str = "What QuickBooks has differs from what RIVET sent";

/// Compares an object with the answer to the write that made or changed it, or with what a look-up found. Records the differences that
/// change the books as a conflict, and takes the others over.
pub fn compare_answer(record: &mut DocumentRecord, answer: &ObjectSnapshot, now: Timestamp) {
    let mut posted = record.posted.iter_mut();
    let Some(posted) = posted.find(|posted| posted.is_object(answer.kind, &answer.id)) else {
        return;
    };
    if posted.compare_with_answer(answer).is_empty() {
        return;
    }
    // A look-up may find what a person edited meanwhile. The next step must not take that for RIVET's version.
    if answer.updated_at.is_none() {
        posted.sync_token = VERSION_UNKNOWN.to_owned();
    }
    let object = conflict_object(posted, Some(answer));
    show_difference(record, object, now);
}

/// Returns an error if an object in QuickBooks is not what RIVET sent.
pub fn ensure_as_sent(record: &mut DocumentRecord) -> Result<(), PostingError> {
    let differing = record.posted.iter();
    let differing: Vec<&PostedObject> = differing
        .filter(|posted| posted.is_posted_differently)
        .collect();
    if differing.is_empty() {
        return Ok(());
    }
    let conflict = record.conflict.as_mut();
    let phrases = conflict.map_or_else(Vec::new, |conflict| keep_differing(conflict, &differing));
    let message = match phrases.join("; ") {
        differences if differences.is_empty() => format!("{DIFFERS}."),
        differences => format!("{DIFFERS}: {differences}."),
    };
    let reason = decision_reason(ReasonCode::PostedDifferently, &message);
    Err(PostingError::Conflict(reason))
}

/// Keeps only the differing objects in the conflict. Returns their differences in words.
fn keep_differing(conflict: &mut Conflict, differing: &[&PostedObject]) -> Vec<String> {
    conflict.objects.retain(|object| {
        let mut differing = differing.iter();
        differing.any(|posted| object.key.is(posted.kind, &posted.id))
    });
    let phrase_of = |posted: &&PostedObject| {
        let object = conflict.object(posted.kind, &posted.id)?;
        Some(phrase(posted, object))
    };
    differing.iter().filter_map(phrase_of).collect()
}

/// Reads the objects that differed from what was sent and that no step changes, because somebody may have put them right.
pub async fn look_again<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    steps: &[Step],
    now: Timestamp,
) -> Result<(), PostingError> {
    for at in 0..record.posted.len() {
        let posted = &record.posted[at];
        let is_changed = |step: &Step| {
            let mut target = step.target().into_iter();
            target.any(|target| posted.is_transaction(target.kind, &target.id))
        };
        if !posted.is_posted_differently || steps.iter().any(is_changed) {
            continue;
        }
        let found = find_posted(ctx, posted.kind, &posted.id.clone(), now).await?;
        let posted = &mut record.posted[at];
        match &found {
            Some(found) if !posted.changes_books(found) => {
                posted.is_posted_differently = false;
                posted.set_version(found);
            }
            found => {
                let object = conflict_object(posted, found.as_ref());
                show_difference(record, object, now);
            }
        }
    }
    Ok(())
}

/// Records the credits that QuickBooks applied to a new transaction by itself. The paid amount then is no news for a later scan.
pub fn record_credits(record: &mut DocumentRecord, answer: &ObjectSnapshot) {
    let is_owed = record.active_objects().any(|posted| {
        posted.is_receivable()
            && !posted.is_posted_differently
            && posted.is_object(answer.kind, &answer.id)
    });
    let (Some(total), Some(balance)) = (answer.total, answer.balance) else {
        return;
    };
    if !is_owed || balance >= total || answer.updated_at.is_none() {
        return;
    }
    let paid = total - balance;
    record.payment = Some(PaymentState {
        total,
        paid,
        balance,
        payments: Vec::new(),
    });
    record.observed.get_or_insert_default().paid_by_others = paid;
}

/// Shows both versions of an object in the conflict of its document.
fn show_difference(record: &mut DocumentRecord, object: ConflictObject, now: Timestamp) {
    let conflict = &mut record.conflict;
    let conflict = conflict.get_or_insert_with(|| Conflict::new(now));
    conflict.replace(object, now);
}

fn conflict_object(posted: &PostedObject, found: Option<&ObjectSnapshot>) -> ConflictObject {
    ConflictObject {
        key: TransactionKey::new(posted.kind, &posted.id),
        version: found.map(|found| found.sync_token.clone()),
        fields: conflict_fields(posted, found),
    }
}

/// Returns the name by which a person finds an object in QuickBooks: its type with its number or the payer's reference.
pub fn object_name(posted: &PostedObject) -> String {
    let reference = match &posted.posting {
        Posting::Payment(receipt) => receipt.reference.as_ref(),
        _ => None,
    };
    let number = posted.number.as_ref().or(reference);
    format!("{} {}", called(posted.kind), number.unwrap_or(&posted.id))
}

/// Returns the differences of an object in words: `Invoice 1042-1 has total 43650.01 instead of 43650.00`.
fn phrase(posted: &PostedObject, object: &ConflictObject) -> String {
    let name = object_name(posted);
    if object.version.is_none() {
        return format!("{name} was deleted");
    }
    let fields = object.fields.iter().filter(|field| field.is_in_books());
    let values: Vec<String> = fields.map(difference).collect();
    if values.is_empty() {
        return format!("{name} has another open balance");
    }
    format!("{name} has {}", values.join(", "))
}

/// Returns a difference in words. Ids of customers, classes and items say nothing to a person, so only their field is named.
fn difference(field: &FieldDiff) -> String {
    let name = field.name.replace('_', " ");
    match (name.as_str(), &field.rivet, &field.quickbooks) {
        ("customer" | "class" | "account" | "deposit account", _, _) => format!("another {name}"),
        ("applied", _, _) => "other amounts applied".to_owned(),
        ("lines", _, _) => "other lines".to_owned(),
        (_, Some(rivet), Some(quickbooks)) => format!("{name} {quickbooks} instead of {rivet}"),
        (_, Some(rivet), None) => format!("no {name} instead of {rivet}"),
        (_, None, _) => format!("another {name}"),
    }
}
