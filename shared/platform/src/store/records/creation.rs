//! Creating a record exactly once among all that try, on back ends that let both of two swaps on an absent key win.

use super::{Create, SealedRecords, TRIES, unavailable};
use crate::store::KeyValue;
use bridge::ports::StoreError;

impl<K: KeyValue> SealedRecords<K> {
    /// The counter beside the record lets one creator through on every back end whose counters count;
    /// where two may get the same number, creating by compare-and-swap is safe by itself.
    pub(super) async fn create(&self, key: &str, create: Create<'_>) -> Result<(), StoreError> {
        if self.bytes(key).await?.is_some() {
            return Ok(());
        }
        if self.has_turn(key).await? {
            let fresh = create()?;
            let swapped = self
                .key_value
                .swap(key, |current| current.is_none().then_some(fresh));
            swapped.await.map_err(|error| unavailable(&error))?;
        }
        // Whose turn it is has a single write to go.
        for _ in 0..TRIES {
            if self.bytes(key).await?.is_some() {
                return Ok(());
            }
        }
        Err(StoreError::Busy(key.into()))
    }

    /// Whether this is the first try in a minute, and nobody's turn was in the minutes around it and may not be over. Of two
    /// turns in neighbouring minutes at least one sees the other; one whose creator died is over after two minutes, longer
    /// than any request lives.
    async fn has_turn(&self, key: &str) -> Result<bool, StoreError> {
        let minute = (self.clock)().as_second() / 60;
        let tries = format!("{key}/creations/{minute}");
        let tries = self.key_value.increment(&tries, 1).await;
        if tries.map_err(|error| unavailable(&error))? != 1 {
            return Ok(false);
        }
        let turn = |minute: i64| format!("{key}/turns/{minute}");
        let noted = self.key_value.set(&turn(minute), b"1").await;
        noted.map_err(|error| unavailable(&error))?;
        for near in [minute - 1, minute + 1] {
            if self.bytes(&turn(near)).await?.is_some() {
                let removed = self.key_value.delete(&turn(minute)).await;
                removed.map_err(|error| unavailable(&error))?;
                return Ok(false);
            }
        }
        Ok(true)
    }
}
