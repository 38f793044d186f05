//! Adapts the host's store to the key-value interface that sealed records use.

use jiff::SignedDuration;
use platform::store::{KeyValue, KeyValueError, SwapResult};

use crate::key_value::Bucket;

/// A store of an app, used from outside its components. These operations are not counted.
pub(crate) struct BucketKeyValue(pub Bucket);

impl KeyValue for BucketKeyValue {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        self.0.get(key).map_err(KeyValueError)
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        self.0.set(key, value).map_err(KeyValueError)
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        self.0.delete(key).map_err(KeyValueError)
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        self.0.increment(key, by).map_err(KeyValueError)
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        let mut swap = self.0.begin_swap(key).map_err(KeyValueError)?;
        let current = swap.current().map_err(KeyValueError)?;
        let Some(next) = replace(current) else {
            return Ok(SwapResult::Kept);
        };
        Ok(match swap.attempt(&next).map_err(KeyValueError)? {
            true => SwapResult::Replaced,
            false => SwapResult::Conflict,
        })
    }

    async fn pause(&self, span: SignedDuration) {
        std::thread::sleep(span.unsigned_abs());
    }
}
