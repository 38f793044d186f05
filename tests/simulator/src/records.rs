use std::collections::BTreeMap;

use serde_json::Value;

use crate::json::Object;
use crate::kind::Kind;

/// The live entities of one company, as they are answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Records {
    tables: BTreeMap<Kind, BTreeMap<u64, Record>>,
    sequence: u64,
}

/// One entity and the place of its last change in the history of the company.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) body: Value,
    pub(crate) sequence: u64,
}

impl Records {
    pub(crate) fn get(&self, kind: Kind, id: &str) -> Option<&Object> {
        self.table(kind)?.get(&key(id)?)?.body.as_object()
    }

    /// For output fields only: the change does not count as one of the entity.
    pub(crate) fn get_mut(&mut self, kind: Kind, id: &str) -> Option<&mut Object> {
        self.tables
            .get_mut(&kind)?
            .get_mut(&key(id)?)?
            .body
            .as_object_mut()
    }

    /// In the order of creation.
    pub(crate) fn all(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        self.table(kind).into_iter().flat_map(BTreeMap::values)
    }

    /// In the order of creation.
    pub(crate) fn objects(&self, kind: Kind) -> impl Iterator<Item = &Object> {
        self.all(kind).filter_map(|record| record.body.as_object())
    }

    pub(crate) fn every_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.tables
            .values_mut()
            .flat_map(BTreeMap::values_mut)
            .map(|record| &mut record.body)
    }

    pub(crate) fn put(&mut self, kind: Kind, id: &str, body: Object) {
        let Some(key) = key(id) else { return };
        self.sequence += 1;
        let record = Record {
            body: Value::Object(body),
            sequence: self.sequence,
        };
        self.tables.entry(kind).or_default().insert(key, record);
    }

    pub(crate) fn remove(&mut self, kind: Kind, id: &str) -> Option<Value> {
        let record = self.tables.get_mut(&kind)?.remove(&key(id)?)?;
        Some(record.body)
    }

    fn table(&self, kind: Kind) -> Option<&BTreeMap<u64, Record>> {
        self.tables.get(&kind)
    }
}

/// Ids are numbers without leading zeros, kept as text everywhere else.
fn key(id: &str) -> Option<u64> {
    let key: u64 = id.parse().ok()?;
    (key.to_string() == id).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(ids: &[&str]) -> Records {
        let mut records = Records::default();
        for id in ids {
            let mut body = Object::new();
            body.insert("Id".to_owned(), (*id).into());
            records.put(Kind::Class, id, body);
        }
        records
    }

    #[test]
    fn long_ids_are_kept_whole_and_in_order() {
        let records = with(&["5000000000000007281", "5000000000000007280"]);
        let ids: Vec<_> = records
            .objects(Kind::Class)
            .map(|object| object.get("Id").unwrap().as_str().unwrap())
            .collect();
        assert_eq!(ids, ["5000000000000007280", "5000000000000007281"]);
    }

    #[test]
    fn kinds_are_apart_and_odd_ids_find_nothing() {
        let records = with(&["7"]);
        assert!(records.get(Kind::Class, "7").is_some());
        for id in ["07", "+7", "x", ""] {
            assert!(records.get(Kind::Class, id).is_none(), "{id}");
        }
        assert!(records.get(Kind::Item, "7").is_none());
    }

    #[test]
    fn what_is_removed_is_gone() {
        let mut records = with(&["7"]);
        assert!(records.remove(Kind::Class, "7").is_some());
        assert!(records.remove(Kind::Class, "7").is_none());
        assert_eq!(records.all(Kind::Class).count(), 0);
    }
}
