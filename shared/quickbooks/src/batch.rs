//! Batches: up to 30 independent changes, or up to 30 queries, in one request, each with an answer of its own (Intuit: API
//! reference, Batch). Only changes have a request id, so no batch has both.

use crate::answer::{self, Answer, contents};
use crate::entity::{Kind, ListEntry, ObjectSnapshot, Resource};
use crate::failure::Failure;
use crate::query::Query;
use crate::request::{self, Company, Unsendable, Write};
use bytes::Bytes;
use http::Request;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

/// The most items in one batch. QuickBooks refuses more with 1040.
pub const MAX_ITEMS: usize = 30;

/// The most characters in an item's id.
pub const MAX_ITEM_ID: usize = 10;

/// An item of a batch.
///
/// No item may rely on another: QuickBooks carries them out in any order, and undoes none if another fails.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchItem<T> {
    /// The id by which [`BatchAnswers`] finds the item's answer: 1 to [`MAX_ITEM_ID`] characters, unique in its batch.
    pub id: String,
    /// The change, or the query.
    pub operation: T,
}

/// The answers to a batch, by the ids of its items.
#[derive(Debug, Clone, Default)]
pub struct BatchAnswers {
    items: Vec<(String, Value)>,
    tid: Option<String>,
}

impl BatchAnswers {
    /// Splits the answer to a batch into the answers to its items.
    ///
    /// # Errors
    /// [`Failure::Unreadable`] if the answer is no answer to a batch. Then the outcome of each change in the batch is
    /// unknown.
    pub fn of(answer: Answer) -> Result<Self, Failure> {
        let (mut body, tid) = (answer.body, answer.tid);
        let Some(Value::Array(answers)) = body.get_mut("BatchItemResponse").map(Value::take) else {
            return Err(Failure::Unreadable {
                status: answer.status,
                tid,
            });
        };
        let by_id = |item: Value| Some((item.get("bId").and_then(json::plain)?.to_owned(), item));
        Ok(Self {
            items: answers.into_iter().filter_map(by_id).collect(),
            tid,
        })
    }

    /// Reads the object that the change `id` made or changed.
    ///
    /// # Errors
    /// The item's own failure, or [`Failure::Unreadable`] if the answer does not hold the item or the item holds no object.
    pub fn snapshot(&self, id: &str) -> Result<ObjectSnapshot, Failure> {
        contents::snapshot_in(self.item(id)?).ok_or_else(|| self.unreadable())
    }

    /// Reads the whole resources that the query `id` found.
    ///
    /// # Errors
    /// The item's own failure, or [`Failure::Unreadable`] if the answer does not hold the item, or a row is not of this type.
    pub fn resources<T: Resource>(&self, id: &str) -> Result<Vec<T>, Failure> {
        contents::list_in(self.item(id)?).ok_or_else(|| self.unreadable())
    }

    /// Reads the list entries that the query `id` for `kind` found.
    ///
    /// # Errors
    /// The item's own failure, or [`Failure::Unreadable`] if the answer does not hold the item, or a row has no id or name.
    pub fn list_entries(&self, id: &str, kind: Kind) -> Result<Vec<ListEntry>, Failure> {
        let rows = contents::rows_of(self.item(id)?, kind).ok_or_else(|| self.unreadable())?;
        let read = rows.iter().map(ListEntry::of).collect::<Option<_>>();
        read.ok_or_else(|| self.unreadable())
    }

    /// Reads the objects that the query `id` for `kind` found, as [`Answer::standings`] does.
    ///
    /// # Errors
    /// The item's own failure, or [`Failure::Unreadable`] if the answer does not hold the item, or a row has no id or
    /// version.
    pub fn snapshots(&self, id: &str, kind: Kind) -> Result<Vec<ObjectSnapshot>, Failure> {
        contents::snapshots_in(self.item(id)?, kind).ok_or_else(|| self.unreadable())
    }

