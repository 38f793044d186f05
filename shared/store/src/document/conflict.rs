//! The two versions of a document that a person chooses between.

use crate::document::kind_name::kind_name;
use jiff::Timestamp;
use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};

/// The two versions of what a document posted, as they were when the conflict was noted: a row for the instant, then for each
/// object that RIVET would change or make a row for itself and one for each of its fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict(Vec<ConflictField>);

/// A field by its name, as RIVET would have it, as QuickBooks has it.
pub type ConflictField = (String, Option<String>, Option<String>);

/// The name of the row of an object: type and id, and its version in QuickBooks.
const OBJECT: &str = "object";

impl Conflict {
    /// A conflict that was read at that time.
    pub fn new(at: Timestamp) -> Self {
        Self(vec![("seen_at".to_owned(), None, Some(at.to_string()))])
    }

    /// Adds an object: what it is, its id (empty if RIVET would make it), its version (none if it is gone), its fields.
    pub fn add(
        &mut self,
        (kind, id): (TxnType, &str),
        token: Option<String>,
        fields: Vec<ConflictField>,
    ) {
        let object = format!("{} {id}", kind_name(kind));
        self.0.push((OBJECT.to_owned(), Some(object), token));
        self.0.extend(fields);
    }

    /// Adds the objects of a later one that it does not have. With them it is another, which nobody has seen yet.
    pub fn merge_objects(&mut self, later: Self) {
        let (before, mut is_new) = (self.0.len(), false);
        let mut rows = later.0.into_iter();
        let seen_at = rows.next();
        for row in rows {
            if row.0 == OBJECT {
                let mut known = self.0.iter();
                is_new = !known.any(|known| known.0 == OBJECT && known.1 == row.1);
            }
            if is_new {
                self.0.push(row);
            }
        }
        let has_grown = before < self.0.len();
        if let (Some(first), Some(seen_at)) = (self.0.first_mut(), seen_at.filter(|_| has_grown)) {
            *first = seen_at;
        }
    }

    /// When QuickBooks was read; no two conflicts of a document have the same.
    pub fn seen_at(&self) -> &str {
        let first = self.0.first().and_then(|(_, _, at)| at.as_deref());
        first.unwrap_or_default()
    }

    /// Which versions of which objects it is about.
    pub fn versions(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let objects = self.0.iter().filter(|row| row.0 == OBJECT);
        objects.map(|row| (row.1.as_deref().unwrap_or_default(), row.2.as_deref()))
    }

    /// The objects: type, id, fields.
    pub fn objects(&self) -> Vec<(&str, &str, Vec<&ConflictField>)> {
        let mut objects = Vec::new();
        for row in self.0.iter().skip(1) {
            let object = row.1.as_deref().unwrap_or_default().split_once(' ');
            match (objects.last_mut(), object) {
                (_, Some((kind, id))) if row.0 == OBJECT => objects.push((kind, id, Vec::new())),
                (Some((_, _, fields)), _) => fields.push(row),
                (None, _) => {}
            }
        }
        objects
    }

    /// The version of an object that was seen, if it is part of the conflict.
    pub fn seen_version(&self, kind: TxnType, id: &str) -> Option<Option<&str>> {
        let object = format!("{} {id}", kind_name(kind));
        let is_it = |row: &&ConflictField| row.0 == OBJECT && row.1.as_ref() == Some(&object);
        self.0.iter().find(is_it).map(|row| row.2.as_deref())
    }
}
