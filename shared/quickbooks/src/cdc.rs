//! Change data capture: everything of some kinds that changed since a point in time, for what webhooks left out.

use crate::answer::{self, Answer};
use crate::entity::{Kind, Listed, Standing};
use crate::failure::Failure;
use crate::request::{self, Company, Unsendable};
use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::Value;

/// The most objects that one answer holds, of all kinds together.
pub const MAX_OBJECTS: usize = 1000;

/// How far back a question may reach.
pub const MAX_DAYS: u32 = 30;

/// What changed, and when the server said so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// What changed, by kind; a kind of which nothing changed may be missing.
    pub kinds: Vec<Changed>,
    /// The server's clock when it answered, which is what to ask from the next time.
    pub at: Option<Timestamp>,
}

/// What changed of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The kind.
    pub kind: Kind,
    /// Sales forms, journal entries and payments as they stand now. A void is a change like any other.
    pub standing: Vec<Standing>,
    /// Customers, items, classes and accounts as they stand now.
    pub listed: Vec<Listed>,
    /// What is gone.
    pub deleted: Vec<Deleted>,
    /// How many could not be read: without an id, a version or a name.
    pub odd: usize,
}

/// An object that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Its id.
    pub id: String,
    /// When it went, if Intuit says so.
    pub at: Option<Timestamp>,
}

/// Asks what changed of `kinds` since a point in time, at most [`MAX_DAYS`] ago. Asked in whole seconds, rounded down: what comes
/// twice does no harm, what is left out does.
///
/// # Errors
/// If there are no kinds, or the token cannot be sent.
pub fn request(
    company: &Company<'_>,
    kinds: &[Kind],
    since: Timestamp,
) -> Result<Request<Bytes>, Unsendable> {
    if kinds.is_empty() {
        return Err(Unsendable("it asks about no kind of object"));
    }
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    let since = seconds(since);
    let target = format!(
        "cdc?minorversion=75&entities={}&changedSince={}",
        names.join(","),
        request::escaped(&since)
    );
    request::get(company, &target)
}

impl Changes {
    /// Reads the answer. An object that is odd is counted and keeps no other from being read.
    ///
    /// # Errors
    /// The fault of one kind; [`Failure::Unreadable`] if it is no answer to such a question.
    pub fn of(answer: &Answer) -> Result<Self, Failure> {
        let Some(Value::Array(answers)) = answer.body.get("CDCResponse") else {
            return Err(answer.unreadable());
        };
        let mut changes = Self {
            at: instant(&answer.body, "/time"),
            ..Self::default()
        };
        for whole in answers {
            let parts = whole.get("QueryResponse").and_then(Value::as_array);
            for part in std::iter::once(whole).chain(parts.into_iter().flatten()) {
                let failure = answer::failure_in(answer.status, part, answer.tid.clone());
                failure.map_or(Ok(()), Err)?;
                changes.add(part);
            }
        }
        Ok(changes)
    }

    /// Whether the answer holds as much as one can: then it may lack something, and each half of the window is to be asked about.
    pub fn is_full(&self) -> bool {
        self.kinds.iter().map(Changed::len).sum::<usize>() >= MAX_OBJECTS
    }

    fn add(&mut self, part: &Value) {
        for (name, rows) in part.as_object().into_iter().flatten() {
            if let (Some(kind), Value::Array(rows)) = (Kind::named(name), rows) {
                self.kinds.push(Changed::of(kind, rows));
            }
        }
    }
}

impl Changed {
    /// How many objects it tells of.
    pub fn len(&self) -> usize {
        self.standing.len() + self.listed.len() + self.deleted.len() + self.odd
    }

    /// Whether it tells of none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn of(kind: Kind, rows: &[Value]) -> Self {
        let mut changed = Self {
            kind,
            standing: Vec::new(),
            listed: Vec::new(),
            deleted: Vec::new(),
            odd: 0,
        };
        for row in rows {
            if changed.take(row).is_none() {
                changed.odd += 1;
            }
        }
        changed
    }

    fn take(&mut self, row: &Value) -> Option<()> {
        if row.get("status").and_then(Value::as_str) == Some("Deleted") {
            self.deleted.push(Deleted {
                id: row.get("Id")?.as_str()?.to_owned(),
                at: instant(row, "/MetaData/LastUpdatedTime"),
            });
            return Some(());
        }
        match self.kind {
            Kind::Invoice | Kind::CreditMemo | Kind::JournalEntry | Kind::Payment => {
                self.standing.push(Standing::read(self.kind, row)?);
            }
            Kind::Customer | Kind::Item | Kind::Class | Kind::Account => {
                self.listed.push(Listed::of(row)?);
            }
            Kind::CompanyInfo | Kind::Preferences => return None,
        }
        Some(())
    }
}

fn instant(object: &Value, place: &str) -> Option<Timestamp> {
    json::parse_instant(object.pointer(place)?.as_str()?)
}

fn seconds(at: Timestamp) -> String {
    let at = Offset::UTC.to_datetime(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

#[cfg(test)]
mod tests;
