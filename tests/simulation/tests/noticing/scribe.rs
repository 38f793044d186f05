//! Who keeps what the companies' logs do not: each object as it was after every change, and what was asked for by its id.

use crate::view::{self, View};
use bytes::Bytes;
use http::Response;
use serde_json::Value;
use simulation::firms::COMPANIES;
use simulation::witness::{Sent, Witness};
use simulator::{Actor, Change, Simulator};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A change, and what it made of its object; nothing if it is gone.
#[derive(Clone, Debug)]
pub struct Moment {
    pub change: Change,
    pub view: Option<View>,
}

/// A request that named an object by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    pub realm: String,
    pub kind: String,
    pub id: String,
}

pub struct Scribe {
    intuit: Rc<RefCell<Simulator>>,
    seen: [Cell<usize>; 2],
    moments: [RefCell<Vec<Moment>>; 2],
    asked: RefCell<Vec<Asked>>,
}

impl Scribe {
    pub fn new(intuit: &Rc<RefCell<Simulator>>) -> Self {
        let scribe = Self {
            intuit: Rc::clone(intuit),
            seen: Default::default(),
            moments: Default::default(),
            asked: RefCell::default(),
        };
        scribe.look();
        scribe
    }

    /// Whatever changed since the last time is written down. To be called after each change.
    pub fn look(&self) {
        let intuit = self.intuit.borrow();
        for (which, realm) in COMPANIES.iter().enumerate() {
            let changes = intuit.changes(realm);
            let fresh = changes.get(self.seen[which].get()..).unwrap_or_default();
            for change in fresh {
                let mut all = intuit.entities(realm, change.entity);
                let body = all.find(|body| body["Id"] == *change.id);
                let moment = Moment {
                    change: change.clone(),
                    view: body.map(|body| view::of(change.entity, body)),
                };
                self.moments[which].borrow_mut().push(moment);
            }
            self.seen[which].set(changes.len());
        }
    }

    /// All that happened in a company, oldest first.
    pub fn moments(&self, which: usize) -> Vec<Moment> {
        self.moments[which].borrow().clone()
    }

    /// What was asked for by its id.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.borrow().clone()
    }
}

impl Moment {
    pub fn is_of(&self, kind: &str, id: &str) -> bool {
        self.change.entity == kind && self.change.id == id
    }

    pub fn is_ours(&self) -> bool {
        self.change.by == Actor::Api
    }
}

impl Witness for Scribe {
    fn sent(&self, call: &Sent) {
        let path = call.request.uri().path();
        let Some((realm, rest)) = path
            .strip_prefix("/v3/company/")
            .and_then(|rest| rest.split_once('/'))
        else {
            return;
        };
        let asked = |kind: &str, id: &str| Asked {
            realm: realm.to_owned(),
            kind: kind.to_ascii_lowercase(),
            id: id.to_owned(),
        };
        let mut found = Vec::new();
        match rest.split_once('/') {
            Some((kind, id)) => found.push(asked(kind, id)),
            None if rest == "query" => {
                let query = call.request.uri().query().unwrap_or_default();
                for (_, value) in url::form_urlencoded::parse(query.as_bytes()) {
                    found.extend(ids(&value).map(|(kind, id)| asked(kind, id)));
                }
                let body = String::from_utf8_lossy(call.request.body());
                found.extend(ids(&body).map(|(kind, id)| asked(kind, id)));
            }
            None if rest == "batch" && contains(call.request.body(), b"where Id ") => {
                let body: Value = serde_json::from_slice(call.request.body()).unwrap_or_default();
                let items = body["BatchItemRequest"].as_array();
                for item in items.into_iter().flatten() {
                    let query = item["Query"].as_str().unwrap_or_default();
                    found.extend(ids(query).map(|(kind, id)| asked(kind, id)));
                }
            }
            None => {}
        }
        self.asked.borrow_mut().extend(found);
    }

    fn handled(&self, _: &Sent, _: &Response<Bytes>) {
        self.look();
    }
}

fn contains(body: &[u8], word: &[u8]) -> bool {
    body.windows(word.len()).any(|window| window == word)
}

/// The ids in `select * from Invoice where Id in ('1', '2') …`, each with the kind.
fn ids(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let kind = query.split_once("from ").map_or("", |(_, rest)| rest);
    let kind = kind.split(' ').next().unwrap_or_default();
    let condition = query.split_once("where Id ").map_or("", |(_, rest)| rest);
    let condition = condition.split(" maxresults").next().unwrap_or_default();
    let words = condition.split('\'').skip(1).step_by(2);
    words.map(move |id| (kind, id))
}
