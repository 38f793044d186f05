//! Webhooks: checks that a delivery is Intuit's, and reads the changes that it announces (Intuit: Webhooks).
//!
//! An event says only that an object changed. Intuit delivers events at least once and in any order, echoes our own writes, and
//! loses some. A receiver therefore reads the object again, drops events whose [`event_id`](Notice::event_id) it knows, and
//! catches up by [change data capture](crate::cdc).
//!
//! There are two formats: an object of companies with their changes, and, since 2025, an array of CloudEvents. The content type
//! does not tell them apart, so the body decides.

mod classic;
mod cloud;
mod delivery;
mod change;
mod entity_change;
mod field;
mod node_reader;
mod node;
mod member_name;
mod signature;

pub use delivery::{DeliveryEvents, UnreadableEvent};
pub use entity_change::{EntityChange, EntityKind, Operation};
pub use signature::{MalformedToken, SignatureError, VerifierTokens, verify};

use node::Node;

/// A body that holds no event. Callers accept it all the same: Intuit sends a refused delivery again, and holds later ones back
/// until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the delivery cannot be read: {0}")]
pub struct UnreadableDelivery(&'static str);

impl UnreadableDelivery {
    /// Returns the problem as a part of a sentence. The content of the body never shows.
    pub fn problem(self) -> &'static str {
        self.0
    }
}

/// Reads the body of a delivery whose signature was [verified](verify).
///
/// # Errors
/// [`UnreadableDelivery`] if the body is not JSON in one of the two formats.
pub fn read(body: &[u8]) -> Result<DeliveryEvents, UnreadableDelivery> {
    const NEITHER: UnreadableDelivery = UnreadableDelivery(
        "it is neither an array of events nor an object with eventNotifications",
    );
    let body: Node<'_> =
        serde_json::from_slice(body).map_err(|_| UnreadableDelivery("it is not one JSON text"))?;
    let mut delivery = DeliveryEvents::default();
    if let Node::List(events) = &body {
        events
            .iter()
            .for_each(|event| cloud::read(event, &mut delivery));
    } else if body.get("specversion").is_some() {
        // `application/cloudevents+json` stands for a single event. Intuit sends it with an array.
        cloud::read(&body, &mut delivery);
    } else {
        let companies = body.list("eventNotifications").ok_or(NEITHER)?;
        companies
            .iter()
            .for_each(|company| classic::read(company, &mut delivery));
    }
    Ok(delivery)
}

#[cfg(test)]
mod tests;
