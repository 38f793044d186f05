//! What the product does, one use case a file, over two ports: the network and the records.
//!
//! Start reading at [`connect`] and [`accept`]; [`work`] is what both the events and the schedule end in.
//! Nothing here knows Spin or the HTTP statuses that we answer with.
#![warn(missing_docs)]

pub mod accept;
pub mod agenda;
pub mod books;
pub mod callback;
mod catalogue;
pub mod check;
pub mod choices;
mod clock;
mod company;
pub mod connect;
pub mod connection;
pub mod consent;
pub mod decision;
pub mod desk;
pub mod disconnect;
pub mod document;
pub mod entropy;
mod error;
mod hold;
pub mod inbox;
mod journal;
mod lines;
mod lookup;
pub mod notify;
mod office;
pub mod pace;
pub mod parked;
pub mod ports;
mod post;
pub mod preview;
pub mod reads;
pub mod reason;
pub mod receive;
pub mod refresh;
pub mod register;
mod resolve;
mod round;
mod saga;
pub mod settings;
pub mod settle;
pub mod status;
pub mod store;
pub mod sync;
mod tokens;
pub mod verify;
mod watch;
pub mod work;

pub use error::Error;
pub use store::Store;

use quickbooks::oauth::App;

/// What keeps grants alive: the network, the records, and our app at Intuit.
pub struct Grants<'a, H, R> {
    /// The network.
    pub http: &'a H,
    /// The records.
    pub store: &'a Store<R>,
    /// Our app.
    pub app: &'a App,
}

/// What the use cases that talk to QuickBooks work with.
pub struct Bridge<H, R> {
    /// The network.
    pub http: H,
    /// The records.
    pub store: Store<R>,
    /// Our app at Intuit.
    pub app: App,
    /// Origin of the accounting API, no trailing slash.
    pub api_origin: String,
    /// Whether RIVET is told of documents.
    pub tells: bool,
}

impl<H, R> Bridge<H, R> {
    /// The part that keeps grants alive.
    pub fn grants(&self) -> Grants<'_, H, R> {
        Grants {
            http: &self.http,
            store: &self.store,
            app: &self.app,
        }
    }
}
