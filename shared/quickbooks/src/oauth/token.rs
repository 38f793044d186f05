//! What the token endpoint answers.

use oauth2::basic::{BasicErrorResponse, BasicErrorResponseType, BasicTokenType};
use oauth2::{
    AccessToken, ExtraTokenFields, RefreshToken, RequestTokenError, StandardTokenResponse,
    TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use std::error::Error;

/// The token answer as the `oauth2` crate reads it.
pub type TokenResponse = StandardTokenResponse<IntuitFields, BasicTokenType>;

/// Intuit's own members of a token answer. Lifetimes are seconds from the answer on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IntuitFields {
    /// How long the refresh token lives if it is not used; each refresh starts it anew.
    #[serde(default)]
    pub x_refresh_token_expires_in: Option<u64>,
    /// How long the permission lives whatever is done (5 years from the first authorization).
    #[serde(default)]
    pub x_refresh_token_hard_expires_in: Option<u64>,
}

impl ExtraTokenFields for IntuitFields {}

/// New tokens; complete, or there is no such value. Lifetimes are seconds from the answer on.
#[derive(Debug, Clone)]
pub struct TokenAnswer {
    /// Opens the company's books.
    pub access_token: AccessToken,
    /// Replaces the one that was used, which is dead as soon as this one exists.
    pub refresh_token: RefreshToken,
    /// How long the access token lives; an hour if the answer does not say.
    pub expires_in: u64,
    /// How long the refresh token lives if it is not used; 100 days if the answer does not say.
    pub refresh_expires_in: u64,
    /// How long the permission lives whatever is done.
    pub hard_expires_in: Option<u64>,
}

impl TokenAnswer {
    /// Takes what matters out of an answer; `None` if it has no refresh token, since a connection cannot live on it.
    pub fn from_response(response: &TokenResponse) -> Option<Self> {
        let refresh_token = response.refresh_token()?;
        let extra = response.extra_fields();
        let complete = ![response.access_token().secret(), refresh_token.secret()]
            .iter()
            .any(|secret| secret.is_empty());
        complete.then(|| Self {
            access_token: response.access_token().clone(),
            refresh_token: refresh_token.clone(),
            expires_in: response.expires_in().map_or(3600, |time| time.as_secs()),
            refresh_expires_in: extra.x_refresh_token_expires_in.unwrap_or(8_640_000),
            hard_expires_in: extra.x_refresh_token_hard_expires_in,
        })
    }
}

/// Why there are no new tokens, by what a caller does about it. `E` is the transport's own error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFailure<E> {
    /// `invalid_grant`: the code or refresh token is used up, replaced, expired or revoked. Read the stored token again once;
    /// if it is still this one, a person has to connect again.
    #[error("Intuit does not accept the grant any more")]
    Refused,
    /// `invalid_client`: the app's id or secret is wrong. An operator has to act; the connections are not at fault.
    #[error("Intuit does not accept the app's keys")]
    ClientRejected,
    /// An answer, but none to use: an outage, a page of HTML, tokens that cannot be read. The grant may have been used up and
    /// its replacement lost, so it is not to be repeated blindly.
    #[error("the token endpoint gave no usable answer")]
    Unavailable,
    /// The request was wrong (`invalid_request`, `unsupported_grant_type` …); sending it again cannot help.
    #[error("the token request was wrong: {0}")]
    CallerBug(&'static str),
    /// There was no answer; the transport knows whether the request was sent.
    #[error(transparent)]
    NoAnswer(E),
}

/// Drops everything of the answer but its meaning: the crate's error keeps the body, which may hold tokens.
impl<E: Error + 'static> From<RequestTokenError<E, BasicErrorResponse>> for TokenFailure<E> {
    fn from(error: RequestTokenError<E, BasicErrorResponse>) -> Self {
        match error {
            RequestTokenError::ServerResponse(answer) => Self::refusal(answer.error()),
            RequestTokenError::Request(error) => Self::NoAnswer(error),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Self::Unavailable,
        }
    }
}