    /// Returns the answer to the item `id`, if that is no fault.
    fn item(&self, id: &str) -> Result<&Value, Failure> {
        let mut items = self.items.iter();
        let (_, item) = items
            .find(|(item_id, _)| item_id == id)
            .ok_or_else(|| self.unreadable())?;
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

/// Builds the request that sends 1 to [`MAX_ITEMS`] independent changes at once.
///
/// The answer's status is 200 even if every item fails. `request_id` (1 to 36 characters) and an item's id together make a
/// repetition of that item harmless, as the request id of [`write`](request::write) does.
///
/// # Errors
/// [`Unsendable`] if there are no items or too many, or an id, the token or a body cannot be sent.
pub fn writes(
    company: &Company<'_>,
    items: &[BatchItem<Write>],
    request_id: &str,
) -> Result<Request<Bytes>, Unsendable> {
    let id = request::checked_id(request_id, 36)?;
    let body = body(items)?;
    request::post(
        company,
        &format!("batch?minorversion=75&requestid={id}"),
        &body,
    )
}

/// Builds the request that runs 1 to [`MAX_ITEMS`] queries at once.
///
/// The request has no request id. While Intuit remembers an id, it may answer a later batch with the rows of an earlier one.
///
/// # Errors
/// [`Unsendable`] if there are no items or too many, or an id, the token or a body cannot be sent.
pub fn queries(
    company: &Company<'_>,
    items: &[BatchItem<Query>],
) -> Result<Request<Bytes>, Unsendable> {
    request::post(company, "batch?minorversion=75", &body(items)?)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase", bound = "BatchItem<T>: Serialize")]
struct Body<'a, T> {
    batch_item_request: &'a [BatchItem<T>],
}

fn body<T>(items: &[BatchItem<T>]) -> Result<Body<'_, T>, Unsendable> {
    if items.is_empty() || items.len() > MAX_ITEMS {
        return Err(Unsendable("a batch holds 1 to 30 items"));
    }
    let fits = |item: &BatchItem<T>| !item.id.is_empty() && item.id.len() <= MAX_ITEM_ID;
    if !items.iter().all(fits) {
        return Err(Unsendable("an item's id has 1 to 10 characters"));
    }
    let is_new = |at: usize| items[..at].iter().all(|item| item.id != items[at].id);
    if !(0..items.len()).all(is_new) {
        return Err(Unsendable("two items have the same id"));
    }
    Ok(Body {
        batch_item_request: items,
    })
}

/// Writes the item as Intuit names its members: `bId`, `operation`, `optionsData` and the object by its kind.
impl Serialize for BatchItem<Write> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let change = &self.operation;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("bId", &self.id)?;
        map.serialize_entry("operation", change.operation())?;
        if matches!(change, Write::VoidPayment(_)) {
            map.serialize_entry("optionsData", "void")?;
        }
        map.serialize_entry(change.kind().name(), change)?;
        map.end()
    }
}

