//! The requirements that one client plays.

use platform::store::{KeyValue, KeyValueError, SwapResult};

/// The longest value that is ever written, in bytes.
const LONGEST: usize = 64 * 1024;

/// Reads, and fails unless the value is the expected one.
async fn expect<K: KeyValue>(store: &K, key: &str, expected: Option<&[u8]>) -> Result<(), String> {
    let found = store.get(key).await.map_err(failed("get"))?;
    match found.as_deref() == expected {
        true => Ok(()),
        false => Err(format!(
            "{} is read instead of {}",
            shown(found.as_deref()),
            shown(expected)
        )),
    }
}

fn failed(operation: &'static str) -> impl Fn(KeyValueError) -> String {
    move |error| format!("{operation} failed: {error}")
}

fn shown(value: Option<&[u8]>) -> String {
    match value {
        None => "no value".to_owned(),
        Some(bytes) if bytes.len() > 40 => format!("a value of {} bytes", bytes.len()),
        Some(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
    }
}

/// Swaps in a value, and fails unless the swap began with the expected value.
async fn swap<K: KeyValue>(
    store: &K,
    key: &str,
    from: Option<&[u8]>,
    to: &[u8],
) -> Result<(), String> {
    let mut seen = None;
    let swapped = store.swap(key, |current| {
        seen = current;
        Some(to.to_vec())
    });
    swapped.await.map_err(failed("swap"))?;
    match seen.as_deref() == from {
        true => Ok(()),
        false => Err(format!(
            "a swap began with {} instead of {}",
            shown(seen.as_deref()),
            shown(from)
        )),
    }
}

/// An absent key reads as none, and its removal is no error.
pub(crate) async fn absent<K: KeyValue>(store: &K, key: &str) -> Result<(), String> {
    expect(store, key, None).await?;
    store.delete(key).await.map_err(failed("delete"))?;
    expect(store, key, None).await
}

/// Each write is read back at once, and so is a removal.
pub(crate) async fn reads<K: KeyValue>(store: &K, key: &str) -> Result<(), String> {
    for number in 0..10 {
        let value = format!("value {number}").into_bytes();
        store.set(key, &value).await.map_err(failed("set"))?;
        expect(store, key, Some(&value)).await?;
    }
    store.delete(key).await.map_err(failed("delete"))?;
    expect(store, key, None).await
}

/// A value of 64 KB with any bytes comes back unchanged, written and swapped.
pub(crate) async fn long_values<K: KeyValue>(store: &K, key: &str) -> Result<(), String> {
    let first: Vec<u8> = (0..LONGEST).map(|at| at.to_le_bytes()[0]).collect();
    let second: Vec<u8> = first.iter().rev().copied().collect();
    store.set(key, &first).await.map_err(failed("set"))?;
    expect(store, key, Some(&first)).await?;
    swap(store, key, Some(&first), &second).await?;
    expect(store, key, Some(&second)).await?;
    store.delete(key).await.map_err(failed("delete"))
}

/// Keys of 200 characters that differ in one of them are different.
pub(crate) async fn keys<K: KeyValue>(store: &K, key: &str) -> Result<(), String> {
    let padded = format!("{key}{}", "-long_key".repeat(30));
    let keys = ["a", "A", "0", "_", "-"].map(|last| format!("{}{last}", &padded[..199]));
    for key in &keys {
        store
            .set(key, key.as_bytes())
            .await
            .map_err(failed("set"))?;
    }
    for key in &keys {
        expect(store, key, Some(key.as_bytes())).await?;
        store.delete(key).await.map_err(failed("delete"))?;
    }
    Ok(())
}

/// A swap on an absent key begins with none and writes.
pub(crate) async fn swap_on_absent<K: KeyValue>(store: &K, key: &str) -> Result<(), String> {
    swap(store, key, None, b"first").await?;
    expect(store, key, Some(b"first")).await?;
    store.delete(key).await.map_err(failed("delete"))?;
    // A store may remember the removed value.
    swap(store, key, None, b"second").await?;
    expect(store, key, Some(b"second")).await?;
    store.delete(key).await.map_err(failed("delete"))
}

/// A swap begins with the latest value and writes, time and again.
pub(crate) async fn swap_on_present<K: KeyValue>(store: &K, key: &str) -> Result<(), String> {
    let values: Vec<_> = (0..6).map(|number| format!("value {number}")).collect();
    store
        .set(key, values[0].as_bytes())
        .await
        .map_err(failed("set"))?;
    for pair in values.windows(2) {
        swap(store, key, Some(pair[0].as_bytes()), pair[1].as_bytes()).await?;
        expect(store, key, Some(pair[1].as_bytes())).await?;
    }
    store.delete(key).await.map_err(failed("delete"))
}

/// A swap may decide to write nothing, on a key that exists and on one that does not.
pub(crate) async fn swap_that_keeps<K: KeyValue>(store: &K, key: &str) -> Result<(), String> {
    for value in [None, Some(b"kept".as_slice())] {
        if let Some(value) = value {
            store.set(key, value).await.map_err(failed("set"))?;
        }
        let kept = store.swap(key, |_| None).await.map_err(failed("swap"))?;
        if kept != SwapResult::Kept {
            return Err(format!("a swap that writes nothing reports {kept:?}"));
        }
        expect(store, key, value).await?;
    }
    store.delete(key).await.map_err(failed("delete"))
}

/// A counter begins at 0 and adds what it is told.
pub(crate) async fn counter<K: KeyValue>(store: &K, key: &str) -> Result<(), String> {
    for (by, expected) in [(1, 1), (1, 2), (5, 7), (-3, 4)] {
        let sum = store
            .increment(key, by)
            .await
            .map_err(failed("increment"))?;
        if sum != expected {
            return Err(format!("adding {by} gives {sum} instead of {expected}"));
        }
    }
    store.delete(key).await.map_err(failed("delete"))
}
