use serde_json::{Value, json};

use super::{parse_body, save};
use crate::call::Call;
use crate::changes::Actor;
use crate::company_state::{CompanyState, IdempotencyKey};
use crate::fault::Fault;
use crate::inject::Effect;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::query;
use crate::write::{Context, Verb, WriteRequest};

/// Intuit's limit on the items of a batch.
const MOST_ITEMS: usize = 30;
const LONGEST_REQUEST_ID: usize = 36;
const LONGEST_ITEM_ID: usize = 10;

/// Carries out a batch of up to thirty items. The outcome of one item does not affect the others.
pub(super) fn answer(
    company: &mut CompanyState,
    context: &Context<'_>,
    call: &Call,
    effect: Option<&Effect>,
) -> Result<Value, Fault> {
    let body = parse_body(call)?;
    let items = body
        .get("BatchItemRequest")
        .and_then(Value::as_array)
        .ok_or_else(|| Fault::required("BatchItemRequest"))?;
    if items.len() > MOST_ITEMS {
        return Err(Fault::batch_too_large(items.len()));
    }
    let request_id = call.parameter("requestid");
    if request_id.is_some_and(|id| id.is_empty() || id.chars().count() > LONGEST_REQUEST_ID) {
        return Err(Fault::request_id_format());
    }
    let executed = match effect {
        Some(Effect::Partial { items, .. }) => *items,
        _ => items.len(),
    };
    let answers: Vec<Value> = items
        .iter()
        .take(executed)
        .enumerate()
        .map(|(index, item)| {
            let outcome = match injected_fault(effect, index) {
                Some(fault) => Err(fault),
                None => execute_item(company, context, request_id, item),
            };
            item_answer(&item["bId"], outcome)
        })
        .collect();
    Ok(json!({ "BatchItemResponse": answers }))
}

/// Returns the fault that an injection gives to the item at this index.
fn injected_fault(effect: Option<&Effect>, at: usize) -> Option<Fault> {
    match effect {
        Some(Effect::Item {
            index,
            code,
            message,
            detail,
        }) if *index == at => Some(Fault::new(code, message, detail.clone())),
        _ => None,
    }
}

fn item_answer(id: &Value, outcome: Result<Value, Fault>) -> Value {
    let mut answer = match outcome {
        Ok(answer) => answer,
        Err(fault) => json!({ "Fault": fault.json() }),
    };
    answer["bId"] = id.clone();
    answer
}

fn execute_item(
    company: &mut CompanyState,
    context: &Context<'_>,
    request_id: Option<&str>,
    item: &Value,
) -> Result<Value, Fault> {
    let item = item
        .as_object()
        .ok_or_else(|| Fault::unreadable("BatchItemRequest"))?;
    let id = json::text(item, "bId").ok_or_else(|| Fault::required("bId"))?;
    if id.chars().count() > LONGEST_ITEM_ID {
        return Err(Fault::length("bId", LONGEST_ITEM_ID, id.chars().count()));
    }
    if let Some(statement) = json::text(item, "Query") {
        return query::answer(&company.records, statement);
    }
    let request = parse_write_request(item)?;
    let key = request_id.map(|request| IdempotencyKey {
        request_id: request.to_owned(),
        item_id: Some(id.to_owned()),
    });
    save::write_once(company, context, key, request)
}

fn parse_write_request(item: &Object) -> Result<WriteRequest, Fault> {
    let (kind, body) = item
        .iter()
        .find_map(|(name, body)| Some((Kind::from_name(name)?, body.as_object()?)))
        .ok_or_else(|| Fault::unreadable("BatchItemRequest"))?;
    let options = json::text(item, "optionsData").unwrap_or_default();
    let void = options.split(',').any(|option| option.trim() == "void");
    let mut body = body.clone();
    let verb = match json::text(item, "operation") {
        Some("create") => {
            body.remove("Id");
            Verb::Save
        }
        Some("update") if void => Verb::Void,
        Some("update") if body.contains_key("Id") => Verb::Save,
        Some("update") => return Err(Fault::required("Id")),
        Some("delete") => Verb::Delete,
        Some("void") => Verb::Void,
        Some(other) => return Err(Fault::enumeration("operation", other)),
        None => return Err(Fault::required("operation")),
    };
    Ok(WriteRequest {
        kind,
        verb,
        body,
        include: save::parse_include(options.split(',')),
        by: Actor::Api,
    })
}

