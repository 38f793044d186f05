//! The creation of a record, exactly once among all that try at the same time.
//!
//! On some back ends both of two swaps on an absent key succeed. Creators therefore take turns, which they count and mark beside
//! the record:
//!
//! | key | meaning |
//! |---|---|
//! | `rivet-books:creations:{record}:{minute}` | number of creators in this minute; the first may take the turn |
//! | `rivet-books:turns:{record}:{minute}` | the first creator of this minute has taken the turn |
//!
//! `{record}` is a digest of the record's key: the counters stay when a firm is erased, and must not name it.
//!
//! A creator keeps its turn only if there is none in the minute before and none in the minute after. Of two turns in
//! neighbouring minutes, at least one creator sees the other's. A turn whose creator crashed ends after two minutes, which is
//! longer than any request lives.

use super::key_value::KeyValue;
use super::patience::Patience;
use super::place::PREFIX;
use jiff::Timestamp;
use ports::entropy::digest;
use ports::records::StoreError;

/// Makes the bytes of an empty record.
///
/// The function is behind a pointer: otherwise its caller would be compiled once for each type of record.
pub(super) type MakeEmpty<'a> = &'a dyn Fn() -> Result<Vec<u8>, StoreError>;

/// Creates the record at `key` if there is none. `clock` returns the current time.
///
/// The counter lets one creator through on every back end whose counters are exact. Back ends that may give two creators the same
/// number have a compare-and-swap that creates safely. A caller without the turn waits until the record is there.
///
/// # Errors
/// [`StoreError::Busy`] if another creator has the turn and has not written within some seconds.
pub(super) async fn create<K: KeyValue>(
    key_value: &K,
    key: &str,
    clock: fn() -> Timestamp,
    make_empty: MakeEmpty<'_>,
) -> Result<(), StoreError> {
    if key_value.get(key).await?.is_some() {
        return Ok(());
    }
    if take_turn(key_value, key, clock().as_second() / 60).await? {
        let fresh = make_empty()?;
        key_value
            .swap(key, |current| current.is_none().then_some(fresh))
            .await?;
    }
    wait_for(key_value, key).await
}

/// Waits until the creator that has the turn has written the record.
async fn wait_for<K: KeyValue>(key_value: &K, key: &str) -> Result<(), StoreError> {
    let mut patience = Patience::default();
    loop {
        if key_value.get(key).await?.is_some() {
            return Ok(());
        }
        let pause = patience.next_pause();
        let pause = pause.ok_or_else(|| StoreError::Busy(key.into()))?;
        key_value.pause(pause).await;
    }
}

/// Takes the turn of this minute. Returns whether the caller has the turn.
async fn take_turn<K: KeyValue>(key_value: &K, key: &str, minute: i64) -> Result<bool, StoreError> {
    let record = digest(key);
    let creators = format!("{PREFIX}:creations:{record}:{minute}");
    if key_value.increment(&creators, 1).await? != 1 {
        return Ok(false);
    }
    let turn = |minute: i64| format!("{PREFIX}:turns:{record}:{minute}");
    key_value.set(&turn(minute), b"1").await?;
    for neighbour in [minute - 1, minute + 1] {
        if key_value.get(&turn(neighbour)).await?.is_some() {
            key_value.delete(&turn(minute)).await?;
            return Ok(false);
        }
    }
    Ok(true)
}
