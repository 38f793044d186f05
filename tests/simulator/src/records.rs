mod journal;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::json::Object;
use crate::kind::Kind;
use journal::Journal;

/// The live entities of one company, in the form in which QuickBooks answers them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Records {
    tables: BTreeMap<Kind, BTreeMap<u64, Record>>,
    sequence: u64,
    journal: Journal,
}

/// An entity and the sequence number of its last change in the company.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) body: Value,
    pub(crate) sequence: u64,
}

impl Records {
    pub(crate) fn get(&self, kind: Kind, id: &str) -> Option<&Object> {
        self.table(kind)?.get(&parse_id(id)?)?.body.as_object()
    }

    /// Returns an entity to set its output fields. The sequence number stays as it is.
    pub(crate) fn get_mut(&mut self, kind: Kind, id: &str) -> Option<&mut Object> {
        let id = parse_id(id)?;
        let record = self.tables.get_mut(&kind)?.get_mut(&id)?;
        self.journal.keep(kind, id, Some(record));
        record.body.as_object_mut()
    }

    /// Returns the entities of a kind in the order of creation.
    pub(crate) fn all(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        self.table(kind).into_iter().flat_map(BTreeMap::values)
    }

    /// Returns the bodies of a kind in the order of creation.
    pub(crate) fn objects(&self, kind: Kind) -> impl Iterator<Item = &Object> {
        self.all(kind).filter_map(|record| record.body.as_object())
    }

    /// Returns the bodies of every kind, to set their output fields.
    pub(crate) fn bodies_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.tables
            .values_mut()
            .flat_map(BTreeMap::values_mut)
            .map(|record| &mut record.body)
    }

    pub(crate) fn put(&mut self, kind: Kind, id: &str, body: Object) {
        let Some(id) = parse_id(id) else { return };
        self.sequence += 1;
        let record = Record {
            body: Value::Object(body),
            sequence: self.sequence,
        };
        let table = self.tables.entry(kind).or_default();
        self.journal.keep(kind, id, table.get(&id));
        table.insert(id, record);
    }

    pub(crate) fn remove(&mut self, kind: Kind, id: &str) -> Option<Value> {
        let id = parse_id(id)?;
        let record = self.tables.get_mut(&kind)?.remove(&id)?;
        self.journal.keep(kind, id, Some(&record));
        Some(record.body)
    }

    fn table(&self, kind: Kind) -> Option<&BTreeMap<u64, Record>> {
        self.tables.get(&kind)
    }
}

/// Parses an id. Ids are numbers without leading zeros; other modules keep them as text.
fn parse_id(id: &str) -> Option<u64> {
    let number: u64 = id.parse().ok()?;
    (number.to_string() == id).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(ids: &[&str]) -> Records {
        let mut records = Records::default();
        for id in ids {
            let mut body = Object::new();
            body.insert("Id".to_owned(), (*id).into());
            records.put(Kind::Class, id, body);
        }
        records
    }

    #[test]
    fn long_ids_stay_exact_and_ordered() {
        let records = records(&["5000000000000007281", "5000000000000007280"]);
        let ids: Vec<_> = records
            .objects(Kind::Class)
            .map(|object| object.get("Id").unwrap().as_str().unwrap())
            .collect();
        assert_eq!(ids, ["5000000000000007280", "5000000000000007281"]);
    }

    #[test]
    fn other_kind_or_malformed_id_finds_nothing() {
        let records = records(&["7"]);
        assert!(records.get(Kind::Class, "7").is_some());
        for id in ["07", "+7", "x", ""] {
            assert!(records.get(Kind::Class, id).is_none(), "{id}");
        }
        assert!(records.get(Kind::Item, "7").is_none());
    }

    #[test]
    fn removed_entity_is_gone() {
        let mut records = records(&["7"]);
        assert!(records.remove(Kind::Class, "7").is_some());
        assert!(records.remove(Kind::Class, "7").is_none());
        assert_eq!(records.all(Kind::Class).count(), 0);
    }
}
