//! Webhooks of Intuit, without a clock or a network of their own.
//!
//! Every change in a company that has given its permission becomes an event. Waiting events are batched, and each batch is
//! attempted until the answer is 200 in time. The caller of the simulator asks
//! [`Simulator::start_due_deliveries`](crate::Simulator::start_due_deliveries) for the due attempts, sends each to its address and reports the
//! answer with [`Simulator::report_delivery`](crate::Simulator::report_delivery). [`deliver_over_http`] does so over HTTP.

mod batch;
mod delivery;
mod delivery_loop;
mod event;
mod operations;
mod payload;
mod sender;
mod signature;

use bytes::Bytes;
use http::HeaderMap;

use crate::Operation;
use crate::kind::Kind;

pub use delivery::{DeliveryBehaviour, RetrySchedule};
pub use delivery_loop::deliver_over_http;
pub(crate) use sender::Sender;

/// The subscription of the app in Intuit's portal. The app has one for all companies.
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

/// The format of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An object with `eventNotifications`, one for each company; events have no ids.
    Classic,
    /// An array of events, each with an id that stays the same however often it is sent.
    CloudEvents,
}

/// The `content-type` of a payload. Intuit's texts name `application/json`; CloudEvents define their own media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// `application/json`.
    Json,
    /// `application/cloudevents+json`.
    CloudEventsJson,
}

/// An attempt to deliver events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The id of the attempt. The next attempt of the same events has another id.
    pub id: u64,
    /// The address of the subscription.
    pub url: String,
    /// Headers, with the signature of the body.
    pub headers: HeaderMap,
    /// The payload.
    pub body: Bytes,
}

/// The outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The HTTP status of the answer.
    Status(u16),
    /// The connection was refused or lost, or the answer was late.
    NoAnswer,
}

impl Subscription {
    /// Subscribes to every operation on every entity, as CloudEvents in `application/json`.
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

    /// Limits the subscription to entities, such as `Invoice`. Names that the simulator does not know have no events.
    pub fn entities(mut self, names: &[&str]) -> Self {
        self.entities = names
            .iter()
            .filter_map(|name| Kind::from_name(name))
            .collect();
        self
    }

    /// Limits the subscription to operations.
    pub fn operations(mut self, operations: &[Operation]) -> Self {
        self.operations = operations.to_vec();
        self
    }

    /// Sets the format of payloads.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Sets the `content-type` of payloads.
    pub fn media_type(mut self, media_type: MediaType) -> Self {
        self.media_type = media_type;
        self
    }

    /// Lets CloudEvents carry the entity in `data`, as one text of Intuit says and its reference does not.
    pub fn full_data(mut self, on: bool) -> Self {
        self.full_data = on;
        self
    }

    /// Lets CloudEvents of a merge name the deleted id in `data`. No text says where Intuit puts the id, so events omit it
    /// by default.
    pub fn deleted_id_in_data(mut self, on: bool) -> Self {
        self.deleted_id_in_data = on;
        self
    }

    /// Draws the chances of delivery from the given seed instead of the simulator's, so that copies of one simulator differ.
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
