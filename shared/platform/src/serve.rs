//! The part of serving that all components share: from the request to the response and the log line.

use crate::answer::Answer;
use crate::body::{self, BodyError};
use crate::call::Call;
use crate::config::{self, ConfigError};
use crate::log::LogLine;
use crate::problem::{self, Problem, ProblemCode};
use crate::{cors, runtime};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response};
use http_body_util::BodyExt;
use jiff::Timestamp;
use spin_sdk::http::{FullBody, Request};
use std::error::Error;
use std::time::Instant;

/// The longest request body that a component accepts if it names no other limit: 1 MiB.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// The rule for browsers: they use https alone for a year (RFC 6797).
const HTTPS_ALONE: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// A component, as [`serve`] sees it: its name in the log, whether pages call it, and the longest body that it reads.
#[derive(Clone, Copy, Debug)]
pub struct Component {
    name: &'static str,
    is_for_pages: bool,
    body_limit: usize,
}

impl Component {
    /// Makes a component that only servers and navigating browsers call. Its answers have no cross-origin headers.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            is_for_pages: false,
            body_limit: MAX_BODY_BYTES,
        }
    }

    /// Lets the component read bodies of up to `bytes`, in place of 1 MiB.
    #[must_use]
    pub const fn with_body_limit(self, bytes: usize) -> Self {
        Self {
            body_limit: bytes,
            ..self
        }
    }

    /// Lets pages of RIVET's front end call the component, from the origin of `rivet_app_url`.
    #[must_use]
    pub const fn for_pages(self) -> Self {
        Self {
            is_for_pages: true,
            ..self
        }
    }
}

/// Serves one request: reads the body, calls `answer` and makes the response.
///
/// All requests get the same treatment: the body limit, a request id, cross-origin rules, problems for errors, security headers
/// and one log line.
pub async fn serve(
    component: Component,
    request: Request,
    answer: impl AsyncFnOnce(&Call<'_>) -> Result<Answer, Problem>,
) -> Response<FullBody<Bytes>> {
    let started_at = Instant::now();
    let (head, body) = request.into_parts();
    let meta = RequestMeta {
        component,
        id: request_id(&head.headers, runtime::random_bytes),
        received_at: runtime::current_time(),
        allowed_origin: allowed_origin(component, &head).await,
        is_https: config::is_reached_by_https().await,
    };
    let mut served = respond(&meta, &head, body, answer).await;
    served.line.ms = u64::try_from(started_at.elapsed().as_millis()).unwrap_or(u64::MAX);
    runtime::log(&served.line.row());
    runtime::start_new_turn().await;
    served.response.map(FullBody::new)
}

/// Data about a request that are not in the request itself.
struct RequestMeta {
    component: Component,
    id: String,
    received_at: Timestamp,
    /// The origin whose pages may read the response.
    allowed_origin: Result<Option<String>, ConfigError>,
    /// If true, browsers reach the component by https.
    is_https: bool,
}

/// A response with its log line.
struct ServedRequest<'a> {
    response: Response<Bytes>,
    line: LogLine<'a>,
}

/// The content of a request whose body was read.
enum Content {
    Preflight,
    Body(Bytes),
}

/// Returns the caller's `x-request-id` if it is 1–64 letters, digits, `-` and `_`, since it is logged and sent back. Otherwise
/// makes a new id of 128 random bits.
fn request_id(headers: &HeaderMap, random: impl FnOnce() -> [u8; 32]) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let sent = headers.get("x-request-id").and_then(|id| id.to_str().ok());
    match sent {
        Some(id) if (1..=64).contains(&id.len()) && id.bytes().all(is_plain) => id.to_owned(),
        _ => URL_SAFE_NO_PAD.encode(&random()[..16]),
    }
}

async fn allowed_origin(component: Component, head: &Parts) -> Result<Option<String>, ConfigError> {
    if component.is_for_pages && head.headers.contains_key(ORIGIN) {
        config::rivet_app_origin().await.map(Some)
    } else {
        Ok(None)
    }
}

