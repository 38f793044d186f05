//! What a firm's company told of that nobody has looked at yet.
//!
//! A notice says only that an object changed, so of all notices about one object a single entry is kept: whoever works it off reads
//! the object as it stands then. Notices come at least once and in any order; what is known already changes nothing here, so it
//! costs no write. When too much waits, or something could not be read, single entries give way to one question about everything
//! that changed [since](CatchUp) a point in time.

pub mod change;
pub mod dead_letters;
pub mod operations;
#[cfg(test)]
mod tests;

pub use crate::inbox::change::{ChangeEvent, ChangeFingerprint, ChangeKind, PendingChange};

use crate::inbox::change::{millisecond, to_millisecond};
use jiff::{SignedDuration, Timestamp};
use ports::records::Record;
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The most objects that wait one by one; beyond that a single question costs less than they do.
pub const MOST: usize = 400;

/// The most bytes that they take, if their ids are longer than any that QuickBooks gives.
const ROOM: usize = 40 * 1024;

/// How many of the latest events are remembered by their marks.
pub const REMEMBERED: usize = 256;

/// How many sentences about what could not be read are kept.
const COMPLAINTS: usize = 8;

/// How long before it arrives an event may have happened: Intuit gathers them for minutes, and tries again for hours.
const LATE: SignedDuration = SignedDuration::from_hours(24);

/// The record, one for each company that a firm has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inbox {
    /// The objects to look at, in the order in which they were first told of.
    pub waiting: Vec<PendingChange>,
    /// All that changed since then is to be looked at, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catch_up: Option<CatchUp>,
    /// All that changed before then was looked at.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json::optional_instant"
    )]
    pub cursor: Option<Timestamp>,
    /// Everything that we posted is being looked at, page by page of the register; the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<u32>,
    /// What could not be read lately, oldest first; for a person who wonders why there was a catch-up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<UnreadableEvent>,
    /// The marks of the latest events, oldest first, one behind the other.
    seen: String,
}

/// A question to be asked: what changed since?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatchUp {
    /// Since when. A worker that was up to date at an earlier time should ask from that time on.
    #[serde(serialize_with = "to_millisecond", deserialize_with = "millisecond")]
    pub since: Timestamp,
    /// How often it was asked for. An answer to an earlier asking may lack what this one is about.
    pub asked: u32,
}

/// What a worker has looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The notices, as they were then.
    pub done: Vec<PendingChange>,
    /// What is to be looked at again although nobody told of it.
    pub again: Vec<PendingChange>,
    /// The question that was answered.
    pub caught_up: Option<CatchUp>,
    /// All that changed before then.
    pub cursor: Option<Timestamp>,
    /// The next page of the register to look at; none if there is nothing, or nothing more, to sweep.
    pub sweep: Option<u32>,
}

/// An event that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableEvent {
    /// When it arrived.
    #[serde(serialize_with = "to_millisecond", deserialize_with = "millisecond")]
    pub at: Timestamp,
    /// What is wrong with it, as the rest of a sentence that starts with the event.
    pub why: String,
}

/// What one delivery says of one company.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// What changed.
    pub news: Vec<ChangeEvent>,
    /// What could not be read, and why.
    pub odd: Vec<(ChangeFingerprint, &'static str)>,
}

impl Inbox {
    /// Puts a delivery's part in. Whether anything in it was new.
    pub fn add_changes(&mut self, batch: &Batch, now: Timestamp) -> bool {
        let mut noted = false;
        for news in &batch.news {
            if self.is_unseen(news) {
                self.add_event(news);
                noted = true;
            }
        }
        for (mark, why) in &batch.odd {
            if !self.has_fingerprint(mark) {
                self.add_unreadable(mark, (why, now));
                noted = true;
            }
        }
        self.limit_size();
        noted
    }

