use serde_json::Value;

use super::parse_body;
use crate::call::Call;
use crate::changes::Actor;
use crate::company_state::{CompanyState, IdempotencyKey, Scope};
use crate::fault::Fault;
use crate::kind::Kind;
use crate::write::{self, Context, Include, Verb, WriteRequest};

/// Intuit's limit on the length of a `requestid`.
const LONGEST_REQUEST_ID: usize = 50;

/// Carries out a single write, at most once for each `requestid`.
pub(super) fn answer(
    company: &mut CompanyState,
    context: &Context<'_>,
    kind: Kind,
    call: &Call,
) -> Result<Value, Fault> {
    let request_id = call.parameter("requestid");
    if request_id.is_some_and(|id| id.is_empty() || id.chars().count() > LONGEST_REQUEST_ID) {
        return Err(Fault::request_id_format());
    }
    let request = WriteRequest {
        kind,
        verb: parse_verb(kind, call)?,
        body: parse_body(call)?,
        include: parse_include(include_options(call)),
        by: Actor::Api,
    };
    let key = request_id.map(|id| IdempotencyKey {
        request_id: id.to_owned(),
        scope: Scope::Write,
    });
    write_once(company, context, key, request)
}

/// Carries out a write, or returns the first answer if the key is known.
pub(super) fn write_once(
    company: &mut CompanyState,
    context: &Context<'_>,
    key: Option<IdempotencyKey>,
    request: WriteRequest,
) -> Result<Value, Fault> {
    let Some(key) = key else {
        return write::write(company, context, &request);
    };
    if let Some(first) =
        company
            .idempotency_cache
            .find(&key, &request.body, context.now, context.switches)
    {
        return first;
    }
    let answer = write::write(company, context, &request)?;
    company
        .idempotency_cache
        .save(key, request.body, answer.clone(), context.now);
    Ok(answer)
}

/// Returns the verb of a write. Intuit voids invoices and payments by different parameters.
fn parse_verb(kind: Kind, call: &Call) -> Result<Verb, Fault> {
    let void = call
        .parameters()
        .iter()
        .any(|(name, value)| name == "include" && value == "void");
    match (call.parameter("operation"), kind) {
        (None | Some("create"), _) => Ok(Verb::Save),
        (Some("update"), Kind::Payment) if void => Ok(Verb::Void),
        (Some("update"), _) => Ok(Verb::Save),
        (Some("delete"), _) => Ok(Verb::Delete),
        (Some("void"), Kind::Invoice) => Ok(Verb::Void),
        (Some(other), _) => Err(Fault::unsupported_operation(other)),
    }
}

/// Returns the options of the `include` parameters: of several parameters, or of one with commas.
fn include_options(call: &Call) -> impl Iterator<Item = &str> {
    call.parameters()
        .iter()
        .filter(|(name, _)| name == "include")
        .flat_map(|(_, value)| value.split(','))
}

pub(super) fn parse_include<'a>(options: impl Iterator<Item = &'a str>) -> Include {
    let mut include = Include::default();
    for option in options {
        match option.trim() {
            "allowduplicatedocnum" => include.duplicate_number = true,
            "allowautodocnum" => include.automatic_number = true,
            _ => {}
        }
    }
    include
}

#[cfg(test)]
mod tests {
    use crate::test_client::TestClient;
    use serde_json::json;

    #[test]
    fn repeated_request_id_creates_once() {
        let mut client = TestClient::new();
        let body = json!({"DisplayName": "Turner Bay"});
        let (_, first) = client.post("customer?requestid=r1", body.clone());
        let (status, again) = client.post("customer?requestid=r1", body.clone());
        assert_eq!(status, 200);
        assert_eq!(again["Customer"], first["Customer"]);
        assert_eq!(client.count("Customer"), 1);
        let (status, _) = client.post("customer?requestid=r2", body);
        assert_eq!(status, 400);
    }

    #[test]
    fn request_id_of_a_deleted_object_is_replayed() {
        let mut client = TestClient::new();
        let (customer, _) = client.invoice("Turner Bay", 100);
        let body = json!({"CustomerRef": {"value": customer}, "TotalAmt": 5});
        let (_, first) = client.post("payment?requestid=r1", body.clone());
        let id = first["Payment"]["Id"].as_str().unwrap().to_owned();
        client.post(
            "payment?operation=delete",
            json!({"Id": id, "SyncToken": "0"}),
        );
        let (status, again) = client.post("payment?requestid=r1", body);
        assert_eq!((status, &again["Payment"]), (200, &first["Payment"]));
        assert_eq!(client.count("Payment"), 0);
    }

    #[test]
    fn refused_write_can_repeat_its_request_id() {
        let mut client = TestClient::new();
        let (status, _) = client.post("customer?requestid=r1", json!({"DisplayName": "A:B"}));
        assert_eq!(status, 400);
        let (status, _) = client.post("customer?requestid=r1", json!({"DisplayName": "AB"}));
        assert_eq!(status, 200);
    }

    #[test]
    fn request_ids_are_kept_per_company() {
        let mut client = TestClient::new();
        let other = client.add_company("Ashgrove Mechanical");
        let body = json!({"DisplayName": "Turner Bay"});
        client.post("customer?requestid=r1", body.clone());
        client.switch_company(&other);
        client.post("customer?requestid=r1", body);
        assert_eq!(client.count("Customer"), 1);
    }

    #[test]
    fn long_request_id_is_refused() {
        let mut client = TestClient::new();
        let path = format!("customer?requestid={}", "x".repeat(51));
        let (_, answer) = client.post(&path, json!({"DisplayName": "X"}));
        assert_eq!(answer["Fault"]["Error"][0]["code"], "2130");
    }

    #[test]
    fn invoice_and_payment_void_by_different_parameters() {
        let mut client = TestClient::new();
        let (customer, invoice) = client.invoice("Turner Bay", 100);
        let (_, payment) = client.post(
            "payment",
            json!({"CustomerRef": {"value": customer}, "TotalAmt": 5}),
        );
        let payment = payment["Payment"]["Id"].clone();
        let sparse = |id: &serde_json::Value| json!({"Id": id, "SyncToken": "0", "sparse": true});
        assert_eq!(
            client.post("payment?operation=void", sparse(&payment)).0,
            400
        );
        let (status, _) = client.post("payment?operation=update&include=void", sparse(&payment));
        assert_eq!(status, 200);
        let (status, answer) = client.post("invoice?operation=void", sparse(&json!(invoice)));
        assert_eq!(status, 200);
        assert_eq!(answer["Invoice"]["Balance"].to_string(), "0.00");
    }

    #[test]
    fn deleted_entity_is_answered_as_a_stub() {
        let mut client = TestClient::new();
        let (_, invoice) = client.invoice("Turner Bay", 100);
        let body = json!({"Id": invoice, "SyncToken": "0"});
        let (_, answer) = client.post("invoice?operation=delete", body);
        assert_eq!(
            answer["Invoice"],
            json!({"domain": "QBO", "status": "Deleted", "Id": invoice})
        );
    }
}
