//! The two versions of a document that a person chooses between.

use crate::document::transaction_key::TransactionKey;
use jiff::Timestamp;
use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};

/// The two versions of what a document posted, as they were when the conflict was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// The time at which QuickBooks was read (RFC 3339). No two conflicts of a document have the same.
    pub seen_at: String,
    /// The objects that RIVET would change or create.
    pub objects: Vec<ConflictObject>,
}

/// An object of a conflict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConflictObject {
    /// The transaction.
    pub key: TransactionKey,
    /// The version in QuickBooks; none if the object is gone.
    pub version: Option<String>,
    /// The fields of both versions.
    pub fields: Vec<FieldDiff>,
}

/// A field of both versions. Stored as an array, because a conflict has many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredField", into = "StoredField")]
pub struct FieldDiff {
    /// The name of the field.
    pub name: String,
    /// The value as RIVET would have it.
    pub rivet: Option<String>,
    /// The value as QuickBooks has it.
    pub quickbooks: Option<String>,
}

type StoredField = (String, Option<String>, Option<String>);

impl Conflict {
    /// Creates a conflict of objects that were read at that time.
    pub fn new(seen_at: Timestamp) -> Self {
        Self {
            seen_at: seen_at.to_string(),
            objects: Vec::new(),
        }
    }

    /// Adds an object.
    pub fn add(&mut self, object: ConflictObject) {
        self.objects.push(object);
    }

    /// Adds the objects of a later conflict that this one does not have. With them it is another, which no person has seen yet.
    pub fn merge_objects(&mut self, later: Self) {
        let before = self.objects.len();
        for object in later.objects {
            if self.objects.iter().all(|known| known.key != object.key) {
                self.objects.push(object);
            }
        }
        if before < self.objects.len() {
            self.seen_at = later.seen_at;
        }
    }

    /// Returns an object of the conflict.
    pub fn object(&self, kind: TxnType, id: &str) -> Option<&ConflictObject> {
        let mut objects = self.objects.iter();
        objects.find(|object| object.key.is(kind, id))
    }
}

impl FieldDiff {
    /// Returns whether QuickBooks has another value than RIVET would write. A field that RIVET does not write never differs.
    pub fn has_difference(&self) -> bool {
        self.rivet != self.quickbooks && self.rivet.is_some()
    }
}

impl From<StoredField> for FieldDiff {
    fn from((name, rivet, quickbooks): StoredField) -> Self {
        Self {
            name,
            rivet,
            quickbooks,
        }
    }
}

impl From<FieldDiff> for StoredField {
    fn from(field: FieldDiff) -> Self {
        (field.name, field.rivet, field.quickbooks)
    }
}
