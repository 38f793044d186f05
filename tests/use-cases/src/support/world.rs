//! The default world in process: the sample firm, its company at the simulator, records in memory.
//!
//! When a world is dropped, the company's books must balance, and no write may have changed closed books.

use super::connections::SignInResult;
use super::network::{BeforeWrite, NOW, Rivet, SimulatedNetwork};
use billing::session::Session;
use billing::{FirmId, Role, SubscriptionPlan};
use connection::services::Services;
use jiff::{SignedDuration, Timestamp};
use mapping::{ClassMode, Settings};
use oauth2::{ClientId, ClientSecret};
use platform::store::{Keyring, SealedRecords};
use ports::entropy::Entropy;
use quickbooks::oauth::App;
use rust_decimal::Decimal;
use simulation::memory_store::{BackEnd, MemoryStore};
use simulator::{ClassTracking, Company, Config, Rotation, Simulator};
use std::cell::{RefCell, RefMut};
use std::rc::Rc;
use store::{Claimant, Store};

/// The services of an instance over the simulated network and records in memory.
pub type TestServices = Services<SimulatedNetwork, SealedRecords<MemoryStore>>;

/// The properties of a world that a test may change.
pub struct WorldOptions {
    pub company: Company,
    pub back_end: BackEnd,
    pub rotation: Rotation,
}

impl Default for WorldOptions {
    fn default() -> Self {
        Self {
            company: Company::new("Harbor Electric LLC"),
            back_end: BackEnd::Sqlite,
            rotation: Rotation::Strict,
        }
    }
}

impl WorldOptions {
    /// Returns the default options with a changed company.
    pub fn with_company(change: impl FnOnce(Company) -> Company) -> Self {
        let default = Self::default();
        Self {
            company: change(default.company),
            ..default
        }
    }
}

/// The sample firm with its services, its records and the parties around it.
pub struct World {
    pub services: TestServices,
    pub memory: MemoryStore,
    pub firm: FirmId,
    pub realm: String,
    simulator: Rc<RefCell<Simulator>>,
    rivet: Rc<RefCell<Rivet>>,
    before_write: Rc<RefCell<Option<BeforeWrite>>>,
    entropy: RefCell<Entropy>,
}

/// The redirect address of the app.
pub const REDIRECT: &str = "https://books.example/v1/quickbooks/callback";

impl World {
    /// Returns a world whose firm is not connected yet.
    pub fn new(options: WorldOptions) -> Self {
        let now: Timestamp = "2026-03-02T15:00:00Z".parse().unwrap();
        NOW.set(now);
        let mut simulator = Simulator::new(Config {
            client_id: "app".into(),
            client_secret: "app-secret-of-the-simulator".into(),
            redirect_uris: vec![REDIRECT.into()],
            seed: 7,
            now,
            rotation: options.rotation,
        });
        let realm = simulator.add_company(options.company);
        let network = SimulatedNetwork {
            simulator: Rc::new(RefCell::new(simulator)),
            rivet: Rc::default(),
            before_write: Rc::default(),
            sent_changes: Rc::default(),
        };
        let memory = MemoryStore::new(options.back_end);
        let entropy = [1, 2].map(|seed| Entropy::new([seed; 32]));
        Self::over(network, memory, realm, entropy)
    }

    /// Returns the world of the sample firm over a network and records. Its services and the test have an entropy each.
    pub fn over(
        network: SimulatedNetwork,
        memory: MemoryStore,
        realm: String,
        entropy: [Entropy; 2],
    ) -> Self {
        let [for_services, for_test] = entropy;
        Self {
            before_write: network.before_write.clone(),
            services: new_services(&network, &memory, &["k1"], for_services),
            rivet: network.rivet,
            memory,
            firm: "firm_harbor".parse().unwrap(),
            realm,
            simulator: network.simulator,
            entropy: RefCell::new(for_test),
        }
    }

    /// Returns a world with the default firm, connected.
    pub fn connected() -> Self {
        let world = Self::new(WorldOptions::default());
        assert_eq!(world.connect(), SignInResult::Connected);
        world
    }

    /// Returns a world with the default firm, connected and with complete settings.
    pub fn configured() -> Self {
        Self::configured_with(WorldOptions::default(), |_| {})
    }

