use serde_json::Value;

use super::body;
use crate::books::Books;
use crate::call::Call;
use crate::changes::Actor;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::write::{self, Context, Include, Order, Verb};

/// Intuit's limit on the length of a `requestid`.
const LONGEST_REQUEST_ID: usize = 50;

/// A single write: created, updated, deleted or voided, at most once for each `requestid`.
pub(super) fn answer(
    books: &mut Books,
    context: &Context<'_>,
    kind: Kind,
    call: &Call,
) -> Result<Value, Fault> {
    let request_id = call.parameter("requestid");
    if request_id.is_some_and(|id| id.is_empty() || id.chars().count() > LONGEST_REQUEST_ID) {
        return Err(Fault::request_id_format());
    }
    let order = Order {
        kind,
        verb: verb(kind, call)?,
        body: body(call)?,
        include: include(
            call.parameters()
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        ),
        by: Actor::Api,
    };
    once(
        books,
        context,
        request_id.map(|id| (id.to_owned(), None)),
        order,
    )
}

/// Carries out a write unless its key is remembered, in which case the first answer is given again.
pub(super) fn once(
    books: &mut Books,
    context: &Context<'_>,
    key: Option<(String, Option<String>)>,
    order: Order,
) -> Result<Value, Fault> {
    let Some(key) = key else {
        return write::write(books, context, &order);
    };
    if let Some(first) = books
        .replays
        .replay(&key, &order.body, context.now, context.switches)
    {
        return first;
    }
    let answer = write::write(books, context, &order)?;
    books
        .replays
        .remember(key, order.body, answer.clone(), context.now);
    Ok(answer)
}

/// Invoices and payments are voided by different parameters.
fn verb(kind: Kind, call: &Call) -> Result<Verb, Fault> {
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

/// The `include` parameters, several or one with commas.
pub(super) fn include<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Include {
    let mut include = Include::default();
    for option in parameters
        .filter(|(name, _)| *name == "include")
        .flat_map(|(_, value)| value.split(','))
    {
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
    use crate::desk::Desk;
    use serde_json::json;

    #[test]
    fn the_same_request_id_creates_once() {
        let mut desk = Desk::new();
        let body = json!({"DisplayName": "Turner Bay"});
        let (_, first) = desk.post("customer?requestid=r1", body.clone());
        let (status, again) = desk.post("customer?requestid=r1", body.clone());
        assert_eq!(status, 200);
        assert_eq!(again["Customer"], first["Customer"]);
        assert_eq!(desk.count("Customer"), 1);
        let (status, _) = desk.post("customer?requestid=r2", body);
        assert_eq!(status, 400);
    }

    #[test]
    fn a_refused_write_does_not_use_up_its_id() {
        let mut desk = Desk::new();
        let (status, _) = desk.post("customer?requestid=r1", json!({"DisplayName": "A:B"}));
        assert_eq!(status, 400);
        let (status, _) = desk.post("customer?requestid=r1", json!({"DisplayName": "AB"}));
        assert_eq!(status, 200);
    }

    #[test]
    fn ids_are_remembered_per_company() {
        let mut desk = Desk::new();
        let other = desk.open_another("Ashgrove Mechanical");
        let body = json!({"DisplayName": "Turner Bay"});
        desk.post("customer?requestid=r1", body.clone());
        desk.switch(&other);
        desk.post("customer?requestid=r1", body);
        assert_eq!(desk.count("Customer"), 1);
    }

    #[test]
    fn long_request_ids_are_refused() {
        let mut desk = Desk::new();
        let path = format!("customer?requestid={}", "x".repeat(51));
        let (_, answer) = desk.post(&path, json!({"DisplayName": "X"}));
        assert_eq!(answer["Fault"]["Error"][0]["code"], "2130");
    }

    #[test]
    fn invoices_and_payments_are_voided_in_their_own_way() {
        let mut desk = Desk::new();
        let (customer, invoice) = desk.invoice("Turner Bay", 100);
        let (_, payment) = desk.post(
            "payment",
            json!({"CustomerRef": {"value": customer}, "TotalAmt": 5}),
        );
        let payment = payment["Payment"]["Id"].clone();
        let sparse = |id: &serde_json::Value| json!({"Id": id, "SyncToken": "0", "sparse": true});
        assert_eq!(desk.post("payment?operation=void", sparse(&payment)).0, 400);
        let (status, _) = desk.post("payment?operation=update&include=void", sparse(&payment));
        assert_eq!(status, 200);
        let (status, answer) = desk.post("invoice?operation=void", sparse(&json!(invoice)));
        assert_eq!(status, 200);
        assert_eq!(answer["Invoice"]["Balance"].to_string(), "0.00");
    }

    #[test]
    fn a_deleted_entity_is_answered_as_a_stub() {
        let mut desk = Desk::new();
        let (_, invoice) = desk.invoice("Turner Bay", 100);
        let body = json!({"Id": invoice, "SyncToken": "0"});
        let (_, answer) = desk.post("invoice?operation=delete", body);
        assert_eq!(
            answer["Invoice"],
            json!({"domain": "QBO", "status": "Deleted", "Id": invoice})
        );
    }
}
