//! A deployment: the components on several instances, with one store and one Intuit.

use crate::faulty_network::FaultyNetwork;
use crate::faulty_store::FaultyStore;
use crate::memory_store::MemoryStore;
use crate::observer::Observer;
use crate::world::{self, World};
use connection::services::Services;
use oauth2::{ClientId, ClientSecret};
use platform::store::{Keyring, SealedRecords};
use ports::entropy::Entropy;
use quickbooks::oauth::{App, AuthorizePage};
use simulator::{Config, Rotation, Simulator};
use std::cell::RefCell;
use std::rc::Rc;
use store::Store;

/// The redirect URI to which Intuit sends the browser back.
pub const REDIRECT_URI: &str = "https://books.example/v1/quickbooks/callback";

/// The origin at which tokens are revoked.
pub const REVOKE_ORIGIN: &str = "https://developer.api.intuit.com";

const CLIENT_ID: &str = "app";
const CLIENT_SECRET: &str = "app-secret-of-the-simulator";

/// The services of one request on any instance.
pub type InstanceServices = Services<FaultyNetwork, SealedRecords<FaultyStore>>;

/// The surroundings of the code under test.
#[derive(Clone)]
pub struct Deployment {
    /// Virtual time and randomness.
    pub world: World,
    /// The content of the store.
    pub memory: MemoryStore,
    /// QuickBooks and the authorization server.
    pub intuit: Rc<RefCell<Simulator>>,
    /// The observer of both seams.
    pub observer: Rc<dyn Observer>,
    /// The number of documents that fit on a page of a queue.
    pub page_capacity: usize,
}

impl Deployment {
    /// Returns the services of one request, with their own randomness.
    pub fn services(&self) -> InstanceServices {
        let remote = FaultyStore::new(&self.world, &self.memory, &self.observer);
        Services {
            http: FaultyNetwork::new(&self.world, &self.intuit, &self.observer),
            store: Store::new(records(remote, self.entropy()))
                .with_page_capacity(self.page_capacity),
            app: App {
                oauth_origin: "https://oauth.platform.intuit.com".into(),
                client_id: ClientId::new(CLIENT_ID.into()),
                client_secret: ClientSecret::new(CLIENT_SECRET.into()),
            },
            api_origin: "https://quickbooks.api.intuit.com".into(),
            notifies_documents: false,
        }
    }

    /// Returns the store of a component that is granted neither keys nor hosts.
    pub fn store_without_keys(&self) -> Store<SealedRecords<FaultyStore>> {
        let remote = FaultyStore::new(&self.world, &self.memory, &self.observer);
        let keyring = Keyring::new(Vec::new());
        let sealed = SealedRecords::new(remote, keyring, self.entropy(), world::current_time);
        Store::new(sealed).with_page_capacity(self.page_capacity)
    }

    /// Returns a store that reads the records without faults, delay or observer.
    pub fn direct_store(&self) -> Store<SealedRecords<MemoryStore>> {
        Store::new(self.direct_records()).with_page_capacity(self.page_capacity)
    }

    /// Returns the records below [`Deployment::direct_store`].
    pub fn direct_records(&self) -> SealedRecords<MemoryStore> {
        records(self.memory.clone(), Entropy::new([0; 32]))
    }

    /// Returns the randomness of one request.
    pub fn entropy(&self) -> Entropy {
        Entropy::new(self.world.seed())
    }
}

/// Returns Intuit's consent page for our app.
pub fn authorize_page() -> AuthorizePage {
    AuthorizePage {
        authorize_url: "https://appcenter.intuit.com/connect/oauth2".into(),
        client_id: ClientId::new(CLIENT_ID.into()),
        redirect_uri: REDIRECT_URI.into(),
    }
}

/// Returns an Intuit at which our app is registered.
pub fn intuit(world: &World, rotation: Rotation) -> Simulator {
    Simulator::new(Config {
        client_id: CLIENT_ID.into(),
        client_secret: CLIENT_SECRET.into(),
        redirect_uris: vec![REDIRECT_URI.into()],
        seed: 7,
        now: world.now(),
        rotation,
    })
}

fn records<K: platform::store::KeyValue>(key_value: K, entropy: Entropy) -> SealedRecords<K> {
    let keyring = Keyring::new(vec![("k1".into(), [5; 32])]);
    SealedRecords::new(key_value, keyring, entropy, world::current_time)
}
