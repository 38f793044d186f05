//! The view of a conflict: RIVET's version and the one in QuickBooks, field by field.

use std::collections::BTreeMap;

use serde::Serialize;
use store::document::conflict::{Conflict, ConflictObject, FieldDiff};

/// The two versions of a document in conflict.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct ConflictView {
    /// The instant at which QuickBooks was read. A decision may repeat it as `seen_at`.
    seen_at: String,
    objects: Vec<ConflictingObjectView>,
}

/// An object in conflict, field by field in both versions.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ConflictingObjectView {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    rivet: BTreeMap<String, Option<String>>,
    quickbooks: BTreeMap<String, Option<String>>,
    /// The names of the fields that differ.
    differs: Vec<String>,
}

impl ConflictView {
    /// Returns the view of a conflict.
    pub(super) fn of(conflict: &Conflict) -> Self {
        Self {
            seen_at: conflict.seen_at.clone(),
            objects: conflict.objects.iter().map(object_conflict).collect(),
        }
    }
}

fn object_conflict(object: &ConflictObject) -> ConflictingObjectView {
    let side = |value: fn(&FieldDiff) -> &Option<String>| {
        let field = |field: &FieldDiff| (field.name.clone(), value(field).clone());
        object.fields.iter().map(field).collect()
    };
    let different = object.fields.iter().filter(|field| field.has_difference());
    ConflictingObjectView {
        kind: object.key.kind_name().to_owned(),
        id: Some(object.key.id.clone()).filter(|id| !id.is_empty()),
        rivet: side(|field| &field.rivet),
        quickbooks: side(|field| &field.quickbooks),
        differs: different.map(|field| field.name.clone()).collect(),
    }
}
