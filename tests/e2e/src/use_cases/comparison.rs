//! What we wrote, as QuickBooks answers with it, is what we wrote.

use super::posting::{CLASSES, LINES, METHODS, mode};
use crate::support::world::World;
use billing::DocumentRef;
use bytes::Bytes;
use futures::executor::block_on;
use host::demo::story::harbor_point;
use mapping::{PostedObject, Posting};
use quickbooks::answer::Answer;
use quickbooks::{Kind, ObjectSnapshot};
use serde_json::{Value, json};

/// The document that an event is about.
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

fn stands(world: &World, posted: &PostedObject) -> ObjectSnapshot {
    let kind: Kind = posted.kind.kind().unwrap();
    let simulator = world.simulator();
    let rows = simulator.entities(&world.realm, kind.name());
    let row = rows.into_iter().find(|row| row["Id"] == posted.id).unwrap();
    let body = Bytes::from(json!({ kind.name(): row }).to_string());
    let answer = Answer::of(&http::Response::new(body)).unwrap();
    answer.snapshot().unwrap()
}

fn is_classed(posting: &Posting) -> bool {
    match posting {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => sale.is_classed,
        Posting::JournalEntry(journal) => journal.is_classed,
        Posting::Payment(_) => false,
    }
}

/// What stands or stood of the documents, each with how it stands.
fn standing(world: &World, documents: &[DocumentRef]) -> Vec<(PostedObject, ObjectSnapshot)> {
    let mut all = Vec::new();
    for document in documents {
        let record = block_on(world.bridge.store.document(&world.firm, document));
        for posted in record.unwrap().unwrap().posted {
            let found = stands(world, &posted);
            all.push((posted, found));
        }
    }
    all
}

#[test]
fn posted_documents_never_differ_in_any_mode() {
    for method in METHODS {
        for lines in LINES {
            for classes in CLASSES {
                let world = mode(method, lines, classes);
                let (mut documents, mut grown) = (Vec::new(), 0);
                for step in harbor_point().unwrap() {
                    world.deliver(step.body);
                    documents.extend(document(step.body));
                    for (posted, found) in standing(&world, &documents) {
                        assert_eq!(posted.differences(&found), [], "{} {found:?}", step.name);
                        let classed = is_classed(&posted.posting);
                        let has_class = found.lines.iter().any(|line| !line.class_id.is_empty());
                        assert!(found.is_voided() || has_class == classed, "{found:?}");
                        grown += u32::from(posted.sync_token != found.sync_token);
                    }
                }
                assert!(grown > 0, "payments make new versions");
            }
        }
    }
}
