//! The mark that a firm is or was erased. The name is a digest, so the mark says nothing about the firm.
//!
//! The mark stays for good: what arrives for the firm later is refused, and cannot bring a part of the firm back.

use crate::Store;
use crate::schedule::DueIndex;
use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use ports::entropy::digest;
use ports::records::{Record, Records, StoreError};
use ports::time::after;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The time after which no request or run that began before the mark still writes. It is longer than each lease and claim.
const QUIET: SignedDuration = SignedDuration::from_secs(90);

/// The erasure of one firm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The time of the command. `None` only in a record that is being created.
    #[serde(deserialize_with = "json::optional_instant")]
    pub began_at: Option<Timestamp>,
    /// The time at which nothing was left.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub finished_at: Option<Timestamp>,
    /// The removed records by kind.
    #[serde(default)]
    pub removed: BTreeMap<String, u64>,
}

impl Erasure {
    /// Returns the time from which records are removed: requests and runs that began before the mark are over by then.
    pub fn removes_from(&self) -> Timestamp {
        after(self.began_at.unwrap_or(Timestamp::UNIX_EPOCH), QUIET)
    }
}

impl Record for Erasure {
    const KIND: &'static str = "erasure";
}

impl<R: Records> Store<R> {
    /// Loads the erasure of a firm. `None` if nobody ordered one.
    pub async fn erasure(&self, firm: &FirmId) -> Result<Option<Erasure>, StoreError> {
        let erasure: Option<Erasure> = self.records.load(&digest(firm.as_ref())).await?;
        Ok(erasure.filter(|erasure| erasure.began_at.is_some()))
    }

    /// Returns whether the firm is or was erased, so that nothing may be written for it.
    pub async fn is_erased(&self, firm: &FirmId) -> Result<bool, StoreError> {
        Ok(self.erasure(firm).await?.is_some())
    }

    /// Marks a firm as erased. A second call changes nothing.
    pub async fn begin_erasure(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<Erasure, StoreError> {
        let begin = &mut |erasure: &mut Erasure| {
            let is_new = erasure.began_at.is_none();
            erasure.began_at.get_or_insert(now);
            is_new
        };
        self.update_or_create(&digest(firm.as_ref()), begin).await
    }

    /// Adds records that were removed, and the time at which nothing was left.
    pub async fn save_erasure(
        &self,
        firm: &FirmId,
        removed: &BTreeMap<String, u64>,
        finished_at: Option<Timestamp>,
    ) -> Result<Erasure, StoreError> {
        let save = &mut |erasure: &mut Erasure| {
            for (kind, count) in removed {
                *erasure.removed.entry(kind.clone()).or_default() += count;
            }
            erasure.finished_at = erasure.finished_at.or(finished_at);
            true
        };
        self.update_or_create(&digest(firm.as_ref()), save).await
    }

    /// Removes a firm from the due index.
    pub async fn forget_firm(&self, firm: &FirmId) -> Result<(), StoreError> {
        let forget = &mut |index: &mut DueIndex| index.firms.remove(firm).is_some();
        let name = DueIndex::shard_of(firm).to_string();
        self.update(&name, forget).await.map(drop)
    }
}
