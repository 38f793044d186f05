//! What Intuit tells about changes in a company's books: whether a delivery is Intuit's, and what it says.
//!
//! A notice says only that an object changed. Deliveries come at least once, in any order, mixed with echoes of our own writes, and
//! some never come: whoever is told reads the object again, drops what has an [`event_id`](Notice::event_id) that was seen before,
//! and catches up by [change data capture](crate::cdc). There are two formats, an object of companies with their changes and, since
//! 2025, an array of CloudEvents. The content type does not tell them apart, so the body decides.

mod classic;
mod cloud;
mod delivery;
mod change;
mod entity_change;
mod field;
mod node;
mod signature;

pub use delivery::{Notices, Poison};
pub use entity_change::{Entity, Notice, Operation};
pub use signature::{MalformedToken, SignatureError, VerifierTokens, verify};

use node::Node;

/// A body that no event can be found in. Intuit would only send it again, and hold later ones back until it is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the delivery cannot be read: {0}")]
pub struct Unreadable(&'static str);

impl Unreadable {
    /// What is wrong with it, as a part of a sentence. Says nothing of its content.
    pub fn problem(self) -> &'static str {
        self.0
    }
}

/// Reads the body of a delivery whose signature was [verified](verify).
///
/// # Errors
/// [`Unreadable`] if it is not JSON in either format.
pub fn read(body: &[u8]) -> Result<Notices, Unreadable> {
    const NEITHER: Unreadable =
        Unreadable("it is neither an array of events nor an object with eventNotifications");
    let body: Node<'_> =
        serde_json::from_slice(body).map_err(|_| Unreadable("it is not one JSON text"))?;
    let mut read = Notices::default();
    if let Node::List(events) = &body {
        events
            .iter()
            .for_each(|event| cloud::read(event, &mut read));
    } else if body.get("specversion").is_some() {
        // An event alone is what `application/cloudevents+json` stands for where Intuit sends a batch.
        cloud::read(&body, &mut read);
    } else {
        let companies = body.list("eventNotifications").ok_or(NEITHER)?;
        let told = companies.iter();
        told.for_each(|company| classic::read(company, &mut read));
    }
    Ok(read)
}

#[cfg(test)]
mod tests;