async fn respond<'a, B>(
    meta: &'a RequestMeta,
    head: &'a Parts,
    body: B,
    answer: impl AsyncFnOnce(&Call<'_>) -> Result<Answer, Problem>,
) -> ServedRequest<'a>
where
    B: BodyExt<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut line = LogLine::new(meta.component.name, &meta.id, head);
    let answered = match meta.read_content(head, body).await {
        Ok(Content::Preflight) => Ok(cors::preflight_answer()),
        Ok(Content::Body(body)) => {
            let call = Call::new(head, body, meta.received_at);
            let answered = answer(&call).await;
            line.firm = call.firm().map(str::to_owned);
            line.set_usage(call.usage().counts());
            line.audit = call.audited().cloned();
            if let Some(problem) = call.logged_problem() {
                set_problem(&mut line, problem);
            }
            answered
        }
        Err(problem) => Err(problem),
    };
    let mut response = response_of(answered.and_then(Answer::into_response), &mut line);
    meta.add_common_headers(head, &mut response);
    line.status = response.status().as_u16();
    ServedRequest { response, line }
}

impl RequestMeta {
    async fn read_content<B>(&self, head: &Parts, body: B) -> Result<Content, Problem>
    where
        B: BodyExt<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        self.allowed_origin.clone()?;
        if self.component.is_for_pages && cors::is_preflight(head) {
            return Ok(Content::Preflight);
        }
        let limit = self.component.body_limit;
        match body::read(body, limit).await {
            Ok(body) => Ok(Content::Body(body)),
            Err(BodyError::TooLong) => Err(problem::body_too_large(limit)),
            Err(BodyError::Incomplete(cause)) => {
                Err(problem::not_json("The body was not received completely.").with_cause(cause))
            }
        }
    }

    /// Adds the headers of every response: cross-origin rules, security headers, the cache rule and the request id.
    fn add_common_headers(&self, head: &Parts, response: &mut Response<Bytes>) {
        if self.component.is_for_pages {
            let allowed = self.allowed_origin.as_ref().ok().and_then(Option::as_deref);
            cors::allow_origin(allowed, head, response);
        }
        let headers = response.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        // RFC 6797 section 7.2: not over plain http.
        if self.is_https {
            headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_ALONE);
        }
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
        if let Ok(id) = HeaderValue::try_from(&self.id) {
            headers.insert("x-request-id", id);
        }
    }
}

/// Returns the response, or the response of the problem, which is also logged.
fn response_of(
    answered: Result<Response<Bytes>, Problem>,
    line: &mut LogLine<'_>,
) -> Response<Bytes> {
    let problem = match answered {
        Ok(response) => return response,
        Err(problem) => problem,
    };
    set_problem(line, &problem);
    Answer::from_problem(problem, line.request_id)
        .into_response()
        .unwrap_or_else(|_| {
            // Only an invalid header of a problem leads here, and this crate sets all headers of problems.
            let mut bare = Response::new(Bytes::new());
            *bare.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
            line.problem = Some(ProblemCode::Internal.name());
            bare
        })
}