/// Writes the item as Intuit names its members: `bId` and `Query`.
impl Serialize for BatchItem<Query> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("bId", &self.id)?;
        map.serialize_entry("Query", &self.operation.to_string())?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company_facts::Preferences;
    use crate::entity::{Account, Class};
    use crate::query::Field;
    use crate::request::Version;
    use http::Response;

    fn item<T>(id: &str, operation: T) -> BatchItem<T> {
        BatchItem {
            id: id.to_owned(),
            operation,
        }
    }

    fn class(id: &str) -> BatchItem<Write> {
        let class = Class {
            name: Some("2301".to_owned()),
            ..Class::default()
        };
        item(id, Write::Create(class.into()))
    }

    fn answers(body: &str) -> BatchAnswers {
        let response = Response::builder().header("intuit_tid", "1-abc");
        let response = response.body(Bytes::from(body.to_owned())).unwrap();
        read(&response).unwrap()
    }

    fn read(response: &Response<Bytes>) -> Result<BatchAnswers, Failure> {
        BatchAnswers::of(Answer::of(response)?)
    }

    fn change_of_each_kind() -> [BatchItem<Write>; 4] {
        let version = || Version {
            id: "130".to_owned(),
            sync_token: "2".to_owned(),
        };
        let changed = Class {
            id: Some("5".to_owned()),
            sync_token: Some("0".to_owned()),
            active: Some(false),
            ..Class::default()
        };
        [
            class("1"),
            item("2", Write::Update(changed.into())),
            item("3", Write::VoidInvoice(version())),
            item("4", Write::VoidPayment(version())),
        ]
    }

    #[test]
    fn each_kind_of_change_has_its_body() {
        let items = change_of_each_kind();
        let body = serde_json::to_string_pretty(&body(&items).unwrap()).unwrap();
        insta::assert_snapshot!(body, @r#"
        {
          "BatchItemRequest": [
            {
              "bId": "1",
              "operation": "create",
              "Class": {
                "Name": "2301"
              }
            },
            {
              "bId": "2",
              "operation": "update",
              "Class": {
                "Id": "5",
                "SyncToken": "0",
                "Active": false
              }
            },
            {
              "bId": "3",
              "operation": "void",
              "Invoice": {
                "Id": "130",
                "SyncToken": "2"
              }
            },
            {
              "bId": "4",
              "operation": "update",
              "optionsData": "void",
              "Payment": {
                "Id": "130",
                "SyncToken": "2",
                "sparse": true
              }
            }
          ]
        }
        "#);
    }

    #[test]
    fn only_changes_have_a_request_id() {
        let access_token = oauth2::AccessToken::new("eyAT".to_owned());
        let company = Company {
            api_origin: "https://quickbooks.api.intuit.com",
            realm_id: "1",
            access_token: &access_token,
        };
        let query = item("0", Query::from(Kind::Class));
        let asked = queries(&company, &[query]).unwrap();
        assert_eq!(asked.uri().query(), Some("minorversion=75"));
        let changed = writes(&company, &[class("0")], "r1").unwrap();
        assert_eq!(changed.uri().query(), Some("minorversion=75&requestid=r1"));
        assert!(writes(&company, &[class("0")], "").is_err());
    }

    #[test]
    fn invalid_batch_is_refused() {
        assert!(body::<Write>(&[]).is_err());
        let full: Vec<BatchItem<Write>> = (0..MAX_ITEMS).map(|n| class(&n.to_string())).collect();
        assert!(body(&full).is_ok());
        let over = [full, vec![class("x")]].concat();
        assert!(body(&over).is_err());
        assert!(body(&[class("")]).is_err());
        assert!(body(&[class("12345678901")]).is_err());
    }

    #[test]
    fn repeated_item_id_is_refused() {
        assert!(body(&[class("1"), class("2"), class("1")]).is_err());
    }

    #[test]
    fn each_item_has_its_own_answer() {
        let answers = answers(
            r#"{"BatchItemResponse":[
                {"bId":"2","Fault":{"Error":[{"Message":"Duplicate Name Exists Error","Detail":"The name supplied already exists.","code":"6240"}],"type":"ValidationFault"}},
                {"bId":"1","Class":{"Id":"5000000000000007280","SyncToken":"0","Name":"2301","domain":"QBO"}},
                {"bId":"3","QueryResponse":{"Class":[{"Id":"5","Name":"2302"}],"startPosition":1,"maxResults":1}},
                {"bId":"4","QueryResponse":{}}],"time":"2026-03-31T14:14:09.000-07:00"}"#,
        );
        assert_eq!(answers.snapshot("1").unwrap().id, "5000000000000007280");
        let refused = answers.snapshot("2").unwrap_err();
        assert_eq!(
            refused.meaning(),
            Some(crate::fault::FaultMeaning::DuplicateName)
        );
        assert_eq!(refused.tid(), Some("1-abc"));
        assert_eq!(
            answers.list_entries("3", Kind::Class).unwrap()[0].name,
            "2302"
        );
        assert!(answers.list_entries("4", Kind::Class).unwrap().is_empty());
    }

    #[test]
    fn objects_are_queried_by_id_in_one_batch() {
        let by_id = |kind, ids: [&str; 2]| Query::from(kind).filter(Field::Id.is_in(ids));
        let items = [
            item("i", by_id(Kind::Invoice, ["130", "131"])),
            item("c", by_id(Kind::Customer, ["24", "58"])),
        ];
        insta::assert_snapshot!(serde_json::to_string(&body(&items).unwrap()).unwrap(), @r#"{"BatchItemRequest":[{"bId":"i","Query":"select * from Invoice where Id in ('130', '131') maxresults 1000"},{"bId":"c","Query":"select * from Customer where Id in ('24', '58') maxresults 1000"}]}"#);
        let answers = answers(
            r#"{"BatchItemResponse":[
                {"bId":"i","QueryResponse":{"Invoice":[{"Id":"130","SyncToken":"2","TotalAmt":90.00}],"startPosition":1,"maxResults":1}},
                {"bId":"n","QueryResponse":{}},{"bId":"o","QueryResponse":{"Invoice":[{"Id":"1"}]}}]}"#,
        );
        assert_eq!(answers.snapshots("i", Kind::Invoice).unwrap()[0].id, "130");
        assert!(answers.snapshots("n", Kind::Invoice).unwrap().is_empty());
        for unreadable in ["o", "x"] {
            assert!(answers.snapshots(unreadable, Kind::Invoice).is_err());
        }
    }

    #[test]
    fn company_and_accounts_are_read_in_one_batch() {
        let answers = answers(
            r#"{"BatchItemResponse":[
                {"bId":"p","QueryResponse":{"Preferences":[{"ReportPrefs":{"ReportBasis":"Cash"}}]}},
                {"bId":"a","QueryResponse":{"Account":[{"Id":"91","CurrentBalance":4850.00}]}},
                {"bId":"x","QueryResponse":{"Account":[{"Active":"perhaps"}]}}]}"#,
        );
        let preferences: Vec<Preferences> = answers.resources("p").unwrap();
        let basis = preferences[0].report_prefs.report_basis.as_deref();
        assert_eq!(basis, Some("Cash"));
        let accounts: Vec<Account> = answers.resources("a").unwrap();
        assert_eq!(accounts[0].current_balance, Some(4850.into()));
        assert!(answers.resources::<Account>("x").is_err());
        assert!(answers.resources::<Account>("y").is_err());
    }

    #[test]
    fn unanswered_item_may_have_happened() {
        let answers = answers(r#"{"BatchItemResponse":[{"bId":"1"},{"Class":{"Id":"1"}}]}"#);
        assert!(answers.snapshot("1").unwrap_err().may_have_happened());
        assert!(answers.snapshot("2").unwrap_err().may_have_happened());
        let unanswered = answers.list_entries("2", Kind::Class).unwrap_err();
        assert!(unanswered.may_have_happened());
    }

    #[test]
    fn numeric_ids_of_items_are_matched() {
        let body = r#"{"BatchItemResponse":[{"bId":1,"Class":{"Id":5,"SyncToken":0}}]}"#;
        assert_eq!(answers(body).snapshot("1").unwrap().id, "5");
    }

    #[test]
    fn inner_error_leaves_its_item_in_doubt() {
        let answers = answers(
            r#"{"BatchItemResponse":[{"bId":"1","Fault":{"Error":[{"Message":"m","Detail":"Unexpected Internal Error (-30034)","code":"6000"}]}},
                {"bId":"2","Fault":{"Error":[{"Message":"m","code":"10000"}]}}]}"#,
        );
        for id in ["1", "2"] {
            assert!(answers.snapshot(id).unwrap_err().may_have_happened());
        }
    }

    #[test]
    fn single_item_can_be_throttled() {
        let answers = answers(
            r#"{"BatchItemResponse":[{"bId":"1","Fault":{"Error":[{"Message":"message=ThrottleExceeded; errorCode=003001; statusCode=429","code":"3001"}],"type":"SERVICE"}}]}"#,
        );
        assert!(matches!(
            answers.snapshot("1"),
            Err(Failure::Throttled { .. })
        ));
    }

    #[test]
    fn batch_refused_as_a_whole_has_no_items() {
        let refused = Response::builder().status(400).body(Bytes::from_static(
            br#"{"Fault":{"Error":[{"Message":"Batch size exceeds limit","code":"1040"}],"type":"ValidationFault"}}"#,
        ));
        let failure = read(&refused.unwrap()).unwrap_err();
        assert_eq!(failure.meaning(), Some(crate::fault::FaultMeaning::Bug));
        let empty = Response::new(Bytes::from_static(b"{}"));
        assert!(read(&empty).unwrap_err().may_have_happened());
    }
}
