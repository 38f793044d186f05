//! What notices left out: everything that changed since a point in time, and after gaps that no answer covers, everything of ours.

use crate::scan::observation::{ObjectKey, Observation, pays};
use crate::scan::read_objects::is_transaction;
use crate::scan::snapshot::Scan;
use jiff::{SignedDuration, Timestamp};
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use posting::context::WorkerContext;
use posting::error::PostingError;
use quickbooks::Kind;
use quickbooks::cdc::{Changes, KindChanges, MAX_DAYS};
use store::inbox::{Inbox, Progress};
use store::object_index::entry::VERSION_DELETED;

/// What is asked about.
const KINDS: [Kind; 5] = [
    Kind::Invoice,
    Kind::CreditMemo,
    Kind::JournalEntry,
    Kind::Payment,
    Kind::Account,
];

/// What is asked about too while something waits for an entry of it.
const LISTS: [Kind; 3] = [Kind::Customer, Kind::Class, Kind::Item];

/// A window is halved so often at most: 30 days become a minute.
const HALVINGS: u32 = 15;

/// The company's settings are read again after this long, whether or not it told of a change.
const SETTINGS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Asks for all changes since then. The answer holds no more than a thousand; if it is full the later half of the time is asked for
/// alone, and what changed before that is found by looking at everything of ours, as is what changed before QuickBooks remembers.
pub async fn read_changes<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    (inbox, since): (&Inbox, Timestamp),
    progress: &mut Progress,
) -> Result<(), PostingError> {
    let asked_at = ctx.now();
    let reach = SignedDuration::from_hours(24 * i64::from(MAX_DAYS) - 1);
    let mut from = since.max(after(asked_at, -reach));
    let mut kinds = KINDS.to_vec();
    kinds.extend(LISTS.into_iter().filter(|list| scan.is_awaited(*list)));
    let mut changes = ctx.client.changes(&kinds, from, ctx.now()).await?;
    for _ in 0..HALVINGS {
        if !changes.is_full() {
            break;
        }
        let half = asked_at.duration_since(from) / 2;
        from = after(from, half);
        changes = ctx.client.changes(&kinds, from, ctx.now()).await?;
    }
    if changes.is_full() || from > since {
        progress.sweep = Some(0);
    }
    progress.cursor = Some(changes.answered_at.map_or(asked_at, |at| at.min(asked_at)));
    progress.caught_up = inbox.catch_up;
    add_changes(ctx, scan, changes).await?;
    let checked = ctx.client.connection.company.as_ref();
    if checked.is_some_and(|company| after(company.checked_at, SETTINGS) <= asked_at) {
        crate::company_settings::read_preferences(ctx).await?;
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
            crate::company_settings::check_accounts(ctx, &changed.list_entries, &changed.deleted)
                .await?;
        } else if is_transaction(changed.kind) {
            observations.extend(seen(changed));
        } else if !changed.is_empty() {
            scan.changed_lists.push(changed.kind);
        }
    }
    let mut objects: Vec<ObjectKey> = Vec::new();
    for observation in &observations {
        objects.push((observation.kind, observation.id.clone()));
        objects.extend(pays(observation));
    }
    crate::scan::read_objects::load_index_entries(ctx, scan, &objects).await?;
    for observation in observations {
        add_change(ctx, scan, observation);
    }
    Ok(())
}

/// What is ours and not known in this version is looked at, and a payment of something of ours.
fn add_change<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    observation: Observation,
) {
    let (kind, id) = (observation.kind, observation.id.as_str());
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
        scan.defer(observation.as_change(ctx.now()));
    } else {
        scan.observe(observation);
    }
}

/// Looks at the next page of everything that we posted.
pub async fn sweep<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    progress: &mut Progress,
) -> Result<(), PostingError> {
    let Some(page) = progress.sweep else {
        return Ok(());
    };
    let (store, at) = (ctx.store, page as usize);
    let entries = store.entries_on_page(ctx.firm, scan.index, at).await?;
    progress.sweep = (at + 1 < scan.index.parts()).then_some(page + 1);
    let mut objects: Vec<ObjectKey> = Vec::new();
    for entry in entries {
        if is_transaction(entry.kind) {
            objects.push((entry.kind, entry.id));
        }
    }
    crate::scan::read_objects::load_index_entries(ctx, scan, &objects).await?;
    objects.retain(|(kind, id)| !scan.is_known_version(*kind, id, VERSION_DELETED));
    let (later, objects): (Vec<ObjectKey>, Vec<ObjectKey>) = objects
        .into_iter()
        .partition(|(kind, id)| scan.should_defer(*kind, id));
    for (kind, id) in later {
        let notice = scan.change_since_known_version(kind, id);
        scan.defer(notice);
    }
    let before = scan.observations.len();
    crate::scan::read_objects::read_objects(ctx, scan, &objects).await?;
    // What is known already is none of this look's business.
    let known: Vec<usize> = (before..scan.observations.len())
        .filter(|at| {
            let seen = &scan.observations[*at];
            scan.is_known_version(seen.kind, &seen.id, seen.version())
        })
        .collect();
    for at in known.into_iter().rev() {
        scan.observations.remove(at);
    }
    Ok(())
}

fn seen(changed: KindChanges) -> Vec<Observation> {
    let kind = changed.kind;
    let gone = changed
        .deleted
        .iter()
        .map(|deleted| Observation::deleted(kind, &deleted.id));
    let mut seen: Vec<Observation> = gone.collect();
    seen.extend(changed.snapshots.into_iter().map(Observation::of));
    seen
}
