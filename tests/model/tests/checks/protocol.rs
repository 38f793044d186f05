//! The refresh protocol satisfies its properties on every store and under every rule of Intuit's.

use crate::checker::{BOUNDS, LATE, check, check_with_threads, violated};
use model::configuration::{Backend, Bounds, Configuration, Deviation, Rotation};
use model::properties::{
    CLAIMS_ARE_ENDED, GIVES_UP, LOSS_IS_KNOWN, ONE_OWNER, ONE_SENDER, PREVIOUS_IS_ACCEPTED,
    RECOVERS, REFRESHES, TAKES_OVER,
};

const ALL_ROTATIONS: [Rotation; 6] = [
    Rotation::Strict,
    Rotation::StrictFamily,
    Rotation::SameOrStrict,
    Rotation::Grace,
    Rotation::GraceGrowing,
    Rotation::GraceReplacing,
];

/// The states that are reached under every rule.
const REACHED: [&str; 3] = [TAKES_OVER, GIVES_UP, REFRESHES];

#[test]
fn sqlite_satisfies_every_property() {
    for rotation in [Rotation::Strict, Rotation::Grace] {
        let run = check(Configuration::new(Backend::Sqlite, rotation, BOUNDS));
        run.assert_holds_and_reaches(&REACHED, 30_000);
    }
}

#[test]
fn redis_satisfies_every_property_under_all_rotations() {
    for rotation in ALL_ROTATIONS {
        let run = check(Configuration::new(Backend::Redis, rotation, BOUNDS));
        run.assert_holds_and_reaches(&REACHED, 40_000);
        assert!(!run.found.contains(&PREVIOUS_IS_ACCEPTED), "{rotation:?}");
    }
}

/// The two back ends differ from SQLite only in the creation of records.
#[test]
fn cosmos_and_dynamo_satisfy_every_property() {
    let bounds = Bounds {
        starts: 2,
        ..BOUNDS
    };
    for backend in [Backend::CosmosDb, Backend::DynamoDb] {
        let run = check(Configuration::new(backend, Rotation::Strict, bounds));
        run.assert_holds_and_reaches(&REACHED, 3_000);
    }
}

/// Intuit carries out an abandoned request after its lease, and after another refresh has saved.
///
/// The rules here are those that Intuit describes.
#[test]
fn late_request_is_harmless_under_described_rotations() {
    let bounds = Bounds {
        has_late_requests: true,
        lost: 0,
        ..BOUNDS
    };
    for rotation in [
        Rotation::Strict,
        Rotation::StrictFamily,
        Rotation::Grace,
        Rotation::GraceGrowing,
    ] {
        let run = check(Configuration::new(Backend::Sqlite, rotation, bounds));
        run.assert_holds_and_reaches(&REACHED, 20_000);
    }
}

/// No client can know of the loss: the last request wins, and its answer goes to nobody.
///
/// The next refresh is refused and asks for reauthorization.
#[test]
fn late_request_voids_saved_token_if_last_wins() {
    let bounds = Bounds {
        has_late_requests: true,
        lost: 0,
        ..BOUNDS
    };
    let violated = |rotation| violated(Configuration::new(Backend::Sqlite, rotation, bounds));
    assert_eq!(violated(Rotation::SameOrStrict), [LOSS_IS_KNOWN]);
    let replacing = violated(Rotation::GraceReplacing);
    assert_eq!(replacing, [LOSS_IS_KNOWN, RECOVERS]);
}

#[test]
fn previous_token_is_accepted_only_under_grace_replacing() {
    for rotation in ALL_ROTATIONS {
        let run = check(Configuration::new(Backend::Sqlite, rotation, LATE));
        let is_accepted = run.found.contains(&PREVIOUS_IS_ACCEPTED);
        assert_eq!(
            is_accepted,
            rotation == Rotation::GraceReplacing,
            "{rotation:?}"
        );
    }
}

/// Eventually consistent reads violate no property about tokens, because a swap on an old value fails.
///
/// But a writer may not find its own claim. Then nobody refreshes until the lease ends, without any fault.
#[test]
fn eventual_reads_violate_only_claim_release() {
    let bounds = Bounds {
        starts: 2,
        ..BOUNDS
    };
    for rotation in [Rotation::Strict, Rotation::Grace] {
        let configuration = Configuration::new(Backend::DynamoDbEventual, rotation, bounds);
        assert_eq!(violated(configuration), [CLAIMS_ARE_ENDED], "{rotation:?}");
    }
}

/// If more writers follow than a record remembers, a writer believes its write to be lost and decides again.
///
/// The only effect is a claim that its owner takes for another's, until the lease ends.
#[test]
fn forgotten_nonce_violates_only_claim_release() {
    let many = Bounds {
        starts: 2,
        touches: 8,
        lost: 0,
        unsent: 0,
        ..BOUNDS
    };
    let few = Bounds { touches: 2, ..many };
    for (remembered, bounds) in [(8, many), (2, few), (1, few)] {
        let mut configuration = Configuration::new(Backend::Redis, Rotation::Grace, bounds);
        configuration.remembered = remembered;
        assert_eq!(violated(configuration), [CLAIMS_ARE_ENDED], "{remembered}");
    }
}

/// The client's timeouts rule out a slow owner, but a host can be stopped. Then two may own one generation.
///
/// Even then nothing is overwritten, no status is wrong, and under the strict rule nothing is lost.
#[test]
fn slow_owner_violates_only_single_ownership() {
    let bounds = Bounds {
        starts: 2,
        crashes: 0,
        lost: 0,
        unsent: 0,
        touches: 0,
        has_person: true,
        has_late_requests: false,
    };
    for rotation in [Rotation::Strict, Rotation::Grace] {
        let configuration = Configuration::new(Backend::Redis, rotation, bounds);
        let violated = violated(configuration.with(Deviation::SlowOwner));
        assert_eq!(violated, [ONE_OWNER, ONE_SENDER], "{rotation:?}");
    }
}

/// `cargo test -p model --release -- --ignored --nocapture`; the documentation of the crate says how long it took.
#[test]
#[ignore = "takes minutes; run it in release"]
fn five_refreshes_with_faults_satisfy_every_property() {
    let bounds = Bounds {
        starts: 5,
        crashes: 2,
        lost: 2,
        unsent: 1,
        touches: 0,
        has_person: true,
        has_late_requests: false,
    };
    for backend in [Backend::Sqlite, Backend::Redis] {
        for rotation in ALL_ROTATIONS {
            let configuration = Configuration::new(backend, rotation, bounds);
            let run = check_with_threads(configuration, 2);
            run.assert_holds_and_reaches(&REACHED, 1_000_000);
            assert!(!run.found.contains(&PREVIOUS_IS_ACCEPTED), "{rotation:?}");
        }
    }
}