impl<E> TokenFailure<E> {
    /// The error codes of RFC 6749 §5.2. A code from elsewhere is what an outage says.
    fn refusal(code: &BasicErrorResponseType) -> Self {
        match code {
            BasicErrorResponseType::InvalidGrant => Self::Refused,
            BasicErrorResponseType::InvalidClient => Self::ClientRejected,
            BasicErrorResponseType::InvalidRequest => Self::CallerBug("invalid_request"),
            BasicErrorResponseType::InvalidScope => Self::CallerBug("invalid_scope"),
            BasicErrorResponseType::UnauthorizedClient => Self::CallerBug("unauthorized_client"),
            BasicErrorResponseType::UnsupportedGrantType => {
                Self::CallerBug("unsupported_grant_type")
            }
            BasicErrorResponseType::Extension(_) => Self::Unavailable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::{client, tests::app};
    use oauth2::HttpResponse;

    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[error("connection refused")]
    struct Refused;

    type Outcome = Result<Option<TokenAnswer>, TokenFailure<Refused>>;

    fn refreshed(heard: &Result<HttpResponse, Refused>) -> Outcome {
        let token = RefreshToken::new("RT1-old".to_owned());
        let client = client(&app()).unwrap();
        let answer = client
            .exchange_refresh_token(&token)
            .request(&|_| heard.clone())?;
        Ok(TokenAnswer::from_response(&answer))
    }

    fn answered(status: u16, content_type: &str, body: &str) -> Outcome {
        refreshed(&Ok(http::Response::builder()
            .status(status)
            .header("content-type", content_type)
            .body(body.as_bytes().to_vec())
            .unwrap()))
    }

    fn json(status: u16, body: &str) -> Outcome {
        answered(status, "application/json;charset=UTF-8", body)
    }

    #[test]
    fn an_answer_is_read_with_intuits_own_lifetimes() {
        let answer = json(
            200,
            r#"{"access_token":"eyAT","refresh_token":"RT1-new","token_type":"bearer","expires_in":3600,
                "x_refresh_token_expires_in":8726400,"x_refresh_token_hard_expires_in":157680000,"later":1.5}"#,
        );
        let answer = answer.unwrap().unwrap();
        assert_eq!(answer.access_token.secret(), "eyAT");
        assert_eq!(answer.refresh_token.secret(), "RT1-new");
        assert_eq!(answer.expires_in, 3600);
        assert_eq!(answer.refresh_expires_in, 8_726_400);
        assert_eq!(answer.hard_expires_in, Some(157_680_000));
    }

    #[test]
    fn lifetimes_that_are_not_named_are_taken_as_short_as_intuit_ever_had_them() {
        let answer = json(
            200,
            r#"{"access_token":"a","refresh_token":"r","token_type":"Bearer"}"#,
        );
        let answer = answer.unwrap().unwrap();
        assert_eq!(
            (answer.expires_in, answer.refresh_expires_in),
            (3600, 8_640_000)
        );
        assert_eq!(answer.hard_expires_in, None);
    }

    #[test]
    fn an_answer_without_a_refresh_token_is_not_complete() {
        for body in [
            r#"{"access_token":"a","token_type":"bearer","expires_in":3600}"#,
            r#"{"access_token":"a","refresh_token":"","token_type":"bearer","expires_in":3600}"#,
            r#"{"access_token":"","refresh_token":"r","token_type":"bearer","expires_in":3600}"#,
        ] {
            assert!(json(200, body).unwrap().is_none(), "{body}");
        }
    }

    #[test]
    fn a_dead_grant_is_refused_however_intuit_words_it() {
        for body in [
            r#"{"error":"invalid_grant"}"#,
            r#"{"error_description":"Token invalid","error":"invalid_grant"}"#,
            r#"{"error":"invalid_grant","error_description":"Incorrect or invalid refresh token"}"#,
        ] {
            assert_eq!(
                json(400, body).unwrap_err(),
                TokenFailure::Refused,
                "{body}"
            );
        }
    }

    #[test]
    fn wrong_keys_are_not_taken_for_a_dead_grant() {
        let refused = json(401, r#"{"error":"invalid_client"}"#);
        assert_eq!(refused.unwrap_err(), TokenFailure::ClientRejected);
    }

    #[test]
    fn a_wrong_request_is_our_bug() {
        for code in [
            "invalid_request",
            "unsupported_grant_type",
            "unauthorized_client",
            "invalid_scope",
        ] {
            let refused = json(400, &format!(r#"{{"error":"{code}"}}"#));
            assert_eq!(refused.unwrap_err(), TokenFailure::CallerBug(code));
        }
    }

    #[test]
    fn an_outage_leaves_the_grant_in_doubt() {
        let page = "<html><h1>503 Service Unavailable</h1></html>";
        assert_eq!(
            answered(503, "text/html", page).unwrap_err(),
            TokenFailure::Unavailable
        );
        assert_eq!(
            json(500, r#"{"error":"server_error"}"#).unwrap_err(),
            TokenFailure::Unavailable
        );
        assert_eq!(json(502, "").unwrap_err(), TokenFailure::Unavailable);
        assert_eq!(
            answered(200, "text/html", page).unwrap_err(),
            TokenFailure::Unavailable
        );
    }

    #[test]
    fn tokens_that_cannot_be_read_leave_no_trace_in_the_error() {
        let failure = json(200, r#"{"access_token":"eyAT","expires_in":"soon"}"#).unwrap_err();
        assert_eq!(failure, TokenFailure::Unavailable);
        assert!(!format!("{failure:?} {failure}").contains("eyAT"));
    }

    #[test]
    fn no_answer_is_left_to_the_transport_to_explain() {
        assert_eq!(
            refreshed(&Err(Refused)).unwrap_err(),
            TokenFailure::NoAnswer(Refused)
        );
    }

    #[test]
    fn new_tokens_do_not_show_in_debug() {
        let answer = json(
            200,
            r#"{"access_token":"eyAT","refresh_token":"RT1","token_type":"bearer"}"#,
        );
        let shown = format!("{:?}", answer.unwrap().unwrap());
        assert!(!shown.contains("eyAT") && !shown.contains("RT1"), "{shown}");
    }
}
