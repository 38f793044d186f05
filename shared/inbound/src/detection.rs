//! A document against what was seen of it: what differs, and whether the books say the same all the same.

pub mod drift;
pub mod edit;
pub mod wording;

use crate::detection::drift::Differs;
use crate::detection::edit::Touch;
use crate::scan::snapshot::Round;
use ports::http::Http;
use ports::records::Records;
use posting::context::Office;
use posting::error::Halt;
use store::activity::Activity;
use store::document::DocumentRecord;
use store::document::conflict::Conflict;
use store::document::conflict_rows::shown;
use store::object_index::entry::Entry;
use store::queue::detection::Noticed;
use store::queue::entry::Waiting;

/// Looks at each document that something was seen of.
pub async fn judge_all<H: Http, R: Records>(
    office: &mut Office<'_, H, R>,
    round: &mut Round<'_>,
) -> Result<(), Halt> {
    for mut record in std::mem::take(&mut round.subjects) {
        let noticed = judge(office, round, &mut record).await?;
        round.noted.push(noticed);
    }
    Ok(())
}

async fn judge<H: Http, R: Records>(
    office: &mut Office<'_, H, R>,
    round: &Round<'_>,
    record: &mut DocumentRecord,
) -> Result<Noticed, Halt> {
    let now = office.now();
    let waiting = round.waiting(&record.reference);
    let before = record.clone();
    let mut entries = round.entries_about(record, now);
    // Whoever met these versions before may have died before anybody heard of them.
    let (mut lines, untold) = round.untold(record);
    lines.extend(see(office, round, record, waiting).await?);
    lines.extend(crate::payments::note_payment(office, round, record).await?);
    let is_new = |entry: &Entry| !entries.iter().any(|seen| seen.is_about_the_same(entry));
    let untold: Vec<Entry> = untold.into_iter().filter(is_new).collect();
    entries.extend(untold);
    if *record != before {
        let seen = record.seen.get_or_insert_default();
        (seen.lines, seen.versions) = (lines.clone(), entries.clone());
        record.updated_at = now;
        office.keep(record).await?;
    }
    Ok(Noticed {
        lines,
        ..Noticed::of(record, waiting, entries)
    })
}

/// Notes in the record what was seen of what stands for it. Gives what there is to tell.
async fn see<H: Http, R: Records>(
    office: &mut Office<'_, H, R>,
    round: &Round<'_>,
    record: &mut DocumentRecord,
    waiting: Option<&Waiting>,
) -> Result<Vec<Activity>, Halt> {
    crate::lists::follow_merges_of(office, round, record).await?;
    let now = office.now();
    let (mut differs, mut conflict) = (Differs::default(), Conflict::new(now));
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
        let touch = Touch::of(posted, sighting);
        if let (Touch::Nothing, Some(found)) = (&touch, found) {
            posted.take_version(found);
        }
        if !matches!(touch, Touch::Nothing) {
            differs.note(posted, &touch);
            let token = found.map(|found| found.sync_token.clone());
            conflict.add((posted.kind, &posted.id), token, shown(posted, found));
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
