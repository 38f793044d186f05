//! Running the checker.

use model::check::Refreshing;
use model::setting::{Bounds, Setting};
use stateright::{Checker, Expectation, HasDiscoveries, Model};
use std::time::Instant;

/// Three refreshes, one fault of each kind, and a person.
pub const BOUNDS: Bounds = Bounds {
    starts: 3,
    crashes: 1,
    lost: 1,
    unsent: 1,

    touches: 0,
    person: true,
    late: false,
};

/// Four refreshes, of which two may die with requests that arrive late; nothing else goes wrong.
pub const LATE: Bounds = Bounds {
    starts: 4,
    crashes: 2,
    lost: 0,
    unsent: 0,
    touches: 0,
    person: false,
    late: true,
};

/// What a run found.
pub struct Run {
    /// The promises that were broken and the places that were reached.
    pub found: Vec<&'static str>,
    /// Of the promises, those that were broken.
    pub broken: Vec<&'static str>,
    states: usize,
    name: String,
}

impl Run {
    /// Asserts that nothing is broken, that all of these are reached, and that there was something to check.
    pub fn holds_and_reaches(&self, reached: &[&str], least: usize) {
        assert!(self.broken.is_empty(), "{}: {:?}", self.name, self.broken);
        for place in reached {
            assert!(self.found.contains(place), "{}: never {place}", self.name);
        }
        let (states, name) = (self.states, &self.name);
        assert!(states >= least, "{name}: only {states} states");
    }
}

/// Checks every state.
pub fn check_all(setting: Setting) -> Run {
    check(setting, 1)
}

/// The promises that are broken in any state.
pub fn broken(setting: Setting) -> Vec<&'static str> {
    check_all(setting).broken
}

/// Checks every state, with so many threads.
pub fn check(setting: Setting, threads: usize) -> Run {
    let name = format!("{:?} {:?}", setting.backend, setting.rotation);
    let (model, began) = (Refreshing(setting), Instant::now());
    let promises: Vec<_> = model
        .properties()
        .into_iter()
        .filter(|property| property.expectation == Expectation::Always)
        .map(|property| property.name)
        .collect();
    let checker = model.checker().threads(threads).spawn_bfs().join();
    let mut found: Vec<_> = checker.discoveries().into_keys().collect();
    found.sort_unstable();
    let (states, took) = (checker.unique_state_count(), began.elapsed());
    println!("{name}: {states} states in {took:.1?}");
    let broken = found.iter().copied();
    Run {
        broken: broken.filter(|name| promises.contains(name)).collect(),
        found,
        states,
        name,
    }
}

/// Whether a promise is broken, with what leads there.
pub fn breaks(setting: Setting, promise: &'static str) -> bool {
    let finish = HasDiscoveries::AnyOf([promise].into());
    let checker = Refreshing(setting).checker().finish_when(finish);
    let checker = checker.spawn_bfs().join();
    let path = checker.discovery(promise);
    let states = checker.unique_state_count();
    if let Some(path) = path.clone() {
        println!(
            "{promise}, within {states} states: {:?}",
            path.into_actions()
        );
    }
    path.is_some()
}
