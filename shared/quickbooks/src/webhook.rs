//! What Intuit tells about changes in a company's books: whether a delivery is Intuit's, and what it says.
//!
//! A notice says only that an object changed. Deliveries come at least once, in any order, mixed with echoes of our own writes, and
//! some never come: whoever is told reads the object again, drops what has an [`event_id`](Notice::event_id) that was seen before,
//! and catches up by [change data capture](crate::cdc). There are two formats, an object of companies with their changes and, since
//! 2025, an array of CloudEvents. The content type does not tell them apart, so the body decides.

mod classic;
mod cloud;
mod node;
mod signature;

pub use signature::{MalformedToken, SignatureError, VerifierTokens, verify};

use crate::entity::Kind;
use jiff::Timestamp;
use node::Node;

/// The longest id or word that is taken for one; Intuit's have up to 36 characters.
const MAX_WORD: usize = 128;

/// One change of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The company.
    pub realm_id: String,
    /// What changed.
    pub entity: Entity,
    /// The id of what changed; of a merge, of what is left.
    pub id: String,
    /// What happened to it.
    pub operation: Operation,
    /// When.
    pub at: Timestamp,
    /// The same for every repetition of this notice and for no other. Opaque text of up to 700 bytes, the company's id among
    /// them: hash it for a key, and do not log it.
    pub event_id: String,
}

/// The kind of object that a notice is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entity {
    /// One that is read or written here.
    Known(Kind),
    /// Any other, in lower case (`vendor`).
    Other(String),
}

/// What happened to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// It is new.
    Created,
    /// It changed.
    Updated,
    /// It is gone.
    Deleted,
    /// Its amounts were set to zero; it still exists.
    Voided,
    /// Another object of its kind was merged into it.
    Merged {
        /// The other, which is gone; Intuit does not say for CloudEvents where it stands, so it may be missing.
        deleted_id: Option<String>,
    },
    /// It was mailed.
    Emailed,
    /// Something that came later; as good as a change.
    Other,
}

/// One event of a delivery that cannot be read. It never keeps the others from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poison {
    /// Which event of the delivery it is, counted from 0.
    pub index: usize,
    /// The company, if that much can be read: change data capture finds there what the event was about.
    pub realm_id: Option<String>,
    /// What is wrong, as the rest of a sentence that starts with the event. Says nothing of its content.
    pub problem: &'static str,
}

/// What a delivery says, company by company in the order that it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    /// What changed.
    pub notices: Vec<Notice>,
    /// What could not be read.
    pub poison: Vec<Poison>,
}

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

impl Notices {
    /// Puts down what became of the next event of the delivery.
    fn note(&mut self, realm_id: Option<&str>, read: Result<Change<'_>, &'static str>) {
        match (realm_id, read) {
            (Some(realm_id), Ok(change)) => self.notices.push(change.in_company(realm_id)),
            (None, Ok(_)) => self.spoiled(None, "names no company"),
            (realm_id, Err(problem)) => self.spoiled(realm_id, problem),
        }
    }

    fn spoiled(&mut self, realm_id: Option<&str>, problem: &'static str) {
        self.poison.push(Poison {
            index: self.notices.len() + self.poison.len(),
            realm_id: realm_id.map(str::to_owned),
            problem,
        });
    }
}

/// What both formats say of a change, in their own words.
struct Change<'a> {
    entity: &'a str,
    id: &'a str,
    operation: &'a str,
    deleted_id: Option<&'a str>,
    at: Timestamp,
    /// CloudEvents have one of their own.
    event_id: Option<&'a str>,
}

impl Change<'_> {
    fn in_company(&self, realm_id: &str) -> Notice {
        let entity = self.entity.to_ascii_lowercase();
        let operation = self.operation.to_ascii_lowercase();
        let derived = || self.named(realm_id, &entity, &operation);
        Notice {
            realm_id: realm_id.to_owned(),
            id: self.id.to_owned(),
            at: self.at,
            event_id: self.event_id.map_or_else(derived, str::to_owned),
            operation: self.operation(&operation),
            entity: Kind::named(&entity).map_or(Entity::Other(entity), Entity::Known),
        }
    }

    /// What makes up for an id of the event: two that agree in all of this are one, however often it is sent.
    fn named(&self, realm_id: &str, entity: &str, operation: &str) -> String {
        let deleted_id = self.deleted_id.unwrap_or_default();
        let at = self.at.as_microsecond().to_string();
        [realm_id, entity, self.id, operation, deleted_id, &at].join(":")
    }

    /// The formats spell operations differently: `Create` and `created`.
    fn operation(&self, word: &str) -> Operation {
        match word {
            "create" | "created" => Operation::Created,
            "update" | "updated" => Operation::Updated,
            "delete" | "deleted" => Operation::Deleted,
            "void" | "voided" => Operation::Voided,
            "merge" | "merged" => Operation::Merged {
                deleted_id: self.deleted_id.map(str::to_owned),
            },
            "email" | "emailed" => Operation::Emailed,
            _ => Operation::Other,
        }
    }
}

/// A word or an id. Ids are text; as a number without point or exponent one would be as good.
fn word<'a>(object: &'a Node<'_>, name: &str) -> Option<&'a str> {
    let plain = |text: &&str| !text.bytes().any(|byte| byte.is_ascii_control());
    let fits = |text: &&str| (1..=MAX_WORD).contains(&text.len());
    object.text(name).filter(fits).filter(plain)
}

/// What was merged away; Intuit's own pages spell the member in two ways.
fn deleted_id<'a>(object: &'a Node<'_>) -> Option<&'a str> {
    let spellings = ["deletedId", "deletedID", "deletedid"];
    spellings.iter().find_map(|name| word(object, name))
}

/// A point in time. Besides RFC 3339 the offset is seen without its colon (`-0700`).
fn moment(object: &Node<'_>, name: &str) -> Option<Timestamp> {
    let text = object.text(name)?;
    json::parse_instant(text).or_else(|| {
        let (head, minutes) = text.split_at_checked(text.len().checked_sub(2)?)?;
        json::parse_instant(&[head, ":", minutes].concat())
    })
}

#[cfg(test)]
mod tests;
