//! Operations on the inbox of a firm and on dead letters.

use crate::inbox::change::PendingChange;
use crate::inbox::dead_letters::{DeadLetter, DeadLetters};
use crate::inbox::{DeliveryPart, Inbox, Progress};
use crate::schedule::{DueIndex, ScheduledJob};
use crate::{CompanyKey, Store};
use billing::FirmId;
use jiff::Timestamp;
use ports::entropy::digest;
use ports::records::{Records, StoreError};

/// The name of the only record of dead letters.
const DEAD_LETTERS: &str = "deliveries";

impl<R: Records> Store<R> {
    /// Loads the inbox of one company of a firm.
    ///
    /// The company is part of the name. A sign-in may bind a company and crash, and that company may announce objects with the same ids.
    pub async fn inbox(&self, firm: &FirmId, realm_id: &str) -> Result<Inbox, StoreError> {
        self.load_or_default(&name(CompanyKey { firm, realm_id }))
            .await
    }

    /// Adds the part of a delivery about a company, and makes sure that a scheduled run visits the firm. A known part costs no write.
    ///
    /// The hint is read after the changes are written, even if all were known: an earlier delivery may have crashed before its hint.
    pub async fn receive_changes(
        &self,
        company: CompanyKey<'_>,
        part: &DeliveryPart,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (name, shard) = (name(company), DueIndex::shard_of(company.firm).to_string());
        let add = &mut |inbox: &mut Inbox| inbox.add_changes(part, now);
        let received = self.update_and_load(&name, add, &shard).await?;
        let (inbox, index): (_, Option<DueIndex>) = match received.answer {
            Some(inbox) => (inbox, received.other),
            None => (self.update_or_create(&name, add).await?, None),
        };
        let job = ScheduledJob::Work;
        let is_scheduled =
            index.is_some_and(|mut index| !index.schedule_by(company.firm, job, now));
        if inbox.has_work() && !is_scheduled {
            self.schedule_by(company.firm, job, now).await?;
        }
        Ok(())
    }

    /// Removes the finished changes. Changes that arrived meanwhile stay. Returns the remaining inbox.
    pub async fn finish_changes(
        &self,
        company: CompanyKey<'_>,
        progress: &Progress,
    ) -> Result<Inbox, StoreError> {
        let finish = &mut |inbox: &mut Inbox| inbox.finish(progress);
        self.update_or_create(&name(company), finish).await
    }

    /// Adds changes to process again, although the company did not announce them.
    pub async fn requeue_changes(
        &self,
        company: CompanyKey<'_>,
        again: &[PendingChange],
    ) -> Result<Inbox, StoreError> {
        let add = &mut |inbox: &mut Inbox| inbox.add_again(again);
        self.update_or_create(&name(company), add).await
    }

    /// Loads the unreadable deliveries that name no company.
    pub async fn dead_letters(&self) -> Result<DeadLetters, StoreError> {
        self.load_or_default(DEAD_LETTERS).await
    }

    /// Adds an unreadable delivery. A known one costs no write.
    pub async fn add_dead_letter(&self, letter: &DeadLetter) -> Result<(), StoreError> {
        let add = &mut |letters: &mut DeadLetters| letters.add(letter.clone());
        self.update_or_create(DEAD_LETTERS, add).await.map(drop)
    }

    /// Removes deliveries that a later version could read.
    pub async fn remove_dead_letters(&self, read: &[DeadLetter]) -> Result<(), StoreError> {
        let remove = &mut |letters: &mut DeadLetters| {
            let before = letters.deliveries.len();
            letters.deliveries.retain(|letter| !read.contains(letter));
            letters.deliveries.len() < before
        };
        self.update(DEAD_LETTERS, remove).await.map(drop)
    }
}

fn name(company: CompanyKey<'_>) -> String {
    format!("{}:{}", company.firm, digest(company.realm_id))
}
