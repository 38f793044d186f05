//! Verbs over the agenda.

use super::Store;
use crate::agenda::{Agenda, Chore};
use crate::ports::{Change, Records, StoreError};
use billing::FirmId;
use jiff::Timestamp;

impl<R: Records> Store<R> {
    /// Makes sure that a scheduled run looks at the firm at `at` or earlier. Costs no write if it
    /// does already.
    pub async fn note_chore(
        &self,
        firm: &FirmId,
        chore: Chore,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let name = Agenda::shard_of(firm).to_string();
        let agenda: Agenda = self.load_or_default(&name).await?;
        if agenda.covers(firm, chore, at) {
            return Ok(());
        }
        let decide = |mut agenda: Agenda| {
            if agenda.covers(firm, chore, at) {
                return Change::Keep(());
            }
            agenda.set(firm, chore, Some(at));
            Change::write(agenda, ())
        };
        self.change_ensured(&name, decide).await
    }

    /// Forgets a chore that is no longer one.
    pub async fn drop_chore(&self, firm: &FirmId, chore: Chore) -> Result<(), StoreError> {
        let decide = |mut agenda: Agenda| {
            if agenda
                .firms
                .get(firm)
                .and_then(|hints| hints.at(chore))
                .is_none()
            {
                return Change::Keep(());
            }
            agenda.set(firm, chore, None);
            Change::write(agenda, ())
        };
        let name = Agenda::shard_of(firm).to_string();
        self.records.change(&name, decide).await?;
        Ok(())
    }

    /// Takes the firms of a shard whose chore is due, the longest waiting first, and puts their
    /// hints off to `until`: a run that dies leaves them due again, and whoever leaves work behind
    /// meanwhile sets an earlier hint, which [`Store::correct_hints`] respects.
    pub async fn take_due(
        &self,
        shard: u8,
        chore: Chore,
        (now, until): (Timestamp, Timestamp),
    ) -> Result<Vec<FirmId>, StoreError> {
        let take = |mut agenda: Agenda| {
            let due = agenda.due(chore, now);
            if due.is_empty() {
                return Change::Keep(due);
            }
            for firm in &due {
                agenda.set(firm, chore, Some(until));
            }
            Change::write(agenda, due)
        };
        Ok(self
            .records
            .change(&shard.to_string(), take)
            .await?
            .unwrap_or_default())
    }

    /// Gives each firm that was taken with `until` its new hint, or none. A hint that somebody set
    /// since then stands, whatever the run found.
    pub async fn correct_hints(
        &self,
        shard: u8,
        (chore, until): (Chore, Timestamp),
        found: &[(FirmId, Option<Timestamp>)],
    ) -> Result<(), StoreError> {
        let decide = |mut agenda: Agenda| {
            let before = agenda.clone();
            for (firm, next) in found {
                let hint = agenda.firms.get(firm).and_then(|hints| hints.at(chore));
                if hint == Some(until.as_second()) {
                    agenda.set(firm, chore, *next);
                }
            }
            if agenda == before {
                Change::Keep(())
            } else {
                Change::write(agenda, ())
            }
        };
        self.change_ensured(&shard.to_string(), decide).await
    }
}
