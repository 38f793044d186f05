//! Noticing what happens in QuickBooks to what RIVET posted: paid, edited, voided, deleted, merged.
//!
//! A worker looks after its rounds of posting, while it has the firm's desk. Notices say only that an object changed, so what
//! concerns us is read as it stands then, in few calls; everything else costs nothing. Nothing in QuickBooks is written here.
//!
//! ```text
//!  notices ──▶ ours, and newer than what we know? ──▶ read, all in one call ──┐
//!  changes since the cursor (daily, after a reconnect, when asked for) ───────┼──▶ document by document: what differs, what is paid
//!  a page of the register (after a gap that no answer covers) ────────────────┘                     │
//!                          the documents' records ◀──────────────────────────────────────────────────┘
//!                          then one swap of the desk: lines, conflicts, the versions now known
//!                          then the inbox: notices out, cursor on
//! ```
//!
//! | a crash after | leaves | what follows |
//! |---|---|---|
//! | a record was kept | the desk as it was, the versions in the record | the same versions are met again: the same line, put down once |
//! | the desk's swap | the notices | what they are about is known by its version, and costs no read |
//!
//! So each difference is told exactly once: a line and the versions that it is about are put down by the same swap.

mod changes;
mod judge;
mod lists;
mod money;
mod noticed;
mod payments;
mod read;
mod round;
mod schedule;
mod settings;
mod sighting;
mod subjects;
mod touch;
mod words;

pub(crate) use noticed::Noticed;

use crate::agenda::Chore;
use crate::clock::after;
use crate::desk::{Desk, Mark};
use crate::error::Error;
use crate::inbox::{Inbox, Progress};
use crate::notify::hint;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use jiff::{SignedDuration, Timestamp};
use round::Round;
use schedule::Schedule;

/// When it is looked again after the company could not be asked.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);

impl<H: Http, R: Records> Office<'_, H, R> {
    /// Looks at what the company told of, and asks it what else changed if that is due. Gives the time of the next look.
    pub(crate) async fn watch(&mut self, desk: &Desk) -> Result<Option<Timestamp>, Error> {
        let now = self.now();
        let Some((company, _)) = self.connection.usable() else {
            return Ok(None);
        };
        let realm = company.realm_id.clone();
        let store = &self.bridge.store;
        let inbox = store.inbox(self.firm, &realm).await?;
        let is_scarce = store.reads_are_scarce(self.firm, now).await?;
        let schedule = Schedule::of((self.firm, &self.connection), &inbox, is_scarce);
        if schedule.at > now {
            return Ok(Some(schedule.at));
        }
        // What is not certain to stand is not in the register either: its notices would pass for somebody else's.
        if desk.waiting.iter().any(is_unsettled) {
            return Ok(Some(after(now, AGAIN)));
        }
        match self.look_around(desk, &inbox, &schedule).await {
            Err(Halt::Broken(error)) => Err(error),
            Err(Halt::Setback(_)) => Ok(Some(after(self.now(), AGAIN))),
            Ok(progress) => {
                let store = &self.bridge.store;
                let company = (self.firm, realm.as_str());
                let inbox = store.take_notices(company, &progress).await?;
                let of = (self.firm, &self.connection);
                Ok(Some(Schedule::of(of, &inbox, is_scarce).at))
            }
        }
    }

    /// Has the next look see what this stay found it should. Whether there is anything.
    pub(crate) async fn ask_for_another_look(&mut self) -> Result<bool, Error> {
        let again = std::mem::take(&mut self.again);
        if again.is_empty() {
            return Ok(false);
        }
        let store = &self.bridge.store;
        let company = (self.firm, self.realm());
        let inbox = store.inbox(company.0, company.1).await?;
        let progress = Progress {
            again,
            sweep: inbox.sweep,
            ..Progress::default()
        };
        store.take_notices(company, &progress).await?;
        store.note_chore(self.firm, Chore::Work, self.now()).await?;
        Ok(true)
    }

    async fn look_around(
        &mut self,
        desk: &Desk,
        inbox: &Inbox,
        schedule: &Schedule,
    ) -> Result<Progress, Halt> {
        let mut round = Round::new(desk);
        let mut progress = Progress {
            sweep: inbox.sweep,
            ..Progress::default()
        };
        if let Some(since) = schedule.changes_since(self.now()) {
            self.ask_for_changes(&mut round, (inbox, since), &mut progress)
                .await?;
        }
        self.sweep(&mut round, &mut progress).await?;
        self.take_up_notices(&mut round, inbox).await?;
        self.follow_merges(&round, inbox).await?;
        self.look_at_settings(inbox).await?;
        self.look_at_lists(&round, inbox).await?;
        self.complete_round(&mut round).await?;
        self.judge_all(&mut round).await?;
        self.still_here()?;
        round.noted.push(Noticed {
            entries: std::mem::take(&mut self.matched),
            ..Noticed::default()
        });
        round.noted.retain(|noted| *noted != Noticed::default());
        let store = &self.bridge.store;
        store.note_noticed(self.firm, &round.noted).await?;
        let lines = round.noted.iter().flat_map(|noted| &noted.lines);
        hint(self.bridge, self.firm, lines, self.now()).await;
        (progress.done, progress.again) = (round.done(inbox), round.again(inbox));
        Ok(progress)
    }
}

fn is_unsettled(waiting: &crate::desk::Waiting) -> bool {
    matches!(waiting.mark, Mark::Uncertain(_))
}
