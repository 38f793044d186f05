//! The components on several instances, over one store and one Intuit.

use crate::memory::Memory;
use crate::network::Wire;
use crate::store::Remote;
use crate::witness::Witness;
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

/// Where Intuit sends the browser back to.
pub const REDIRECT: &str = "https://books.example/v1/quickbooks/callback";

/// Where tokens are given back.
pub const REVOKE: &str = "https://developer.api.intuit.com";

const CLIENT: &str = "app";
const CLIENT_SECRET: &str = "app-secret-of-the-simulator";

/// What a request of any instance works with.
pub type Books = Services<Wire, SealedRecords<Remote>>;

/// Everything around the code under test.
#[derive(Clone)]
pub struct Deployment {
    /// Time and chance.
    pub world: World,
    /// What is stored.
    pub memory: Memory,
    /// The other side.
    pub intuit: Rc<RefCell<Simulator>>,
    /// Who watches.
    pub witness: Rc<dyn Witness>,
    /// How many documents a shelf of a desk has room for.
    pub shelf: usize,
}

impl Deployment {
    /// The bridge of one request, with randomness of its own.
    pub fn books(&self) -> Books {
        let remote = Remote::new(&self.world, &self.memory, &self.witness);
        Services {
            http: Wire::new(&self.world, &self.intuit, &self.witness),
            store: Store::new(records(remote, self.entropy())).with_page_capacity(self.shelf),
            app: App {
                oauth_origin: "https://oauth.platform.intuit.com".into(),
                client_id: ClientId::new(CLIENT.into()),
                client_secret: ClientSecret::new(CLIENT_SECRET.into()),
            },
            api_origin: "https://quickbooks.api.intuit.com".into(),
            notifies_documents: false,
        }
    }

    /// What a component works with that is granted neither keys nor hosts.
    pub fn store_without_keys(&self) -> Store<SealedRecords<Remote>> {
        let remote = Remote::new(&self.world, &self.memory, &self.witness);
        let keyring = Keyring::new(Vec::new());
        let sealed = SealedRecords::new(remote, keyring, self.entropy(), world::present);
        Store::new(sealed).with_page_capacity(self.shelf)
    }

    /// The records as they lie there, read at once and by nobody.
    pub fn records(&self) -> Store<SealedRecords<Memory>> {
        Store::new(self.raw()).with_page_capacity(self.shelf)
    }

    /// The same below the verbs.
    pub fn raw(&self) -> SealedRecords<Memory> {
        records(self.memory.clone(), Entropy::new([0; 32]))
    }

    /// Randomness for one request.
    pub fn entropy(&self) -> Entropy {
        Entropy::new(self.world.seed())
    }
}

/// Intuit's consent page for our app.
pub fn sign_in() -> AuthorizePage {
    AuthorizePage {
        authorize_url: "https://appcenter.intuit.com/connect/oauth2".into(),
        client_id: ClientId::new(CLIENT.into()),
        redirect_uri: REDIRECT.into(),
    }
}

/// An Intuit that knows our app.
pub fn intuit(world: &World, rotation: Rotation) -> Simulator {
    Simulator::new(Config {
        client_id: CLIENT.into(),
        client_secret: CLIENT_SECRET.into(),
        redirect_uris: vec![REDIRECT.into()],
        seed: 7,
        now: world.now(),
        rotation,
    })
}

fn records<K: platform::store::KeyValue>(key_value: K, entropy: Entropy) -> SealedRecords<K> {
    let keyring = Keyring::new(vec![("k1".into(), [5; 32])]);
    SealedRecords::new(key_value, keyring, entropy, world::present)
}
