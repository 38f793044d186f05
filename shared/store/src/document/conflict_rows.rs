//! The rows of a conflict: each field as RIVET would have it and as QuickBooks has it.

use crate::document::conflict::ConflictField;
use mapping::{PostedObject, Posting, Step};
use quickbooks::entity::{ObjectSnapshot, TxnType};
use rust_decimal::Decimal;

pub const PAID: &str = "payments_applied";

/// The code of a conflict over what somebody did in QuickBooks.
pub const CHANGED: &str = "changed_in_quickbooks";

/// Why it is not to be changed without a person's word.
pub fn edit_conflict(
    posted: &PostedObject,
    found: Option<&ObjectSnapshot>,
) -> Option<(&'static str, &'static str)> {
    let Some(found) = found else {
        return Some((CHANGED, "Somebody deleted it in QuickBooks."));
    };
    if is_paid(found) {
        let message = "Payments were applied to it. To keep RIVET's version, remove them in QuickBooks first.";
        return Some((PAID, message));
    }
    if found.sync_token == posted.sync_token || posted.is_as_written(found) {
        return None;
    }
    Some(if found.is_voided() {
        (CHANGED, "Somebody voided it in QuickBooks.")
    } else {
        let message = "Somebody changed it in QuickBooks after RIVET posted it.";
        (CHANGED, message)
    })
}

pub fn is_paid(found: &ObjectSnapshot) -> bool {
    found.balance.is_some() && found.total.is_some() && found.balance != found.total
}

/// Something that stands, as we wrote it and as it was found.
pub fn conflict_fields(
    posted: &PostedObject,
    found: Option<&ObjectSnapshot>,
) -> Vec<ConflictField> {
    let written = Step::Create {
        slot: posted.slot,
        posting: posted.posting.clone(),
    };
    let mut shown = step_fields((&written, posted.kind), &posted.ids.customer, found);
    if let Some(found) = found {
        add_differences(&mut shown, (posted, &written), found);
    }
    shown
}

pub fn step_fields(
    (step, kind): (&Step, TxnType),
    customer: &str,
    found: Option<&ObjectSnapshot>,
) -> Vec<ConflictField> {
    let state = match step {
        Step::Create { .. } | Step::Update { .. } => "open",
        Step::Void { .. } | Step::Zero { .. } => "voided",
        Step::Reverse { .. } => "reversed",
    };
    let posting = step.posting().filter(|_| state == "open");
    let total = written(posting.map(Posting::total).unwrap_or_default());
    let is_form = matches!(kind, TxnType::Invoice | TxnType::CreditMemo);
    let owner = found.and_then(|found| found.customer.as_ref());
    let text = |text: &str| Some(text.to_owned());
    let rows = [
        ("state", text(state), text(object_state(found))),
        (
            "number",
            posting.and_then(|posting| posting.number().and_then(text)),
            found.and_then(|found| found.doc_number.clone()),
        ),
        (
            "date",
            posting.map(|posting| posting.date().to_string()),
            found.and_then(|found| found.date.map(|date| date.to_string())),
        ),
        (
            "total",
            Some(total.clone()),
            found.and_then(ObjectSnapshot::amount).map(written),
        ),
        (
            "balance",
            Some(total).filter(|_| is_form),
            found.and_then(|found| found.balance).map(written),
        ),
        (
            "customer",
            text(customer),
            owner.map(|owner| owner.value.clone()),
        ),
        (
            "customer_name",
            None,
            owner.and_then(|owner| owner.name.clone()),
        ),
        (
            "private_note",
            posting.and_then(|posting| text(posting.note())),
            found.and_then(|found| found.private_note.clone()),
        ),
    ];
    let owned = |(name, ours, theirs): (&str, _, _)| (name.to_owned(), ours, theirs);
    rows.into_iter().map(owned).collect()
}

/// What else is another: than RIVET would write it, or than it wrote what it would take back. What is void needs no more words.
pub fn add_differences(
    fields: &mut Vec<ConflictField>,
    (posted, step): (&PostedObject, &Step),
    found: &ObjectSnapshot,
) {
    if found.is_voided() {
        return;
    }
    let mut ours = posted.clone();
    if let Step::Update { posting, .. } = step {
        ours.posting.clone_from(posting);
        ours.accepted_differences.clear();
    }
    for difference in ours.differences(found) {
        if fields.iter().all(|(name, _, _)| name != difference.field) {
            // A side without it is empty, so that it counts as another.
            let ours = Some(difference.ours.unwrap_or_default());
            fields.push((difference.field.to_owned(), ours, difference.theirs));
        }
    }
}

pub fn object_state(found: Option<&ObjectSnapshot>) -> &'static str {
    match found {
        None => "gone",
        Some(found) if found.is_voided() => "voided",
        Some(found) if !is_paid(found) => "open",
        Some(found) if found.balance.is_some_and(|open| open.is_zero()) => "paid",
        Some(_) => "partly_paid",
    }
}

pub fn written(amount: Decimal) -> String {
    format!("{amount:.2}")
}
