//! What all components have in common: from a request to the answer and the line in the log.

use crate::answer::Answer;
use crate::body::{self, Unread};
use crate::call::Call;
use crate::config::{self, Misconfigured};
use crate::log::Line;
use crate::problem::{Code, Problem};
use crate::{cors, runtime};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response};
use http_body_util::BodyExt;
use jiff::Timestamp;
use spin_sdk::http::{FullBody, Request};
use std::error::Error;
use std::time::Instant;

/// The longest body that is accepted: 1 MiB.
pub const MAX_BODY: usize = 1024 * 1024;

/// A component, as far as serving it is concerned.
#[derive(Clone, Copy, Debug)]
pub struct Component {
    name: &'static str,
    for_pages: bool,
}

impl Component {
    /// A component that only servers and navigating browsers call.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            for_pages: false,
        }
    }

    /// A component that pages of RIVET's front end call, from the origin of `rivet_app_url`.
    #[must_use]
    pub const fn for_pages(self) -> Self {
        Self {
            for_pages: true,
            ..self
        }
    }
}

impl From<&'static str> for Component {
    fn from(name: &'static str) -> Self {
        Self::new(name)
    }
}

/// Serves one request: reads its body, lets `answer` answer, and sees to everything that is the same for all requests: limits,
/// request id, cross-origin rules, problems, security headers, the log.
pub async fn serve(
    component: impl Into<Component>,
    request: Request,
    answer: impl AsyncFnOnce(&Call<'_>) -> Result<Answer, Problem>,
) -> Response<FullBody<Bytes>> {
    let started = Instant::now();
    let component = component.into();
    let (head, body) = request.into_parts();
    let arrival = Arrival {
        component,
        id: request_id(&head.headers, runtime::random_bytes),
        now: runtime::now(),
        allowed: allowed_origin(component, &head).await,
    };
    let (response, mut line) = respond(&arrival, (&head, body), answer).await;
    line.ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    runtime::log(&line.to_string());
    response.map(FullBody::new)
}

/// What is known of a request besides itself.
struct Arrival {
    component: Component,
    id: String,
    now: Timestamp,
    /// The origin whose pages may read the answer.
    allowed: Result<Option<String>, Misconfigured>,
}

/// An accepted id is logged and sent back, so it is short and plain.
fn request_id(headers: &HeaderMap, random: impl FnOnce() -> [u8; 32]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let given = headers.get("x-request-id").and_then(|id| id.to_str().ok());
    match given {
        Some(id) if (1..=64).contains(&id.len()) && id.bytes().all(plain) => id.to_owned(),
        _ => URL_SAFE_NO_PAD.encode(&random()[..16]),
    }
}

async fn allowed_origin(
    component: Component,
    head: &Parts,
) -> Result<Option<String>, Misconfigured> {
    if component.for_pages && head.headers.contains_key(ORIGIN) {
        config::rivet_app_origin().await.map(Some)
    } else {
        Ok(None)
    }
}

async fn respond<'a, B>(
    arrival: &'a Arrival,
    (head, body): (&'a Parts, B),
    answer: impl AsyncFnOnce(&Call<'_>) -> Result<Answer, Problem>,
) -> (Response<Bytes>, Line<'a>)
where
    B: BodyExt<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut line = Line::new(arrival.component.name, &arrival.id, head);
    let answered = match arrival.admit(head, body).await {
        Ok(Admitted::Preflight) => Ok(cors::preflight()),
        Ok(Admitted::Body(body)) => {
            let call = Call::new(head, body, arrival.now);
            let answered = answer(&call).await;
            line.firm = call.firm().map(str::to_owned);
            if let Some(mishap) = call.mishap() {
                line.problem = Some(mishap.code().name());
                line.cause = mishap.cause().map(str::to_owned);
            }
            answered
        }
        Err(problem) => Err(problem),
    };
    let mut response = told(answered.and_then(Answer::finish), &mut line);
    arrival.dress(head, &mut response);
    line.status = response.status().as_u16();
    (response, line)
}

enum Admitted {
    Preflight,
    Body(Bytes),
}

impl Arrival {
    async fn admit<B>(&self, head: &Parts, body: B) -> Result<Admitted, Problem>
    where
        B: BodyExt<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        self.allowed.clone()?;
        if self.component.for_pages && cors::is_preflight(head) {
            return Ok(Admitted::Preflight);
        }
        match body::read(body, MAX_BODY).await {
            Ok(body) => Ok(Admitted::Body(body)),
            Err(Unread::TooLong) => Err(Problem::body_too_large(MAX_BODY)),
            Err(Unread::Broken(cause)) => {
                Err(Problem::not_json("The body did not arrive whole.").because(cause))
            }
        }
    }

    /// Puts on what every response wears.
    fn dress(&self, head: &Parts, response: &mut Response<Bytes>) {
        if self.component.for_pages {
            let allowed = self.allowed.as_ref().ok().and_then(Option::as_deref);
            cors::open_to(allowed, head, response);
        }
        let headers = response.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
        if let Ok(id) = HeaderValue::try_from(&self.id) {
            headers.insert("x-request-id", id);
        }
    }
}

/// The response that tells an answer or a problem, the latter also to the log.
fn told(answered: Result<Response<Bytes>, Problem>, line: &mut Line<'_>) -> Response<Bytes> {
    let problem = match answered {
        Ok(response) => return response,
        Err(problem) => problem,
    };
    line.problem = Some(problem.code().name());
    line.cause = problem.cause().map(str::to_owned);
    problem
        .into_answer(line.request_id)
        .finish()
        .unwrap_or_else(|_| {
            // Only a header of a problem could do this, and they are all made here.
            let mut bare = Response::new(Bytes::new());
            *bare.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
            line.problem = Some(Code::Internal.name());
            bare
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use http::request::Builder;
    use http_body_util::Full;

    const APP: &str = "https://app.rivet.example";

    fn arrival(component: impl Into<Component>) -> Arrival {
        Arrival {
            component: component.into(),
            id: "req_1".to_owned(),
            now: "2026-03-31T21:14:09Z".parse().unwrap(),
            allowed: Ok(None),
        }
    }

    /// The response and the line in the log.
    fn served(
        arrival: &Arrival,
        request: Builder,
        answer: impl AsyncFnOnce(&Call<'_>) -> Result<Answer, Problem>,
    ) -> (Response<Bytes>, String) {
        let (head, body) = request
            .body(Full::new(Bytes::from_static(b"{}")))
            .unwrap()
            .into_parts();
        let (response, line) = block_on(respond(arrival, (&head, body), answer));
        (response, line.to_string())
    }

    async fn echo(call: &Call<'_>) -> Result<Answer, Problem> {
        call.concerns(&"frm_1".parse().unwrap());
        Ok(Answer::json(200, &call.segments()))
    }

    fn shown(response: &Response<Bytes>) -> String {
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
    fn an_answer_goes_out_dressed_and_logged() {
        let (response, line) = served(&arrival("status"), Request::get("/v1/health?x=1"), echo);
        insta::assert_snapshot!(shown(&response), @r#"
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
    fn a_problem_goes_out_with_its_id_and_is_logged_with_its_cause() {
        let failing = async |_: &Call<'_>| Err(Problem::internal("the index is broken"));
        let (response, line) = served(&arrival("status"), Request::get("/x"), failing);
        insta::assert_snapshot!(shown(&response), @r#"
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
    fn an_answer_that_may_be_kept_says_so_itself() {
        let file = async |_: &Call<'_>| {
            Ok(Answer::bytes("text/css", "p{}").header("cache-control", "max-age=60"))
        };
        let (response, _) = served(&arrival("dashboard"), Request::get("/style.css"), file);
        assert_eq!(response.headers()["cache-control"], "max-age=60");
    }

    #[test]
    fn an_answer_that_cannot_be_sent_is_a_defect() {
        let broken = async |_: &Call<'_>| Ok(Answer::redirect("a\nb"));
        let (response, line) = served(&arrival("status"), Request::get("/x"), broken);
        assert_eq!(response.status(), 500);
        assert!(
            line.contains(r#""cause":"header location is not one""#),
            "{line}"
        );
    }

    #[test]
    fn a_body_over_the_limit_never_reaches_the_handler() {
        let (head, body) = Request::post("/x")
            .body(Full::new(Bytes::from(vec![b' '; MAX_BODY + 1])))
            .unwrap()
            .into_parts();
        let unreachable = async |_: &Call<'_>| panic!("the handler was called");
        let arrival = arrival("status");
        let (response, _) = block_on(respond(&arrival, (&head, body), unreachable));
        assert_eq!(response.status(), 413);
    }

    fn from_the_app(request: Builder) -> Builder {
        request.header("origin", APP)
    }

    fn for_the_app() -> Arrival {
        Arrival {
            allowed: Ok(Some(APP.to_owned())),
            ..arrival(Component::new("settings").for_pages())
        }
    }

    #[test]
    fn a_preflight_is_answered_without_the_handler() {
        let request = from_the_app(Request::options("/v1/quickbooks/settings"))
            .header("access-control-request-method", "PUT");
        let unreachable = async |_: &Call<'_>| panic!("the handler was called");
        let (response, _) = served(&for_the_app(), request, unreachable);
        insta::assert_snapshot!(shown(&response), @"
        204 No Content
        access-control-allow-methods: GET, POST, PUT
        access-control-allow-headers: authorization, content-type, if-match, x-request-id
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
    fn a_page_can_read_problems_too() {
        let failing = async |_: &Call<'_>| Err(Problem::settings_changed());
        let (response, _) = served(&for_the_app(), from_the_app(Request::put("/x")), failing);
        assert_eq!(response.headers()["access-control-allow-origin"], APP);
        assert_eq!(response.headers()["vary"], "origin");
    }

    #[test]
    fn a_component_that_pages_do_not_call_tells_them_nothing() {
        let request =
            from_the_app(Request::options("/x")).header("access-control-request-method", "PUT");
        let refused = async |call: &Call<'_>| Err(call.unmatched(&[("GET", "/x")]));
        let (response, _) = served(&arrival("token-refresh"), request, refused);
        assert_eq!(response.status(), 405);
        assert!(!response.headers().contains_key("vary"));
    }

    #[test]
    fn without_a_valid_app_url_pages_get_a_problem() {
        let wrong = Misconfigured {
            variable: "rivet_app_url",
            problem: "is missing",
        };
        let arrival = Arrival {
            allowed: Err(wrong),
            ..for_the_app()
        };
        let (response, line) = served(&arrival, from_the_app(Request::get("/x")), echo);
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
    fn a_plain_request_id_is_taken_over() {
        let longest = "x".repeat(64);
        for id in ["req_1-A", &longest] {
            assert_eq!(id_for(Some(id)), id);
        }
    }

    #[test]
    fn any_other_request_id_is_replaced() {
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
