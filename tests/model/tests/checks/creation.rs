//! A record is created once, on every store.

use model::creation::{
    AbsentKey, CreationModel, IS_CHANGED, IS_TAKEN_OVER, MissingRule, NO_CHANGE_IS_LOST,
};
use stateright::{Checker, Model};

/// The result of one run.
struct Run {
    states: usize,
    found: Vec<&'static str>,
}

fn check(absent_key: AbsentKey, missing: MissingRule) -> Run {
    let model = CreationModel {
        absent_key,
        attempts: 3,
        crashes: 1,
        missing,
    };
    let checker = model.checker().spawn_bfs().join();
    let mut found: Vec<_> = checker.discoveries().into_keys().collect();
    found.sort_unstable();
    let states = checker.unique_state_count();
    println!("{absent_key:?} {missing:?}: {states} states, {found:?}");
    Run { states, found }
}

fn loses_a_change(absent_key: AbsentKey, missing: MissingRule) -> bool {
    check(absent_key, missing)
        .found
        .contains(&NO_CHANGE_IS_LOST)
}

#[test]
fn creation_overwrites_no_change_on_any_store() {
    for absent_key in [
        AbsentKey::BothWin,
        AbsentKey::FirstWins,
        AbsentKey::FirstWinsMiscounting,
    ] {
        let Run { states, found } = check(absent_key, MissingRule::Nothing);
        assert_eq!(found, [IS_TAKEN_OVER, IS_CHANGED], "{absent_key:?}");
        assert!(states > 2_000, "{absent_key:?}: only {states} states");
    }
}

#[test]
fn every_rule_is_needed_where_both_win() {
    for missing in [
        MissingRule::Count,
        MissingRule::Neighbours,
        MissingRule::Deadline,
    ] {
        assert!(loses_a_change(AbsentKey::BothWin, missing), "{missing:?}");
    }
}

#[test]
fn no_rule_is_needed_where_first_wins() {
    for missing in [
        MissingRule::Count,
        MissingRule::Neighbours,
        MissingRule::Deadline,
    ] {
        assert!(
            !loses_a_change(AbsentKey::FirstWins, missing),
            "{missing:?}"
        );
    }
}
