//! A back end whose operations are counted for the log line of a request.

use crate::store::{KeyValue, KeyValueError, SwapResult};
use crate::usage::Usage;
use jiff::SignedDuration;
use std::rc::Rc;

/// A back end whose operations are counted.
pub struct Counted<K> {
    inner: K,
    usage: Rc<Usage>,
}

impl<K> Counted<K> {
    pub(crate) fn new(inner: K, usage: Rc<Usage>) -> Self {
        Self { inner, usage }
    }
}

impl<K: KeyValue> KeyValue for Counted<K> {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        self.usage.count_store_read();
        self.inner.get(key).await
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        self.usage.count_store_write();
        self.inner.set(key, value).await
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        self.usage.count_store_write();
        self.inner.delete(key).await
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        self.usage.count_store_write();
        self.inner.increment(key, by).await
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        self.usage.count_store_read();
        let swapped = self.inner.swap(key, replace).await?;
        if swapped != SwapResult::Kept {
            self.usage.count_store_write();
        }
        Ok(swapped)
    }

    async fn pause(&self, span: SignedDuration) {
        self.inner.pause(span).await;
    }
}
