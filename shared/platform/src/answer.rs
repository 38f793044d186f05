//! Answers: status, headers and body of a response.

use crate::problem::{self, Problem};
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, LOCATION, REFERRER_POLICY, SET_COOKIE,
};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use ports::entropy::digest_of;
use serde::Serialize;
use serde_json::{Map, Value};

/// An answer that a handler puts together. Invalid parts, such as a header with a line break, become a problem when the answer
/// is sent.
#[derive(Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(HeaderName, String)>,
    body: Result<Bytes, serde_json::Error>,
}

impl Answer {
    /// Answers with a value as JSON. `status` is the HTTP status.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        let body = serde_json::to_vec(value).map(Bytes::from);
        Self {
            body,
            ..Self::empty(status)
        }
        .set(CONTENT_TYPE, "application/json")
    }

    /// Answers with bytes of a media type (RFC 9110 section 8.3) and status 200.
    pub fn bytes(content_type: &str, body: impl Into<Bytes>) -> Self {
        let body = Ok(body.into());
        Self {
            body,
            ..Self::empty(200)
        }
        .set(CONTENT_TYPE, content_type)
    }

    /// Answers without a body. `status` is the HTTP status.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Ok(Bytes::new()),
        }
    }

    /// Sends the browser to another address with status 302, and without a referrer.
    pub fn redirect(url: &str) -> Self {
        Self::empty(302)
            .set(LOCATION, url)
            .set(REFERRER_POLICY, "no-referrer")
    }

    /// Answers with a problem (RFC 9457 section 3). The problem's cause is left out.
    pub(crate) fn from_problem(problem: Problem, request_id: &str) -> Self {
        let code = problem.code();
        let body = ProblemBody {
            kind: format!("urn:rivet:problem:{}", code.name()),
            title: code.title(),
            status: code.status(),
            detail: problem.detail(),
            code: code.name(),
            request_id,
            members: problem.members(),
        };
        let answer =
            Self::json(code.status(), &body).header("content-type", "application/problem+json");
        problem
            .into_headers()
            .into_iter()
            .fold(answer, |answer, header| {
                answer.header(header.name, header.value)
            })
    }

    /// Sets the entity tag (RFC 9110 section 8.8.3) to `version` in quotes.
    #[must_use]
    pub fn etag(self, version: &str) -> Self {
        self.set(ETAG, &format!("\"{version}\""))
    }

    /// Sets an entity tag made from the body. Answers 304 without the body if the request's `If-None-Match` has the tag, so that a page
    /// may ask often (RFC 9110 section 13.1.2).
    #[must_use]
    pub fn revalidated(self, if_none_match: Option<&str>) -> Self {
        let Ok(body) = &self.body else {
            return self;
        };
        let tag = digest_of(body);
        let is_known = |known: &str| {
            let known = known.trim();
            known == "*" || known.trim_start_matches("W/").trim_matches('"') == tag
        };
        match if_none_match.is_some_and(|tags| tags.split(',').any(is_known)) {
            true => Self::empty(304).etag(&tag),
            false => self.etag(&tag),
        }
    }

    /// Adds a cookie.
    #[must_use]
    pub fn cookie(mut self, cookie: &Cookie<'_>) -> Self {
        self.headers.push((SET_COOKIE, cookie.header_value()));
        self
    }

    /// Forbids caches to store the answer. `serve` does the same for all answers without `Cache-Control`; a call
    /// here says so where the answer is sensitive.
    #[must_use]
    pub fn no_store(self) -> Self {
        self.set(CACHE_CONTROL, "no-store")
    }

    /// Sets a header and replaces an earlier one of the same name. `name` must be in lower case.
    #[must_use]
    pub fn header(self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.set(HeaderName::from_static(name), value.as_ref())
    }

    /// Makes the response.
    ///
    /// # Errors
    /// `internal` if the body is not serializable, or if the status or a header is invalid. The cause quotes no value.
    pub(crate) fn into_response(self) -> Result<Response<Bytes>, Problem> {
        let body = self
            .body
            .map_err(|error| problem::internal(format!("body: {error}")))?;
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status)
            .map_err(|_| problem::internal(format!("status {} is not valid", self.status)))?;
        for (name, value) in self.headers {
            let value = HeaderValue::try_from(value)
                .map_err(|_| problem::internal(format!("header {name} has an invalid value")))?;
            response.headers_mut().append(name, value);
        }
        let length = response.body().len();
        if self.status != 204 {
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        Ok(response)
    }

    fn set(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.retain(|(earlier, _)| *earlier != name);
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// The body of a problem. `request_id`, `code` and the flattened members are extensions (RFC 9457 section 3.2).
#[derive(Serialize)]
struct ProblemBody<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    request_id: &'a str,
    #[serde(flatten)]
    members: &'a Map<String, Value>,
}

