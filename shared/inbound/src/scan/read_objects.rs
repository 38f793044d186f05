//! Reading what was told of, in few calls: everything of a kind in one query, all queries in one batch.

use crate::scan::observation::{ObjectKey, Observation};
use crate::scan::snapshot::Scan;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use store::inbox::Inbox;
use store::inbox::change::{ChangeKind, PendingChange};
use store::object_index::entry::VERSION_DELETED;

/// Ids in one query; the answer holds as many objects at most.
const IDS: usize = 60;

/// What RIVET posts.
const TRANSACTIONS: [Kind; 4] = [
    Kind::Invoice,
    Kind::CreditMemo,
    Kind::JournalEntry,
    Kind::Payment,
];

pub fn is_transaction(kind: Kind) -> bool {
    TRANSACTIONS.contains(&kind)
}

/// What of the notices concerns us is seen as it stands now.
pub async fn read_announced<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let told = inbox.waiting.iter();
    let told: Vec<&PendingChange> = told.filter(|told| is_transaction(told.kind)).collect();
    let objects: Vec<ObjectKey> = told.iter().map(|told| object(told)).collect();
    load_index_entries(ctx, scan, &objects).await?;
    let mut wanted = Vec::new();
    for notice in told {
        let (kind, id) = (notice.kind, notice.id.as_str());
        if scan.observation(kind, id).is_some() || !concerns_us(scan, notice) {
            continue;
        }
        if scan.should_defer(kind, id) {
            scan.defer(notice.clone());
        } else {
            wanted.push(object(notice));
        }
    }
    read_objects(ctx, scan, &wanted).await
}

/// What the register says of objects is at hand from now on.
pub async fn load_index_entries<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    objects: &[ObjectKey],
) -> Result<(), PostingError> {
    let mut new: Vec<ObjectKey> = objects.to_vec();
    new.retain(|(kind, id)| scan.index_entries(*kind, id).next().is_none());
    let store = ctx.store;
    let entries = store.entries_of(ctx.firm, scan.index, &new).await?;
    scan.add_index_entries(entries);
    Ok(())
}

/// Sees objects that were not seen yet. What a query does not find is gone only if asking for it by itself says so too: the index
/// of queries may lag behind.
pub async fn read_objects<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    objects: &[ObjectKey],
) -> Result<(), PostingError> {
    let now = ctx.now();
    let mut wanted: Vec<&ObjectKey> = Vec::new();
    for object in objects {
        if scan.observation(object.0, &object.1).is_none() && !wanted.contains(&object) {
            wanted.push(object);
        }
    }
    let queries = queries(&wanted);
    for rows in ctx.client.query_all(&queries, now).await? {
        rows.into_iter()
            .for_each(|found| scan.observe(Observation::of(found)));
    }
    for (kind, id) in wanted {
        if scan.observation(*kind, id).is_some() {
            continue;
        }
        let observation = match ctx.client.get(*kind, id, now).await? {
            Some(found) => Observation::of(found),
            None => Observation::deleted(*kind, id),
        };
        scan.observe(observation);
    }
    Ok(())
}

fn object(notice: &PendingChange) -> ObjectKey {
    (notice.kind, notice.id.clone())
}

/// Whether a notice is about something of ours, or of which that cannot be told yet, and newer than what is known of that. A payment
/// that somebody entered concerns us if it may pay an entry: of an invoice that is paid the company tells too.
fn concerns_us(scan: &Scan<'_>, notice: &PendingChange) -> bool {
    let is_gone = matches!(
        notice.kind_of_change,
        ChangeKind::Deleted | ChangeKind::MergedInto(_)
    );
    let mut entries = scan.index_entries(notice.kind, &notice.id).peekable();
    if entries.peek().is_none() {
        let may_pay = notice.kind == Kind::Payment && scan.index.payable_entries && !is_gone;
        return may_pay || scan.is_undecidable(notice.kind, &notice.id);
    }
    let at = whole_second(notice.at);
    entries.any(|entry| at > entry.at || (is_gone && entry.version != VERSION_DELETED))
}

/// QuickBooks dates versions by whole seconds.
fn whole_second(at: Timestamp) -> i64 {
    at.as_second()
}

fn queries(objects: &[&ObjectKey]) -> Vec<Query> {
    let mut queries = Vec::new();
    for kind in TRANSACTIONS {
        let ids = objects.iter().filter(|(of, _)| *of == kind);
        let ids: Vec<&str> = ids.map(|(_, id)| id.as_str()).collect();
        for ids in ids.chunks(IDS) {
            queries.push(Query::from(kind).filter(Field::Id.is_in(ids.to_vec())));
        }
    }
    queries
}
