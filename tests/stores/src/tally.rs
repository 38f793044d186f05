//! The record that several clients change, kept as all records are.

use crate::client::Client;
use platform::store::{KeyValue, Keyring, SealedRecords};
use ports::entropy::{Entropy, digest_of};
use ports::records::{Change, Record, Records, StoreError};
use serde::{Deserialize, Serialize};

/// The marks that clients left in a record.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub marks: Vec<String>,
}

impl Record for Tally {
    const KIND: &'static str = "suite-tally";
}

/// A client's view of the tally of one run.
pub(crate) struct TallyClient<'a, K> {
    records: SealedRecords<Client<'a, K>>,
    name: String,
}

impl<'a, K: KeyValue> TallyClient<'a, K> {
    /// Opens the tally of a run. `client` must differ between the clients of the run.
    pub fn new(store: Client<'a, K>, run: &str, client: &str) -> Self {
        // Unique nonces are enough here: nothing is sealed.
        let mut seed = [0; 32];
        let text = digest_of(format!("{run} {client}").as_bytes());
        seed.copy_from_slice(&text.as_bytes()[..32]);
        let keyring = Keyring::new(Vec::new());
        let entropy = Entropy::new(seed);
        Self {
            records: SealedRecords::new(store, keyring, entropy, platform::current_time),
            name: run.to_owned(),
        }
    }

    /// Creates the tally if there is none.
    pub async fn ensure(&self) -> Result<(), StoreError> {
        self.records.ensure::<Tally>(&self.name).await
    }

    /// Adds a mark.
    pub async fn add(&self, mark: &str) -> Result<(), StoreError> {
        self.change(|tally| {
            tally.marks.push(mark.to_owned());
            true
        })
        .await
    }

    /// Adds a mark unless it is there.
    pub async fn add_once(&self, mark: &str) -> Result<(), StoreError> {
        self.change(|tally| {
            let is_absent = !tally.marks.iter().any(|known| known == mark);
            if is_absent {
                tally.marks.push(mark.to_owned());
            }
            is_absent
        })
        .await
    }

    /// Reads the marks. An absent tally has none.
    pub async fn marks(&self) -> Result<Vec<String>, StoreError> {
        let tally = self.records.load::<Tally>(&self.name).await?;
        Ok(tally.unwrap_or_default().marks)
    }

    /// Removes the tally.
    pub async fn remove(&self) -> Result<(), StoreError> {
        self.records.remove::<Tally>(&self.name).await
    }

    /// Changes the tally if `edit` returns true.
    async fn change(&self, edit: impl Fn(&mut Tally) -> bool) -> Result<(), StoreError> {
        let changed = self
            .records
            .change(&self.name, |mut tally: Tally| match edit(&mut tally) {
                true => Change::write(tally, ()),
                false => Change::Keep(()),
            });
        match changed.await? {
            Some(()) => Ok(()),
            None => Err(StoreError::Unavailable("the tally is gone".to_owned())),
        }
    }
}
