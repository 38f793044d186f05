//! The suite on the simulated back ends.

use futures::executor::block_on;
use futures::future::join_all;
use simulation::back_end::BackEnd;
use simulation::memory_store::MemoryStore;
use stores::{Phase, Requirement, play};

/// Judges a back end by one requirement.
async fn judge(back_end: BackEnd, requirement: Requirement) -> Result<(), String> {
    let store = MemoryStore::new(back_end);
    let run = requirement.name();
    play(&store, requirement, Phase::Prepare, run).await?;
    let clients = 0..requirement.clients();
    let clients = clients.map(|client| play(&store, requirement, Phase::Play(client), run));
    for outcome in join_all(clients).await {
        outcome?;
    }
    play(&store, requirement, Phase::Check, run).await
}

/// Returns the requirements that a back end does not meet, each with the reason.
fn failures(back_end: BackEnd) -> Vec<(&'static str, String)> {
    let failure = |requirement: Requirement| {
        let failed = block_on(judge(back_end, requirement)).err()?;
        Some((requirement.name(), failed))
    };
    Requirement::ALL.into_iter().filter_map(failure).collect()
}

#[test]
fn fit_back_ends_meet_every_requirement() {
    for back_end in BackEnd::ALL {
        assert_eq!(failures(back_end), [], "{back_end:?}");
    }
}

#[test]
fn stale_reads_fail_with_the_value_read() {
    for back_end in [BackEnd::DynamoDbEventual, BackEnd::CosmosDbWeak] {
        let failures = failures(back_end);
        let (_, reason) = failures.iter().find(|(name, _)| *name == "reads").unwrap();
        assert_eq!(reason, "no value is read instead of \"value 0\"");
        assert!(
            failures.iter().any(|(name, _)| *name == "writers"),
            "{failures:?}"
        );
    }
}

#[test]
fn store_without_atomics_fails_every_swap() {
    let failures = failures(BackEnd::WithoutAtomics);
    let names: Vec<_> = failures.iter().map(|(name, _)| *name).collect();
    let needs_atomics = [
        "long-values",
        "swap-on-absent",
        "swap-on-present",
        "swap-that-keeps",
        "counter",
        "writers",
        "creators",
        "lost-answers",
    ];
    assert_eq!(names, needs_atomics);
    assert!(
        failures
            .iter()
            .all(|(_, reason)| reason.contains("the store has no atomics"))
    );
}

#[test]
fn every_requirement_is_found_by_name() {
    for requirement in Requirement::ALL {
        assert_eq!(Requirement::named(requirement.name()), Some(requirement));
    }
    assert_eq!(Requirement::named("speed"), None);
}
