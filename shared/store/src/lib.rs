//! Keeps the records of all firms. Each module has the type of one record, its pure transitions and its operations.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod firm_records;
pub mod erasure;
mod sealing_keys;
pub mod batch_log;
pub mod company_facts;
pub mod books_copy;
pub mod setting_lists;
pub mod requests;
pub mod queue;
pub mod restore;
pub mod document;
pub mod activity;
pub mod object_index;
pub mod inbox;
pub mod sign_in_list;
pub mod unconfirmed_sign_in;
pub mod connection_summary;
pub mod connection;
pub mod sign_in_attempt;
pub mod rate_limiter;
pub mod schedule;
pub mod settings;
pub mod matches;
mod customer_list;
pub mod subledger;
pub mod reason;
pub mod document_summary;
mod loose_pages;
mod line;
pub mod run_counters;
pub mod index_margin;
pub mod company_key;
pub mod claimant;

pub use crate::claimant::Claimant;
pub use crate::company_key::CompanyKey;

use crate::run_counters::RunCounters;
use billing::FirmId;
use ports::records::{Change, Changed, Record, Records, StoreError};
use std::cell::Cell;

/// The number of entries that fit on an overflow page or in the queue record.
pub const PAGE_CAPACITY: usize = 160;

/// The records of all firms. The name of a record contains its firm, so no operation reaches another firm.
pub struct Store<R> {
    records: R,
    page_capacity: usize,
    counters: Cell<RunCounters>,
}

impl<R: Records> Store<R> {
    /// Returns the operations over these records.
    pub fn new(records: R) -> Self {
        Self {
            records,
            page_capacity: PAGE_CAPACITY,
            counters: Cell::default(),
        }
    }

    /// Changes the number of entries on an overflow page, so that short queues of tests have pages too.
    #[must_use]
    pub fn with_page_capacity(self, entries: usize) -> Self {
        Self {
            page_capacity: entries,
            ..self
        }
    }

    async fn load_or_default<T: Record + Default>(&self, name: &str) -> Result<T, StoreError> {
        Ok(self.records.load(name).await?.unwrap_or_default())
    }

    /// Updates a record, after creating it if it is missing. Returns the record after the update.
    ///
    /// Claims lie in such a record, which must exist before a claim is made.
    async fn update_or_create<T: Record + Default>(
        &self,
        name: &str,
        update: UpdateFn<'_, T>,
    ) -> Result<T, StoreError> {
        if let Some(record) = self.update(name, update).await? {
            return Ok(record);
        }
        self.records.ensure::<T>(name).await?;
        let record = self.update(name, update).await?;
        record.ok_or_else(|| StoreError::Busy(format!("{}:{name}", T::KIND)))
    }

    /// Updates a record if it exists. Returns the record after the update.
    async fn update<T: Record>(
        &self,
        name: &str,
        update: UpdateFn<'_, T>,
    ) -> Result<Option<T>, StoreError> {
        self.records.change(name, decide_by(update)).await
    }

    /// Does what [`Store::update`] does, and loads the record `other` after the write.
    async fn update_and_load<T: Record, L: Record>(
        &self,
        name: &str,
        update: UpdateFn<'_, T>,
        other: &str,
    ) -> Result<Changed<T, L>, StoreError> {
        let decide = decide_by(update);
        self.records.change_and_load(name, decide, other).await
    }
}

/// Makes the decision of an update, whose answer is the record after it.
fn decide_by<T: Record>(update: UpdateFn<'_, T>) -> impl FnMut(T) -> Change<T, T> {
    |mut record| {
        if update(&mut record) {
            Change::write(record.clone(), record)
        } else {
            Change::Keep(record)
        }
    }
}

/// Changes a record in place and returns whether it changed. If another writer comes first, the function runs again.
///
/// The function is a trait object, because the swap around it would otherwise be compiled once for each operation.
type UpdateFn<'a, T> = &'a mut dyn FnMut(&mut T) -> bool;

/// Returns the error of a queue record that other writers changed during each attempt.
pub(crate) fn queue_busy(firm: &FirmId) -> StoreError {
    StoreError::Busy(format!("queue/{firm}"))
}
