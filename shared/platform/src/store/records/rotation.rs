//! Sealing what an older key sealed with the one that seals now.

use super::{KeyValue, SealedRecords, Unwrapped, following};
use bridge::ports::{Record, StoreError};

impl<K: KeyValue> SealedRecords<K> {
    /// Makes of a record what is there already, sealed with the present key.
    pub(super) fn sealing<R: Record>(
        &self,
        key: &str,
    ) -> impl FnMut(Option<&[u8]>, &str) -> Result<Option<Vec<u8>>, StoreError> {
        move |bytes, nonce| {
            let Some(bytes) = bytes else {
                return Ok(None);
            };
            let Unwrapped { record, nonces, .. } = self.unwrap::<R>(key, bytes)?;
            self.wrap(key, (record, following(nonce, nonces))).map(Some)
        }
    }
}
