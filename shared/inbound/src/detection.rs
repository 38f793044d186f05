//! A document against what was seen of it: what differs, and whether the books say the same all the same.

pub mod drift;
pub mod edit;
pub mod wording;

use crate::detection::drift::Drift;
use crate::detection::edit::Edit;
use crate::scan::snapshot::Scan;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::Halt;
use store::activity::ActivityEntry;
use store::document::DocumentRecord;
use store::document::conflict::Conflict;
use store::document::conflict_rows::conflict_fields;
use store::object_index::entry::IndexEntry;
use store::queue::detection::Detection;
use store::queue::entry::QueueEntry;

/// Looks at each document that something was seen of.
pub async fn judge_all<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    round: &mut Scan<'_>,
) -> Result<(), Halt> {
    for mut record in std::mem::take(&mut round.subjects) {
        let noticed = judge(office, round, &mut record).await?;
        round.noted.push(noticed);
    }
    Ok(())
}

async fn judge<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    round: &Scan<'_>,
    record: &mut DocumentRecord,
) -> Result<Detection, Halt> {
    let now = office.now();
    let waiting = round.waiting(&record.reference);
    let before = record.clone();
    let mut entries = round.entries_about(record, now);
    // Whoever met these versions before may have died before anybody heard of them.
    let (mut lines, untold) = round.untold(record);
    lines.extend(see(office, round, record, waiting).await?);
    lines.extend(crate::payments::note_payment(office, round, record).await?);
    let is_new = |entry: &IndexEntry| !entries.iter().any(|seen| seen.has_same_subject(entry));
    let untold: Vec<IndexEntry> = untold.into_iter().filter(is_new).collect();
    entries.extend(untold);
    if *record != before {
        let seen = record.observed.get_or_insert_default();
        (seen.lines, seen.versions) = (lines.clone(), entries.clone());
        record.updated_at = now;
        office.keep(record).await?;
    }
    Ok(Detection {
        activity: lines,
        ..Detection::of(record, waiting, entries)
    })
}

/// Notes in the record what was seen of what stands for it. Gives what there is to tell.
async fn see<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    round: &Scan<'_>,
    record: &mut DocumentRecord,
    waiting: Option<&QueueEntry>,
) -> Result<Vec<ActivityEntry>, Halt> {
    crate::lists::follow_merges_of(office, round, record).await?;
    let now = office.now();
    let (mut differs, mut conflict) = (Drift::default(), Conflict::new(now));
    let mut is_whole = true;
    for posted in &mut record.posted {
        let sighting = posted
            .kind
            .kind()
            .and_then(|kind| round.sighting(kind, &posted.id));
        let Some(sighting) = sighting else {
            is_whole = false;
            continue;
        };
        let found = sighting.found.as_ref();
        let touch = Edit::of(posted, sighting);
        if let (Edit::Nothing, Some(found)) = (&touch, found) {
            posted.set_version(found);
        }
        if !matches!(touch, Edit::Nothing) {
            differs.note(posted, &touch);
            let token = found.map(|found| found.sync_token.clone());
            conflict.add(
                (posted.kind, &posted.id),
                token,
                conflict_fields(posted, found),
            );
        }
    }
    Ok(if is_whole {
        differs.settle(record, waiting, (conflict, now), &office.log)
    } else {
        None
    }
    .into_iter()
    .collect())
}
