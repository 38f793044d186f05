//! Change data capture: all objects of some kinds that changed since a point in time. It fills the gaps that webhooks leave
//! (Intuit: Change data capture operation).

use crate::answer::{self, Answer};
use crate::entity::{Kind, ListEntry, ObjectSnapshot};
use crate::failure::Failure;
use crate::request::{self, Company, Unsendable};
use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::Value;

/// The most objects in one answer, all kinds together.
pub const MAX_OBJECTS: usize = 1000;

/// The most days that a request may look back.
pub const MAX_DAYS: u32 = 30;

/// The changes in a window of time, and the server's time of the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The changes by kind. A kind without changes may be missing.
    pub kinds: Vec<KindChanges>,
    /// The server's time when it answered. The next request asks from this time on.
    pub answered_at: Option<Timestamp>,
}

/// The changes to objects of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindChanges {
    /// The kind.
    pub kind: Kind,
    /// The current snapshots of sales forms, journal entries and payments that changed. A void is a change too.
    pub snapshots: Vec<ObjectSnapshot>,
    /// The current customers, items, classes and accounts that changed.
    pub list_entries: Vec<ListEntry>,
    /// The objects that were deleted.
    pub deleted: Vec<DeletedObject>,
    /// The number of objects that could not be read, because they have no id, version or name.
    pub unreadable: usize,
}

/// An object that was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedObject {
    /// The object's id.
    pub id: String,
    /// The time of the deletion, if Intuit names it.
    pub deleted_at: Option<Timestamp>,
}

/// Builds the request for the changes to objects of `kinds` since a time at most [`MAX_DAYS`] ago.
///
/// The request asks in whole seconds, rounded down: to get a change twice is harmless, to miss one is not.
///
/// # Errors
/// [`Unsendable`] if `kinds` is empty, or the token cannot be sent.
pub fn request(
    company: &Company<'_>,
    kinds: &[Kind],
    since: Timestamp,
) -> Result<Request<Bytes>, Unsendable> {
    if kinds.is_empty() {
        return Err(Unsendable("it asks about no kind of object"));
    }
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    let since = whole_seconds(since);
    let target = format!(
        "cdc?minorversion=75&entities={}&changedSince={}",
        names.join(","),
        request::escaped(&since)
    );
    request::get(company, &target)
}

impl Changes {
    /// Reads the answer. An unreadable object is counted, and the others are read.
    ///
    /// # Errors
    /// The failure that a fault in the answer stands for, or [`Failure::Unreadable`] if the answer is no answer to such a
    /// request.
    pub fn of(answer: &Answer) -> Result<Self, Failure> {
        let Some(Value::Array(answers)) = answer.body.get("CDCResponse") else {
            return Err(answer.unreadable());
        };
        let mut changes = Self {
            answered_at: instant_at(&answer.body, "/time"),
            ..Self::default()
        };
        for response in answers {
            let parts = response.get("QueryResponse").and_then(Value::as_array);
            for part in std::iter::once(response).chain(parts.into_iter().flatten()) {
                let failure = answer::failure_in(answer.status, part, answer.tid.clone());
                failure.map_or(Ok(()), Err)?;
                changes.add(part);
            }
        }
        Ok(changes)
    }

    /// Returns whether the answer holds [`MAX_OBJECTS`]. Then changes may be missing, and the caller asks for each half of
    /// the window.
    pub fn is_full(&self) -> bool {
        self.kinds.iter().map(KindChanges::len).sum::<usize>() >= MAX_OBJECTS
    }

    fn add(&mut self, part: &Value) {
        for (name, rows) in part.as_object().into_iter().flatten() {
            if let (Some(kind), Value::Array(rows)) = (Kind::from_name(name), rows) {
                self.kinds.push(KindChanges::of(kind, rows));
            }
        }
    }
}

impl KindChanges {
    /// Returns the number of objects that changed, the unreadable ones included.
    pub fn len(&self) -> usize {
        self.snapshots.len() + self.list_entries.len() + self.deleted.len() + self.unreadable
    }

    /// Returns whether no object changed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn of(kind: Kind, rows: &[Value]) -> Self {
        let mut changed = Self {
            kind,
            snapshots: Vec::new(),
            list_entries: Vec::new(),
            deleted: Vec::new(),
            unreadable: 0,
        };
        for row in rows {
            if changed.add(row).is_none() {
                changed.unreadable += 1;
            }
        }
        changed
    }

    /// Adds one object. Returns `None` if the object is unreadable.
    fn add(&mut self, row: &Value) -> Option<()> {
        if row.get("status").and_then(Value::as_str) == Some("Deleted") {
            self.deleted.push(DeletedObject {
                id: row.get("Id").and_then(json::plain)?.to_owned(),
                deleted_at: instant_at(row, "/MetaData/LastUpdatedTime"),
            });
            return Some(());
        }
        match self.kind {
            Kind::Invoice | Kind::CreditMemo | Kind::JournalEntry | Kind::Payment => {
                self.snapshots.push(ObjectSnapshot::read(self.kind, row)?);
            }
            Kind::Customer | Kind::Item | Kind::Class | Kind::Account => {
                self.list_entries.push(ListEntry::of(row)?);
            }
            Kind::CompanyInfo | Kind::Preferences => return None,
        }
        Some(())
    }
}

/// Returns the instant at a JSON pointer (RFC 6901).
fn instant_at(object: &Value, place: &str) -> Option<Timestamp> {
    json::parse_instant(object.pointer(place)?.as_str()?)
}

/// Returns an instant in UTC without its fraction of a second.
fn whole_seconds(at: Timestamp) -> String {
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
