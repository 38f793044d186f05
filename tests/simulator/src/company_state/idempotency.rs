use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::Switches;
use crate::fault::Fault;
use crate::json::Object;

/// The first answers to the writes of a company, by `requestid`.
///
/// Intuit: a repeated `requestid` gets the first answer again and changes nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct IdempotencyCache {
    answers: BTreeMap<IdempotencyKey, FirstAnswer>,
}

/// The name under which a request is carried out at most once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct IdempotencyKey {
    pub(crate) request_id: String,
    pub(crate) scope: Scope,
}

/// The part of a request that a key stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// A single write.
    Write,
    /// A batch as a whole.
    Batch,
    /// The item of a batch with this `bId`.
    Item(String),
}

#[derive(Clone, Debug)]
struct FirstAnswer {
    body: Object,
    answer: Value,
    answered_at: Timestamp,
}

impl IdempotencyCache {
    /// Returns the first answer under the key, or `None` if the key is unknown or too old.
    pub(crate) fn find(
        &self,
        key: &IdempotencyKey,
        body: &Object,
        now: Timestamp,
        switches: &Switches,
    ) -> Option<Result<Value, Fault>> {
        let first = self.answers.get(key)?;
        let age = now.duration_since(first.answered_at);
        if switches
            .request_id_memory
            .is_some_and(|memory| age >= memory)
        {
            return None;
        }
        if switches.should_refuse_changed_replay && first.body != *body {
            return Some(Err(Fault::duplicate_request_id(&key.request_id)));
        }
        Some(Ok(first.answer.clone()))
    }

    /// Saves the answer of a write that succeeded. A refused write is not saved: it may be sent again under its id.
    pub(crate) fn save(
        &mut self,
        key: IdempotencyKey,
        body: Object,
        answer: Value,
        answered_at: Timestamp,
    ) {
        let first = FirstAnswer {
            body,
            answer,
            answered_at,
        };
        self.answers.insert(key, first);
    }

    pub(crate) fn clear(&mut self) {
        self.answers.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use serde_json::json;

    fn key() -> IdempotencyKey {
        IdempotencyKey {
            request_id: "r1".to_owned(),
            scope: Scope::Write,
        }
    }

    fn body(number: u32) -> Object {
        json!({ "n": number }).as_object().unwrap().clone()
    }

    fn filled_cache() -> IdempotencyCache {
        let mut cache = IdempotencyCache::default();
        cache.save(key(), body(1), json!("first"), Timestamp::UNIX_EPOCH);
        cache
    }

    fn find(
        cache: &IdempotencyCache,
        number: u32,
        switches: &Switches,
    ) -> Option<Result<Value, Fault>> {
        let later = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(2);
        cache.find(&key(), &body(number), later, switches)
    }

    /// Another body under the same id changes nothing.
    #[test]
    fn repeated_request_id_gets_the_first_answer() {
        let switches = Switches::default();
        assert_eq!(
            find(&filled_cache(), 1, &switches),
            Some(Ok(json!("first")))
        );
        assert_eq!(
            find(&filled_cache(), 2, &switches),
            Some(Ok(json!("first")))
        );
    }

    #[test]
    fn changed_body_is_refused_by_switch() {
        let switches = Switches {
            should_refuse_changed_replay: true,
            ..Switches::default()
        };
        let refused = find(&filled_cache(), 2, &switches).unwrap().unwrap_err();
        assert_eq!(refused.code, "600");
        assert!(find(&filled_cache(), 1, &switches).unwrap().is_ok());
    }

    #[test]
    fn expired_or_cleared_request_id_is_unknown() {
        let short = Switches {
            request_id_memory: Some(SignedDuration::from_hours(1)),
            ..Switches::default()
        };
        assert_eq!(find(&filled_cache(), 1, &short), None);
        let mut cache = filled_cache();
        cache.clear();
        assert_eq!(find(&cache, 1, &Switches::default()), None);
    }

    #[test]
    fn no_memory_forgets_at_once() {
        let never = Switches {
            request_id_memory: Some(SignedDuration::ZERO),
            ..Switches::default()
        };
        let found = filled_cache().find(&key(), &body(1), Timestamp::UNIX_EPOCH, &never);
        assert_eq!(found, None);
    }

    #[test]
    fn batch_item_id_is_part_of_the_key() {
        let item = IdempotencyKey {
            scope: Scope::Item("1".to_owned()),
            ..key()
        };
        let found =
            filled_cache().find(&item, &body(1), Timestamp::UNIX_EPOCH, &Switches::default());
        assert_eq!(found, None);
    }
}
