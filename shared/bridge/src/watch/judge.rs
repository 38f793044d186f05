//! A document against what was seen of it: what differs, and whether the books say the same all the same.

use super::differs::Differs;
use super::noticed::Noticed;
use super::round::Round;
use super::touch::Touch;
use crate::decision::Conflict;
use crate::desk::{Activity, Tell, Waiting};
use crate::document::DocumentRecord;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::post::shown;
use crate::register::Entry;
use jiff::Timestamp;

impl<H: Http, R: Records> Office<'_, H, R> {
    /// Looks at each document that something was seen of.
    pub(super) async fn judge_all(&mut self, round: &mut Round<'_>) -> Result<(), Halt> {
        for mut record in std::mem::take(&mut round.subjects) {
            let noticed = self.judge(round, &mut record).await?;
            round.noted.push(noticed);
        }
        Ok(())
    }

    async fn judge(
        &mut self,
        round: &Round<'_>,
        record: &mut DocumentRecord,
    ) -> Result<Noticed, Halt> {
        let now = self.now();
        let waiting = round.waiting(&record.reference);
        let before = record.clone();
        let mut entries = round.entries_about(record, now);
        // Whoever met these versions before may have died before anybody heard of them.
        let (mut lines, untold) = round.untold(record);
        lines.extend(self.see(round, record, waiting).await?);
        lines.extend(self.note_payment(round, record).await?);
        let is_new = |entry: &Entry| !entries.iter().any(|seen| seen.is_about_the_same(entry));
        let untold: Vec<Entry> = untold.into_iter().filter(is_new).collect();
        entries.extend(untold);
        if *record != before {
            let seen = record.seen.get_or_insert_default();
            (seen.lines, seen.versions) = (lines.clone(), entries.clone());
            record.updated_at = now;
            self.keep(record).await?;
        }
        Ok(Noticed {
            lines,
            ..Noticed::of(record, waiting, entries)
        })
    }

    /// Notes in the record what was seen of what stands for it. Gives what there is to tell.
    async fn see(
        &mut self,
        round: &Round<'_>,
        record: &mut DocumentRecord,
        waiting: Option<&Waiting>,
    ) -> Result<Vec<Activity>, Halt> {
        self.follow_merges_of(round, record).await?;
        let now = self.now();
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
            differs.settle(record, waiting, (conflict, now), &self.log)
        } else {
            None
        }
        .into_iter()
        .collect())
    }
}

pub(super) fn line(
    record: &DocumentRecord,
    at: Timestamp,
    (state, detail): (&str, String),
    tell: Option<Tell>,
) -> Activity {
    Activity {
        at,
        document: record.reference.clone(),
        state: state.to_owned(),
        detail,
        by: None,
        tell,
    }
}
