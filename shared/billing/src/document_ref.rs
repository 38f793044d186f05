//! References to documents: a kind and an id.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::document_kind::DocumentKind;
use crate::id::Id;

/// The reference to a document, unique within a firm. Its text is `kind/id`, such as `pay_app/pa_1042_1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentRef {
    /// The document's kind.
    pub kind: DocumentKind,
    /// The document's id, unique within the kind.
    pub id: Id,
}

impl fmt::Display for DocumentRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_shows_kind_and_id() {
        let reference: DocumentRef =
            serde_json::from_str(r#"{"kind":"pay_app","id":"pa_1042_1"}"#).unwrap();
        assert_eq!(reference.to_string(), "pay_app/pa_1042_1");
    }
}
