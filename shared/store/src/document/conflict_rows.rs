//! The fields of a conflict: the values of RIVET and the values of QuickBooks.

use crate::document::conflict::FieldDiff;
use crate::reason::ReasonCode;
use mapping::{PostedObject, Posting, Step, money_text};
use quickbooks::Kind;
use quickbooks::entity::{ObjectSnapshot, TxnType};

/// An edit in QuickBooks that RIVET must not overwrite without a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditConflict {
    /// A person deleted the object.
    Deleted,
    /// Payments are applied to the object.
    PaymentsApplied,
    /// A person voided the object.
    Voided,
    /// A person changed the object.
    Changed,
    /// QuickBooks made something else of RIVET's write than was sent.
    PostedDifferently,
}

impl EditConflict {
    /// Returns the edit of an object since its posting, if the edit matters.
    pub fn of(posted: &PostedObject, found: Option<&ObjectSnapshot>) -> Option<Self> {
        let Some(found) = found else {
            return Some(Self::Deleted);
        };
        if is_paid(found) {
            return Some(Self::PaymentsApplied);
        }
        if found.sync_token == posted.sync_token || posted.is_as_written(found) {
            return None;
        }
        Some(if posted.is_posted_differently {
            Self::PostedDifferently
        } else if found.is_voided() {
            Self::Voided
        } else {
            Self::Changed
        })
    }

    /// Returns the code of the reason.
    pub fn code(self) -> ReasonCode {
        match self {
            Self::PaymentsApplied => ReasonCode::PaymentsApplied,
            Self::Deleted | Self::Voided | Self::Changed => ReasonCode::ChangedInQuickbooks,
            Self::PostedDifferently => ReasonCode::PostedDifferently,
        }
    }

    /// Returns the sentence for people.
    pub fn message(self) -> &'static str {
        match self {
            Self::Deleted => "Somebody deleted it in QuickBooks.",
            Self::PaymentsApplied => {
                "Payments were applied to it. To keep RIVET's version, take it off them in Receive Payment first."
            }
            Self::Voided => "Somebody voided it in QuickBooks.",
            Self::Changed => "Somebody changed it in QuickBooks after RIVET posted it.",
            Self::PostedDifferently => "What QuickBooks has of it differs from what RIVET sent.",
        }
    }
}

/// Returns whether money or a credit is applied to the object. If QuickBooks says no balance, as of each entry, the links tell.
fn is_paid(found: &ObjectSnapshot) -> bool {
    let mut links = found.links.iter();
    let is_linked = found.balance.is_none() && links.any(|link| link.kind == Kind::Payment);
    is_linked || is_partly_open(found)
}

fn is_partly_open(found: &ObjectSnapshot) -> bool {
    found.balance.is_some() && found.total.is_some() && found.balance != found.total
}

/// Returns the fields of a posted object, as RIVET wrote them and as they were found.
pub fn conflict_fields(posted: &PostedObject, found: Option<&ObjectSnapshot>) -> Vec<FieldDiff> {
    let step = Step::Create {
        slot: posted.slot,
        posting: posted.posting.clone(),
    };
    let mut fields = step_fields(&step, posted.kind, &posted.ids.customer, found);
    // A number that QuickBooks assigned is RIVET's too.
    if let Some(number) = fields.iter_mut().find(|field| field.name == "number") {
        number.rivet.clone_from(&posted.number);
    }
    if let Some(found) = found {
        add_differences(&mut fields, posted, &step, found);
    }
    fields
}

/// Returns the fields of the transaction of type `kind` that a step would write, beside those of the found object.
pub fn step_fields(
    step: &Step,
    kind: TxnType,
    customer: &str,
    found: Option<&ObjectSnapshot>,
) -> Vec<FieldDiff> {
    let state = match step {
        Step::Create { .. } | Step::Update { .. } | Step::Apply { .. } => "open",
        Step::Void { .. } | Step::Zero { .. } => "voided",
        Step::Reverse { .. } => "reversed",
    };
    let posting = step.posting().filter(|_| state == "open");
    let total = money_text(posting.map(Posting::total).unwrap_or_default());
    let has_balance = matches!(kind, TxnType::Invoice | TxnType::CreditMemo);
    let number = posting.and_then(Posting::number).map(str::to_owned);
    let rivet = [
        ("state", Some(state.to_owned())),
        ("number", number),
        ("date", posting.map(|posting| posting.date().to_string())),
        ("total", Some(total.clone())),
        ("balance", Some(total).filter(|_| has_balance)),
        ("customer", Some(customer.to_owned())),
        ("customer_name", None),
        (
            "private_note",
            posting.map(|posting| posting.note().to_owned()),
        ),
    ];
    let quickbooks = found_values(found);
    let fields = rivet.into_iter().zip(quickbooks);
    fields
        .map(|((name, rivet), quickbooks)| FieldDiff {
            name: name.to_owned(),
            rivet,
            quickbooks,
        })
        .collect()
}

/// Returns the values of an object in QuickBooks, in the order of the fields of [`step_fields`].
fn found_values(found: Option<&ObjectSnapshot>) -> [Option<String>; 8] {
    let owner = found.and_then(|found| found.customer.as_ref());
    [
        Some(object_state(found).to_owned()),
        found.and_then(|found| found.doc_number.clone()),
        found.and_then(|found| found.date.map(|date| date.to_string())),
        found.and_then(ObjectSnapshot::amount).map(money_text),
        found.and_then(|found| found.balance).map(money_text),
        owner.map(|owner| owner.value.clone()),
        owner.and_then(|owner| owner.name.clone()),
        found.and_then(|found| found.private_note.clone()),
    ]
}

/// Adds the other fields of a posted object that differ from the transaction that a step would write. A void object needs no more fields.
pub fn add_differences(
    fields: &mut Vec<FieldDiff>,
    posted: &PostedObject,
    step: &Step,
    found: &ObjectSnapshot,
) {
    if found.is_voided() {
        return;
    }
    for difference in written_by(step, posted).differences(found) {
        if fields.iter().all(|field| field.name != difference.field) {
            fields.push(FieldDiff {
                name: difference.field.to_owned(),
                // The value is empty and not absent, so that the field counts as different.
                rivet: Some(difference.ours.unwrap_or_default()),
                quickbooks: difference.theirs,
            });
        }
    }
}

/// Returns a posted object as a step would write it.
fn written_by(step: &Step, posted: &PostedObject) -> PostedObject {
    let mut ours = posted.clone();
    if let Step::Update { posting, .. } = step {
        ours.posting.clone_from(posting);
        ours.accepted_differences.clear();
    }
    ours
}

fn object_state(found: Option<&ObjectSnapshot>) -> &'static str {
    match found {
        None => "gone",
        Some(found) if found.is_voided() => "voided",
        Some(found) if !is_paid(found) => "open",
        Some(found) if found.balance.is_some_and(|open| open.is_zero()) => "paid",
        Some(_) => "partly_paid",
    }
}
