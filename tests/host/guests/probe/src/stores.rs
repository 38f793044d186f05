//! Commands on `spin:key-value`.

use std::time::Duration;

use spin_sdk::key_value::{Error, Store};

use crate::script::shown;

/// Performs a command on the default store, if it is one.
pub async fn perform(words: &[&str]) -> anyhow::Result<Option<String>> {
    Ok(Some(match *words {
        ["open", label] => shown(Store::open(label).await.map(|_| "open".to_owned())),
        ["get", key] => shown(default().await?.get(key).await.map(text)),
        ["set", key, value] => shown(done(default().await?.set(key, value).await)),
        ["delete", key] => shown(done(default().await?.delete(key).await)),
        ["exists", key] => shown(
            default()
                .await?
                .exists(key)
                .await
                .map(|exists| exists.to_string()),
        ),
        ["await", key] => wait_for(key).await?,
        ["keys"] => {
            let mut keys = default().await?.get_keys().await.collect().await?;
            keys.sort();
            keys.join(" ")
        }
        _ => return Ok(None),
    }))
}

async fn default() -> Result<Store, Error> {
    Store::open_default().await
}

/// Waits until another request sets the key, but not for ever.
async fn wait_for(key: &str) -> Result<String, Error> {
    let store = default().await?;
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

fn done(outcome: Result<(), Error>) -> Result<String, Error> {
    outcome.map(|()| "done".to_owned())
}
