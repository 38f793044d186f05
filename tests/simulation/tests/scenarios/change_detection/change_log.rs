//! Records what the change logs of the simulator lack: each object after every change, each change whose answer was lost, and each object
//! that was read by its id.

use crate::change_detection::transaction::{self, Transaction};
use bytes::Bytes;
use http::Response;
use serde_json::Value;
use simulation::firms::COMPANIES;
use simulation::observer::{Call, CallEnd, Observer};
use simulator::{Actor, Change, Simulator};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A change, and the object after it; `None` if the change deleted the object.
#[derive(Clone, Debug)]
pub struct LoggedChange {
    pub change: Change,
    pub transaction: Option<Transaction>,
    /// The call that made the change, if RIVET did.
    pub call: Option<u64>,
}

/// A request that named an object by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadRequest {
    pub realm: String,
    pub kind: String,
    pub id: String,
}

pub struct ChangeLog {
    intuit: Rc<RefCell<Simulator>>,
    seen: [Cell<usize>; 2],
    changes: [RefCell<Vec<LoggedChange>>; 2],
    reads: RefCell<Vec<ReadRequest>>,
    /// The answers to the calls that changed something, as long as they did not arrive.
    open_answers: RefCell<BTreeMap<u64, Bytes>>,
}

impl ChangeLog {
    pub fn new(intuit: &Rc<RefCell<Simulator>>) -> Self {
        let change_log = Self {
            intuit: Rc::clone(intuit),
            seen: Default::default(),
            changes: Default::default(),
            reads: RefCell::default(),
            open_answers: RefCell::default(),
        };
        change_log.record_changes();
        change_log
    }

    /// Records all changes since the last call. Call it after each change of a person.
    pub fn record_changes(&self) {
        self.record_changes_of(None);
    }

    /// Records all changes since the last call, which `call` made. Returns whether there are any.
    fn record_changes_of(&self, call: Option<u64>) -> bool {
        let intuit = self.intuit.borrow();
        let mut has_changed = false;
        for (which, realm) in COMPANIES.iter().enumerate() {
            let changes = intuit.changes(realm);
            let fresh = changes.get(self.seen[which].get()..).unwrap_or_default();
            for change in fresh {
                let mut all = intuit.entities(realm, change.entity);
                let body = all.find(|body| body["Id"] == *change.id);
                let logged = LoggedChange {
                    change: change.clone(),
                    transaction: body.map(|body| transaction::of(change.entity, body)),
                    call,
                };
                self.changes[which].borrow_mut().push(logged);
                has_changed = true;
            }
            self.seen[which].set(changes.len());
        }
        has_changed
    }

    /// Records the changes of a call, and the answer until it arrives.
    fn record_call(&self, call: &Call, answer: Bytes) {
        if self.record_changes_of(Some(call.id)) {
            self.open_answers.borrow_mut().insert(call.id, answer);
        }
    }

    /// Returns all changes of a company, oldest first.
    pub fn changes(&self, which: usize) -> Vec<LoggedChange> {
        self.changes[which].borrow().clone()
    }

    /// Returns whether the answer to the call that made a change was lost.
    pub fn is_answer_lost(&self, logged: &LoggedChange) -> bool {
        let open = self.open_answers.borrow();
        logged.call.is_some_and(|call| open.contains_key(&call))
    }

    /// Returns the requests that named an object by its id.
    pub fn reads(&self) -> Vec<ReadRequest> {
        self.reads.borrow().clone()
    }
}

impl LoggedChange {
    pub fn is_of(&self, kind: &str, id: &str) -> bool {
        self.change.entity == kind && self.change.id == id
    }

    pub fn is_ours(&self) -> bool {
        self.change.by == Actor::Api
    }
}

impl Observer for ChangeLog {
    fn on_sent(&self, call: &Call) {
        let path = call.request.uri().path();
        let Some((realm, rest)) = path
            .strip_prefix("/v3/company/")
            .and_then(|rest| rest.split_once('/'))
        else {
            return;
        };
        let reads = |kind: &str, id: &str| ReadRequest {
            realm: realm.to_owned(),
            kind: kind.to_ascii_lowercase(),
            id: id.to_owned(),
        };
        let mut found = Vec::new();
        match rest.split_once('/') {
            Some((kind, id)) => found.push(reads(kind, id)),
            None if rest == "query" => {
                let query = call.request.uri().query().unwrap_or_default();
                for (_, value) in url::form_urlencoded::parse(query.as_bytes()) {
                    found.extend(ids(&value).map(|(kind, id)| reads(kind, id)));
                }
                let body = String::from_utf8_lossy(call.request.body());
                found.extend(ids(&body).map(|(kind, id)| reads(kind, id)));
            }
            None if rest == "batch" && contains(call.request.body(), b"where Id ") => {
                let body: Value = serde_json::from_slice(call.request.body()).unwrap_or_default();
                let items = body["BatchItemRequest"].as_array();
                for item in items.into_iter().flatten() {
                    let query = item["Query"].as_str().unwrap_or_default();
                    found.extend(ids(query).map(|(kind, id)| reads(kind, id)));
                }
            }
            None => {}
        }
        self.reads.borrow_mut().extend(found);
    }

    fn on_handled(&self, call: &Call, answer: &Response<Bytes>) {
        self.record_call(call, answer.body().clone());
    }

    fn on_dropped(&self, call: &Call) {
        self.record_call(call, Bytes::new());
    }

    fn on_ended(&self, call: &Call, end: CallEnd<'_>) {
        let mut open = self.open_answers.borrow_mut();
        if let CallEnd::Answered(arrived) = end
            && open.get(&call.id) == Some(arrived.body())
        {
            open.remove(&call.id);
        }
    }
}

fn contains(body: &[u8], word: &[u8]) -> bool {
    body.windows(word.len()).any(|window| window == word)
}

/// Returns the ids in `select * from Invoice where Id in ('1', '2') …`, each with the kind.
fn ids(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let kind = query.split_once("from ").map_or("", |(_, rest)| rest);
    let kind = kind.split(' ').next().unwrap_or_default();
    let condition = query.split_once("where Id ").map_or("", |(_, rest)| rest);
    let condition = condition.split(" maxresults").next().unwrap_or_default();
    let words = condition.split('\'').skip(1).step_by(2);
    words.map(move |id| (kind, id))
}
