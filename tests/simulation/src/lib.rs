//! Runs the real code on several instances, in one thread and in virtual time. A seed decides everything that is random.
//!
//! The code under test is the code that ships: `bridge` and all crates below it, and the sealed records of `platform`. The simulator
//! is the other side. Only the two seams are replaced: the key-value store below the records
//! ([`faulty_store::FaultyStore`]) and the network ([`faulty_network::FaultyNetwork`]). At both, every operation waits at a
//! [yield point](world::World::yield_point) before the operation is carried out and again before its result is known. Tasks
//! therefore interleave in any order, and an instance may crash at any of these points.
//!
//! # How a scenario is written
//!
//! A scenario is one folder in `tests/scenarios`; `tests/scenarios/connections` is the model.
//!
//! 1. **Given.** Draw from the seed what differs between runs: the [back end](back_end::BackEnd), Intuit's rules, the number of
//!    faults ([`Conditions`]). Prepare expensive state once and clone it: the simulator and the content of the store are plain
//!    values.
//! 2. **Actions.** Each request is one task. [`spawn`](world::World::spawn) the task on an instance, with its own
//!    [`Deployment::services`](deployment::Deployment::services). [`requests`] has the requests that all scenarios make, such as a
//!    sign-in. People, schedulers and other systems are tasks [outside](world::Place::Outside), which never crash.
//! 3. **Scenario.** One async function starts actions and lets time pass between them. At the end,
//!    [`stop_faults`](world::World::stop_faults) ends all faults, [`wait_for_instances`](world::World::wait_for_instances) waits for
//!    the tasks, time passes until all leases expire, and the schedule runs until nothing is due. [`final_state`] has these steps for
//!    scenarios that post documents.
//! 4. **Invariants.** An [`Observer`](observer::Observer) checks what must hold at every moment: the observer sees every call with its
//!    sender and every stored value. The scenario checks at its end what must hold then. A check that fails calls
//!    [`fail`](world::World::fail), which ends the run.
//! 5. **Seeds.** [`Scenario::check`](seeds::Scenario::check) runs many seeds, [`Scenario::replay`](seeds::Scenario::replay) shows one.
//!
//! All randomness and all order must come from the [`World`](world::World), and nothing may depend on real time or on the order of a
//! hash map: otherwise a seed does not repeat its run. `replay` checks that each run repeats.
//!
//! # Comparing the runs of two versions
//!
//! A refactoring must not change a run. `tests/simulation/traces write FOLDER` writes the traces of the first seeds of each scenario,
//! and `tests/simulation/traces compare OLD NEW` shows where two such folders differ.
//!
//! # Known bugs
//!
//! `mutants/run` applies known bugs, one at a time, and demands that a scenario fails for each.
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
pub mod seeds;

pub mod final_state;
pub mod webhooks;

pub mod requests;

pub mod deployment;
pub mod firms;

pub mod behaviour;

pub mod faulty_network;
pub mod faulty_store;

pub mod memory_store;
pub mod back_end;
pub mod observer;

pub mod world;

mod conditions;

pub use conditions::Conditions;