fn set_problem(line: &mut LogLine<'_>, problem: &Problem) {
    line.problem = Some(problem.code().name());
    line.cause = problem.cause().map(str::to_owned);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::Route;
    use futures::executor::block_on;
    use http::request::Builder;
    use http_body_util::Full;

    const APP: &str = "https://app.rivet.example";
    const STATUS: Component = Component::new("status");

    fn meta(component: Component) -> RequestMeta {
        RequestMeta {
            component,
            id: "req_1".to_owned(),
            received_at: "2026-03-31T21:14:09Z".parse().unwrap(),
            allowed_origin: Ok(None),
            is_https: false,
        }
    }

    /// Returns the response and the text of the log line.
    fn served(
        meta: &RequestMeta,
        request: Builder,
        answer: impl AsyncFnOnce(&Call<'_>) -> Result<Answer, Problem>,
    ) -> (Response<Bytes>, String) {
        let (head, body) = request
            .body(Full::new(Bytes::from_static(b"{}")))
            .unwrap()
            .into_parts();
        let served = block_on(respond(meta, &head, body, answer));
        (served.response, served.line.row().trim_end().to_owned())
    }

    async fn echo(call: &Call<'_>) -> Result<Answer, Problem> {
        call.set_firm(&"frm_1".parse().unwrap());
        Ok(Answer::json(200, &call.segments()))
    }

    fn response_text(response: &Response<Bytes>) -> String {
        let mut lines = vec![response.status().to_string()];
        lines.extend(
            response
                .headers()
                .iter()
                .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())),
        );
        lines.push(String::from_utf8_lossy(response.body()).into_owned());
        lines.join("\n")
    }

    #[test]
    fn answer_has_common_headers_and_is_logged() {
        let (response, line) = served(&meta(STATUS), Request::get("/v1/health?x=1"), echo);
        insta::assert_snapshot!(response_text(&response), @r#"
        200 OK
        content-type: application/json
        content-length: 15
        x-content-type-options: nosniff
        referrer-policy: no-referrer
        cache-control: no-store
        x-request-id: req_1
        ["v1","health"]
        "#);
        insta::assert_snapshot!(line, @r#"{"component":"status","request_id":"req_1","method":"GET","path":"/v1/health","status":200,"ms":0,"firm":"frm_1"}"#);
    }

    #[test]
    fn https_deployment_tells_browsers_so() {
        let by_https = RequestMeta {
            is_https: true,
            ..meta(STATUS)
        };
        let header = "strict-transport-security";
        let (response, _) = served(&by_https, Request::get("/v1/health"), echo);
        assert_eq!(response.headers()[header], "max-age=31536000");
        let (response, _) = served(&meta(STATUS), Request::get("/v1/health"), echo);
        assert!(!response.headers().contains_key(header));
    }

    #[test]
    fn problem_has_request_id_and_logs_its_cause() {
        let failing = async |_: &Call<'_>| Err(problem::internal("the index is broken"));
        let (response, line) = served(&meta(STATUS), Request::get("/x"), failing);
        insta::assert_snapshot!(response_text(&response), @r#"
        500 Internal Server Error
        content-type: application/problem+json
        content-length: 159
        x-content-type-options: nosniff
        referrer-policy: no-referrer
        cache-control: no-store
        x-request-id: req_1
        {"type":"urn:rivet:problem:internal","title":"Internal error","status":500,"detail":"Something went wrong on our side.","code":"internal","request_id":"req_1"}
        "#);
        insta::assert_snapshot!(line, @r#"{"component":"status","request_id":"req_1","method":"GET","path":"/x","status":500,"ms":0,"problem":"internal","cause":"the index is broken"}"#);
    }

    #[test]
    fn cache_rule_of_an_answer_is_kept() {
        let file = async |_: &Call<'_>| {
            Ok(Answer::bytes("text/css", "p{}").header("cache-control", "max-age=60"))
        };
        let (response, _) = served(
            &meta(Component::new("dashboard")),
            Request::get("/style.css"),
            file,
        );
        assert_eq!(response.headers()["cache-control"], "max-age=60");
    }

    #[test]
    fn invalid_answer_is_status_500() {
        let broken = async |_: &Call<'_>| Ok(Answer::redirect("a\nb"));
        let (response, line) = served(&meta(STATUS), Request::get("/x"), broken);
        assert_eq!(response.status(), 500);
        assert!(
            line.contains(r#""cause":"header location has an invalid value""#),
            "{line}"
        );
    }

    #[test]
    fn body_over_the_limit_is_not_handled() {
        let (head, body) = Request::post("/x")
            .body(Full::new(Bytes::from(vec![b' '; MAX_BODY_BYTES + 1])))
            .unwrap()
            .into_parts();
        let unreachable = async |_: &Call<'_>| panic!("the handler was called");
        let meta = meta(STATUS);
        let served = block_on(respond(&meta, &head, body, unreachable));
        assert_eq!(served.response.status(), 413);
    }

    #[test]
    fn component_may_name_another_body_limit() {
        let limited = meta(STATUS.with_body_limit(1));
        let (response, _) = served(&limited, Request::post("/x"), echo);
        assert_eq!(response.status(), 413);
        let limited = meta(STATUS.with_body_limit(2));
        let (response, _) = served(&limited, Request::post("/x"), echo);
        assert_eq!(response.status(), 200);
    }

    fn from_the_app(request: Builder) -> Builder {
        request.header("origin", APP)
    }

    fn for_the_app() -> RequestMeta {
        RequestMeta {
            allowed_origin: Ok(Some(APP.to_owned())),
            ..meta(Component::new("settings").for_pages())
        }
    }

    #[test]
    fn preflight_is_answered_without_the_handler() {
        let request = from_the_app(Request::options("/v1/quickbooks/settings"))
            .header("access-control-request-method", "PUT");
        let unreachable = async |_: &Call<'_>| panic!("the handler was called");
        let (response, _) = served(&for_the_app(), request, unreachable);
        insta::assert_snapshot!(response_text(&response), @"
        204 No Content
        access-control-allow-methods: GET, POST, PUT
        access-control-allow-headers: authorization, content-type, idempotency-key, if-match, if-none-match, x-request-id
        access-control-max-age: 600
        vary: origin
        access-control-allow-origin: https://app.rivet.example
        access-control-expose-headers: etag, retry-after, x-request-id
        x-content-type-options: nosniff
        referrer-policy: no-referrer
        cache-control: no-store
        x-request-id: req_1
        ");
    }

    #[test]
    fn page_may_read_problems() {
        let failing = async |_: &Call<'_>| Err(problem::settings_changed());
        let (response, _) = served(&for_the_app(), from_the_app(Request::put("/x")), failing);
        assert_eq!(response.headers()["access-control-allow-origin"], APP);
        assert_eq!(response.headers()["vary"], "origin");
    }

    #[test]
    fn component_without_pages_has_no_cross_origin_headers() {
        let request =
            from_the_app(Request::options("/x")).header("access-control-request-method", "PUT");
        let refused = async |call: &Call<'_>| Err(call.unknown_route(&[Route::get("/x")]));
        let (response, _) = served(&meta(Component::new("token-refresh")), request, refused);
        assert_eq!(response.status(), 405);
        assert!(!response.headers().contains_key("vary"));
    }

    #[test]
    fn missing_app_url_is_a_problem_for_pages() {
        let wrong = ConfigError {
            variable: "rivet_app_url",
            problem: "is missing",
        };
        let meta = RequestMeta {
            allowed_origin: Err(wrong),
            ..for_the_app()
        };
        let (response, line) = served(&meta, from_the_app(Request::get("/x")), echo);
        assert_eq!(response.status(), 500);
        assert!(line.contains("variable rivet_app_url is missing"), "{line}");
    }

    fn id_for(given: Option<&str>) -> String {
        let mut headers = HeaderMap::new();
        if let Some(given) = given {
            headers.insert("x-request-id", given.parse().unwrap());
        }
        request_id(&headers, || [7; 32])
    }

    #[test]
    fn plain_request_id_is_used() {
        let longest = "x".repeat(64);
        for id in ["req_1-A", &longest] {
            assert_eq!(id_for(Some(id)), id);
        }
    }

    #[test]
    fn other_request_id_is_replaced() {
        let long = "x".repeat(65);
        for id in [
            None,
            Some(""),
            Some("a b"),
            Some("a\"b"),
            Some(long.as_str()),
        ] {
            assert_eq!(id_for(id), "BwcHBwcHBwcHBwcHBwcHBw");
        }
    }
}
