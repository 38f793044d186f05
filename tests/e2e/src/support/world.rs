//! The default world in process: the sample firm, its company at the simulator, records in memory.
//!
//! When a world is dropped, the company's books must balance.

use super::network::{Meanwhile, NOW, RIVET, Rivet, ToSimulator};
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
use simulation::memory::{BackEnd, Memory};
use simulator::{ClassTracking, Company, Config, ConsentDecision, Rotation, Simulator};
use std::cell::{RefCell, RefMut};
use std::rc::Rc;
use store::connection::Connection;
use store::{Claimant, Store};

pub type TestBridge = Services<ToSimulator, SealedRecords<Memory>>;

/// What differs from the default world.
pub struct Given {
    pub company: Company,
    pub back_end: BackEnd,
    pub rotation: Rotation,
}

impl Default for Given {
    fn default() -> Self {
        Self {
            company: Company::new("Harbor Electric LLC"),
            back_end: BackEnd::Sqlite,
            rotation: Rotation::Strict,
        }
    }
}

impl Given {
    /// The default, with another company than usual.
    pub fn company(change: impl FnOnce(Company) -> Company) -> Self {
        let usual = Self::default();
        Self {
            company: change(usual.company),
            ..usual
        }
    }
}

/// The world.
pub struct World {
    pub bridge: TestBridge,
    pub memory: Memory,
    pub firm: FirmId,
    pub realm: String,
    simulator: Rc<RefCell<Simulator>>,
    rivet: Rc<RefCell<Rivet>>,
    meanwhile: Rc<RefCell<Option<Meanwhile>>>,
    entropy: RefCell<Entropy>,
}

const REVOKE: &str = "https://developer.api.intuit.com";
const REDIRECT: &str = "https://books.example/v1/quickbooks/callback";

impl World {
    /// A firm that is not connected yet.
    pub fn new(given: Given) -> Self {
        let now: Timestamp = "2026-03-02T15:00:00Z".parse().unwrap();
        NOW.set(now);
        let mut simulator = Simulator::new(Config {
            client_id: "app".into(),
            client_secret: "app-secret-of-the-simulator".into(),
            redirect_uris: vec![REDIRECT.into()],
            seed: 7,
            now,
            rotation: given.rotation,
        });
        let realm = simulator.add_company(given.company);
        let simulator = Rc::new(RefCell::new(simulator));
        let memory = Memory::new(given.back_end);
        let outside = ToSimulator {
            simulator: simulator.clone(),
            rivet: Rc::default(),
            meanwhile: Rc::default(),
        };
        Self {
            meanwhile: outside.meanwhile.clone(),
            bridge: bridge(&outside, &memory, (&["k1"], Entropy::new([1; 32]))),
            rivet: outside.rivet,
            memory,
            firm: "firm_harbor".parse().unwrap(),
            realm,
            simulator,
            entropy: RefCell::new(Entropy::new([2; 32])),
        }
    }

    /// The default firm, connected.
    pub fn connected() -> Self {
        let world = Self::new(Given::default());
        assert_eq!(world.connect(), CallbackResult::Connected);
        world
    }

    /// The default firm, connected and with complete settings.
    pub fn usual() -> Self {
        Self::ready(Given::default(), |_| {})
    }

    /// A company that tracks classes, and a firm that has them made, with `change` in its settings.
    pub fn with_classes(change: impl FnOnce(&mut Settings)) -> Self {
        let given = Given::company(|company| company.class_tracking(ClassTracking::PerLine));
        Self::ready(given, |settings| {
            settings.class_tracking.mode = ClassMode::AutoCreate;
            change(settings);
        })
    }

    /// A connected firm with complete settings.
    pub fn ready(given: Given, change: impl FnOnce(&mut Settings)) -> Self {
        let world = Self::new(given);
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

    /// Somebody does this just before the next write to `path` arrives.
    pub fn meanwhile(&self, path: &'static str, act: impl FnOnce() + 'static) {
        *self.meanwhile.borrow_mut() = Some((path, Box::new(act)));
    }

    pub fn rivet(&self) -> RefMut<'_, Rivet> {
        self.rivet.borrow_mut()
    }

    /// Another instance of the components: same records, same outside world.
    pub fn another_instance(&self) -> TestBridge {
        self.instance_with_keys(&["k1"])
    }

    /// Another instance, with these `token_keys`.
    pub fn instance_with_keys(&self, keys: &[&str]) -> TestBridge {
        bridge(&self.bridge.http, &self.memory, (keys, self.entropy()))
    }

    /// Another firm's person.
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

    /// The whole way: the link, Intuit's page, and back.
    pub fn connect(&self) -> CallbackResult {
        let arrival = self.at_intuit(ConsentDecision::Connect);
        self.land(&arrival)
    }

    /// Up to Intuit's answer.
    pub fn at_intuit(&self, decision: ConsentDecision) -> CallbackParams {
        let mut entropy = self.entropy();
        let store = &self.bridge.store;
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

    pub fn land(&self, arrival: &CallbackParams) -> CallbackResult {
        let config = CallbackConfig {
            redirect_uri: REDIRECT,
            revoke_origin: REVOKE,
        };
        let owner = self.entropy().token();
        let claimant = Claimant {
            owner: &owner,
            now: self.now(),
        };
        block_on(handle_callback(&self.bridge, &config, arrival, claimant)).unwrap()
    }

    /// One run of the schedule that looks after connections.
    pub fn look_after(&self) -> DueReport {
        self.look_after_by(&self.bridge)
    }

    /// Where notifications go.
    pub fn receiver(&self) -> Receiver {
        Receiver {
            origin: RIVET.into(),
            secrets: SigningSecrets::parse("whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw==").unwrap(),
        }
    }

    /// The same by another instance.
    pub fn look_after_by(&self, instance: &TestBridge) -> DueReport {
        let receiver = instance.notifies_documents.then(|| self.receiver());
        let addresses = Endpoints {
            revoke_origin: REVOKE,
            receiver: receiver.as_ref(),
        };
        let (grants, mut entropy) = (instance.auth(), self.entropy());
        block_on(refresh_due(&grants, &addresses, &mut entropy, || {
            self.now()
        }))
        .unwrap()
    }

    pub fn claimant(&self) -> Claimant<'static> {
        Claimant {
            owner: "test",
            now: self.now(),
        }
    }

    pub fn disconnect(&self) -> Connection {
        block_on(disconnect(
            &self.bridge.auth(),
            &self.firm,
            REVOKE,
            self.claimant(),
        ))
        .unwrap()
    }

    pub fn connection(&self) -> Connection {
        block_on(self.bridge.store.connection(&self.firm)).unwrap()
    }

    /// The sample firm's choices with `change` applied, saved.
    pub fn save_settings(&self, change: impl FnOnce(&mut Settings)) {
        let before = block_on(self.bridge.store.settings(&self.firm)).unwrap();
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
            &self.bridge,
            &self.firm,
            replacement,
            self.claimant(),
        );
        block_on(saving).unwrap();
    }

    /// The company's accounts by their ids.
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

/// An instance. A key's bytes are the digits of its id, so that all instances mean the same by it.
fn bridge(
    outside: &ToSimulator,
    memory: &Memory,
    (keys, entropy): (&[&str], Entropy),
) -> TestBridge {
    let key = |id: &&str| ((*id).to_owned(), [id.as_bytes()[1]; 32]);
    let keyring = Keyring::new(keys.iter().map(key).collect());
    Services {
        http: outside.clone(),
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
