//! Events: RIVET's messages about documents, projects and customers.

// Top first: a module uses only modules below it.
mod read;
mod write;
mod envelope;
mod fact;

pub use envelope::Event;
pub use fact::Fact;
pub use read::{ParsedEvent, parse};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use serde_json::Value;

    /// File name and content of each sample event, in order.
    fn story() -> Vec<(String, Value)> {
        let folder = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/fixtures/harbor-point"
        );
        let mut paths: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| !path.ends_with("expected.json"))
            .collect();
        paths.sort();
        let read =
            |path: &std::path::Path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        paths
            .iter()
            .map(|path| (path.display().to_string(), read(path)))
            .collect()
    }

    fn event(value: &Value) -> Event {
        match parse(value.to_string().as_bytes()) {
            Ok(ParsedEvent::Known(event)) => event,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sample_events_write_back_unchanged() {
        let story = story();
        assert_eq!(story.len(), 14);
        for (name, value) in story {
            assert_eq!(
                serde_json::to_value(event(&value)).unwrap(),
                value,
                "{name}"
            );
        }
    }

    #[test]
    fn deserialized_event_equals_parsed_event() {
        for (name, value) in story() {
            assert_eq!(
                serde_json::from_value::<Event>(value.clone()).unwrap(),
                event(&value),
                "{name}"
            );
        }
    }

    #[test]
    fn subject_is_the_document_in_the_event() {
        for (name, value) in story() {
            let fact = event(&value).fact;
            let subject = fact.subject();
            if let Some(document) = fact.into_document() {
                assert_eq!(Some(document.reference()), subject, "{name}");
            }
        }
    }

    #[test]
    fn document_reads_back_after_storing() {
        for (name, value) in story() {
            let Some(document) = event(&value).fact.into_document() else {
                continue;
            };
            let stored = serde_json::to_vec(&document).unwrap();
            assert_eq!(
                serde_json::from_slice::<Document>(&stored).unwrap(),
                document,
                "{name}"
            );
        }
    }

    #[test]
    fn void_refers_to_document_and_contains_none() {
        let void = event(&story()[11].1).fact;
        assert_eq!(void.subject().unwrap().to_string(), "pay_app/pa_1057_2");
        assert_eq!(void.into_document(), None);
    }
}
