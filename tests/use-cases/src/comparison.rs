//! Comparison: an object that RIVET wrote shows no difference when QuickBooks returns it.

use super::posting::{firm_with_mode, modes};
use crate::support::world::World;
use billing::DocumentRef;
use bytes::Bytes;
use futures::executor::block_on;
use mapping::{PostedObject, Posting};
use quickbooks::answer::Answer;
use quickbooks::{Kind, ObjectSnapshot};
use samples::story::harbor_point;
use serde_json::{Value, json};

/// Returns the document that an event is about.
fn document(body: &str) -> Option<DocumentRef> {
    let event: Value = serde_json::from_str(body).unwrap();
    let kinds = [
        ("pay_app", billing::DocumentKind::PayApp),
        ("release", billing::DocumentKind::RetainageRelease),
        ("payment", billing::DocumentKind::Payment),
    ];
    kinds.into_iter().find_map(|(field, kind)| {
        let id = event["data"][field]["id"].as_str()?.parse().unwrap();
        Some(DocumentRef { kind, id })
    })
}

/// Returns the object as it is in QuickBooks now.
fn find_object(world: &World, posted: &PostedObject) -> ObjectSnapshot {
    let kind: Kind = posted.kind.kind().unwrap();
    let simulator = world.simulator();
    let objects = simulator.entities(&world.realm, kind.name());
    let object = objects
        .into_iter()
        .find(|object| object["Id"] == posted.id)
        .unwrap();
    let body = Bytes::from(json!({ kind.name(): object }).to_string());
    let answer = Answer::of(&http::Response::new(body)).unwrap();
    answer.snapshot().unwrap()
}

/// Returns whether the posting has a class.
fn has_class(posting: &Posting) -> bool {
    match posting {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => sale.is_classed,
        Posting::JournalEntry(journal) => journal.is_classed,
        Posting::Payment(_) => false,
    }
}

/// Returns each object posted for the documents, with its present state in QuickBooks.
fn posted_objects(world: &World, documents: &[DocumentRef]) -> Vec<(PostedObject, ObjectSnapshot)> {
    let mut objects = Vec::new();
    for document in documents {
        let record = block_on(world.services.store.document(&world.firm, document));
        for posted in record.unwrap().unwrap().posted {
            let found = find_object(world, &posted);
            objects.push((posted, found));
        }
    }
    objects
}

#[test]
fn posted_documents_never_differ_in_any_mode() {
    for mode in modes() {
        let world = firm_with_mode(mode);
        let (mut documents, mut new_versions) = (Vec::new(), 0);
        for step in harbor_point().unwrap() {
            world.deliver(step.body);
            documents.extend(document(step.body));
            for (posted, found) in posted_objects(&world, &documents) {
                assert_eq!(posted.differences(&found), [], "{} {found:?}", step.name);
                let should_have_class = has_class(&posted.posting);
                let has_class_id = found.lines.iter().any(|line| !line.class_id.is_empty());
                assert!(
                    found.is_voided() || has_class_id == should_have_class,
                    "{found:?}"
                );
                new_versions += u32::from(posted.sync_token != found.sync_token);
            }
        }
        assert!(new_versions > 0, "no payment made a new version");
    }
}
