//! A record is created once, on every store.

use model::creation::{Absent, Creating, IS_CHANGED, IS_TAKEN_OVER, Lack, NO_CHANGE_IS_LOST};
use stateright::{Checker, Model};

/// What a run found, and in how many states.
fn check(absent: Absent, lack: Lack) -> (usize, Vec<&'static str>) {
    let creating = Creating {
        absent,
        attempts: 3,
        crashes: 1,
        lack,
    };
    let checker = creating.checker().spawn_bfs().join();
    let mut found: Vec<_> = checker.discoveries().into_keys().collect();
    found.sort_unstable();
    let states = checker.unique_state_count();
    println!("{absent:?} {lack:?}: {states} states, {found:?}");
    (states, found)
}

fn loses_a_change(absent: Absent, lack: Lack) -> bool {
    check(absent, lack).1.contains(&NO_CHANGE_IS_LOST)
}

#[test]
fn a_change_is_never_overwritten_by_a_creation_on_any_store() {
    for absent in [
        Absent::BothWin,
        Absent::FirstWins,
        Absent::FirstWinsMiscounting,
    ] {
        let (states, found) = check(absent, Lack::Nothing);
        assert_eq!(found, [IS_TAKEN_OVER, IS_CHANGED], "{absent:?}");
        assert!(states > 2_000, "{absent:?}: only {states} states");
    }
}

#[test]
fn where_both_of_two_creations_win_creators_must_count_and_look_around_and_keep_pace() {
    for lack in [Lack::Count, Lack::Neighbours, Lack::Pace] {
        assert!(loses_a_change(Absent::BothWin, lack), "{lack:?}");
    }
}

#[test]
fn where_the_first_creation_wins_nothing_of_that_is_needed() {
    for lack in [Lack::Count, Lack::Neighbours, Lack::Pace] {
        assert!(!loses_a_change(Absent::FirstWins, lack), "{lack:?}");
    }
}
