//! Takes over the numbers that QuickBooks assigns.

use crate::context::WorkerContext;
use crate::error::PostingError;
use mapping::PostedObject;
use ports::http::Http;
use ports::records::Records;
use store::document::DocumentRecord;
use store::document::conflict::ConflictObject;

/// Takes numbers over that differ because QuickBooks assigns numbers by now. If RIVET assigned them when the preferences were last read, reads
/// these again before, unless that was done after the write.
///
/// # Errors
/// [`PostingError`] if the preferences must be read and QuickBooks does not tell them now. A number alone is no conflict before.
pub async fn take_over_numbers<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
) -> Result<(), PostingError> {
    let DocumentRecord {
        posted, conflict, ..
    } = record;
    for posted in posted
        .iter_mut()
        .filter(|posted| posted.is_posted_differently)
    {
        let conflict = conflict.as_ref();
        let object = conflict.and_then(|conflict| conflict.object(posted.kind, &posted.id));
        let Some(number) = object.and_then(assigned_number) else {
            continue;
        };
        // Without the preferences, nobody knows whose number it is. Only a refusal to tell them is final.
        if keeps_number(ctx, posted)
            && !has_read_preferences_since(ctx, posted)
            && let Err(error) = ctx.refresh_company(ctx.now()).await
            && !error.is_refused()
        {
            return Err(error);
        }
        if !keeps_number(ctx, posted) {
            posted.number = Some(number);
            posted.is_posted_differently = false;
        }
    }
    Ok(())
}

/// Returns whether RIVET assigns the number of an object, according to the preferences as last read.
fn keeps_number<H: Http, R: Records>(ctx: &WorkerContext<'_, H, R>, posted: &PostedObject) -> bool {
    let preferences = ctx.client.preferences();
    preferences.keeps_numbers(posted.posting.kind())
}

/// Returns whether this run read the company's preferences after an object was written. The time of an object that was looked up is
/// unknown, so that any time of this run counts.
fn has_read_preferences_since<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    posted: &PostedObject,
) -> bool {
    let read_at = ctx.company_read_at();
    read_at.is_some_and(|at| at.as_second() >= posted.written_at)
}

/// Returns the number of an object that differs in its number alone.
fn assigned_number(object: &ConflictObject) -> Option<String> {
    let mut fields = object.fields.iter().filter(|field| field.is_in_books());
    let only = fields.next().filter(|field| field.name == "number")?;
    fields.next().is_none().then_some(())?;
    only.quickbooks.clone()
}
