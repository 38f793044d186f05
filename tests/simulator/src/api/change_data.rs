use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::call::Call;
use crate::changes::{Change, Operation};
use crate::company_state::CompanyState;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::records::Records;
use crate::time_format;
use crate::write::Context;

/// Intuit's limit on the age of `changedSince`.
const OLDEST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Intuit's limit on the objects of one answer.
const MOST_OBJECTS: usize = 1000;

/// Answers change data capture: the entities of each kind that changed since a time.
///
/// An entity is answered as it is now, or as a stub if it is gone.
pub(super) fn answer(
    company: &CompanyState,
    context: &Context<'_>,
    call: &Call,
) -> Result<Value, Fault> {
    let kinds = call
        .parameter("entities")
        .ok_or_else(|| Fault::required("entities"))?
        .split(',')
        .map(|name| {
            Kind::from_query_name(name.trim())
                .ok_or_else(|| Fault::query_invalid(&format!("entity {name} is not supported")))
        })
        .collect::<Result<Vec<Kind>, Fault>>()?;
    let since = call
        .parameter("changedSince")
        .ok_or_else(|| Fault::required("changedSince"))?;
    let since =
        time_format::parse(since).ok_or_else(|| Fault::query_invalid("changedSince is no time"))?;
    if context.now.duration_since(since) > OLDEST {
        return Err(Fault::query_invalid(
            "changedSince must be within the last 30 days",
        ));
    }
    let lag = context.switches.index_lag;
    let index = Index {
        records: &company.records.as_indexed(context.now, lag),
        changes: &company.changes,
        latest: context.now.checked_sub(lag).unwrap_or(context.now),
    };
    let mut remaining = MOST_OBJECTS;
    let responses: Vec<Value> = kinds
        .into_iter()
        .map(|kind| {
            let changed = changed_since(&index, kind, since, remaining);
            remaining -= changed.len();
            response(kind, &changed)
        })
        .collect();
    Ok(json!({ "CDCResponse": [{ "QueryResponse": responses }] }))
}

fn response(kind: Kind, changed: &[Value]) -> Value {
    if changed.is_empty() {
        return json!({});
    }
    json!({ "startPosition": 1, "maxResults": changed.len(), kind.name(): changed })
}

/// The entities and changes that change data knows.
struct Index<'a> {
    records: &'a Records,
    changes: &'a [Change],
    /// The time of the latest change that is known.
    latest: Timestamp,
}

/// Returns each changed entity once, latest change first. Times are compared in whole seconds, as answers have them.
fn changed_since(index: &Index<'_>, kind: Kind, since: Timestamp, limit: usize) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let mut entities = Vec::new();
    let known = |change: &&Change| change.changed_at <= index.latest;
    for change in index.changes.iter().rev().filter(known) {
        if entities.len() >= limit {
            break;
        }
        if change.entity != kind.name() || change.changed_at.as_second() < since.as_second() {
            continue;
        }
        let merged = change
            .deleted_id
            .iter()
            .filter(|_| change.operation == Operation::Merge);
        for id in std::iter::once(&change.id).chain(merged) {
            if seen.insert(id.clone()) {
                entities.push(entity_or_stub(index.records, kind, id, change.changed_at));
            }
        }
    }
    entities.truncate(limit);
    entities
}

