//! The accounting service of one company, behind the gateway.

mod batch;
mod change_data;
mod read;
mod save;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

use crate::books::Books;
use crate::call::Call;
use crate::fault::Fault;
use crate::inject::Effect;
use crate::json::Object;
use crate::kind::Kind;
use crate::route::{Resource, Route};
use crate::write::Context;
use crate::{gateway, moment, query, xml};

/// Answers a call to a company. `None` if there is no such path.
pub(crate) fn answer(
    books: &mut Books,
    context: &Context<'_>,
    call: &Call,
    effect: Option<&Effect>,
) -> Option<Result<Value, Fault>> {
    let Route::Company { resource, .. } = &call.route else {
        return None;
    };
    let post = call.method == Method::POST;
    let get = call.method == Method::GET;
    Some(match resource {
        Resource::Query => statement(call).and_then(|text| query::answer(&books.records, &text)),
        Resource::Batch if post => batch::answer(books, context, call, effect),
        Resource::ChangeData if get => change_data::answer(books, context.now, call),
        Resource::Preferences if get => read::entity(books, Kind::Preferences, "1"),
        Resource::Entity(kind, id) if get => read::entity(books, *kind, id),
        Resource::Kind(kind) if post => save::answer(books, context, *kind, call),
        Resource::Unknown => return None,
        _ => Err(Fault::unsupported_operation(call.method.as_str())),
    })
}

/// The HTTP form of an outcome, in the format that the caller asked for.
pub(crate) fn respond(
    call: &Call,
    now: Timestamp,
    outcome: Result<Value, Fault>,
) -> Response<Bytes> {
    let json = call.wants_json();
    let media_type = if json {
        "application/json;charset=UTF-8"
    } else {
        "application/xml;charset=UTF-8"
    };
    let (status, body) = match outcome {
        Ok(mut value) if json => {
            if let Value::Object(members) = &mut value {
                members.insert("time".to_owned(), moment::precise(now).into());
            }
            (StatusCode::OK, value.to_string())
        }
        Ok(value) => (StatusCode::OK, xml::envelope(&value, &moment::precise(now))),
        Err(fault) => {
            let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::BAD_REQUEST);
            let body = if json {
                fault.envelope(now).to_string()
            } else {
                fault.xml(now)
            };
            (status, body)
        }
    };
    gateway::answer(status, media_type, body)
}

/// The body as a JSON object.
fn body(call: &Call) -> Result<Object, Fault> {
    let text = std::str::from_utf8(&call.body)
        .map_err(|_| Fault::unsupported_operation("MalformedByteSequenceException"))?;
    if !call.is("application/json") {
        return Err(Fault::unreadable("Content-Type"));
    }
    serde_json::from_str(text).map_err(|_| Fault::unreadable("body"))
}

/// The statement of a query: a parameter of GET, the body of POST.
fn statement(call: &Call) -> Result<String, Fault> {
    if call.method == Method::POST && call.is("application/text") {
        return String::from_utf8(call.body.to_vec())
            .map_err(|_| Fault::unsupported_operation("MalformedByteSequenceException"));
    }
    call.parameter("query")
        .filter(|_| call.method == Method::GET)
        .map(str::to_owned)
        .ok_or_else(|| Fault::required("query"))
}

#[cfg(test)]
mod tests {
    use crate::desk::Desk;
    use serde_json::json;

    #[test]
    fn a_caller_who_does_not_ask_for_json_gets_xml() {
        let mut desk = Desk::new();
        let request = desk
            .request("GET", "preferences", "")
            .header("accept", "*/*");
        let (status, body) = desk.send_raw(request, "");
        assert_eq!(status, 200);
        assert!(body.contains("<Preferences><AccountingInfoPrefs>"));
        let request = desk
            .request("GET", "customer/999", "")
            .header("accept", "text/html");
        let (status, body) = desk.send_raw(request, "");
        assert_eq!(status, 400);
        assert!(body.contains("<Error code=\"610\">"));
    }

    #[test]
    fn a_body_must_be_json_that_says_so() {
        let mut desk = Desk::new();
        let plain = desk
            .request("POST", "customer", "")
            .header("accept", "application/json");
        let (status, body) = desk.send_raw(plain, "{\"DisplayName\":\"X\"}");
        assert_eq!(status, 400);
        assert!(body.contains("2010"));
        for broken in ["", "[]", "{", "\"x\"", "{\"DisplayName\":\"X\",}"] {
            assert_eq!(
                desk.post_text("customer", broken).1["Fault"]["Error"][0]["code"],
                "2010"
            );
        }
        let (_, answer) = desk.post_bytes("customer", b"{\"DisplayName\":\"\xff\"}");
        assert_eq!(answer["Fault"]["Error"][0]["code"], "500");
    }

    #[test]
    fn queries_come_by_get_and_by_post() {
        let mut desk = Desk::new();
        desk.post("customer", json!({"DisplayName": "Turner Bay"}));
        let statement = "select * from Customer where DisplayName = 'Turner Bay'";
        let by_get = desk.query(statement);
        assert_eq!(
            by_get["QueryResponse"]["Customer"][0]["Id"]
                .as_str()
                .map(str::len),
            Some(2)
        );
        let request = desk
            .request("POST", "query", "")
            .header("accept", "application/json")
            .header("content-type", "application/text");
        let (status, by_post) = desk.send_raw(request, statement);
        assert_eq!(status, 200);
        assert!(by_post.contains("Turner Bay"));
    }

    #[test]
    fn what_cannot_be_done_is_an_unsupported_operation() {
        let mut desk = Desk::new();
        let (status, answer) = desk.post("customer?operation=explode", json!({}));
        assert_eq!(status, 400);
        assert_eq!(answer["Fault"]["Error"][0]["code"], "500");
        assert_eq!(
            desk.post("preferences", json!({})).1["Fault"]["Error"][0]["code"],
            "500"
        );
        assert_eq!(desk.post("nonsense", json!({})).0, 404);
    }
}
