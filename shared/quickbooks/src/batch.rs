//! Batches: up to 30 independent changes and look-ups in one request, answered one by one.

use crate::answer::{self, Failure};
use crate::entity::{Object, Resource};
use crate::query::Query;
use crate::request::{Unsendable, Write};
use bytes::Bytes;
use http::Response;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most items that one batch holds (1040 above it).
pub const MAX_ITEMS: usize = 30;

/// The longest id of an item.
pub const MAX_ITEM_ID: usize = 10;

/// One item of a batch. No item may rely on another: they are carried out in any order, and none is undone.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What the answer is found by, ≤ [`MAX_ITEM_ID`] characters, unique in its batch.
    pub id: String,
    /// What to do.
    pub ask: Ask,
}

/// What an item of a batch asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// A change.
    Write(Write),
    /// A look-up.
    Query(Query),
}

/// The answers of a batch, by item.
#[derive(Debug, Clone)]
pub struct Answers {
    items: BTreeMap<String, Value>,
    tid: Option<String>,
}

impl Answers {
    /// Reads the answer of a whole batch.
    ///
    /// # Errors
    /// If the batch as a whole was refused or is not readable; then nothing is known of any item that may have been written.
    pub fn read(response: &Response<Bytes>) -> Result<Self, Failure> {
        let mut body = answer::body(response)?;
        let tid = answer::tid(response);
        let Some(Value::Array(answers)) = body.get_mut("BatchItemResponse").map(Value::take) else {
            return Err(answer::unreadable(response));
        };
        let named = |item: Value| Some((item.get("bId")?.as_str()?.to_owned(), item));
        Ok(Self {
            items: answers.into_iter().filter_map(named).collect(),
            tid,
        })
    }

    /// What became of a change.
    ///
    /// # Errors
    /// The item's own fault; [`Failure::Unreadable`] if the answer does not have the item.
    pub fn object(&self, id: &str) -> Result<Object, Failure> {
        answer::object_in(self.item(id)?).ok_or_else(|| self.unreadable())
    }

    /// What a look-up found.
    ///
    /// # Errors
    /// The item's own fault; [`Failure::Unreadable`] if the answer does not have the item.
    pub fn list<T: Resource>(&self, id: &str) -> Result<Vec<T>, Failure> {
        answer::list_in(self.item(id)?).ok_or_else(|| self.unreadable())
    }

    fn item(&self, id: &str) -> Result<&Value, Failure> {
        let item = self.items.get(id).ok_or_else(|| self.unreadable())?;
        match answer::failure_in(200, item, self.tid.clone()) {
            Some(failure) => Err(failure),
            None => Ok(item),
        }
    }

    fn unreadable(&self) -> Failure {
        Failure::Unreadable {
            status: 200,
            tid: self.tid.clone(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Body<'a> {
    batch_item_request: &'a [Item],
}

pub(crate) fn body(items: &[Item]) -> Result<Body<'_>, Unsendable> {
    if items.is_empty() || items.len() > MAX_ITEMS {
        return Err(Unsendable("a batch holds 1 to 30 items"));
    }
    let fits = |item: &Item| !item.id.is_empty() && item.id.len() <= MAX_ITEM_ID;
    if !items.iter().all(fits) {
        return Err(Unsendable("an item's id has 1 to 10 characters"));
    }
    Ok(Body {
        batch_item_request: items,
    })
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("bId", &self.id)?;
        match &self.ask {
            Ask::Query(query) => map.serialize_entry("Query", &query.to_string())?,
            Ask::Write(change) => {
                map.serialize_entry("operation", change.operation())?;
                if matches!(change, Write::VoidPayment(_)) {
                    map.serialize_entry("optionsData", "void")?;
                }
                map.serialize_entry(change.kind().name(), change)?;
            }
        }
        map.end()
    }
}
