//! Comparing what is to be changed with what stands in QuickBooks, and noting both versions where they differ.

use super::outcome::{PAID, conflict};
use crate::catalogue::Setback;
use crate::decision::{Conflict, Field};
use crate::document::DocumentRecord;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::Hold;
use jiff::Timestamp;
use mapping::{Posted, Posting, Step};
use quickbooks::entity::{Standing, TxnType};
use rust_decimal::Decimal;

impl<H: Http, R: Records> Office<'_, H, R> {
    /// How something that we posted stands; nothing if it is gone.
    pub(crate) async fn look(
        &mut self,
        (kind, id): (TxnType, &str),
        now: Timestamp,
    ) -> Result<Option<Standing>, Halt> {
        let Some(kind) = kind.kind() else {
            return Ok(None);
        };
        match self.standing((kind, id), now).await {
            Err(Halt::Setback(Setback::Missing(_))) => Ok(None),
            found => found.map(Some),
        }
    }

    /// What is to be changed must be as we left it, unpaid, and outside closed books. If it is not, both versions are noted. Where
    /// only the version is another, as after a payment that was taken off again, the record and the steps take it over.
    pub(crate) async fn may_change(
        &mut self,
        record: &mut DocumentRecord,
        (steps, customer): (&mut [Step], &str),
        now: Timestamp,
    ) -> Result<(), Halt> {
        if let Some(through) = self.books().book_close_date
            && steps.iter().any(|step| step.date() <= through)
        {
            return Err(Hold::BooksClosed(through).into());
        }
        let (mut both, mut trouble) = (Conflict::new(now), None);
        let mut versions = Vec::new();
        for step in steps.iter() {
            let posted = changed(record, step);
            let found = match posted {
                Some(posted) => self.look((posted.kind, &posted.id), now).await?,
                None => None,
            };
            if let (Some(posted), Some(found)) = (posted, &found) {
                versions.push((posted.id.clone(), found.sync_token.clone()));
            }
            trouble = trouble.or(posted.and_then(|posted| touched(posted, found.as_ref())));
            let customer = posted
                .map(|posted| posted.ids.customer.as_str())
                .filter(|_| customer.is_empty())
                .unwrap_or(customer);
            let made = step.posting().map(Posting::txn_type);
            let made = made.map(|kind| (kind, ""));
            let object = posted.map(|posted| (posted.kind, posted.id.as_str()));
            if let Some(object) = object.or(made) {
                let mut fields = fields((step, object.0), customer, found.as_ref());
                if let (Some(posted), Some(found)) = (posted, &found) {
                    add_rest(&mut fields, (posted, step), found);
                }
                both.add(object, found.map(|found| found.sync_token), fields);
            }
        }
        let Some((code, message)) = trouble else {
            take_over(record, steps, &versions);
            return Ok(());
        };
        record.conflict = Some(both);
        Err(conflict(code, message))
    }
}

/// What a step changes or reverses, as we last saw it.
fn changed<'a>(record: &'a DocumentRecord, step: &Step) -> Option<&'a Posted> {
    let (kind, id) = match step {
        Step::Reverse { of, .. } => (TxnType::JournalEntry, of),
        step => step.target().map(|target| (target.kind, &target.id))?,
    };
    let mut posted = record.posted.iter();
    posted.find(|posted| posted.is(kind, id))
}

/// The versions that stand, of what is as we wrote it.
fn take_over(record: &mut DocumentRecord, steps: &mut [Step], versions: &[(String, String)]) {
    for (id, version) in versions {
        let mut posted = record.posted.iter_mut();
        if let Some(posted) = posted.find(|posted| posted.id == *id) {
            posted.sync_token.clone_from(version);
        }
        steps.iter_mut().for_each(|step| step.retarget(id, version));
    }
}

/// The code of a conflict over what somebody did in QuickBooks.
pub(crate) const CHANGED: &str = "changed_in_quickbooks";

/// Why it is not to be changed without a person's word.
pub(crate) fn touched(
    posted: &Posted,
    found: Option<&Standing>,
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

fn is_paid(found: &Standing) -> bool {
    found.balance.is_some() && found.total.is_some() && found.balance != found.total
}

/// Something that stands, as we wrote it and as it was found.
pub(crate) fn shown(posted: &Posted, found: Option<&Standing>) -> Vec<Field> {
    let written = Step::Create {
        slot: posted.slot,
        posting: posted.posting.clone(),
    };
    let mut shown = fields((&written, posted.kind), &posted.ids.customer, found);
    if let Some(found) = found {
        add_rest(&mut shown, (posted, &written), found);
    }
    shown
}

fn fields((step, kind): (&Step, TxnType), customer: &str, found: Option<&Standing>) -> Vec<Field> {
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
        ("state", text(state), text(stands(found))),
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
            found.and_then(Standing::amount).map(written),
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
fn add_rest(fields: &mut Vec<Field>, (posted, step): (&Posted, &Step), found: &Standing) {
    if found.is_voided() {
        return;
    }
    let mut ours = posted.clone();
    if let Step::Update { posting, .. } = step {
        ours.posting.clone_from(posting);
        ours.kept.clear();
    }
    for difference in ours.differences(found) {
        if fields.iter().all(|(name, _, _)| name != difference.field) {
            // A side without it is empty, so that it counts as another.
            let ours = Some(difference.ours.unwrap_or_default());
            fields.push((difference.field.to_owned(), ours, difference.theirs));
        }
    }
}

fn stands(found: Option<&Standing>) -> &'static str {
    match found {
        None => "gone",
        Some(found) if found.is_voided() => "voided",
        Some(found) if !is_paid(found) => "open",
        Some(found) if found.balance.is_some_and(|open| open.is_zero()) => "paid",
        Some(_) => "partly_paid",
    }
}

fn written(amount: Decimal) -> String {
    format!("{amount:.2}")
}
