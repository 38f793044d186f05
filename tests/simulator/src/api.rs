//! The accounting service of a company, behind the gateway.

mod batch;
mod change_data;
mod read;
mod save;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

use crate::call::Call;
use crate::company_state::CompanyState;
use crate::fault::Fault;
use crate::inject::Effect;
use crate::json::Object;
use crate::kind::Kind;
use crate::route::{Resource, Route};
use crate::write::Context;
use crate::{gateway, query, time_format, xml};

/// Answers a call to a company, or returns `None` if there is no such path.
pub(crate) fn answer(
    company: &mut CompanyState,
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
        Resource::Query => {
            query_statement(call).and_then(|text| query::answer(company, context, &text))
        }
        Resource::Batch if post => batch::answer(company, context, call, effect),
        Resource::ChangeData if get => change_data::answer(company, context, call),
        Resource::Preferences if get => read::entity(company, Kind::Preferences, "1"),
        Resource::Entity(kind, id) if get => read::entity(company, *kind, id),
        Resource::Kind(kind) if post => save::answer(company, context, *kind, call),
        Resource::Unknown => return None,
        _ => Err(Fault::unsupported_operation(call.method.as_str())),
    })
}

/// Returns the HTTP response of an outcome, in the format that the caller asked for.
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
                members.insert(
                    "time".to_owned(),
                    time_format::format_milliseconds(now).into(),
                );
            }
            (StatusCode::OK, value.to_string())
        }
        Ok(value) => (
            StatusCode::OK,
            xml::envelope(&value, &time_format::format_milliseconds(now)),
        ),
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

/// Parses the body as a JSON object.
fn parse_body(call: &Call) -> Result<Object, Fault> {
    let text = std::str::from_utf8(&call.body)
        .map_err(|_| Fault::unsupported_operation("MalformedByteSequenceException"))?;
    if !call.has_media_type("application/json") {
        return Err(Fault::unreadable("Content-Type"));
    }
    serde_json::from_str(text).map_err(|_| Fault::unreadable("body"))
}

/// Returns the statement of a query: a parameter of GET, the body of POST.
fn query_statement(call: &Call) -> Result<String, Fault> {
    if call.method == Method::POST && call.has_media_type("application/text") {
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
    use crate::test_client::TestClient;
    use serde_json::json;

    #[test]
    fn answer_without_json_accept_is_xml() {
        let mut client = TestClient::new();
        let request = client
            .request("GET", "preferences", "")
            .header("accept", "*/*");
        let (status, body) = client.send_raw(request, "");
        assert_eq!(status, 200);
        assert!(body.contains("<Preferences><AccountingInfoPrefs>"));
        let request = client
            .request("GET", "customer/999", "")
            .header("accept", "text/html");
        let (status, body) = client.send_raw(request, "");
        assert_eq!(status, 400);
        assert!(body.contains("<Error code=\"610\">"));
    }

    #[test]
    fn body_that_is_not_json_is_refused() {
        let mut client = TestClient::new();
        let plain = client
            .request("POST", "customer", "")
            .header("accept", "application/json");
        let (status, body) = client.send_raw(plain, "{\"DisplayName\":\"X\"}");
        assert_eq!(status, 400);
        assert!(body.contains("2010"));
        for broken in ["", "[]", "{", "\"x\"", "{\"DisplayName\":\"X\",}"] {
            assert_eq!(
                client.post_text("customer", broken).1["Fault"]["Error"][0]["code"],
                "2010"
            );
        }
        let (_, answer) = client.post_bytes("customer", b"{\"DisplayName\":\"\xff\"}");
        assert_eq!(answer["Fault"]["Error"][0]["code"], "500");
    }

    #[test]
    fn queries_work_by_get_and_post() {
        let mut client = TestClient::new();
        client.post("customer", json!({"DisplayName": "Turner Bay"}));
        let statement = "select * from Customer where DisplayName = 'Turner Bay'";
        let by_get = client.query(statement);
        assert_eq!(
            by_get["QueryResponse"]["Customer"][0]["Id"]
                .as_str()
                .map(str::len),
            Some(2)
        );
        let request = client
            .request("POST", "query", "")
            .header("accept", "application/json")
            .header("content-type", "application/text");
        let (status, by_post) = client.send_raw(request, statement);
        assert_eq!(status, 200);
        assert!(by_post.contains("Turner Bay"));
    }

    #[test]
    fn unknown_operation_is_unsupported() {
        let mut client = TestClient::new();
        let (status, answer) = client.post("customer?operation=explode", json!({}));
        assert_eq!(status, 400);
        assert_eq!(answer["Fault"]["Error"][0]["code"], "500");
        assert_eq!(
            client.post("preferences", json!({})).1["Fault"]["Error"][0]["code"],
            "500"
        );
        assert_eq!(client.post("nonsense", json!({})).0, 404);
    }
}