/// A cookie that scripts cannot read. Browsers send it from other sites only when a person follows a link to us.
#[derive(Clone, Copy, Debug)]
pub struct Cookie<'a> {
    /// The name. The prefix `__Host-` binds the cookie to this host and needs https (RFC 6265bis section 4.1.3.2).
    pub name: &'a str,
    /// The value, in characters that need no quotes (RFC 6265 section 4.1.1).
    pub value: &'a str,
    /// The path that the cookie is sent to: `/` with `__Host-`.
    pub path: &'a str,
    /// The lifetime in seconds. 0 removes the cookie.
    pub max_age_seconds: u32,
    /// `true` if the browser sends the cookie over https only.
    pub is_secure: bool,
}

impl Cookie<'_> {
    fn header_value(&self) -> String {
        let secure = if self.is_secure { "; Secure" } else { "" };
        format!(
            "{}={}; Path={}; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
            self.name, self.value, self.path, self.max_age_seconds
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ProblemCode;
    use billing::{InputError, Role, SubscriptionPlan};
    use serde::Serializer;

    fn response_text(answer: Answer) -> String {
        let response = answer.into_response().unwrap();
        let mut text = response.status().as_u16().to_string();
        for (name, value) in response.headers() {
            text += &format!("\n{name}: {}", value.to_str().unwrap());
        }
        text + "\n" + &String::from_utf8_lossy(response.body())
    }

    const SIGN_IN_COOKIE: Cookie<'_> = Cookie {
        name: "__Host-rivet-connect",
        value: "abc",
        path: "/",
        max_age_seconds: 600,
        is_secure: true,
    };

    #[test]
    fn json_answer_has_its_version_as_etag() {
        let answer = Answer::json(200, &["a"]).etag("3-f00d").no_store();
        insta::assert_snapshot!(response_text(answer), @r#"
        200
        content-type: application/json
        etag: "3-f00d"
        cache-control: no-store
        content-length: 5
        ["a"]
        "#);
    }

    #[test]
    fn known_answer_is_not_sent_again() {
        let answer = |tags: Option<&str>| Answer::json(200, &["a"]).revalidated(tags);
        let first = response_text(answer(None));
        let tag = first.lines().find_map(|line| line.strip_prefix("etag: "));
        let tag = tag.unwrap().to_owned();
        for known in [&tag, &format!("\"x\", W/{tag}"), "*"] {
            let again = response_text(answer(Some(known)));
            assert_eq!(again, format!("304\netag: {tag}\ncontent-length: 0\n"));
        }
        for other in ["\"x\"", "", &tag[2..]] {
            assert_eq!(response_text(answer(Some(other))), first, "{other}");
        }
    }

    #[test]
    fn redirect_sets_and_removes_cookies() {
        let removed = Cookie {
            value: "",
            max_age_seconds: 0,
            is_secure: false,
            ..SIGN_IN_COOKIE
        };
        let answer = Answer::redirect("https://appcenter.intuit.com/connect/oauth2?state=x")
            .cookie(&SIGN_IN_COOKIE)
            .cookie(&removed);
        insta::assert_snapshot!(response_text(answer), @"
        302
        location: https://appcenter.intuit.com/connect/oauth2?state=x
        referrer-policy: no-referrer
        set-cookie: __Host-rivet-connect=abc; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure
        set-cookie: __Host-rivet-connect=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax
        content-length: 0
        ");
    }

    #[test]
    fn bytes_answer_has_its_type_and_cache_rule() {
        let answer =
            Answer::bytes("text/html; charset=utf-8", "<p>").header("cache-control", "max-age=60");
        insta::assert_snapshot!(response_text(answer), @"
        200
        content-type: text/html; charset=utf-8
        cache-control: max-age=60
        content-length: 3
        <p>
        ");
    }

    #[test]
    fn status_204_has_no_content_length() {
        assert_eq!(response_text(Answer::empty(204)), "204\n");
    }

    #[test]
    fn header_set_twice_is_sent_once() {
        let answer = Answer::empty(200).etag("1").etag("2");
        assert_eq!(
            response_text(answer),
            "200\netag: \"2\"\ncontent-length: 0\n"
        );
    }

    #[test]
    fn invalid_answer_is_internal_problem_without_quote() {
        struct Broken;
        impl Serialize for Broken {
            fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("no"))
            }
        }
        for answer in [
            Answer::redirect("https://x/\r\nset-cookie: a=b"),
            Answer::empty(99),
            Answer::json(200, &Broken),
        ] {
            let problem = answer.into_response().unwrap_err();
            assert_eq!(problem.code(), ProblemCode::Internal);
            assert!(!problem.cause().unwrap().contains("set-cookie: a"));
        }
    }

    /// Shows the status, the headers that differ between problems, and the body.
    fn problem_text(problem: Problem) -> String {
        let answer = Answer::from_problem(problem, "req_1");
        let response = answer.into_response().unwrap();
        let mut text = response.status().to_string();
        for (name, value) in response.headers() {
            if !matches!(name.as_str(), "content-type" | "content-length") {
                text += &format!("\n{name}: {}", value.to_str().unwrap());
            }
        }
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        format!("{text}\n{body}")
    }

    #[test]
    fn every_problem_has_its_status_headers_and_body() {
        use connection::confirm::ConfirmRefusal;
        let problems = [
            problem::not_json("The body is not JSON: expected value at line 1 column 1."),
            problem::unauthorized("The session token is not valid."),
            problem::invalid_signature("The event has no valid signature."),
            problem::invalid_intuit_signature(),
            problem::role_not_allowed(Role::Viewer),
            problem::plan_not_eligible(SubscriptionPlan::Starter),
            ConfirmRefusal::NotYours.into(),
            problem::not_found(),
            problem::document_not_found(),
            problem::method_not_allowed(&["GET", "PUT"]),
            problem::not_connected("No QuickBooks company is connected."),
            ConfirmRefusal::Unknown.into(),
            ConfirmRefusal::Used.into(),
            ConfirmRefusal::Expired.into(),
            ConfirmRefusal::Superseded.into(),
            ConfirmRefusal::CompanyTaken.into(),
            ConfirmRefusal::OtherCompany.into(),
            ConfirmRefusal::TryAgain.into(),
            problem::not_in_conflict(),
            problem::conflict_changed(),
            problem::not_decidable("It is being posted."),
            problem::firm_erased(),
            problem::settings_changed(),
            problem::body_too_large(1_048_576),
            problem::invalid_field("accounts.retainage", "must be text"),
            problem::precondition_required(),
            problem::too_many_requests(30),
            problem::misconfigured("token_keys", "is missing"),
            problem::internal("a defect"),
            problem::quickbooks_unavailable("QuickBooks does not answer."),
            problem::quickbooks_throttled(60),
            problem::store_busy(),
            problem::store_unavailable("connection refused"),
        ];
        let codes: Vec<ProblemCode> = problems.iter().map(Problem::code).collect();
        assert_eq!(codes, ProblemCode::ALL);
        let all = problems.map(problem_text).join("\n\n");
        insta::assert_snapshot!(all, @r#"
        400 Bad Request
        {"code":"not_json","detail":"The body is not JSON: expected value at line 1 column 1.","request_id":"req_1","status":400,"title":"Not JSON","type":"urn:rivet:problem:not_json"}

        401 Unauthorized
        www-authenticate: Bearer
        {"code":"unauthorized","detail":"The session token is not valid.","request_id":"req_1","status":401,"title":"Not signed in","type":"urn:rivet:problem:unauthorized"}

        401 Unauthorized
        {"code":"invalid_signature","detail":"The event has no valid signature.","request_id":"req_1","status":401,"title":"Signature not valid","type":"urn:rivet:problem:invalid_signature"}

        403 Forbidden
        {"code":"invalid_intuit_signature","detail":"The delivery has no valid Intuit signature.","request_id":"req_1","status":403,"title":"Signature not valid","type":"urn:rivet:problem:invalid_intuit_signature"}

        403 Forbidden
        {"code":"role_not_allowed","detail":"Only an owner or manager can do this; you are signed in as a viewer.","request_id":"req_1","roles":["owner","manager"],"status":403,"title":"Role not allowed","type":"urn:rivet:problem:role_not_allowed"}

        403 Forbidden
        {"code":"plan_not_eligible","detail":"QuickBooks Online is part of the Pro and Scale plans; this firm is on Starter.","plans":["pro","scale"],"request_id":"req_1","status":403,"title":"Plan not eligible","type":"urn:rivet:problem:plan_not_eligible"}

        403 Forbidden
        {"code":"confirmation_not_yours","detail":"Only the person who asked for the connection can confirm it, in the same RIVET account. Nothing was connected.","request_id":"req_1","status":403,"title":"Not your confirmation","type":"urn:rivet:problem:confirmation_not_yours"}

        404 Not Found
        {"code":"not_found","detail":"There is nothing at this address.","request_id":"req_1","status":404,"title":"Not found","type":"urn:rivet:problem:not_found"}

        404 Not Found
        {"code":"document_not_found","detail":"This firm has no such document.","request_id":"req_1","status":404,"title":"Document not found","type":"urn:rivet:problem:document_not_found"}

        405 Method Not Allowed
        allow: GET, PUT
        {"code":"method_not_allowed","detail":"This address accepts GET, PUT.","request_id":"req_1","status":405,"title":"Method not allowed","type":"urn:rivet:problem:method_not_allowed"}

        409 Conflict
        {"code":"not_connected","detail":"No QuickBooks company is connected.","request_id":"req_1","status":409,"title":"QuickBooks not connected","type":"urn:rivet:problem:not_connected"}

        409 Conflict
        {"code":"confirmation_unknown","detail":"This is not a confirmation of a sign-in. Start again from RIVET.","request_id":"req_1","status":409,"title":"Confirmation unknown","type":"urn:rivet:problem:confirmation_unknown"}

        409 Conflict
        {"code":"confirmation_used","detail":"This sign-in was confirmed or refused before.","request_id":"req_1","status":409,"title":"Confirmation used","type":"urn:rivet:problem:confirmation_used"}

        409 Conflict
        {"code":"confirmation_expired","detail":"More than ten minutes have passed since the sign-in, so nothing was connected. Start again from RIVET.","request_id":"req_1","status":409,"title":"Confirmation expired","type":"urn:rivet:problem:confirmation_expired"}

        409 Conflict
        {"code":"confirmation_superseded","detail":"A later sign-in to the same QuickBooks company replaced this one. Confirm that one, or start again from RIVET.","request_id":"req_1","status":409,"title":"Sign-in replaced","type":"urn:rivet:problem:confirmation_superseded"}

        409 Conflict
        {"code":"company_taken","detail":"This QuickBooks company is connected to another RIVET account.","request_id":"req_1","status":409,"title":"Company taken","type":"urn:rivet:problem:company_taken"}

        409 Conflict
        {"code":"other_company","detail":"This account was connected to another QuickBooks company meanwhile. Nothing was changed.","request_id":"req_1","status":409,"title":"Other company connected","type":"urn:rivet:problem:other_company"}

        409 Conflict
        retry-after: 2
        {"code":"try_again","detail":"The company is being connected or disconnected in another window. Try again in a moment.","request_id":"req_1","retry_after":2,"status":409,"title":"Company in use","type":"urn:rivet:problem:try_again"}

        409 Conflict
        {"code":"not_in_conflict","detail":"The document is not in conflict, so there is no version to choose.","request_id":"req_1","status":409,"title":"Not in conflict","type":"urn:rivet:problem:not_in_conflict"}

        409 Conflict
        {"code":"conflict_changed","detail":"The document was compared with QuickBooks again after you loaded it. Load it again before you decide.","request_id":"req_1","status":409,"title":"Conflict changed","type":"urn:rivet:problem:conflict_changed"}

        409 Conflict
        {"code":"not_decidable","detail":"It is being posted.","request_id":"req_1","status":409,"title":"No decision possible now","type":"urn:rivet:problem:not_decidable"}

        410 Gone
        {"code":"firm_erased","detail":"Everything that was kept of this firm was erased.","request_id":"req_1","status":410,"title":"Firm erased","type":"urn:rivet:problem:firm_erased"}

        412 Precondition Failed
        {"code":"settings_changed","detail":"The settings were changed after you loaded them. Load them again before you save.","request_id":"req_1","status":412,"title":"Settings changed","type":"urn:rivet:problem:settings_changed"}

        413 Payload Too Large
        {"code":"body_too_large","detail":"The body is longer than 1048576 bytes.","limit":1048576,"request_id":"req_1","status":413,"title":"Body too large","type":"urn:rivet:problem:body_too_large"}

        422 Unprocessable Entity
        {"code":"invalid_field","detail":"`accounts.retainage` must be text.","field":"accounts.retainage","request_id":"req_1","status":422,"title":"Field not valid","type":"urn:rivet:problem:invalid_field"}

        428 Precondition Required
        {"code":"precondition_required","detail":"Send the header If-Match with the ETag of the settings that you loaded.","request_id":"req_1","status":428,"title":"Precondition required","type":"urn:rivet:problem:precondition_required"}

        429 Too Many Requests
        retry-after: 30
        {"code":"too_many_requests","detail":"The lists of QuickBooks were asked for too often. Try again in a moment.","request_id":"req_1","retry_after":30,"status":429,"title":"Too many requests","type":"urn:rivet:problem:too_many_requests"}

        500 Internal Server Error
        {"code":"misconfigured","detail":"The service is not set up: variable `token_keys` is missing.","request_id":"req_1","status":500,"title":"Service not set up","type":"urn:rivet:problem:misconfigured","variable":"token_keys"}

        500 Internal Server Error
        {"code":"internal","detail":"Something went wrong on our side.","request_id":"req_1","status":500,"title":"Internal error","type":"urn:rivet:problem:internal"}

        502 Bad Gateway
        {"code":"quickbooks_unavailable","detail":"QuickBooks does not answer.","request_id":"req_1","status":502,"title":"QuickBooks not available","type":"urn:rivet:problem:quickbooks_unavailable"}

        503 Service Unavailable
        retry-after: 60
        {"code":"quickbooks_throttled","detail":"QuickBooks limits how many requests it accepts. This resolves by itself.","request_id":"req_1","retry_after":60,"status":503,"title":"QuickBooks is busy","type":"urn:rivet:problem:quickbooks_throttled"}

        503 Service Unavailable
        retry-after: 1
        {"code":"store_busy","detail":"Another request is changing the same record. Send the request again.","request_id":"req_1","retry_after":1,"status":503,"title":"Record busy","type":"urn:rivet:problem:store_busy"}

        503 Service Unavailable
        retry-after: 5
        {"code":"store_unavailable","detail":"The store cannot be reached.","request_id":"req_1","retry_after":5,"status":503,"title":"Store not available","type":"urn:rivet:problem:store_unavailable"}
        "#);
    }

    #[test]
    fn problem_has_the_problem_media_type() {
        let response = Answer::from_problem(problem::not_found(), "r")
            .into_response()
            .unwrap();
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
    }

    #[test]
    fn cause_is_not_answered() {
        let problem = problem::internal("the index is broken");
        assert_eq!(problem.cause(), Some("the index is broken"));
        assert!(!problem_text(problem).contains("index"));
    }

    #[test]
    fn extension_members_are_answered_beside_the_standard_ones() {
        let problem = Problem::new(ProblemCode::InvalidField, "Two accounts are missing.")
            .with_member(
                "missing",
                vec!["accounts.retainage", "accounts.contract_revenue"],
            );
        let text = problem_text(problem);
        assert!(
            text.contains(r#""missing":["accounts.retainage","accounts.contract_revenue"]"#),
            "{text}"
        );
    }

    #[test]
    fn invalid_body_names_its_field() {
        let invalid = InputError::field("data.pay_app.lines[2].retainage", "must be text");
        let text = problem_text(invalid.into());
        assert!(
            text.contains(r#""field":"data.pay_app.lines[2].retainage""#),
            "{text}"
        );
    }
}
