use crate::failures;
use simulation::back_end::BackEnd;
use simulation::memory_store::MemoryStore;
use stores::Requirement;

fn failures_on(back_end: BackEnd) -> Vec<(&'static str, String)> {
    failures(|| MemoryStore::new(back_end))
}

#[test]
fn fit_back_ends_meet_every_requirement() {
    for back_end in BackEnd::ALL {
        assert_eq!(failures_on(back_end), [], "{back_end:?}");
    }
}

#[test]
fn stale_reads_fail_with_the_value_read() {
    for back_end in [BackEnd::DynamoDbEventual, BackEnd::CosmosDbWeak] {
        let failures = failures_on(back_end);
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
    let failures = failures_on(BackEnd::WithoutAtomics);
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