#[cfg(test)]
mod tests {
    use crate::test_client::TestClient;
    use serde_json::{Value, json};

    fn create(id: &str, name: &str) -> Value {
        json!({"bId": id, "operation": "create", "Customer": {"DisplayName": name}})
    }

    #[expect(clippy::needless_pass_by_value, reason = "calls read better with vec!")]
    fn send(client: &mut TestClient, path: &str, items: Vec<Value>) -> (u16, Value) {
        client.post(path, json!({ "BatchItemRequest": items }))
    }

    #[test]
    fn items_succeed_and_fail_independently() {
        let mut client = TestClient::new();
        let items = vec![
            create("1", "Turner Bay"),
            create("2", "turner bay"),
            json!({"bId": "3", "Query": "select count(*) from Customer"}),
            json!({"bId": "4", "operation": "explode", "Customer": {}}),
            json!({"bId": "5", "operation": "create"}),
        ];
        let (status, answer) = send(&mut client, "batch", items);
        assert_eq!(status, 200);
        let answers = answer["BatchItemResponse"].as_array().unwrap();
        assert_eq!(answers[0]["Customer"]["DisplayName"], "Turner Bay");
        assert_eq!(answers[1]["Fault"]["Error"][0]["code"], "6240");
        assert_eq!(answers[1]["bId"], "2");
        assert_eq!(answers[2]["QueryResponse"]["totalCount"], 1);
        assert_eq!(answers[3]["Fault"]["Error"][0]["code"], "2170");
        assert_eq!(answers[4]["Fault"]["Error"][0]["code"], "2010");
    }

    #[test]
    fn batch_holds_thirty_items() {
        let mut client = TestClient::new();
        let items = |count: usize| {
            (0..count)
                .map(|index| create(&index.to_string(), &format!("C{index}")))
                .collect()
        };
        let (_, answer) = send(&mut client, "batch", items(31));
        assert_eq!(answer["Fault"]["Error"][0]["code"], "1040");
        assert_eq!(client.count("Customer"), 0);
        send(&mut client, "batch", items(30));
        assert_eq!(client.count("Customer"), 30);
    }

    #[test]
    fn item_is_executed_once_per_request_id() {
        let mut client = TestClient::new();
        let path = "batch?requestid=r1";
        let (_, first) = send(&mut client, path, vec![create("1", "A"), create("2", "A")]);
        let (_, again) = send(&mut client, path, vec![create("1", "A"), create("2", "B")]);
        let (first, again) = (&first["BatchItemResponse"], &again["BatchItemResponse"]);
        assert_eq!(first[0]["Customer"], again[0]["Customer"]);
        assert_eq!(first[1]["Fault"]["Error"][0]["code"], "6240");
        assert_eq!(again[1]["Customer"]["DisplayName"], "B");
    }

    #[test]
    fn long_ids_are_refused() {
        let mut client = TestClient::new();
        let (_, answer) = send(
            &mut client,
            &format!("batch?requestid={}", "x".repeat(37)),
            vec![create("1", "A")],
        );
        assert_eq!(answer["Fault"]["Error"][0]["code"], "2130");
        let (_, answer) = send(&mut client, "batch", vec![create("12345678901", "A")]);
        assert_eq!(
            answer["BatchItemResponse"][0]["Fault"]["Error"][0]["code"],
            "2050"
        );
    }

    #[test]
    fn items_void_delete_and_require_an_id() {
        let mut client = TestClient::new();
        let (_, one) = client.invoice("Turner Bay", 100);
        let (_, two) = client.invoice("Ashgrove", 100);
        let present = |id: &str| json!({"Id": id, "SyncToken": "0"});
        let items = vec![
            json!({"bId": "1", "operation": "update", "optionsData": "void", "Invoice": present(&one)}),
            json!({"bId": "2", "operation": "delete", "Invoice": present(&two)}),
            json!({"bId": "3", "operation": "update", "Invoice": {}}),
        ];
        let (_, answer) = send(&mut client, "batch", items);
        let answers = &answer["BatchItemResponse"];
        assert_eq!(answers[0]["Invoice"]["TotalAmt"].to_string(), "0.00");
        assert_eq!(answers[1]["Invoice"]["status"], "Deleted");
        assert_eq!(answers[2]["Fault"]["Error"][0]["code"], "2020");
    }
}
