//! The two versions of a document between which a person chooses.

use crate::document::transaction_key::TransactionKey;
use jiff::Timestamp;
use mapping::is_cosmetic_field;
use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};

/// The two versions of a document's objects at the time when the conflict was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// The time at which QuickBooks was read (RFC 3339). Each conflict of a document has another time.
    pub seen_at: String,
    /// The objects that RIVET would change or create.
    pub objects: Vec<ConflictObject>,
    /// RIVET was about to write something else than what it wrote before, so the end of the edit is not the end of the matter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stops_write: bool,
}

/// An object of a conflict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConflictObject {
    /// The transaction.
    pub key: TransactionKey,
    /// The version in QuickBooks. `None` if the object is gone.
    pub version: Option<String>,
    /// The fields of both versions.
    pub fields: Vec<FieldDiff>,
}

/// A field with both values. The field is stored as an array, because a conflict has many fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredField", into = "StoredField")]
pub struct FieldDiff {
    /// The name of the field.
    pub name: String,
    /// The value that RIVET would write.
    pub rivet: Option<String>,
    /// The value in QuickBooks.
    pub quickbooks: Option<String>,
}

type StoredField = (String, Option<String>, Option<String>);

impl Conflict {
    /// Creates a conflict of objects that were read at `seen_at`.
    pub fn new(seen_at: Timestamp) -> Self {
        Self {
            seen_at: seen_at.to_string(),
            objects: Vec::new(),
            stops_write: false,
        }
    }

    /// Adds an object.
    pub fn add(&mut self, object: ConflictObject) {
        self.objects.push(object);
    }

    /// Adds an object that was read at `seen_at`, in place of an older one of the same transaction. The result is a new conflict, which no
    /// person has seen yet.
    pub fn replace(&mut self, object: ConflictObject, seen_at: Timestamp) {
        self.objects.retain(|known| known.key != object.key);
        self.objects.push(object);
        self.seen_at = seen_at.to_string();
    }

    /// Returns the differences that change the books, each as transaction, field and value in QuickBooks, in a fixed order. Payments are no
    /// difference.
    pub fn differences(&self) -> Vec<String> {
        let mut all = Vec::new();
        for object in &self.objects {
            for field in object.fields.iter().filter(|field| field.is_in_books()) {
                let value = field.quickbooks.as_deref().unwrap_or_default();
                all.push(format!("{} {} {value}", object.key, field.name));
            }
        }
        all.sort();
        all
    }

    /// Adds the objects of a later conflict that this one lacks. The result is a new conflict, which no person has seen yet.
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

    /// Returns whether the field differs so that the books differ. State and balance follow from payments and other fields.
    pub fn is_in_books(&self) -> bool {
        let is_derived = matches!(self.name.as_str(), "state" | "balance");
        self.has_difference() && !is_derived && !is_cosmetic_field(&self.name)
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