    /// Returns a world whose company tracks classes and whose firm lets RIVET create them.
    pub fn with_classes(change: impl FnOnce(&mut Settings)) -> Self {
        let options =
            WorldOptions::with_company(|company| company.class_tracking(ClassTracking::PerLine));
        Self::configured_with(options, |settings| {
            settings.class_tracking.mode = ClassMode::AutoCreate;
            change(settings);
        })
    }

    /// Returns a world with a connected firm and complete, changed settings.
    pub fn configured_with(options: WorldOptions, change: impl FnOnce(&mut Settings)) -> Self {
        let world = Self::new(options);
        assert_eq!(world.connect(), SignInResult::Connected);
        world.save_settings(change);
        world
    }

    /// Returns the present instant.
    pub fn now(&self) -> Timestamp {
        NOW.get()
    }

    /// Moves the clock forward.
    pub fn advance(&self, span: SignedDuration) {
        NOW.set(self.now() + span);
        self.simulator().set_now(self.now());
    }

    /// Returns the simulated Intuit.
    pub fn simulator(&self) -> RefMut<'_, Simulator> {
        self.simulator.borrow_mut()
    }

    /// Returns new entropy.
    pub fn entropy(&self) -> Entropy {
        self.entropy.borrow_mut().split()
    }

    /// Runs an action just before the next write to `path` arrives.
    pub fn before_next_write(&self, path: &'static str, action: impl FnOnce() + 'static) {
        let action = Box::new(action);
        *self.before_write.borrow_mut() = Some(BeforeWrite { path, action });
    }

    /// Returns RIVET's end of the notifications.
    pub fn rivet(&self) -> RefMut<'_, Rivet> {
        self.rivet.borrow_mut()
    }

    /// Returns another instance of the services, with the same records and the same network.
    pub fn new_instance(&self) -> TestServices {
        self.new_instance_with_keys(&["k1"])
    }

    /// Returns another instance with these `token_keys`.
    pub fn new_instance_with_keys(&self, keys: &[&str]) -> TestServices {
        new_services(&self.services.http, &self.memory, keys, self.entropy())
    }

    /// Acts as a person of another firm.
    pub fn as_firm<T>(&mut self, firm: &str, action: impl FnOnce(&Self) -> T) -> T {
        let before = std::mem::replace(&mut self.firm, firm.parse().unwrap());
        let result = action(self);
        self.firm = before;
        result
    }

    /// Returns the claimant of a request of the test.
    pub fn claimant(&self) -> Claimant<'static> {
        Claimant {
            owner: "test",
            now: self.now(),
        }
    }

    /// Returns the session of the firm's owner.
    pub fn session(&self) -> Session {
        Session {
            user: "usr_17".parse().unwrap(),
            firm: self.firm.clone(),
            role: Role::Owner,
            plan: SubscriptionPlan::Pro,
            name: None,
        }
    }
}

/// Returns an instance of the services. The bytes of a key derive from its id, so all instances agree on a key.
fn new_services(
    network: &SimulatedNetwork,
    memory: &MemoryStore,
    keys: &[&str],
    entropy: Entropy,
) -> TestServices {
    let key = |id: &&str| ((*id).to_owned(), [id.as_bytes()[1]; 32]);
    let view_secret = b"the secret of sessions of the tests".to_vec();
    let keyring = Keyring::new(keys.iter().map(key).collect()).with_view_keys(&[view_secret]);
    Services {
        http: network.clone(),
        store: Store::new(SealedRecords::new(memory.clone(), keyring, entropy, || {
            NOW.get()
        })),
        app: App {
            oauth_origin: "https://oauth.platform.intuit.com".into(),
            client_id: ClientId::new("app".into()),
            client_secret: ClientSecret::new("app-secret-of-the-simulator".into()),
        },
        api_origin: "https://quickbooks.api.intuit.com".into(),
        notifies_documents: true,
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let simulator = self.simulator.borrow();
            let sum: Decimal = simulator.ledger(&self.realm).trial_balance().values().sum();
            assert_eq!(sum, Decimal::ZERO, "the books do not balance");
            let moved = simulator.closed_balances_moved(&self.realm);
            assert!(moved.is_empty(), "{moved:#?}");
        }
    }
}
