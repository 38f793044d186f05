//! One request, as a handler sees it.

use crate::problem::Problem;
use crate::runtime;
use billing::{FirmId, wire};
use bytes::Bytes;
use http::header::COOKIE;
use http::request::Parts;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::sync::OnceLock;

/// The method of a request that only reads.
pub const GET: &str = "GET";
/// The method of a request that does something.
pub const POST: &str = "POST";
/// The method of a request that replaces something.
pub const PUT: &str = "PUT";

/// One request: its head, its whole body and the time of its arrival.
///
/// ```
/// use platform::{Answer, Call, GET, Problem};
///
/// async fn answer(call: &Call<'_>) -> Result<Answer, Problem> {
///     match (call.method(), call.segments()) {
///         (GET, ["v1", "health"]) => Ok(Answer::json(200, &"ok")),
///         _ => Err(call.unmatched(&[(GET, "/v1/health")])),
///     }
/// }
/// ```
pub struct Call<'a> {
    head: &'a Parts,
    segments: Vec<&'a str>,
    firm: OnceLock<String>,
    mishap: OnceLock<Problem>,
    /// The body, byte for byte.
    pub body: Bytes,
    /// When the request arrived.
    pub now: Timestamp,
}

impl<'a> Call<'a> {
    pub(crate) fn new(head: &'a Parts, body: Bytes, now: Timestamp) -> Self {
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
            mishap: OnceLock::new(),
            body,
            now,
        }
    }

    /// The method, to be compared with [`GET`], [`POST`] and [`PUT`].
    pub fn method(&self) -> &str {
        self.head.method.as_str()
    }

    /// The path, still encoded.
    pub fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// The parts of the path, to be matched with slice patterns. They are not decoded: what stands in our paths needs no encoding.
    pub fn segments(&self) -> &[&'a str] {
        &self.segments
    }

    /// The query as it came, without the `?`.
    pub fn query_text(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// The first query parameter of this name, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query_text().as_bytes());
        let (_, value) = pairs.find(|(key, _)| key == name)?;
        Some(value.into_owned())
    }

    /// A header as text; `None` if it is missing or not plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// The cookie of this name.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.head.headers.get_all(COOKIE).iter();
        lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// Reads the body.
    ///
    /// # Errors
    /// `not_json` if it is not JSON, `invalid_field` with the path of the first field that is wrong.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        Ok(wire::read(&wire::json(&self.body)?, "")?)
    }

    /// 32 bytes from the system's generator, others each time.
    pub fn entropy(&self) -> [u8; 32] {
        runtime::random_bytes()
    }

    /// Names the firm that the request is about, for the log. Sessions do it by themselves.
    pub fn concerns(&self, firm: &FirmId) {
        self.firm.get_or_init(|| firm.to_string());
    }

    /// What to answer if no route matched: 405 with the methods of the path if it is the path of one, else 404. A pattern is a path
    /// with `{name}` for the parts that vary.
    pub fn unmatched(&self, routes: &[(&str, &str)]) -> Problem {
        let mut methods: Vec<&str> = Vec::new();
        for (method, pattern) in routes {
            if self.is_at(pattern) && !methods.contains(method) {
                methods.push(method);
            }
        }
        if methods.is_empty() {
            Problem::not_found()
        } else {
            Problem::method_not_allowed(&methods)
        }
    }

    /// The time as it goes on, for what may take long.
    pub fn time() -> Timestamp {
        runtime::now()
    }

    /// Notes for the log what went wrong although the answer is not a problem.
    pub fn despite(&self, problem: Problem) {
        self.mishap.get_or_init(|| problem);
    }

    pub(crate) fn mishap(&self) -> Option<&Problem> {
        self.mishap.get()
    }

    pub(crate) fn firm(&self) -> Option<&str> {
        self.firm.get().map(String::as_str)
    }

    fn is_at(&self, pattern: &str) -> bool {
        let pattern = pattern.trim_start_matches('/');
        let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
        let fits = |(part, segment): (&&str, &&str)| part.starts_with('{') || part == segment;
        parts.len() == self.segments.len() && parts.iter().zip(&self.segments).all(fits)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::problem::Code;
    use http::Request;
    use http::request::Builder;

    pub(crate) const NOW: &str = "2026-03-31T21:14:09Z";

    /// Does something with the call that a request makes.
    pub(crate) fn with<T>(request: Builder, body: &str, look: impl FnOnce(&Call<'_>) -> T) -> T {
        let (head, ()) = request.body(()).unwrap().into_parts();
        let body = Bytes::from(body.to_owned());
        look(&Call::new(&head, body, NOW.parse().unwrap()))
    }

    fn get<T>(uri: &str, look: impl FnOnce(&Call<'_>) -> T) -> T {
        with(Request::get(uri), "", look)
    }

    #[test]
    fn a_route_is_matched_by_method_and_segments() {
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
    fn segments_are_exactly_the_path() {
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
    fn query_parameters_are_decoded_and_the_first_counts() {
        get(
            "/x?q=O%27Neil+%26+Sons&limit=5&limit=6&empty=&e=%C3%A9",
            |call| {
                assert_eq!(call.query("q").as_deref(), Some("O'Neil & Sons"));
                assert_eq!(call.query("limit").as_deref(), Some("5"));
                assert_eq!(call.query("empty").as_deref(), Some(""));
                assert_eq!(call.query("e").as_deref(), Some("é"));
                assert_eq!(call.query("none"), None);
                assert!(call.query_text().starts_with("q=O%27"));
            },
        );
        assert_eq!(get("/x", |call| call.query("q")), None);
    }

    #[test]
    fn a_cookie_is_found_among_several_in_several_lines() {
        let request = Request::get("/x")
            .header("cookie", "a=1; __Host-c=x=y")
            .header("cookie", "b=2");
        with(request, "", |call| {
            assert_eq!(call.cookie("__Host-c"), Some("x=y"));
            assert_eq!(call.cookie("b"), Some("2"));
            assert_eq!(call.cookie("c"), None);
        });
    }

    #[test]
    fn a_header_that_is_not_text_is_as_good_as_none() {
        let request = Request::get("/x")
            .header("if-match", "\"3\"")
            .header("x-odd", &b"\xff"[..]);
        with(request, "", |call| {
            assert_eq!(call.header("If-Match"), Some("\"3\""));
            assert_eq!(call.header("x-odd"), None);
        });
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Confirmation {
        confirm: bool,
    }

    fn read(body: &str) -> Result<Confirmation, Code> {
        with(Request::post("/x"), body, |call| {
            call.json().map_err(|problem| problem.code())
        })
    }

    #[test]
    fn a_body_is_read_or_told_apart_as_no_json_or_the_wrong_shape() {
        assert_eq!(
            read(r#"{"confirm":true,"later":1}"#),
            Ok(Confirmation { confirm: true })
        );
        for body in ["", "{", "confirm=true", r#"{"confirm":true} x"#] {
            assert_eq!(read(body), Err(Code::NotJson), "{body}");
        }
        for body in ["[]", "{}", r#"{"confirm":"yes"}"#] {
            assert_eq!(read(body), Err(Code::InvalidField), "{body}");
        }
    }

    const ROUTES: [(&str, &str); 4] = [
        (GET, "/v1/quickbooks/settings"),
        (PUT, "/v1/quickbooks/settings"),
        (GET, "/v1/quickbooks/documents/{kind}/{id}"),
        (GET, "/"),
    ];

    fn unmatched(request: Builder) -> (Code, String) {
        with(request, "", |call| {
            let problem = call.unmatched(&ROUTES);
            let response = problem.clone().into_answer("r").finish().unwrap();
            let allow = response
                .headers()
                .get("allow")
                .map(|allow| allow.to_str().unwrap().to_owned());
            (problem.code(), allow.unwrap_or_default())
        })
    }

    #[test]
    fn a_known_path_with_another_method_says_which_are_allowed() {
        let allowed = |methods: &str| (Code::MethodNotAllowed, methods.to_owned());
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
    fn an_unknown_path_is_not_found() {
        for uri in [
            "/v1/quickbooks",
            "/v1/quickbooks/settings/",
            "/v1/quickbooks/documents/payment",
            "/v2",
        ] {
            assert_eq!(unmatched(Request::get(uri)).0, Code::NotFound, "{uri}");
        }
    }

    #[test]
    fn the_first_firm_that_is_named_is_logged() {
        get("/x", |call| {
            assert_eq!(call.firm(), None);
            call.concerns(&"frm_1".parse().unwrap());
            call.concerns(&"frm_2".parse().unwrap());
            assert_eq!(call.firm(), Some("frm_1"));
        });
    }
}
