//! Verbs over what companies told of: a firm's inbox, and the deliveries that nobody could read.

use crate::Store;
use crate::inbox::change::PendingChange;
use crate::inbox::dead_letters::{DeadLetter, DeadLetters};
use crate::inbox::{Batch, Inbox, Progress};
use billing::FirmId;
use jiff::Timestamp;
use ports::entropy::digest;
use ports::records::{Records, StoreError};

/// There is one record of deliveries that nobody could read.
const PARKED: &str = "deliveries";

impl<R: Records> Store<R> {
    /// What a firm's company told of that nobody has looked at yet.
    ///
    /// Of this company alone: one that a sign-in bound to the firm before it died may tell of its own objects, with the same ids.
    pub async fn inbox(&self, firm: &FirmId, realm_id: &str) -> Result<Inbox, StoreError> {
        self.load_or_default(&name(firm, realm_id)).await
    }

    /// Notes what a delivery says of a firm's company. Costs no write if all of it is known.
    pub async fn receive_changes(
        &self,
        (firm, realm_id): (&FirmId, &str),
        batch: &Batch,
        now: Timestamp,
    ) -> Result<Inbox, StoreError> {
        let note = &mut |inbox: &mut Inbox| inbox.add_changes(batch, now);
        self.update_or_create(&name(firm, realm_id), note).await
    }

    /// Notes what was worked off. What came meanwhile stays, and is given back.
    pub async fn finish_changes(
        &self,
        (firm, realm_id): (&FirmId, &str),
        progress: &Progress,
    ) -> Result<Inbox, StoreError> {
        let take = &mut |inbox: &mut Inbox| inbox.finish(progress);
        self.update_or_create(&name(firm, realm_id), take).await
    }

    /// Notes what is to be looked at although nobody told of it.
    pub async fn requeue_changes(
        &self,
        (firm, realm_id): (&FirmId, &str),
        again: &[PendingChange],
    ) -> Result<Inbox, StoreError> {
        let note = &mut |inbox: &mut Inbox| inbox.add_again(again);
        self.update_or_create(&name(firm, realm_id), note).await
    }

    /// The deliveries that could not be read and name no company.
    pub async fn dead_letters(&self) -> Result<DeadLetters, StoreError> {
        self.load_or_default(PARKED).await
    }

    /// Keeps a delivery that cannot be read. Costs no write if it is kept already.
    pub async fn add_dead_letter(&self, delivery: &DeadLetter) -> Result<(), StoreError> {
        let park = &mut |parked: &mut DeadLetters| parked.add(delivery.clone());
        self.update_or_create(PARKED, park).await.map(drop)
    }

    /// Forgets deliveries that could be read after all.
    pub async fn remove_dead_letters(&self, read: &[DeadLetter]) -> Result<(), StoreError> {
        let unpark = &mut |parked: &mut DeadLetters| {
            let before = parked.deliveries.len();
            parked.deliveries.retain(|parked| !read.contains(parked));
            parked.deliveries.len() < before
        };
        self.update(PARKED, unpark).await.map(drop)
    }
}

fn name(firm: &FirmId, realm_id: &str) -> String {
    format!("{firm}/{}", digest(realm_id))
}
