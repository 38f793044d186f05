//! Calls: each is one request, as a handler reads it.

use crate::audit::Audit;
use crate::problem::{self, Problem};
use crate::route::Route;
use crate::runtime;
use crate::usage::Usage;
use billing::{FirmId, wire};
use bytes::Bytes;
use http::header::COOKIE;
use http::request::Parts;
use jiff::Timestamp;
use ports::entropy::Entropy;
use serde::de::DeserializeOwned;
use std::rc::Rc;
use std::sync::OnceLock;

/// A request: the head, the whole body and the time of arrival.
///
/// ```
/// use platform::{Answer, Call, GET, Problem, Route};
///
/// const ROUTES: &[Route] = &[Route::get("/v1/health")];
///
/// async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
///     match (call.method(), call.segments()) {
///         (GET, ["v1", "health"]) => Ok(Answer::json(200, &"ok")),
///         _ => Err(call.unknown_route(ROUTES)),
///     }
/// }
/// ```
pub struct Call<'a> {
    head: &'a Parts,
    segments: Vec<&'a str>,
    firm: OnceLock<String>,
    logged_problem: OnceLock<Problem>,
    session_firm: OnceLock<FirmId>,
    audit: OnceLock<Audit>,
    usage: Rc<Usage>,
    /// The body, byte for byte.
    pub body: Bytes,
    /// The instant at which the request arrived.
    pub received_at: Timestamp,
}

impl<'a> Call<'a> {
    pub(crate) fn new(head: &'a Parts, body: Bytes, received_at: Timestamp) -> Self {
        let path = head.uri.path().trim_start_matches('/');
        let segments = if path.is_empty() {
            Vec::new()
        } else {
            path.split('/').collect()
        };
        Self {
            head,
            segments,
            firm: OnceLock::new(),
            logged_problem: OnceLock::new(),
            session_firm: OnceLock::new(),
            audit: OnceLock::new(),
            usage: Rc::default(),
            body,
            received_at,
        }
    }

    /// Returns the method, to be compared with [`GET`](crate::route::GET), [`POST`](crate::route::POST) and [`PUT`](crate::route::PUT).
    pub fn method(&self) -> &str {
        self.head.method.as_str()
    }

    /// Returns the segments of the path, to be matched with slice patterns.
    ///
    /// Segments are not percent-decoded: no segment of our paths needs encoding.
    pub fn segments(&self) -> &[&'a str] {
        &self.segments
    }

