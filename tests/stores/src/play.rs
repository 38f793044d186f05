//! Plays one phase of a requirement.

use crate::requirement::{Phase, Requirement};
use crate::{alone, concurrent};
use platform::store::KeyValue;

/// Plays one phase of a requirement on a back end. `run` names the run: letters and digits that no other run has.
///
/// # Errors
/// A sentence about what the back end did otherwise than required.
pub async fn play<K: KeyValue>(
    store: &K,
    requirement: Requirement,
    phase: Phase,
    run: &str,
) -> Result<(), String> {
    if requirement.clients() > 1 {
        return match phase {
            Phase::Prepare => concurrent::prepare(store, requirement, run).await,
            Phase::Play(client) => concurrent::change(store, requirement, client, run).await,
            Phase::Check => concurrent::check(store, requirement, run).await,
        };
    }
    let key = format!("rivet-books-suite-{run}");
    match phase {
        Phase::Prepare => Ok(()),
        Phase::Play(_) => play_alone(store, requirement, &key).await,
        // A failed client may have left its value.
        Phase::Check => store.delete(&key).await.map_err(|error| error.to_string()),
    }
}

async fn play_alone<K: KeyValue>(
    store: &K,
    requirement: Requirement,
    key: &str,
) -> Result<(), String> {
    match requirement {
        Requirement::Absent => alone::absent(store, key).await,
        Requirement::Reads => alone::reads(store, key).await,
        Requirement::LongValues => alone::long_values(store, key).await,
        Requirement::Keys => alone::keys(store, key).await,
        Requirement::SwapOnAbsent => alone::swap_on_absent(store, key).await,
        Requirement::SwapOnPresent => alone::swap_on_present(store, key).await,
        Requirement::SwapThatKeeps => alone::swap_that_keeps(store, key).await,
        Requirement::Counter => alone::counter(store, key).await,
        Requirement::Writers | Requirement::Creators | Requirement::LostAnswers => Ok(()),
    }
}
