//! The keys that seal tokens: how many records each still opens, and the sealing of all with the newest.

use billing::FirmId;
use ports::records::{Records, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use store::Store;

use crate::error::Error;
use crate::operations::firms::all_firms;
use crate::operations::key_report::{KeyReport, KeyUse};

/// The ids of the keys of the deployment, and the time for the request.
pub struct KeyRun<'a, C> {
    /// The ids. The first seals.
    pub configured: &'a [String],
    /// Returns whether another firm may be visited.
    pub has_time: C,
}

impl<C: Fn() -> bool> KeyRun<'_, C> {
    /// Counts the records that each key opens. Nothing is opened or changed.
    ///
    /// # Errors
    /// The store fails.
    pub async fn count<R: Records>(&self, store: &Store<R>) -> Result<KeyReport, Error> {
        let firms = all_firms(store).await?;
        self.report(store, &firms).await
    }

    /// Seals the records again that an older key sealed, and then counts.
    ///
    /// # Errors
    /// The store fails. A record whose key is gone is counted and stays as it is.
    pub async fn rotate<R: Records>(&self, store: &Store<R>) -> Result<KeyReport, Error> {
        let firms = all_firms(store).await?;
        for firm in &firms {
            if !(self.has_time)() {
                break;
            }
            let keys = store.sealing_keys(firm).await?;
            if keys.iter().flatten().any(|id| !self.is_newest(id)) {
                match store.seal_again(firm).await {
                    Ok(()) | Err(StoreError::Unreadable(..)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        self.report(store, &firms).await
    }

    async fn report<R: Records>(
        &self,
        store: &Store<R>,
        firms: &BTreeSet<FirmId>,
    ) -> Result<KeyReport, Error> {
        let mut uses: BTreeMap<String, usize> = BTreeMap::new();
        let mut report = KeyReport {
            complete: true,
            ..KeyReport::default()
        };
        for firm in firms {
            report.complete = (self.has_time)();
            if !report.complete {
                break;
            }
            for keys in store.sealing_keys(firm).await? {
                report.remaining += usize::from(keys.iter().any(|id| !self.is_newest(id)));
                for id in keys {
                    *uses.entry(id).or_default() += 1;
                }
            }
        }
        for id in self.configured {
            let records = uses.remove(id).unwrap_or_default();
            report.keys.push(self.key_use(id, records));
        }
        for (id, records) in uses {
            report.keys.push(self.key_use(&id, records));
        }
        Ok(report)
    }

    fn key_use(&self, id: &str, records: usize) -> KeyUse {
        KeyUse {
            id: id.to_owned(),
            seals: self.is_newest(id),
            configured: self.configured.iter().any(|known| known == id),
            records,
        }
    }

    fn is_newest(&self, id: &str) -> bool {
        self.configured.first().is_some_and(|newest| newest == id)
    }
}
