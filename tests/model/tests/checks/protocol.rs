//! The refresh protocol holds on every store and under every rule of Intuit's.

use crate::checking::{BOUNDS, LATE, broken, check, check_all};
use model::properties::{
    CLAIMS_ARE_ENDED, ENDS_WELL, GIVES_UP, LOSS_IS_KNOWN, ONE_OWNER, ONE_SENDER, REFRESHES,
    RESCUES, TAKES_OVER,
};
use model::setting::{Backend, Bounds, Deviation, Rotation, Setting};

const ALL_ROTATIONS: [Rotation; 6] = [
    Rotation::Strict,
    Rotation::StrictFamily,
    Rotation::SameOrStrict,
    Rotation::Grace,
    Rotation::GraceGrowing,
    Rotation::GraceReplacing,
];

/// Everything that may be reached under any rule.
const REACHED: [&str; 3] = [TAKES_OVER, GIVES_UP, REFRESHES];

#[test]
fn a_store_that_swaps_and_reports_rightly_keeps_every_promise() {
    for rotation in [Rotation::Strict, Rotation::Grace] {
        let run = check_all(Setting::new(Backend::Sqlite, rotation, BOUNDS));
        run.holds_and_reaches(&REACHED, 30_000);
    }
}

#[test]
fn a_store_that_reports_conflicts_as_success_keeps_every_promise() {
    for rotation in ALL_ROTATIONS {
        let run = check_all(Setting::new(Backend::Redis, rotation, BOUNDS));
        run.holds_and_reaches(&REACHED, 40_000);
        assert!(!run.found.contains(&RESCUES), "{rotation:?}");
    }
}

#[test]
fn stores_that_differ_only_in_how_records_are_created_keep_every_promise() {
    let bounds = Bounds {
        starts: 2,
        ..BOUNDS
    };
    for backend in [Backend::CosmosDb, Backend::DynamoDb] {
        let run = check_all(Setting::new(backend, Rotation::Strict, bounds));
        run.holds_and_reaches(&REACHED, 3_000);
    }
}

/// A request that nobody waits for is taken after its lease, and after another refresh has saved.
#[test]
fn a_request_that_outlives_its_lease_does_no_harm_under_the_rules_that_intuit_describes() {
    let bounds = Bounds {
        late: true,
        lost: 0,
        ..BOUNDS
    };
    for rotation in [
        Rotation::Strict,
        Rotation::StrictFamily,
        Rotation::Grace,
        Rotation::GraceGrowing,
    ] {
        let run = check_all(Setting::new(Backend::Sqlite, rotation, bounds));
        run.holds_and_reaches(&REACHED, 20_000);
    }
}

/// What no client can know: the last request to be taken wins, and its answer goes to nobody. The next
/// refresh is refused and says so.
#[test]
fn a_request_that_outlives_its_lease_can_void_a_saved_token_if_intuit_lets_the_last_one_win() {
    let bounds = Bounds {
        late: true,
        lost: 0,
        ..BOUNDS
    };
    let broken = |rotation| broken(Setting::new(Backend::Sqlite, rotation, bounds));
    assert_eq!(broken(Rotation::SameOrStrict), [LOSS_IS_KNOWN]);
    assert_eq!(broken(Rotation::GraceReplacing), [LOSS_IS_KNOWN, ENDS_WELL]);
}

/// The only rule under which the token before is worth a try.
#[test]
fn the_token_before_rescues_a_grant_whose_present_token_was_voided_so() {
    for rotation in ALL_ROTATIONS {
        let run = check_all(Setting::new(Backend::Sqlite, rotation, LATE));
        let rescues = run.found.contains(&RESCUES);
        assert_eq!(
            rescues,
            rotation == Rotation::GraceReplacing,
            "{rotation:?}"
        );
    }
}

/// Eventually consistent reads break no promise about tokens, since a swap on an old value fails. But a
/// writer may not find its own claim, so that nobody refreshes until the lease ends, without any fault.
#[test]
fn eventually_consistent_reads_leave_claims_that_nobody_owns() {
    let bounds = Bounds {
        starts: 2,
        ..BOUNDS
    };
    for rotation in [Rotation::Strict, Rotation::Grace] {
        let setting = Setting::new(Backend::DynamoDbEventual, rotation, bounds);
        assert_eq!(broken(setting), [CLAIMS_ARE_ENDED], "{rotation:?}");
    }
}

/// Whoever is overtaken by more writers than a record remembers takes its write for lost and decides anew. All
/// that comes of it is a claim that its owner took for another's, until the lease ends.
#[test]
fn a_writer_that_is_overtaken_by_more_than_are_remembered_leaves_a_claim_at_worst() {
    let many = Bounds {
        starts: 2,
        touches: 8,
        lost: 0,
        unsent: 0,
        ..BOUNDS
    };
    let few = Bounds { touches: 2, ..many };
    for (remembered, bounds) in [(8, many), (2, few), (1, few)] {
        let mut setting = Setting::new(Backend::Redis, Rotation::Grace, bounds);
        setting.remembered = remembered;
        assert_eq!(broken(setting), [CLAIMS_ARE_ENDED], "{remembered}");
    }
}

/// The client's timeouts rule it out, but a host can be stopped: then two may own one generation, and
/// still nothing is overwritten, no verdict is unjust, and under the strict rule nothing is lost.
#[test]
fn an_owner_that_is_slower_than_its_lease_breaks_no_promise_about_the_record() {
    let bounds = Bounds {
        starts: 2,
        crashes: 0,
        lost: 0,
        unsent: 0,
        touches: 0,
        person: true,
        late: false,
    };
    for rotation in [Rotation::Strict, Rotation::Grace] {
        let setting = Setting::new(Backend::Redis, rotation, bounds);
        let broken = broken(setting.with(Deviation::Stalls));
        assert_eq!(broken, [ONE_OWNER, ONE_SENDER], "{rotation:?}");
    }
}

/// `cargo test -p model --release -- --ignored --nocapture`; see the crate's documentation for what it took.
#[test]
#[ignore = "takes minutes; run it in release"]
fn five_refreshes_with_two_crashes_and_two_lost_answers_keep_every_promise() {
    let bounds = Bounds {
        starts: 5,
        crashes: 2,
        lost: 2,
        unsent: 1,
        touches: 0,
        person: true,
        late: false,
    };
    for backend in [Backend::Sqlite, Backend::Redis] {
        for rotation in ALL_ROTATIONS {
            let run = check(Setting::new(backend, rotation, bounds), 2);
            run.holds_and_reaches(&REACHED, 1_000_000);
            assert!(!run.found.contains(&RESCUES), "{rotation:?}");
        }
    }
}
