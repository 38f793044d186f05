//! The views of documents, and the decisions of people about them.

use super::world::World;
use billing::{DocumentKind, DocumentRef};
use bridge::error::Error;
use bridge::record_decision::record_decision;
use bridge::views;
use futures::executor::block_on;
use serde_json::Value;
use store::document::decision::{Decision, DecisionKind};

/// Returns a reference to the document with this id. The start of the id names its kind.
pub fn document_ref(id: &str) -> DocumentRef {
    let kind = match id.split('_').next() {
        Some("pay") => DocumentKind::Payment,
        Some("rel") => DocumentKind::RetainageRelease,
        _ => DocumentKind::PayApp,
    };
    let id = id.parse().unwrap();
    DocumentRef { kind, id }
}

impl World {
    /// Returns the view of a document as JSON.
    pub fn view(&self, id: &str) -> Value {
        let document = document_ref(id);
        let view = block_on(views::document(&self.services.store, &self.firm, &document));
        serde_json::to_value(view.unwrap()).unwrap()
    }

    /// Returns a decision of this kind without the objects that the person saw.
    pub fn decision(&self, kind: DecisionKind) -> Decision {
        Decision {
            kind,
            objects: Vec::new(),
            decided_by: self.session().user,
            decided_at: self.now(),
            conflict_seen_at: None,
        }
    }

    /// Records a decision about a document. Returns the answer as JSON.
    pub fn record_decision(&self, id: &str, decision: &Decision) -> Result<Value, Error> {
        let document = document_ref(id);
        let store = &self.services.store;
        block_on(record_decision(store, &self.firm, &document, decision))?;
        Ok(self.view(id))
    }
}