fn entity_or_stub(records: &Records, kind: Kind, id: &str, at: Timestamp) -> Value {
    match records.get(kind, id) {
        Some(entity) => Value::Object(entity.clone()),
        None => json!({
            "status": "Deleted", "domain": "QBO", "Id": id,
            "MetaData": {"LastUpdatedTime": time_format::format_seconds(at)},
        }),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_client::TestClient;
    use jiff::SignedDuration;
    use serde_json::json;

    fn since(client: &TestClient, ago: SignedDuration) -> String {
        (client.simulator.now() - ago).to_string()
    }

    #[test]
    fn deleted_entities_are_stubs() {
        let mut client = TestClient::new();
        let (customer, one) = client.invoice("Turner Bay", 100);
        client.simulator.advance(SignedDuration::from_mins(10));
        let (_, two) = client.invoice("Ashgrove", 100);
        client.post(
            "invoice?operation=delete",
            json!({"Id": two, "SyncToken": "0"}),
        );
        let from = since(&client, SignedDuration::from_mins(5));
        let (_, answer) = client.get(&format!(
            "cdc?entities=Invoice,Customer,Payment&changedSince={from}"
        ));
        let responses = &answer["CDCResponse"][0]["QueryResponse"];
        assert_eq!(responses[0]["Invoice"].as_array().unwrap().len(), 1);
        assert_eq!(responses[0]["Invoice"][0]["status"], "Deleted");
        assert_eq!(responses[1]["Customer"].as_array().unwrap().len(), 1);
        assert_eq!(responses[2], json!({}));
        let from = since(&client, SignedDuration::from_mins(30));
        let (_, answer) = client.get(&format!(
            "cdc?entities=invoice,customer&changedSince={from}"
        ));
        let responses = &answer["CDCResponse"][0]["QueryResponse"];
        assert_eq!(responses[0]["Invoice"].as_array().unwrap().len(), 2);
        assert_eq!(responses[0]["Invoice"][1]["Id"], json!(one));
        assert_eq!(responses[1]["Customer"][1]["Id"], json!(customer));
    }

    #[test]
    fn change_data_lags_by_switch() {
        let mut client = TestClient::new();
        let from = since(&client, SignedDuration::from_mins(5));
        let path = format!("cdc?entities=Invoice&changedSince={from}");
        client.simulator.switches_mut().index_lag = SignedDuration::from_mins(1);
        client.invoice("Turner Bay", 100);
        let mut invoices = || {
            let (_, answer) = client.get(&path);
            client.simulator.advance(SignedDuration::from_mins(1));
            let list = &answer["CDCResponse"][0]["QueryResponse"][0]["Invoice"];
            list.as_array().map_or(0, Vec::len)
        };
        assert_eq!([invoices(), invoices()], [0, 1]);
    }

    #[test]
    fn answer_holds_a_thousand_objects() {
        let mut client = TestClient::new();
        let (customer, _) = client.invoice("Turner Bay", 100);
        let realm = client.realm.clone();
        let mut person = client.simulator.person(&realm).unwrap();
        for _ in 0..700 {
            let body = json!({"CustomerRef": {"value": customer}, "TotalAmt": 5});
            let payment = person.create("Payment", body).unwrap();
            person.delete("Payment", &payment).unwrap();
        }
        for number in 0..400 {
            let body = json!({ "DisplayName": format!("Customer {number}") });
            person.create("Customer", body).unwrap();
        }
        let from = since(&client, SignedDuration::from_mins(5));
        let mut counts = |kinds: &str| {
            let (_, answer) = client.get(&format!("cdc?entities={kinds}&changedSince={from}"));
            let responses = answer["CDCResponse"][0]["QueryResponse"].clone();
            let count = |kind: &str| {
                let mut found = responses.as_array().unwrap().iter();
                let list = found.find_map(|response| response[kind].as_array());
                list.map_or(0, Vec::len)
            };
            [count("Payment"), count("Customer"), count("Invoice")]
        };
        assert_eq!(counts("Payment,Customer,Invoice"), [700, 300, 0]);
        assert_eq!(counts("Invoice,Customer,Payment"), [598, 401, 1]);
    }

    #[test]
    fn unlisted_kind_is_refused() {
        let mut client = TestClient::new();
        for kind in [
            "JournalCode",
            "TimeActivity",
            "TaxAgency",
            "TaxCode",
            "TaxRate",
        ] {
            let path = format!("cdc?entities=Invoice,{kind}&changedSince=2026-03-01");
            let (status, answer) = client.get(&path);
            assert_eq!(status, 400);
            assert_eq!(answer["Fault"]["Error"][0]["code"], "4001", "{kind}");
        }
    }

    #[test]
    fn window_is_thirty_days() {
        let mut client = TestClient::new();
        let code = |client: &mut TestClient, hours: i64| {
            let from = since(client, SignedDuration::from_hours(hours));
            let (_, answer) = client.get(&format!("cdc?entities=Invoice&changedSince={from}"));
            answer["Fault"]["Error"][0]["code"].clone()
        };
        assert_eq!(code(&mut client, 30 * 24), json!(null));
        assert_eq!(code(&mut client, 30 * 24 + 1), "4001");
    }

    #[test]
    fn missing_or_invalid_parameter_is_refused() {
        let mut client = TestClient::new();
        for (path, code) in [
            ("cdc?changedSince=2026-03-01", "2020"),
            ("cdc?entities=Invoice", "2020"),
            ("cdc?entities=Ghost&changedSince=2026-03-01", "4001"),
            ("cdc?entities=Invoice&changedSince=lately", "4001"),
        ] {
            let (_, answer) = client.get(path);
            assert_eq!(answer["Fault"]["Error"][0]["code"], code, "{path}");
        }
    }
}
