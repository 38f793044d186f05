use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::Switches;
use crate::fault::Fault;
use crate::json::Object;

/// The answers remembered under the `requestid`s of a company: the id alone, or with a `bId` in a batch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replays {
    answers: BTreeMap<Key, Remembered>,
}

/// A `requestid` and, for an item of a batch, its `bId`.
pub(crate) type Key = (String, Option<String>);

#[derive(Clone, Debug)]
struct Remembered {
    body: Object,
    answer: Value,
    at: Timestamp,
}

impl Replays {
    /// The answer of the first time, if the id is remembered.
    pub(crate) fn replay(
        &self,
        key: &Key,
        body: &Object,
        now: Timestamp,
        switches: &Switches,
    ) -> Option<Result<Value, Fault>> {
        let first = self.answers.get(key)?;
        let age = now.duration_since(first.at);
        if switches
            .request_id_memory
            .is_some_and(|memory| age > memory)
        {
            return None;
        }
        if switches.refuse_changed_replay && first.body != *body {
            return Some(Err(Fault::duplicate_request_id(&key.0)));
        }
        Some(Ok(first.answer.clone()))
    }

    /// Only what succeeded is remembered: a refused write may be sent again under its id.
    pub(crate) fn remember(&mut self, key: Key, body: Object, answer: Value, at: Timestamp) {
        self.answers.insert(key, Remembered { body, answer, at });
    }

    pub(crate) fn forget(&mut self) {
        self.answers.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use serde_json::json;

    fn key() -> Key {
        ("r1".to_owned(), None)
    }

    fn body(number: u32) -> Object {
        json!({ "n": number }).as_object().unwrap().clone()
    }

    fn remembering() -> Replays {
        let mut replays = Replays::default();
        replays.remember(key(), body(1), json!("first"), Timestamp::UNIX_EPOCH);
        replays
    }

    fn ask(replays: &Replays, number: u32, switches: &Switches) -> Option<Result<Value, Fault>> {
        let later = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(2);
        replays.replay(&key(), &body(number), later, switches)
    }

    #[test]
    fn the_same_id_gets_the_first_answer_even_with_another_body() {
        let switches = Switches::default();
        assert_eq!(ask(&remembering(), 1, &switches), Some(Ok(json!("first"))));
        assert_eq!(ask(&remembering(), 2, &switches), Some(Ok(json!("first"))));
    }

    #[test]
    fn a_changed_body_can_be_made_a_fault() {
        let switches = Switches {
            refuse_changed_replay: true,
            ..Switches::default()
        };
        let refused = ask(&remembering(), 2, &switches).unwrap().unwrap_err();
        assert_eq!(refused.code, "600");
        assert!(ask(&remembering(), 1, &switches).unwrap().is_ok());
    }

    #[test]
    fn memory_can_be_short_or_lost() {
        let short = Switches {
            request_id_memory: Some(SignedDuration::from_hours(1)),
            ..Switches::default()
        };
        assert_eq!(ask(&remembering(), 1, &short), None);
        let mut replays = remembering();
        replays.forget();
        assert_eq!(ask(&replays, 1, &Switches::default()), None);
    }

    #[test]
    fn items_of_a_batch_are_told_apart_by_their_own_id() {
        let item = ("r1".to_owned(), Some("1".to_owned()));
        let found =
            remembering().replay(&item, &body(1), Timestamp::UNIX_EPOCH, &Switches::default());
        assert_eq!(found, None);
    }
}
