//! Documents: how they are shown, and what a person decides about them.

use super::world::World;
use billing::{DocumentKind, DocumentRef};
use bridge::error::Error;
use bridge::record_decision::record_decision;
use bridge::views;
use futures::executor::block_on;
use serde_json::Value;
use store::document::decision::{Decision, DecisionKind};

/// The document with this id, which begins with what kind it is of.
pub fn document(id: &str) -> DocumentRef {
    let kind = match id.split('_').next() {
        Some("pay") => DocumentKind::Payment,
        Some("rel") => DocumentKind::RetainageRelease,
        _ => DocumentKind::PayApp,
    };
    let id = id.parse().unwrap();
    DocumentRef { kind, id }
}

impl World {
    /// A document as it is shown.
    pub fn view(&self, id: &str) -> Value {
        let document = document(id);
        let view = block_on(views::document(&self.bridge.store, &self.firm, &document));
        serde_json::to_value(view.unwrap()).unwrap()
    }

    /// What a person decides now, whatever they saw.
    pub fn decision(&self, act: DecisionKind) -> Decision {
        Decision {
            kind: act,
            objects: Vec::new(),
            decided_by: self.session().user,
            decided_at: self.now(),
            conflict_seen_at: None,
        }
    }

    /// A person decides so about a document; what they are told.
    pub fn settle(&self, id: &str, decision: &Decision) -> Result<Value, Error> {
        let document = document(id);
        let settled = block_on(record_decision(
            &self.bridge.store,
            &self.firm,
            &document,
            decision,
        ))?;
        Ok(serde_json::to_value(settled).unwrap())
    }
}
