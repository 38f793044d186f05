//! A world at one moment, from which any number of others begin.

use super::network::{NOW, Rivet, SimulatedNetwork};
use super::request_ids::SentChanges;
use super::world::World;
use jiff::Timestamp;
use ports::entropy::Entropy;
use simulation::memory_store::{BackEnd, MemoryStore};
use simulator::Simulator;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The records and the parties of a world, without the services over them.
pub struct SavedWorld {
    realm: String,
    now: Timestamp,
    records: BTreeMap<String, Vec<u8>>,
    simulator: Simulator,
    rivet: Rivet,
    sent_changes: SentChanges,
}

impl SavedWorld {
    /// Saves a world.
    pub fn of(world: &World) -> Self {
        Self {
            realm: world.realm.clone(),
            now: world.now(),
            records: world.memory.content(),
            simulator: world.simulator().clone(),
            rivet: world.rivet().clone(),
            sent_changes: world.services.http.sent_changes.borrow().clone(),
        }
    }

    /// Begins a world that is like the saved one. Its records are in a store like SQLite.
    pub fn begin(&self) -> World {
        NOW.set(self.now);
        let network = SimulatedNetwork {
            simulator: Rc::new(RefCell::new(self.simulator.clone())),
            rivet: Rc::new(RefCell::new(self.rivet.clone())),
            before_write: Rc::default(),
            sent_changes: Rc::new(RefCell::new(self.sent_changes.clone())),
        };
        let memory = MemoryStore::with_content(BackEnd::Sqlite, self.records.clone());
        let entropy = [3, 4].map(|seed| Entropy::new([seed; 32]));
        World::over(network, memory, self.realm.clone(), entropy)
    }
}
