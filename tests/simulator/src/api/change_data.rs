use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::books::Books;
use crate::call::Call;
use crate::changes::Operation;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::moment;

const FARTHEST: SignedDuration = SignedDuration::from_hours(30 * 24);
const MOST_OBJECTS: usize = 1000;

/// Change data capture: for each kind that is asked for, what changed since, as it is now or as a stub if it is gone.
pub(super) fn answer(books: &Books, now: Timestamp, call: &Call) -> Result<Value, Fault> {
    let kinds = call
        .parameter("entities")
        .ok_or_else(|| Fault::required("entities"))?
        .split(',')
        .map(|name| {
            Kind::named_in_query(name.trim())
                .ok_or_else(|| Fault::query_invalid(&format!("entity {name} is not supported")))
        })
        .collect::<Result<Vec<Kind>, Fault>>()?;
    let since = call
        .parameter("changedSince")
        .ok_or_else(|| Fault::required("changedSince"))?;
    let since =
        moment::parse(since).ok_or_else(|| Fault::query_invalid("changedSince is no time"))?;
    if now.duration_since(since) > FARTHEST {
        return Err(Fault::query_invalid(
            "changedSince must be within the last 30 days",
        ));
    }
    let mut room = MOST_OBJECTS;
    let responses: Vec<Value> = kinds
        .into_iter()
        .map(|kind| {
            let changed = changed(books, kind, since, room);
            room -= changed.len();
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

/// Each entity once, the latest change first. Times are compared in whole seconds, as they are told.
fn changed(books: &Books, kind: Kind, since: Timestamp, room: usize) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let mut changed = Vec::new();
    for change in books.changes.iter().rev() {
        if changed.len() >= room {
            break;
        }
        if change.entity != kind.name() || change.at.as_second() < since.as_second() {
            continue;
        }
        let merged = change
            .deleted_id
            .iter()
            .filter(|_| change.operation == Operation::Merge);
        for id in std::iter::once(&change.id).chain(merged) {
            if seen.insert(id.clone()) {
                changed.push(present(books, kind, id, change.at));
            }
        }
    }
    changed.truncate(room);
    changed
}

fn present(books: &Books, kind: Kind, id: &str, at: Timestamp) -> Value {
    match books.records.get(kind, id) {
        Some(entity) => Value::Object(entity.clone()),
        None => json!({
            "status": "Deleted", "domain": "QBO", "Id": id,
            "MetaData": {"LastUpdatedTime": moment::stamp(at)},
        }),
    }
}

#[cfg(test)]
mod tests {
    use crate::desk::Desk;
    use jiff::SignedDuration;
    use serde_json::json;

    fn since(desk: &Desk, ago: SignedDuration) -> String {
        (desk.simulator.now() - ago).to_string()
    }

    #[test]
    fn changes_come_as_they_are_and_deletions_as_stubs() {
        let mut desk = Desk::new();
        let (customer, one) = desk.invoice("Turner Bay", 100);
        desk.simulator.advance(SignedDuration::from_mins(10));
        let (_, two) = desk.invoice("Ashgrove", 100);
        desk.post(
            "invoice?operation=delete",
            json!({"Id": two, "SyncToken": "0"}),
        );
        let from = since(&desk, SignedDuration::from_mins(5));
        let (_, answer) = desk.get(&format!(
            "cdc?entities=Invoice,Customer,Payment&changedSince={from}"
        ));
        let responses = &answer["CDCResponse"][0]["QueryResponse"];
        assert_eq!(responses[0]["Invoice"].as_array().unwrap().len(), 1);
        assert_eq!(responses[0]["Invoice"][0]["status"], "Deleted");
        assert_eq!(responses[1]["Customer"].as_array().unwrap().len(), 1);
        assert_eq!(responses[2], json!({}));
        let from = since(&desk, SignedDuration::from_mins(30));
        let (_, answer) = desk.get(&format!(
            "cdc?entities=invoice,customer&changedSince={from}"
        ));
        let responses = &answer["CDCResponse"][0]["QueryResponse"];
        assert_eq!(responses[0]["Invoice"].as_array().unwrap().len(), 2);
        assert_eq!(responses[0]["Invoice"][1]["Id"], json!(one));
        assert_eq!(responses[1]["Customer"][1]["Id"], json!(customer));
    }

    #[test]
    fn a_thousand_objects_of_all_kinds_are_the_most() {
        let mut desk = Desk::new();
        let (customer, _) = desk.invoice("Turner Bay", 100);
        let realm = desk.realm.clone();
        let mut person = desk.simulator.person(&realm).unwrap();
        for _ in 0..700 {
            let body = json!({"CustomerRef": {"value": customer}, "TotalAmt": 5});
            let payment = person.create("Payment", body).unwrap();
            person.delete("Payment", &payment).unwrap();
        }
        for number in 0..400 {
            let body = json!({ "DisplayName": format!("Customer {number}") });
            person.create("Customer", body).unwrap();
        }
        let from = since(&desk, SignedDuration::from_mins(5));
        let mut counts = |kinds: &str| {
            let (_, answer) = desk.get(&format!("cdc?entities={kinds}&changedSince={from}"));
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
    fn what_was_never_listed_for_it_is_refused() {
        let mut desk = Desk::new();
        for kind in [
            "JournalCode",
            "TimeActivity",
            "TaxAgency",
            "TaxCode",
            "TaxRate",
        ] {
            let path = format!("cdc?entities=Invoice,{kind}&changedSince=2026-03-01");
            let (status, answer) = desk.get(&path);
            assert_eq!(status, 400);
            assert_eq!(answer["Fault"]["Error"][0]["code"], "4001", "{kind}");
        }
    }

    #[test]
    fn thirty_days_are_the_most() {
        let mut desk = Desk::new();
        let code = |desk: &mut Desk, hours: i64| {
            let from = since(desk, SignedDuration::from_hours(hours));
            let (_, answer) = desk.get(&format!("cdc?entities=Invoice&changedSince={from}"));
            answer["Fault"]["Error"][0]["code"].clone()
        };
        assert_eq!(code(&mut desk, 30 * 24), json!(null));
        assert_eq!(code(&mut desk, 30 * 24 + 1), "4001");
    }

    #[test]
    fn what_is_missing_or_unknown_is_said() {
        let mut desk = Desk::new();
        for (path, code) in [
            ("cdc?changedSince=2026-03-01", "2020"),
            ("cdc?entities=Invoice", "2020"),
            ("cdc?entities=Ghost&changedSince=2026-03-01", "4001"),
            ("cdc?entities=Invoice&changedSince=lately", "4001"),
        ] {
            let (_, answer) = desk.get(path);
            assert_eq!(answer["Fault"]["Error"][0]["code"], code, "{path}");
        }
    }
}
