//! Swaps that are read back, and tried again if another writer came first.

use super::key_value::{KeyValue, SwapResult};
use super::patience::Patience;
use super::records::SealedRecords;
use futures::future::try_join;
use jiff::SignedDuration;
use ports::records::StoreError;

/// Tries of a swap before a request waits between its tries. Some writers at once are usual, and each lost try means that one of them
/// has finished.
const QUICK_TRIES: usize = 4;

/// Makes the bytes to write from the current bytes and the nonce of the write. The current bytes are `None` if there is no record.
/// A result of `None` means that nothing is written.
///
/// The function is behind a pointer: otherwise its callers would be compiled once for each decision.
pub(super) type Decide<'a> =
    &'a mut dyn FnMut(Option<&[u8]>, &str) -> Result<Option<Vec<u8>>, StoreError>;

/// The result of one try to swap.
struct Tried {
    /// False if the write was lost.
    is_done: bool,
    /// The value of the other key that was read afterwards.
    other: Option<Vec<u8>>,
}

impl<K: KeyValue> SealedRecords<K> {
    /// Swaps in the result of `decide`, which is called again if another writer came first. Returns the value of the key `other` after it.
    pub(super) async fn swap(
        &self,
        key: &str,
        decide: Decide<'_>,
        other: Option<&str>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut patience = Patience::default();
        let mut tries = 0;
        loop {
            let tried = self.try_swap(key, decide, other).await?;
            if tried.is_done {
                return Ok(tried.other);
            }
            self.lost_swaps.set(self.lost_swaps.get() + 1);
            tries += 1;
            if tries >= QUICK_TRIES {
                let pause = patience.next_pause();
                self.wait(pause.ok_or_else(|| StoreError::Busy(key.into()))?)
                    .await;
            }
        }
    }

    /// Waits for this time on average. Otherwise all that lost to the same writer would try again at the same time.
    async fn wait(&self, pause: SignedDuration) {
        let [random, ..] = self.entropy.borrow_mut().nonce();
        let varied = pause * (1 + i32::from(random)) / 128;
        self.key_value.pause(varied).await;
    }

    /// Tries to swap once, and reads the key `other` afterwards.
    async fn try_swap(
        &self,
        key: &str,
        decide: Decide<'_>,
        other: Option<&str>,
    ) -> Result<Tried, StoreError> {
        let (mut failure, nonce) = (None, self.new_nonce());
        let swapped = self.key_value.swap(key, |current| {
            decide(current.as_deref(), &nonce).unwrap_or_else(|error| {
                failure = Some(error);
                None
            })
        });
        let swapped = swapped.await?;
        if let Some(failure) = failure {
            return Err(failure);
        }
        let is_done = self.is_done(key, &nonce, swapped);
        let (is_done, other) = try_join(is_done, self.read_other(other)).await?;
        Ok(Tried { is_done, other })
    }

    async fn read_other(&self, key: Option<&str>) -> Result<Option<Vec<u8>>, StoreError> {
        match key {
            Some(key) => Ok(self.key_value.get(key).await?),
            None => Ok(None),
        }
    }

    /// Returns whether a swap is done, whatever the back end reports of a write.
    async fn is_done(
        &self,
        key: &str,
        nonce: &str,
        swapped: SwapResult,
    ) -> Result<bool, StoreError> {
        match swapped {
            SwapResult::Kept => Ok(true),
            // Redis reports each write as a conflict, and a back end that repeats a call by itself may do so too.
            SwapResult::Replaced | SwapResult::Conflict => self.happened(key, nonce).await,
        }
    }

    /// Returns whether the record contains this nonce. Each nonce is drawn for one write, so it occurs nowhere else.
    async fn happened(&self, key: &str, nonce: &str) -> Result<bool, StoreError> {
        let bytes = self.key_value.get(key).await?.unwrap_or_default();
        let mut windows = bytes.windows(nonce.len());
        Ok(windows.any(|window| window == nonce.as_bytes()))
    }
}
