//! Runs of the checker.

use model::configuration::{Bounds, Configuration};
use model::refresh_model::RefreshModel;
use stateright::{Checker, Expectation, HasDiscoveries, Model};
use std::time::Instant;

/// Three refreshes, one fault of each kind, and a person.
pub const BOUNDS: Bounds = Bounds {
    starts: 3,
    crashes: 1,
    lost: 1,
    unsent: 1,

    touches: 0,
    has_person: true,
    has_late_requests: false,
};

/// Four refreshes, of which two may crash with requests that arrive late, and no other fault.
pub const LATE: Bounds = Bounds {
    starts: 4,
    crashes: 2,
    lost: 0,
    unsent: 0,
    touches: 0,
    has_person: false,
    has_late_requests: true,
};

/// The result of one run.
pub struct Run {
    /// The names of the violated properties and of the reached states.
    pub found: Vec<&'static str>,
    /// The names of the violated properties.
    pub violated: Vec<&'static str>,
    states: usize,
    name: String,
}

impl Run {
    /// Asserts that no property is violated, that all of `reached` are reached, and that `least` states were visited.
    pub fn assert_holds_and_reaches(&self, reached: &[&str], least: usize) {
        let Self { violated, name, .. } = self;
        assert!(violated.is_empty(), "{name}: {violated:?}");
        for place in reached {
            assert!(self.found.contains(place), "{name}: never {place}");
        }
        let states = self.states;
        assert!(states >= least, "{name}: only {states} states");
    }
}

/// Visits every state with one thread.
pub fn check(configuration: Configuration) -> Run {
    check_with_threads(configuration, 1)
}

/// Returns the properties that are violated in any state.
pub fn violated(configuration: Configuration) -> Vec<&'static str> {
    check(configuration).violated
}

/// Visits every state.
pub fn check_with_threads(configuration: Configuration, threads: usize) -> Run {
    let name = format!("{:?} {:?}", configuration.backend, configuration.rotation);
    let (model, began_at) = (RefreshModel(configuration), Instant::now());
    let always: Vec<_> = model
        .properties()
        .into_iter()
        .filter(|property| property.expectation == Expectation::Always)
        .map(|property| property.name)
        .collect();
    let checker = model.checker().threads(threads).spawn_bfs().join();
    let mut found: Vec<_> = checker.discoveries().into_keys().collect();
    found.sort_unstable();
    let (states, took) = (checker.unique_state_count(), began_at.elapsed());
    println!("{name}: {states} states in {took:.1?}");
    let violated = found.iter().copied();
    Run {
        violated: violated.filter(|name| always.contains(name)).collect(),
        found,
        states,
        name,
    }
}

/// Returns whether a property is violated, and prints the counterexample.
pub fn violates(configuration: Configuration, property: &'static str) -> bool {
    let finish = HasDiscoveries::AnyOf([property].into());
    let checker = RefreshModel(configuration).checker().finish_when(finish);
    let checker = checker.spawn_bfs().join();
    let path = checker.discovery(property);
    let states = checker.unique_state_count();
    if let Some(path) = path.clone() {
        println!(
            "{property}, within {states} states: {:?}",
            path.into_actions()
        );
    }
    path.is_some()
}
