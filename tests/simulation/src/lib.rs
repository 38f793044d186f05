//! The real code on several instances, in one thread and virtual time, with a seed for all that chance decides.
//!
//! What runs is what ships: `bridge`, the sealed records of `platform`, and the simulator as the other side. Only the two
//! seams are replaced, the key-value store below the records ([`store::Remote`]) and the network ([`network::Wire`]). At both,
//! every operation waits for its [turn](world::World::turn) before it is carried out and before its answer is known, so tasks
//! meet in any order, and an instance may die in any of these places.
//!
//! # How a scenario is written
//!
//! One folder in `tests/`, see `tests/connections`:
//!
//! 1. **Given.** Draw from the seed what differs: the [back end](memory::BackEnd), Intuit's rules, how much may go wrong
//!    ([`Conditions`]). Prepare what is dear once and clone it: the simulator and the store's content are plain values.
//! 2. **Actions.** Whatever a request does is one task: [`spawn`](world::World::spawn) it on an instance, with a
//!    [`Deployment::books`](deployment::Deployment::books) of its own; what all scenarios do, as signing in, is in [`requests`].
//!    People, schedulers and other systems are tasks [outside](world::Place::Outside), which never die.
//! 3. **Story.** One async function starts actions, lets time pass between them, and then comes to rest:
//!    [`calm`](world::World::calm) ends all faults, [`idle`](world::World::idle) waits for the tasks, sleep beyond all leases,
//!    and run the schedule until it finds nothing to do; what scenarios of postings do there is in [`rest`].
//! 4. **Promises.** What must hold at every moment is watched by a [`Witness`](witness::Witness), which sees every call with its
//!    sender and every value as it is written. What must hold at the end is asked after the rest. Whoever finds a promise broken
//!    calls [`broken`](world::World::broken), which ends the run.
//! 5. **Seeds.** [`Scenario::hunt`](seeds::Scenario::hunt) runs many, [`Scenario::replay`](seeds::Scenario::replay) shows one.
//!
//! Whatever is random or ordered by chance must come from the [`World`](world::World), and nothing may depend on real time or on
//! the order of a hash map, else a seed does not repeat; `replay` checks that.
//!
//! `mutants/run` puts known bugs in, one at a time, and demands that a scenario notices.
#![warn(missing_docs)]

mod conditions;
pub mod deployment;
pub mod firms;
pub mod memory;
pub mod network;
pub mod requests;
pub mod rest;
pub mod seeds;
pub mod store;
pub mod webhooks;
pub mod witness;
pub mod world;

pub use conditions::Conditions;
