//! The default world in process: the sample firm, its company at the simulator, records in memory.
//!
//! When a world is dropped, the company's books must balance.

use super::network::{BeforeWrite, NOW, RIVET, Rivet, SimulatedNetwork};
use billing::session::Session;
use billing::webhook::SigningSecrets;
use billing::{FirmId, Role, SubscriptionPlan};
use bridge::notifications::Receiver;
use bridge::refresh_tokens::{DueReport, Endpoints, refresh_due};
use bridge::replace_settings::Replacement;
use connection::callback::{CallbackConfig, CallbackParams, CallbackResult, handle_callback};
use connection::disconnect::disconnect;
use connection::services::Services;
use connection::sign_in::{self, LinkRequest, LinkResult};
use futures::executor::block_on;
use host::demo::tie_out::Accounts;
use jiff::{SignedDuration, Timestamp};
use mapping::{ClassMode, Settings};
use oauth2::{ClientId, ClientSecret};
use platform::store::{Keyring, SealedRecords};
use ports::entropy::Entropy;
use quickbooks::oauth::{App, AuthorizePage};
use rust_decimal::Decimal;
use simulation::memory_store::{BackEnd, MemoryStore};
use simulator::{ClassTracking, Company, Config, ConsentDecision, Rotation, Simulator};
use std::cell::{RefCell, RefMut};
use std::rc::Rc;
use store::connection::Connection;
use store::{Claimant, Store};

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

