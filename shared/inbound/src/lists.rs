//! Follows customers, classes and items that were merged into others, and invoices that were moved to a job of their customer.

use crate::observation::Scan;
use mapping::{PostedObject, ReplacedReference};
use ports::http::Http;
use ports::records::Records;
use posting::comparison::object_name;
use posting::context::WorkerContext;
use posting::error::PostingError;
use posting::merges::{Replacement, follow, move_customer_match, move_job};
use quickbooks::Kind;
use store::document::DocumentRecord;
use store::inbox::Inbox;
use store::inbox::change::ChangeKind;
use store::object_index::entry::Subject;
use store::settings::operations::Merge;

/// Moves the matches of customers to those into which they were merged, as the company announced it.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written.
pub(crate) async fn follow_merges<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let changes = inbox.pending.iter();
    let customers = changes.filter(|change| change.kind == Kind::Customer);
    let merges: Vec<Merge<'_>> = customers
        .filter_map(|change| match &change.kind_of_change {
            ChangeKind::MergedInto(into) => Some(Merge {
                gone: &change.id,
                into,
            }),
            _ => None,
        })
        .collect();
    let gone = merges.iter().map(|merge| merge.gone.to_owned());
    let gone: Vec<_> = gone.map(|id| (Kind::Customer, id)).collect();
    let entries = ctx.store.entries_of(ctx.firm, scan.index, &gone).await?;
    for merge in merges {
        for entry in entries.iter().filter(|entry| entry.id == merge.gone) {
            match &entry.subject {
                Subject::Customer(customer) => move_customer_match(ctx, customer, merge).await?,
                Subject::Project(project) => move_job(ctx, project, merge).await?,
                Subject::Document(_) => {}
            }
        }
    }
    Ok(())
}

/// Follows merges and moves that show in a document's objects: an object names another customer, class or item, because the posted one was
/// merged into it, or because a person moved the object to a job of the same customer. Such a reference is no difference. Returns the moves,
/// each as the part of a sentence that follows "Somebody".
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub(crate) async fn follow_merges_of<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    record: &mut DocumentRecord,
) -> Result<Vec<String>, PostingError> {
    let mut moves = Vec::new();
    for replaced in replaced_references(scan, record) {
        match follow(ctx, record, &replaced).await? {
            Replacement::Edited => {}
            Replacement::Followed => {
                let posted = record.posted.iter_mut();
                posted.for_each(|posted| posted.apply_merge(&replaced));
            }
            Replacement::MovedInFamily(name) => {
                for posted in &mut record.posted {
                    if is_moved(scan, posted, &replaced) {
                        posted.move_in_family(&replaced.theirs);
                        moves.push(format!("moved {} to {name}", object_name(posted)));
                    }
                }
            }
        }
    }
    Ok(moves)
}

/// Returns whether an object names the other customer of a move.
fn is_moved(scan: &Scan<'_>, posted: &PostedObject, moved: &ReplacedReference) -> bool {
    let observation = scan.observation_of(posted);
    let found = observation.and_then(|observation| observation.found.as_ref());
    let customer = found.and_then(|found| found.customer.as_ref());
    posted.ids.customer == moved.ours
        && customer.is_some_and(|customer| customer.value == moved.theirs)
}

/// Returns the references of a document's objects that QuickBooks replaced. Each reference is returned once.
fn replaced_references(scan: &Scan<'_>, record: &DocumentRecord) -> Vec<ReplacedReference> {
    let mut all: Vec<ReplacedReference> = Vec::new();
    for posted in record.active_objects() {
        let observation = scan.observation_of(posted);
        let Some(found) = observation.and_then(|observation| observation.found.as_ref()) else {
            continue;
        };
        for replaced in posted.replaced_references(found) {
            if !all.contains(&replaced) {
                all.push(replaced);
            }
        }
    }
    all
}
