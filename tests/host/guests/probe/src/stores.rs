//! Executes the commands on `spin:key-value`.

use std::time::Duration;

use spin_sdk::key_value::{Error, Store};

use crate::script::value_or_error;

/// Executes a command on the default store. Returns `None` for other commands.
pub async fn execute(words: &[&str]) -> anyhow::Result<Option<String>> {
    Ok(Some(match *words {
        ["open", label] => value_or_error(Store::open(label).await.map(|_| "open".to_owned())),
        ["get", key] => value_or_error(default_store().await?.get(key).await.map(text)),
        ["set", key, value] => {
            value_or_error(done_if_ok(default_store().await?.set(key, value).await))
        }
        ["delete", key] => value_or_error(done_if_ok(default_store().await?.delete(key).await)),
        ["exists", key] => value_or_error(
            default_store()
                .await?
                .exists(key)
                .await
                .map(|exists| exists.to_string()),
        ),
        ["await", key] => wait_for(key).await?,
        ["keys"] => {
            let mut keys = default_store().await?.get_keys().await.collect().await?;
            keys.sort();
            keys.join(" ")
        }
        _ => return Ok(None),
    }))
}

async fn default_store() -> Result<Store, Error> {
    Store::open_default().await
}

/// Waits, for some seconds at most, until another request sets the key.
async fn wait_for(key: &str) -> Result<String, Error> {
    let store = default_store().await?;
    for _ in 0..5_000 {
        if store.exists(key).await? {
            return Ok("seen".to_owned());
        }
        spin_sdk::time::sleep(Duration::from_millis(1)).await;
    }
    Ok("never".to_owned())
}

fn text(value: Option<Vec<u8>>) -> String {
    value.map_or_else(
        || "none".to_owned(),
        |value| String::from_utf8_lossy(&value).into_owned(),
    )
}

fn done_if_ok(outcome: Result<(), Error>) -> Result<String, Error> {
    outcome.map(|()| "done".to_owned())
}
