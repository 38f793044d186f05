//! Answers: status, headers and body, put together before anything is sent.

use crate::problem::Problem;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, LOCATION, REFERRER_POLICY, SET_COOKIE,
};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::Serialize;

/// An answer in the making. What cannot be sent (a header with a line break, say) comes out as a problem when it is finished.
#[derive(Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(HeaderName, String)>,
    body: Result<Bytes, serde_json::Error>,
}

impl Answer {
    /// Answers with a value as JSON.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        let body = serde_json::to_vec(value).map(Bytes::from);
        Self {
            body,
            ..Self::empty(status)
        }
        .set(CONTENT_TYPE, "application/json")
    }

    /// Answers with bytes of a media type.
    pub fn bytes(content_type: &str, body: impl Into<Bytes>) -> Self {
        let body = Ok(body.into());
        Self {
            body,
            ..Self::empty(200)
        }
        .set(CONTENT_TYPE, content_type)
    }

    /// Answers without a body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Ok(Bytes::new()),
        }
    }

    /// Sends the browser to another address (302).
    pub fn redirect(url: &str) -> Self {
        Self::empty(302)
            .set(LOCATION, url)
            .set(REFERRER_POLICY, "no-referrer")
    }

    /// Names the version that is answered with; `version` is put in quotes.
    #[must_use]
    pub fn etag(self, version: &str) -> Self {
        self.set(ETAG, &format!("\"{version}\""))
    }

    /// Gives the browser a cookie, or takes it away.
    #[must_use]
    pub fn cookie(mut self, cookie: &Cookie<'_>) -> Self {
        self.headers.push((SET_COOKIE, cookie.line()));
        self
    }

    /// Lets nobody keep the answer. That is so for all answers that say nothing else; this makes it explicit.
    #[must_use]
    pub fn no_store(self) -> Self {
        self.set(CACHE_CONTROL, "no-store")
    }

    /// Sets a header, instead of an earlier one of that name.
    #[must_use]
    pub fn header(self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.set(HeaderName::from_static(name), value.as_ref())
    }

    /// The finished response.
    pub(crate) fn finish(self) -> Result<Response<Bytes>, Problem> {
        let body = self
            .body
            .map_err(|error| Problem::internal(format!("body: {error}")))?;
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status)
            .map_err(|_| Problem::internal(format!("status {}", self.status)))?;
        for (name, value) in self.headers {
            let value = HeaderValue::try_from(value)
                .map_err(|_| Problem::internal(format!("header {name} is not one")))?;
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

/// A cookie that scripts cannot read and other sites do not send along, except when a person follows a link to us.
#[derive(Clone, Copy, Debug)]
pub struct Cookie<'a> {
    /// Its name; `__Host-` in front binds it to this host, and needs https.
    pub name: &'a str,
    /// Its value: characters that are safe in a cookie.
    pub value: &'a str,
    /// The path that it is sent to; `/` with `__Host-`.
    pub path: &'a str,
    /// Seconds that it lives; 0 takes it away.
    pub max_age: u32,
    /// Whether it is kept from plain http.
    pub secure: bool,
}

impl Cookie<'_> {
    fn line(&self) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!(
            "{}={}; Path={}; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
            self.name, self.value, self.path, self.max_age
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;
    use serde::Serializer;

    fn shown(answer: Answer) -> String {
        let response = answer.finish().unwrap();
        let mut text = response.status().as_u16().to_string();
        for (name, value) in response.headers() {
            text += &format!("\n{name}: {}", value.to_str().unwrap());
        }
        text + "\n" + &String::from_utf8_lossy(response.body())
    }

    const CONSENT: Cookie<'_> = Cookie {
        name: "__Host-rivet-connect",
        value: "abc",
        path: "/",
        max_age: 600,
        secure: true,
    };

    #[test]
    fn a_value_is_answered_as_json_with_its_version() {
        let answer = Answer::json(200, &["a"]).etag("3-f00d").no_store();
        insta::assert_snapshot!(shown(answer), @r#"
        200
        content-type: application/json
        etag: "3-f00d"
        cache-control: no-store
        content-length: 5
        ["a"]
        "#);
    }

    #[test]
    fn a_browser_is_sent_on_with_cookies() {
        let gone = Cookie {
            value: "",
            max_age: 0,
            secure: false,
            ..CONSENT
        };
        let answer = Answer::redirect("https://appcenter.intuit.com/connect/oauth2?state=x")
            .cookie(&CONSENT)
            .cookie(&gone);
        insta::assert_snapshot!(shown(answer), @"
        302
        location: https://appcenter.intuit.com/connect/oauth2?state=x
        referrer-policy: no-referrer
        set-cookie: __Host-rivet-connect=abc; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure
        set-cookie: __Host-rivet-connect=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax
        content-length: 0
        ");
    }

    #[test]
    fn a_file_is_answered_with_its_type_and_may_be_kept() {
        let answer =
            Answer::bytes("text/html; charset=utf-8", "<p>").header("cache-control", "max-age=60");
        insta::assert_snapshot!(shown(answer), @"
        200
        content-type: text/html; charset=utf-8
        cache-control: max-age=60
        content-length: 3
        <p>
        ");
    }

    #[test]
    fn no_content_has_no_length() {
        assert_eq!(shown(Answer::empty(204)), "204\n");
    }

    #[test]
    fn a_header_that_is_set_twice_is_sent_once() {
        let answer = Answer::empty(200).etag("1").etag("2");
        assert_eq!(shown(answer), "200\netag: \"2\"\ncontent-length: 0\n");
    }

    #[test]
    fn what_cannot_be_sent_is_a_problem_that_does_not_quote_it() {
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
            let problem = answer.finish().unwrap_err();
            assert_eq!(problem.code(), Code::Internal);
            assert!(!problem.cause().unwrap().contains("set-cookie: a"));
        }
    }
}
