//! Finds changes that no announcement named. The scan reads all changes since a time. If no answer covers the gap, a sweep reads every
//! object that RIVET posted.

use crate::company_settings::{check_accounts, read_preferences};
use crate::item_changes;
use crate::observation::read_objects::{
    is_others, is_transaction, load_index_entries, read_objects,
};
use crate::observation::{ObjectKey, Observation, Scan, pays};
use jiff::{SignedDuration, Timestamp};
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use posting::context::WorkerContext;
use posting::error::PostingError;
use posting::items;
use quickbooks::Kind;
use quickbooks::cdc::{Changes, KindChanges, MAX_DAYS};
use store::inbox::Progress;
use store::object_index::entry::VERSION_DELETED;

/// The kinds of which changes are always read.
const KINDS: [Kind; 5] = [
    Kind::Invoice,
    Kind::CreditMemo,
    Kind::JournalEntry,
    Kind::Payment,
    Kind::Account,
];

/// The lists of which changes are read while a document waits for an entry. Items are always read if RIVET has some.
const LISTS: [Kind; 3] = [Kind::Customer, Kind::Class, Kind::Item];

/// The most halvings of a window: 30 days become a minute.
const MAX_HALVINGS: u32 = 15;

/// The company's preferences are read again after this long, even if the company announced no change of them.
const PREFERENCES_AGE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Reads all changes since a time.
///
/// An answer holds at most a thousand changes. If it is full, the later half of the window is asked for alone, and a sweep finds the
/// earlier changes. A sweep also finds changes that are older than QuickBooks' memory.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub(crate) async fn read_changes<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    since: Timestamp,
    progress: &mut Progress,
) -> Result<(), PostingError> {
    let asked_at = ctx.now();
    let memory = SignedDuration::from_hours(24 * i64::from(MAX_DAYS) - 1);
    let mut from = since.max(after(asked_at, -memory));
    let mut kinds = KINDS.to_vec();
    let has_items = !ctx.items.by_account.is_empty();
    let is_asked = |list: &Kind| scan.is_awaited(*list) || (*list == Kind::Item && has_items);
    kinds.extend(LISTS.into_iter().filter(is_asked));
    let mut changes = ctx.client.changes(&kinds, from, ctx.now()).await?;
    for _ in 0..MAX_HALVINGS {
        if !changes.is_full() {
            break;
        }
        let half = asked_at.duration_since(from) / 2;
        from = after(from, half);
        changes = ctx.client.changes(&kinds, from, ctx.now()).await?;
    }
    if changes.is_full() || from > since {
        progress.sweep = Some(0);
        scan.others.newest.add_unknown(asked_at);
        items::check_all(ctx).await?;
    }
    progress.cursor = Some(changes.answered_at.map_or(asked_at, |at| at.min(asked_at)));
    add_changes(ctx, scan, changes).await?;
    let company = ctx.client.connection.company.as_ref();
    if company.is_some_and(|company| after(company.checked_at, PREFERENCES_AGE) <= asked_at) {
        read_preferences(ctx).await?;
    }
    Ok(())
}

async fn add_changes<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    changes: Changes,
) -> Result<(), PostingError> {
    let mut observations = Vec::new();
    for changed in changes.kinds {
        if changed.kind == Kind::Account {
            check_accounts(ctx, &changed.list_entries, &changed.deleted).await?;
        } else if is_transaction(changed.kind) {
            observations.extend(observations_of(changed));
        } else if !changed.is_empty() {
            add_changed_list(ctx, scan, &changed).await?;
        }
    }
    load_index_entries(ctx, scan, &objects_of(&observations)).await?;
    for observation in observations {
        add_change(scan, observation, ctx.now());
    }
    Ok(())
}

/// Adds the kind of a changed list. Changed items are compared with what RIVET needs.
async fn add_changed_list<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    changed: &KindChanges,
) -> Result<(), PostingError> {
    if changed.kind == Kind::Item {
        item_changes::check_changed(ctx, changed).await?;
    }
    scan.changed_lists.push(changed.kind);
    Ok(())
}

/// Returns the observed objects and those that they pay.
fn objects_of(observations: &[Observation]) -> Vec<ObjectKey> {
    let mut objects: Vec<ObjectKey> = Vec::new();
    for observation in observations {
        objects.push((observation.kind, observation.id.clone()));
        objects.extend(pays(observation));
    }
    objects
}

/// Adds an object of an unknown version if it is RIVET's, pays an object of RIVET's, or may belong to a posting of unknown outcome.
fn add_change(scan: &mut Scan<'_>, observation: Observation, now: Timestamp) {
    let (kind, id) = (observation.kind, observation.id.as_str());
    if is_others(scan, kind, id) {
        scan.others.add(&observation.as_change(now));
    }
    if scan.is_known_version(kind, id, observation.version()) {
        return;
    }
    let is_ours = scan.index_entries(kind, id).next().is_some();
    let may_pay = !is_ours
        && pays(&observation).any(|(kind, id)| scan.documents_of(kind, &id).next().is_some());
    if !(is_ours || may_pay || scan.is_undecidable(kind, id)) {
        return;
    }
    if scan.should_defer(kind, id) {
        scan.defer(observation.as_change(now));
    } else {
        scan.observe(observation);
    }
}

/// Reads the next page of RIVET's objects, if a sweep is under way.
///
/// # Errors
/// [`PostingError`] if a record could not be read, or QuickBooks did not answer.
pub(crate) async fn sweep<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    progress: &mut Progress,
) -> Result<(), PostingError> {
    let Some(page) = progress.sweep else {
        return Ok(());
    };
    let at = page as usize;
    let entries = ctx.store.entries_on_page(ctx.firm, scan.index, at).await?;
    progress.sweep = (at + 1 < scan.index.parts()).then_some(page + 1);
    let entries = entries
        .into_iter()
        .filter(|entry| is_transaction(entry.kind));
    let mut objects: Vec<ObjectKey> = entries.map(|entry| (entry.kind, entry.id)).collect();
    load_index_entries(ctx, scan, &objects).await?;
    objects.retain(|(kind, id)| !scan.is_known_version(*kind, id, VERSION_DELETED));
    let (deferred, objects): (Vec<ObjectKey>, Vec<ObjectKey>) = objects
        .into_iter()
        .partition(|(kind, id)| scan.should_defer(*kind, id));
    for (kind, id) in deferred {
        let change = scan.change_since_known_version(kind, id);
        scan.defer(change);
    }
    let already_read = scan.observations.len();
    read_objects(ctx, scan, &objects).await?;
    forget_known_versions(scan, already_read);
    Ok(())
}

/// Removes the observations of known versions, except the first `kept`.
fn forget_known_versions(scan: &mut Scan<'_>, kept: usize) {
    let known: Vec<usize> = (kept..scan.observations.len())
        .filter(|at| {
            let read = &scan.observations[*at];
            scan.is_known_version(read.kind, &read.id, read.version())
        })
        .collect();
    for at in known.into_iter().rev() {
        scan.observations.remove(at);
    }
}

fn observations_of(changed: KindChanges) -> Vec<Observation> {
    let kind = changed.kind;
    let deleted = changed.deleted.iter();
    let deleted = deleted.map(|object| Observation::deleted(kind, &object.id));
    let mut observations: Vec<Observation> = deleted.collect();
    observations.extend(changed.snapshots.into_iter().map(Observation::of));
    observations
}
