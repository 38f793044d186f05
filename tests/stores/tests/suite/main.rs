//! The suite on simulated back ends, and on some that are broken on purpose.

mod broken;
mod simulated;

use futures::executor::block_on;
use futures::future::join_all;
use platform::store::KeyValue;
use stores::{Phase, Requirement, play};

/// Returns the requirements that a back end does not meet, each with the reason. Each is judged on a new store.
fn failures<K: KeyValue>(open: impl Fn() -> K) -> Vec<(&'static str, String)> {
    let failure = |requirement: Requirement| {
        let failed = block_on(judge(&open(), requirement)).err()?;
        Some((requirement.name(), failed))
    };
    Requirement::ALL.into_iter().filter_map(failure).collect()
}

async fn judge<K: KeyValue>(store: &K, requirement: Requirement) -> Result<(), String> {
    let run = requirement.name();
    play(store, requirement, Phase::Prepare, run).await?;
    let clients = 0..requirement.clients();
    let clients = clients.map(|client| play(store, requirement, Phase::Play(client), run));
    for outcome in join_all(clients).await {
        outcome?;
    }
    play(store, requirement, Phase::Check, run).await
}
