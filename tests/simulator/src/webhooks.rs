//! Telling the app what changed, as Intuit does: without a clock or a network of its own.
//!
//! Every change in a company that has given its permission becomes an event at once. Events wait, are put together into
//! deliveries, and each delivery is attempted until it is answered with 200 in time. Whoever drives the simulator asks
//! [`Simulator::deliveries`](crate::Simulator::deliveries) for what is due, carries it to its address, and reports with
//! [`Simulator::delivered`](crate::Simulator::delivered); [`notify`] does that over HTTP.

mod courier;
mod event;
mod pack;
mod parcel;
mod payload;
mod post;
mod pump;
mod sender;
mod signature;

use bytes::Bytes;
use http::HeaderMap;

use crate::Operation;
use crate::kind::Kind;

pub use courier::{Courier, Ladder};
pub use post::notify;
pub(crate) use sender::Sender;

/// What the app asked for in Intuit's portal: one for the app, not one for each company.
#[derive(Clone)]
pub struct Subscription {
    url: String,
    verifier_token: String,
    entities: Vec<Kind>,
    operations: Vec<Operation>,
    format: Format,
    media_type: MediaType,
    full_data: bool,
    deleted_id_in_data: bool,
    seed: Option<u64>,
}

/// How a payload is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An object with `eventNotifications`, one for each company; events have no ids.
    Classic,
    /// An array of events, each with an id that stays the same however often it is sent.
    CloudEvents,
}

/// What the `content-type` of a payload says. Intuit's texts name the first; the second is what CloudEvents are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    Json,
    CloudEventsJson,
}

/// One attempt to deliver events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Of this attempt; the next attempt of the same events has another.
    pub id: u64,
    pub url: String,
    /// With the signature of the body.
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Status(u16),
    /// Refused, broken off, or not in time.
    NoAnswer,
}

impl Subscription {
    /// Every operation on every entity that Intuit tells of, as CloudEvents in `application/json`.
    pub fn new(url: &str, verifier_token: &str) -> Self {
        Self {
            url: url.to_owned(),
            verifier_token: verifier_token.to_owned(),
            entities: Kind::ALL.to_vec(),
            operations: Operation::ALL.to_vec(),
            format: Format::CloudEvents,
            media_type: MediaType::Json,
            full_data: false,
            deleted_id_in_data: false,
            seed: None,
        }
    }

    /// Only these entities, such as `Invoice`; names that the simulator does not know are never told of.
    pub fn entities(mut self, names: &[&str]) -> Self {
        self.entities = names
            .iter()
            .filter_map(|name| Kind::from_name(name))
            .collect();
        self
    }

    /// Only these operations.
    pub fn operations(mut self, operations: &[Operation]) -> Self {
        self.operations = operations.to_vec();
        self
    }

    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    pub fn media_type(mut self, media_type: MediaType) -> Self {
        self.media_type = media_type;
        self
    }

    /// CloudEvents carry the entity as it was then, which one of Intuit's texts says and its reference does not.
    pub fn full_data(mut self, on: bool) -> Self {
        self.full_data = on;
        self
    }

    /// CloudEvents of a merge name the id that is gone in their `data`. No text says where Intuit puts it, so it is
    /// left out unless a test wants it.
    pub fn deleted_id_in_data(mut self, on: bool) -> Self {
        self.deleted_id_in_data = on;
        self
    }

    /// Chance on the way starts from here, and not from the simulator's seed: copies of one simulator get courses of their own.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Subscription")
            .field("url", &self.url)
            .field("format", &self.format)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