    /// Whether there is anything in an event that is not known yet: it was not told of before, and what waits about its object
    /// is older or says less.
    pub fn is_unseen(&self, news: &ChangeEvent) -> bool {
        !self.has_fingerprint(&news.mark) && news.about.iter().any(|notice| self.is_newer(notice))
    }

    /// Whether there is anything to do.
    pub fn has_work(&self) -> bool {
        !self.waiting.is_empty() || self.catch_up.is_some() || self.sweep.is_some()
    }

    /// Takes out what was worked off, as it was then: what was told of meanwhile stays. Whether that changed anything.
    pub fn finish(&mut self, progress: &Progress) -> bool {
        let before = self.waiting.len();
        self.waiting
            .retain(|waiting| !progress.done.contains(waiting));
        let left = (
            self.catch_up
                .filter(|asked| Some(*asked) != progress.caught_up),
            self.cursor.max(progress.cursor),
            progress.sweep,
        );
        let changed =
            before != self.waiting.len() || left != (self.catch_up, self.cursor, self.sweep);
        (self.catch_up, self.cursor, self.sweep) = left;
        self.add_again(&progress.again) || changed
    }

    /// Puts in what is to be looked at although nobody told of it. Whether there was any.
    pub fn add_again(&mut self, again: &[PendingChange]) -> bool {
        for again in again {
            self.add_change(again);
        }
        self.limit_size();
        !again.is_empty()
    }

    /// Asks for everything since then.
    pub fn request_catch_up(&mut self, since: Timestamp) {
        let before = self.catch_up;
        self.catch_up = Some(CatchUp {
            since: before.map_or(since, |before| before.since.min(since)),
            asked: before.map_or(0, |before| before.asked).wrapping_add(1),
        });
    }

    fn add_event(&mut self, news: &ChangeEvent) {
        for notice in &news.about {
            self.add_change(notice);
        }
        self.add_fingerprint(&news.mark);
    }

    fn add_change(&mut self, notice: &PendingChange) {
        let mut waiting = self.waiting.iter_mut();
        match waiting.find(|waiting| waiting.is_about(notice)) {
            Some(waiting) => waiting.merge(notice),
            None => self.waiting.push(notice.clone()),
        }
    }

    fn is_newer(&self, notice: &PendingChange) -> bool {
        let waiting = self.waiting.iter().find(|waiting| waiting.is_about(notice));
        waiting.is_none_or(|waiting| waiting.is_superseded_by(notice))
    }

    /// Too many entries become one question, which covers them all.
    fn limit_size(&mut self) {
        let bytes = self
            .waiting
            .iter()
            .map(PendingChange::weight)
            .sum::<usize>();
        if self.waiting.len() <= MOST && bytes <= ROOM {
            return;
        }
        if let Some(since) = self.waiting.iter().map(|waiting| waiting.at).min() {
            self.request_catch_up(since);
        }
        self.waiting.clear();
    }

    /// Of an event that cannot be read it is not known what it is about, only that something happened lately.
    fn add_unreadable(&mut self, mark: &ChangeFingerprint, (why, now): (&str, Timestamp)) {
        self.request_catch_up(after(now, -LATE));
        self.add_fingerprint(mark);
        self.odd.push(UnreadableEvent {
            at: now,
            why: why.to_owned(),
        });
        if self.odd.len() > COMPLAINTS {
            self.odd.remove(0);
        }
    }

    fn has_fingerprint(&self, mark: &ChangeFingerprint) -> bool {
        let mut seen = self.seen.as_bytes().chunks(ChangeFingerprint::LENGTH);
        seen.any(|known| known == mark.as_bytes())
    }

    fn add_fingerprint(&mut self, mark: &ChangeFingerprint) {
        let excess = (self.seen.len() + ChangeFingerprint::LENGTH)
            .saturating_sub(REMEMBERED * ChangeFingerprint::LENGTH);
        self.seen.drain(..excess);
        self.seen.push_str(mark.as_str());
    }
}

impl Record for Inbox {
    const KIND: &'static str = "inbox";
}
