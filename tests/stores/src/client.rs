//! A client of the store, which may lose answers.

use jiff::SignedDuration;
use platform::store::{KeyValue, KeyValueError, SwapResult};
use std::cell::Cell;

/// A client of a store.
pub(crate) struct Client<'a, K> {
    store: &'a K,
    /// The operations so far, if answers are lost.
    operations: Option<Cell<u32>>,
}

/// The fate of an operation.
enum Fate {
    /// The operation is carried out and answered.
    Answered,
    /// The operation is carried out, and the answer is lost.
    AnswerLost,
    /// The operation never reaches the store.
    NeverSent,
}

impl<'a, K: KeyValue> Client<'a, K> {
    /// Returns a client that gets every answer of the store.
    pub fn new(store: &'a K) -> Self {
        Self {
            store,
            operations: None,
        }
    }

    /// Returns a client that loses the answers of some operations, and fails to send others.
    pub fn losing_answers(store: &'a K) -> Self {
        Self {
            store,
            operations: Some(Cell::new(0)),
        }
    }

    fn next_fate(&self) -> Fate {
        let Some(operations) = &self.operations else {
            return Fate::Answered;
        };
        operations.set(operations.get() + 1);
        // A change is a swap and a read: with 5 and 7, each of both meets each fate sooner or later.
        match operations.get() {
            number if number % 5 == 3 => Fate::AnswerLost,
            number if number % 7 == 1 => Fate::NeverSent,
            _ => Fate::Answered,
        }
    }

    async fn carry_out<T>(
        &self,
        operation: impl Future<Output = Result<T, KeyValueError>>,
    ) -> Result<T, KeyValueError> {
        let lost = KeyValueError("the answer was lost".to_owned());
        match self.next_fate() {
            Fate::Answered => operation.await,
            Fate::AnswerLost => operation.await.and(Err(lost)),
            Fate::NeverSent => Err(lost),
        }
    }
}

impl<K: KeyValue> KeyValue for Client<'_, K> {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        self.carry_out(self.store.get(key)).await
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        self.carry_out(self.store.set(key, value)).await
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        self.carry_out(self.store.delete(key)).await
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        self.carry_out(self.store.increment(key, by)).await
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        self.carry_out(self.store.swap(key, replace)).await
    }

    async fn pause(&self, span: SignedDuration) {
        self.store.pause(span).await;
    }
}
