//! Steps as request bodies of QuickBooks.

mod entry;
mod forms;
mod payment;
mod writer;
mod missing_id;

pub use self::missing_id::MissingId;

use quickbooks::entity::TxnType;
use quickbooks::request::Version;
use quickbooks::{Object, Write};

use self::writer::Writer;
use crate::company_preferences::CompanyPreferences;
use crate::ids::Ids;
use crate::posting::Posting;
use crate::step::Step;
use crate::target::Target;

/// Renders `step` as a write to QuickBooks.
///
/// `ids` are the QuickBooks ids of the document's plan. A step that undoes an earlier one brings its own ids and ignores `ids`.
///
/// # Errors
/// Returns [`MissingId`] if the step needs an id that is missing, or voids an object that QuickBooks cannot void.
pub fn render(
    step: &Step,
    ids: &Ids,
    preferences: &CompanyPreferences,
) -> Result<Write, MissingId> {
    let writer = |ids| Writer { ids, preferences };
    match step {
        Step::Create { posting, .. } => object(&writer(ids), posting, None).map(Write::Create),
        Step::Update {
            target, posting, ..
        } => object(&writer(ids), posting, Some(target)).map(Write::Update),
        Step::Void { target, .. } => void(target),
        Step::Zero {
            target,
            posting,
            ids,
            ..
        } => object(&writer(ids), posting, Some(target)).map(Write::Update),
        Step::Reverse { posting, ids, .. } | Step::Apply { posting, ids, .. } => {
            object(&writer(ids), posting, None).map(Write::Create)
        }
    }
}

/// Returns the number that QuickBooks has to keep when it carries out `step`. `None` for a step that sends no number, and for sales forms of
/// companies in which QuickBooks may replace it.
#[must_use]
pub fn kept_number<'a>(step: &'a Step, preferences: &CompanyPreferences) -> Option<&'a str> {
    let posting = step.posting().filter(|_| step.target().is_none())?;
    posting
        .number()
        .filter(|_| preferences.keeps_numbers(posting.kind()))
}

fn void(target: &Target) -> Result<Write, MissingId> {
    let version = Version {
        id: target.id.clone(),
        sync_token: target.sync_token.clone(),
    };
    match target.kind {
        TxnType::Invoice => Ok(Write::VoidInvoice(version)),
        TxnType::Payment => Ok(Write::VoidPayment(version)),
        other => Err(MissingId {
            what: format!("a void of {other:?}, which QuickBooks does not have"),
        }),
    }
}

fn object(
    writer: &Writer<'_>,
    posting: &Posting,
    target: Option<&Target>,
) -> Result<Object, MissingId> {
    let header = writer.header(posting, target);
    Ok(match posting {
        Posting::Invoice(sale) => forms::invoice(writer, sale, header)?.into(),
        Posting::CreditMemo(sale) => forms::credit_memo(writer, sale, header)?.into(),
        Posting::JournalEntry(journal) => entry::journal_entry(writer, journal, header)?.into(),
        Posting::Payment(receipt) => payment::payment(writer, receipt, header)?.into(),
    })
}

#[cfg(test)]
mod tests;
