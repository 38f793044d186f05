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
//! | a record was kept | the desk as it was; the lines and their versions in the record | the next look puts both down, as the register does not know those versions |
//! | the desk's swap | the notices | what they are about is known by its version, and costs no read |
//!
//! So each difference is told exactly once: a line and the versions that it is about are put down by the same swap.
//!
//! What a document is about that is to be worked on first, or what may turn out to be ours once a posting in doubt is looked up, stays in
//! the inbox.

mod changes;
mod differs;
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
use crate::catalogue::Setback;
use crate::clock::after;
use crate::desk::Desk;
use crate::error::Error;
use crate::inbox::{Inbox, Progress};
use crate::notify::hint;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use jiff::{SignedDuration, Timestamp};
use round::Round;
use schedule::Schedule;

/// When it is looked again after the company could not be asked, or for what is to be worked on first.
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
        match self.look_around(desk, &inbox, &schedule).await {
            Err(Halt::Broken(error)) => Err(error),
            Err(Halt::Setback(Setback::Lost(standing))) => {
                self.lose(standing, self.now()).await?;
                Ok(None)
            }
            Err(Halt::Setback(_)) => Ok(Some(after(self.now(), AGAIN))),
            Ok(progress) => {
                let store = &self.bridge.store;
                let company = (self.firm, realm.as_str());
                let inbox = store.take_notices(company, &progress).await?;
                let of = (self.firm, &self.connection);
                let next = Schedule::of(of, &inbox, is_scarce).at;
                let is_put_off = inbox.sweep.is_none() && inbox.has_work();
                Ok(Some(if is_put_off {
                    next.max(after(now, AGAIN))
                } else {
                    next
                }))
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
        store.look_again((self.firm, self.realm()), &again).await?;
        store.note_chore(self.firm, Chore::Work, self.now()).await?;
        Ok(true)
    }

    /// What was begun and came to no end yet.
    async fn find_doubts(&self, round: &mut Round<'_>, desk: &Desk) -> Result<(), Halt> {
        for waiting in desk
            .waiting
            .iter()
            .filter(|waiting| waiting.mark.is_put_off())
        {
            let record = self.bridge.store.document(self.firm, &waiting.document);
            if let Some(saga) = record.await?.and_then(|record| record.saga) {
                round.doubt(&saga);
            }
        }
        Ok(())
    }

    async fn look_around(
        &mut self,
        desk: &Desk,
        inbox: &Inbox,
        schedule: &Schedule,
    ) -> Result<Progress, Halt> {
        let mut round = Round::new(desk);
        self.find_doubts(&mut round, desk).await?;
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