    /// Returns the first query parameter of this name, decoded as `application/x-www-form-urlencoded` (WHATWG URL section 5).
    pub fn query_parameter(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query_text().as_bytes());
        let (_, value) = pairs.find(|(key, _)| key == name)?;
        Some(value.into_owned())
    }

    /// Returns the header of this name; `None` if the header is missing or not plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// Returns the value of the cookie of this name (RFC 6265 section 4.2).
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.head.headers.get_all(COOKIE).iter();
        lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// `not_json` if the body is not JSON, `invalid_field` with the path of the first wrong field.
    pub fn read_json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        Ok(wire::read(&wire::json(&self.body)?, "")?)
    }

    /// Draws a new seed from the system's random generator and starts a stream of random values with the seed.
    pub fn new_entropy(&self) -> Entropy {
        Entropy::new(runtime::random_bytes())
    }

    /// Sets the firm that the log line names. The first firm that is set counts.
    pub fn set_firm(&self, firm: &FirmId) {
        self.firm.get_or_init(|| firm.to_string());
    }

    /// Sets the firm whose user calls, also for the log line.
    pub(crate) fn set_session_firm(&self, firm: &FirmId) {
        self.set_firm(firm);
        self.session_firm.get_or_init(|| firm.clone());
    }

    /// Returns the firm whose user calls, if a user calls.
    pub(crate) fn session_firm(&self) -> Option<&FirmId> {
        self.session_firm.get()
    }

    /// Logs an act that took effect. The first act of a request counts.
    pub fn audit(&self, audit: Audit) {
        self.audit.get_or_init(|| audit);
    }

    pub(crate) fn audited(&self) -> Option<&Audit> {
        self.audit.get()
    }

    /// Returns the counters of the request's work.
    pub(crate) fn usage(&self) -> &Rc<Usage> {
        &self.usage
    }

    /// Returns the problem of a request that matched no route: `method_not_allowed` with the methods that `routes` have at this
    /// path (RFC 9110 section 15.5.6), or `not_found` if there are none.
    pub fn unknown_route(&self, routes: &[Route]) -> Problem {
        let mut methods: Vec<&str> = Vec::new();
        for route in routes {
            if route.is_at(&self.segments) && !methods.contains(&route.method) {
                methods.push(route.method);
            }
        }
        if methods.is_empty() {
            problem::not_found()
        } else {
            problem::method_not_allowed(&methods)
        }
    }

    /// Logs a problem that the answer does not show. The first problem that is logged counts.
    pub fn log_problem(&self, problem: Problem) {
        self.logged_problem.get_or_init(|| problem);
    }

    pub(crate) fn logged_problem(&self) -> Option<&Problem> {
        self.logged_problem.get()
    }

    pub(crate) fn firm(&self) -> Option<&str> {
        self.firm.get().map(String::as_str)
    }

    /// Returns the query as received, without the `?`.
    fn query_text(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::problem::ProblemCode;
    use crate::route::GET;
    use http::Request;
    use http::request::Builder;

    pub(crate) const NOW: &str = "2026-03-31T21:14:09Z";

    /// Passes the call of a request to `look`.
    pub(crate) fn with_call<T>(
        request: Builder,
        body: &str,
        look: impl FnOnce(&Call<'_>) -> T,
    ) -> T {
        let (head, ()) = request.body(()).unwrap().into_parts();
        let body = Bytes::from(body.to_owned());
        look(&Call::new(&head, body, NOW.parse().unwrap()))
    }

    fn get<T>(uri: &str, look: impl FnOnce(&Call<'_>) -> T) -> T {
        with_call(Request::get(uri), "", look)
    }

    #[test]
    fn route_is_matched_by_method_and_segments() {
        let id = get(
            "/v1/quickbooks/documents/pay_app/pa_1042?x=1",
            |call| match (call.method(), call.segments()) {
                (GET, ["v1", "quickbooks", "documents", "pay_app", id]) => (*id).to_owned(),
                _ => String::new(),
            },
        );
        assert_eq!(id, "pa_1042");
    }

    #[test]
    fn segments_are_the_parts_of_the_path() {
        let segments = |uri| get(uri, |call| call.segments().join("|"));
        assert_eq!(segments("/"), "");
        assert_eq!(segments("/v1/health"), "v1|health");
        assert_eq!(segments("/v1/health/"), "v1|health|");
        assert_eq!(segments("/v1//health"), "v1||health");
        assert!(get("http://127.0.0.1:3000", |call| call
            .segments()
            .is_empty()));
    }

    #[test]
    fn first_query_parameter_is_returned_decoded() {
        get(
            "/x?q=O%27Neil+%26+Sons&limit=5&limit=6&empty=&e=%C3%A9",
            |call| {
                assert_eq!(call.query_parameter("q").as_deref(), Some("O'Neil & Sons"));
                assert_eq!(call.query_parameter("limit").as_deref(), Some("5"));
                assert_eq!(call.query_parameter("empty").as_deref(), Some(""));
                assert_eq!(call.query_parameter("e").as_deref(), Some("é"));
                assert_eq!(call.query_parameter("none"), None);
                assert!(call.query_text().starts_with("q=O%27"));
            },
        );
        assert_eq!(get("/x", |call| call.query_parameter("q")), None);
    }

    #[test]
    fn cookie_is_found_in_any_header_line() {
        let request = Request::get("/x")
            .header("cookie", "a=1; __Host-c=x=y")
            .header("cookie", "b=2");
        with_call(request, "", |call| {
            assert_eq!(call.cookie("__Host-c"), Some("x=y"));
            assert_eq!(call.cookie("b"), Some("2"));
            assert_eq!(call.cookie("c"), None);
        });
    }

    #[test]
    fn header_that_is_not_text_is_missing() {
        let request = Request::get("/x")
            .header("if-match", "\"3\"")
            .header("x-odd", &b"\xff"[..]);
        with_call(request, "", |call| {
            assert_eq!(call.header("If-Match"), Some("\"3\""));
            assert_eq!(call.header("x-odd"), None);
        });
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Confirmation {
        confirm: bool,
    }

    fn read(body: &str) -> Result<Confirmation, ProblemCode> {
        with_call(Request::post("/x"), body, |call| {
            call.read_json().map_err(|problem| problem.code())
        })
    }

    #[test]
    fn unreadable_body_is_not_json_or_invalid_field() {
        assert_eq!(
            read(r#"{"confirm":true,"later":1}"#),
            Ok(Confirmation { confirm: true })
        );
        for body in ["", "{", "confirm=true", r#"{"confirm":true} x"#] {
            assert_eq!(read(body), Err(ProblemCode::NotJson), "{body}");
        }
        for body in ["[]", "{}", r#"{"confirm":"yes"}"#] {
            assert_eq!(read(body), Err(ProblemCode::InvalidField), "{body}");
        }
    }

    const ROUTES: [Route; 4] = [
        Route::get("/v1/quickbooks/settings"),
        Route::put("/v1/quickbooks/settings"),
        Route::get("/v1/quickbooks/documents/{kind}/{id}"),
        Route::get("/"),
    ];

    fn unmatched(request: Builder) -> (ProblemCode, String) {
        with_call(request, "", |call| {
            let problem = call.unknown_route(&ROUTES);
            let answer = Answer::from_problem(problem.clone(), "r");
            let response = answer.into_response().unwrap();
            let allow = response
                .headers()
                .get("allow")
                .map(|allow| allow.to_str().unwrap().to_owned());
            (problem.code(), allow.unwrap_or_default())
        })
    }

    #[test]
    fn wrong_method_answers_the_allowed_methods() {
        let allowed = |methods: &str| (ProblemCode::MethodNotAllowed, methods.to_owned());
        assert_eq!(
            unmatched(Request::post("/v1/quickbooks/settings")),
            allowed("GET, PUT")
        );
        assert_eq!(
            unmatched(Request::delete("/v1/quickbooks/documents/payment/p_1")),
            allowed("GET")
        );
        assert_eq!(unmatched(Request::post("/")), allowed("GET"));
    }

    #[test]
    fn unknown_path_is_not_found() {
        for uri in [
            "/v1/quickbooks",
            "/v1/quickbooks/settings/",
            "/v1/quickbooks/documents/payment",
            "/v2",
        ] {
            assert_eq!(
                unmatched(Request::get(uri)).0,
                ProblemCode::NotFound,
                "{uri}"
            );
        }
    }

    #[test]
    fn first_firm_set_is_logged() {
        get("/x", |call| {
            assert_eq!(call.firm(), None);
            call.set_firm(&"frm_1".parse().unwrap());
            call.set_firm(&"frm_2".parse().unwrap());
            assert_eq!(call.firm(), Some("frm_1"));
        });
    }
}
