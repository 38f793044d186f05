//! A document against what was seen of it: what differs, and whether the books say the same all the same.

use super::noticed::Noticed;
use super::round::Round;
use super::touch::Touch;
use super::words;
use crate::decision::Conflict;
use crate::desk::{Activity, Log, Tell, Waiting};
use crate::document::{DocumentRecord, State};
use crate::entropy::digest;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::post::{CHANGED, of_conflict, shown, to_decide};
use crate::register::Entry;
use jiff::Timestamp;
use mapping::{Difference, Posted};

/// What was done to all that stands for a document.
#[derive(Default)]
struct Differs {
    /// What a person is to decide about, in words.
    contested: Vec<String>,
    /// What is only noted, in words.
    harmless: Vec<String>,
    /// Both, with all values.
    facts: [String; 2],
}

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

impl Differs {
    fn note(&mut self, posted: &Posted, touch: &Touch) {
        let what = words::called(posted);
        let differences = match touch {
            Touch::Nothing => return,
            Touch::Voided => return self.contest(format!("voided {what}")),
            Touch::Gone => return self.contest(format!("deleted {what}")),
            Touch::Edited(differences) => differences,
        };
        for is_harmless in [false, true] {
            let of_these = |difference: &&Difference| difference.is_harmless == is_harmless;
            let these: Vec<_> = differences.iter().filter(of_these).collect();
            if these.is_empty() {
                continue;
            }
            let sentence = words::done(&these, &what);
            let facts = &mut self.facts[usize::from(is_harmless)];
            for Difference { field, theirs, .. } in these {
                facts.push_str(&format!("{what} {field} {theirs:?}\n"));
            }
            if is_harmless {
                self.harmless.push(sentence);
            } else {
                self.contested.push(sentence);
            }
        }
    }

    fn contest(&mut self, what: String) {
        self.facts[0].push_str(&what);
        self.contested.push(what);
    }

    /// What becomes of the document, and the line about it if there is news.
    fn settle(
        self,
        record: &mut DocumentRecord,
        waiting: Option<&Waiting>,
        (conflict, now): (Conflict, Timestamp),
        log: &Log,
    ) -> Option<Activity> {
        let [is_new, is_newly_harmless] = self.remember(record);
        let is_ours = Noticed::may_conflict(record, waiting);
        if !self.contested.is_empty() {
            let cause = (conflict, is_new);
            return if is_ours {
                self.contest_record(record, cause, now, log)
            } else {
                self.contest_earlier(record, waiting, (cause, now), log)
            };
        }
        if is_ours && matches!(record.state, State::Conflict(_)) && !record.half_posted {
            return Some(restored(record, now));
        }
        if self.harmless.is_empty() || !is_newly_harmless {
            return None;
        }
        let what = words::and(&self.harmless);
        let detail = format!("Somebody {what} in QuickBooks. The books say the same.");
        record.note(("noted", &detail), now);
        let name = record.state.name();
        Some(line(record, now, (name, detail), None))
    }

    /// Puts both down in the record. Whether they are others than before.
    fn remember(&self, record: &mut DocumentRecord) -> [bool; 2] {
        let seen = record.seen.get_or_insert_default();
        let [contested, harmless] = &self.facts;
        [
            (contested, &mut seen.contested),
            (harmless, &mut seen.harmless),
        ]
        .map(|(facts, known)| {
            let facts = if facts.is_empty() {
                String::new()
            } else {
                digest(facts)
            };
            let is_new = *known != facts;
            *known = facts;
            is_new
        })
    }

    fn sentence(&self) -> String {
        format!("Somebody {} in QuickBooks.", words::and(&self.contested))
    }

    /// It differs from what RIVET said last, and is to be decided about.
    fn contest_record(
        &self,
        record: &mut DocumentRecord,
        (conflict, is_new): (Conflict, bool),
        now: Timestamp,
        log: &Log,
    ) -> Option<Activity> {
        let reason = to_decide(CHANGED, &self.sentence());
        let detail = reason.message.clone();
        let cause = of_conflict(&reason, &conflict, &record.posted);
        let is_told = !is_new || record.was_told(&cause, log);
        record.conflict = Some(conflict);
        let is_known = is_told && matches!(record.state, State::Conflict(_));
        let state = State::Conflict(reason);
        if is_known {
            record.state = state;
        } else {
            record.settle(state, now, (None, ""));
        }
        if is_told {
            return None;
        }
        record.seen.get_or_insert_default().told = cause;
        let told = ("conflict", detail);
        Some(line(record, now, told, Some(Tell::Changed)))
    }

    /// It differs from what RIVET said before: what it said since is tried first.
    fn contest_earlier(
        &self,
        record: &mut DocumentRecord,
        waiting: Option<&Waiting>,
        ((conflict, is_new), now): ((Conflict, bool), Timestamp),
        log: &Log,
    ) -> Option<Activity> {
        let sentence = self.sentence();
        let reason = to_decide(CHANGED, &sentence);
        let cause = of_conflict(&reason, &conflict, &record.posted);
        let is_told = !is_new || record.was_told(&cause, log);
        if let Some(known) = &mut record.conflict {
            known.join(conflict);
        }
        if is_told {
            return None;
        }
        record.seen.get_or_insert_default().told = cause;
        let detail = format!("{sentence} {LATER}");
        record.note(("noted", &detail), now);
        let state = record.stands(waiting).name();
        Some(line(record, now, (state, detail), Some(Tell::Changed)))
    }
}

/// Nothing differs any more.
fn restored(record: &mut DocumentRecord, now: Timestamp) -> Activity {
    record.conflict = None;
    let state = if record.is_void() {
        State::Voided
    } else {
        State::Posted
    };
    record.settle(state, now, (None, AGAIN));
    let told = (record.state.name(), AGAIN.trim_end().into());
    line(record, now, told, Some(Tell::Posted))
}

const LATER: &str = "Which version to keep is asked once RIVET's newer one is tried.";

const AGAIN: &str = "It stands in QuickBooks again as RIVET posted it. ";

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
