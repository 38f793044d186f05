//! The mark that the store was set back to an earlier state. One record for the whole deployment, so the name has no firm.

use crate::Store;
use crate::document::DocumentRecord;
use jiff::{SignedDuration, Timestamp};
use ports::records::{Record, Records, StoreError};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The name of the only record.
const NAME: &str = "deployment";

/// The times of a restore. What RIVET posted between them may be missing from the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restore {
    /// The time of the state that was put back: the earliest one, if there were several restores.
    #[serde(deserialize_with = "json::instant")]
    pub since: Timestamp,
    /// The time at which the operator told of the newest restore. Whatever is older is looked at before it is relied on.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
}

/// The time in which RIVET sends again what it sent before a restore. What it sent later was never posted before.
const SENT_AGAIN_WITHIN: SignedDuration = SignedDuration::from_hours(6);

impl Restore {
    /// Returns the end of the time in which RIVET sends again what it sent before.
    pub fn sent_again_by(&self) -> Timestamp {
        after(self.at, SENT_AGAIN_WITHIN)
    }

    /// Returns whether RIVET may have posted a document before the restore.
    pub fn may_have_posted(&self, record: &DocumentRecord) -> bool {
        record.received_at < self.sent_again_by()
    }

    /// Returns whether a record may lack what RIVET posted before the restore. A saga that began since is carried on first: what it made may
    /// not be listed yet.
    pub fn is_outdated(&self, record: &DocumentRecord) -> bool {
        let known_since = record.caught_up_at.unwrap_or(record.received_at);
        let begun_at = record.saga.as_ref().map(|saga| saga.since);
        let is_begun_since = begun_at.is_some_and(|begun_at| begun_at > self.at.as_second());
        self.at > known_since && !is_begun_since
    }
}

/// The record of the restores.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Restores {
    latest: Option<Restore>,
}

impl Record for Restores {
    const KIND: &'static str = "restore";
}

impl<R: Records> Store<R> {
    /// Loads the times of the restores. `None` if the store was never set back.
    pub async fn restore(&self) -> Result<Option<Restore>, StoreError> {
        Ok(self.load_or_default::<Restores>(NAME).await?.latest)
    }

    /// Records that the store was set back to its state at `since`. A repeated call moves the end forward and keeps the earliest time.
    pub async fn save_restore(
        &self,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Restore, StoreError> {
        let mut saved = Restore { since, at: now };
        let merge = &mut |restores: &mut Restores| {
            if let Some(known) = restores.latest {
                saved.since = since.min(known.since);
                saved.at = now.max(known.at);
            }
            restores.latest = Some(saved);
            true
        };
        self.update_or_create(NAME, merge).await?;
        Ok(saved)
    }
}