const REVOKE: &str = "https://developer.api.intuit.com";
const REDIRECT: &str = "https://books.example/v1/quickbooks/callback";

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
        let simulator = Rc::new(RefCell::new(simulator));
        let memory = MemoryStore::new(options.back_end);
        let network = SimulatedNetwork {
            simulator: simulator.clone(),
            rivet: Rc::default(),
            before_write: Rc::default(),
        };
        Self {
            before_write: network.before_write.clone(),
            services: new_services(&network, &memory, &["k1"], Entropy::new([1; 32])),
            rivet: network.rivet,
            memory,
            firm: "firm_harbor".parse().unwrap(),
            realm,
            simulator,
            entropy: RefCell::new(Entropy::new([2; 32])),
        }
    }

    /// Returns a world with the default firm, connected.
    pub fn connected() -> Self {
        let world = Self::new(WorldOptions::default());
        assert_eq!(world.connect(), CallbackResult::Connected);
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
        assert_eq!(world.connect(), CallbackResult::Connected);
        world.save_settings(change);
        world
    }

    pub fn now(&self) -> Timestamp {
        NOW.get()
    }

    pub fn advance(&self, span: SignedDuration) {
        NOW.set(self.now() + span);
        self.simulator().set_now(self.now());
    }

    pub fn simulator(&self) -> RefMut<'_, Simulator> {
        self.simulator.borrow_mut()
    }

    pub fn entropy(&self) -> Entropy {
        self.entropy.borrow_mut().split()
    }

    /// Runs an action just before the next write to `path` arrives.
    pub fn before_next_write(&self, path: &'static str, action: impl FnOnce() + 'static) {
        let action = Box::new(action);
        *self.before_write.borrow_mut() = Some(BeforeWrite { path, action });
    }

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
    pub fn as_firm<T>(&mut self, firm: &str, act: impl FnOnce(&Self) -> T) -> T {
        let before = std::mem::replace(&mut self.firm, firm.parse().unwrap());
        let done = act(self);
        self.firm = before;
        done
    }

    pub fn session(&self) -> Session {
        Session {
            user: "usr_17".parse().unwrap(),
            firm: self.firm.clone(),
            role: Role::Owner,
            plan: SubscriptionPlan::Pro,
            name: None,
        }
    }

    /// Connects the firm: opens the link, consents at Intuit and handles the callback.
    pub fn connect(&self) -> CallbackResult {
        let params = self.decide_at_intuit(ConsentDecision::Connect);
        self.handle_callback(&params)
    }

    /// Opens the link and decides on Intuit's page. Returns the parameters of the callback.
    pub fn decide_at_intuit(&self, decision: ConsentDecision) -> CallbackParams {
        let mut entropy = self.entropy();
        let store = &self.services.store;
        let ticket = block_on(sign_in::issue_link(
            store,
            &self.session(),
            &mut entropy,
            self.now(),
        ));
        let page = AuthorizePage {
            authorize_url: "https://appcenter.intuit.com/connect/oauth2".into(),
            client_id: ClientId::new("app".into()),
            redirect_uri: REDIRECT.into(),
        };
        let request = LinkRequest {
            ticket: &ticket.unwrap().ticket,
            page: &page,
        };
        let opened = block_on(sign_in::open_link(store, request, &mut entropy, self.now()));
        let LinkResult::Opened(redirect) = opened.unwrap() else {
            panic!("the link opens");
        };
        let realm = self.realm.clone();
        let back = self
            .simulator()
            .consent(&redirect.authorize_url, &realm, decision)
            .unwrap();
        let value = |name: &str| {
            back.query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        CallbackParams {
            state: value("state"),
            code: value("code"),
            realm_id: value("realmId"),
            error: value("error"),
            browser: Some(redirect.browser),
        }
    }

    /// Handles a callback.
    pub fn handle_callback(&self, params: &CallbackParams) -> CallbackResult {
        let config = CallbackConfig {
            redirect_uri: REDIRECT,
            revoke_origin: REVOKE,
        };
        let owner = self.entropy().token();
        let claimant = Claimant {
            owner: &owner,
            now: self.now(),
        };
        block_on(handle_callback(&self.services, &config, params, claimant)).unwrap()
    }

    /// Runs the scheduled token refresh.
    pub fn refresh_tokens(&self) -> DueReport {
        self.refresh_tokens_by(&self.services)
    }

    /// Returns the receiver of notifications.
    pub fn receiver(&self) -> Receiver {
        Receiver {
            origin: RIVET.into(),
            secrets: SigningSecrets::parse("whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw==").unwrap(),
        }
    }

    /// Runs the scheduled token refresh in another instance.
    pub fn refresh_tokens_by(&self, instance: &TestServices) -> DueReport {
        let receiver = instance.notifies_documents.then(|| self.receiver());
        let endpoints = Endpoints {
            revoke_origin: REVOKE,
            receiver: receiver.as_ref(),
        };
        let (auth, mut entropy) = (instance.auth(), self.entropy());
        block_on(refresh_due(&auth, &endpoints, &mut entropy, || self.now())).unwrap()
    }

    pub fn claimant(&self) -> Claimant<'static> {
        Claimant {
            owner: "test",
            now: self.now(),
        }
    }

    pub fn disconnect(&self) -> Connection {
        block_on(disconnect(
            &self.services.auth(),
            &self.firm,
            REVOKE,
            self.claimant(),
        ))
        .unwrap()
    }

    pub fn connection(&self) -> Connection {
        block_on(self.services.store.connection(&self.firm)).unwrap()
    }

    /// Saves complete settings of the sample firm with a change.
    pub fn save_settings(&self, change: impl FnOnce(&mut Settings)) {
        let before = block_on(self.services.store.settings(&self.firm)).unwrap();
        let mut settings = before.settings;
        let accounts = self.accounts();
        settings.accounts.contract_revenue = Some(accounts.revenue);
        settings.accounts.accounts_receivable = Some(accounts.receivable);
        settings.accounts.retainage = Some(accounts.retainage);
        change(&mut settings);
        let replacement = Replacement {
            version: before.version,
            settings,
        };
        let saving = bridge::replace_settings::replace(
            &self.services,
            &self.firm,
            replacement,
            self.claimant(),
        );
        block_on(saving).unwrap();
    }

    /// Returns the ids of the company's accounts.
    pub fn accounts(&self) -> Accounts {
        let simulator = self.simulator();
        let id = |name: &str| simulator.find(&self.realm, "Account", name).expect(name);
        Accounts {
            revenue: id("Contract Revenue"),
            receivable: id("Accounts Receivable (A/R)"),
            retainage: id("Retainage Receivable"),
            deposits: id("Undeposited Funds"),
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
    let keyring = Keyring::new(keys.iter().map(key).collect());
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
        }
    }
}
