//! Authentication of callers: users of a firm, RIVET's billing back end, the scheduler, the operator and Intuit.

use crate::call::Call;
use crate::config;
use crate::problem::{self, Problem};
use billing::session::{self, Session, SessionError};
use billing::webhook::{self, Delivery, SigningSecrets};
use billing::{Role, SubscriptionPlan};
use bytes::Bytes;
use quickbooks::webhook::{VerifierTokens, verify};
use subtle::ConstantTimeEq;

/// An event of RIVET whose signature was checked and whose body is not parsed yet.
#[derive(Clone, Debug)]
pub struct SignedEvent {
    /// The header `webhook-id`: the same for all deliveries of the event.
    pub id: String,
    /// The body, byte for byte.
    pub body: Bytes,
}

/// Returns the session of the user who calls, and sets the session's firm.
///
/// # Errors
/// `unauthorized` without a valid session token, `misconfigured` without session keys.
pub async fn require_session(call: &Call<'_>) -> Result<Session, Problem> {
    let keys = config::session_keys().await?;
    let session = session_of(call, &keys)?;
    call.set_session_firm(&session.firm);
    Ok(session)
}

/// Checks that the scheduler calls. Its secret comes as a bearer token or, if it can set no header, as `?key=`.
///
/// # Errors
/// `unauthorized` without the secret, `misconfigured` if the deployment has none.
pub async fn require_scheduler(call: &Call<'_>) -> Result<(), Problem> {
    let secret = config::scheduler_secret().await?;
    check_scheduler(call, &secret)
}

/// Checks that the operator calls. The secret comes as a bearer token.
///
/// # Errors
/// `not_found` if the deployment has no operator's secret, `unauthorized` without the secret.
pub async fn require_operator(call: &Call<'_>) -> Result<(), Problem> {
    let secret = config::operator_secret().await?;
    check_operator(call, secret.as_deref())
}

/// Returns the event if RIVET signed it (Standard Webhooks).
///
/// # Errors
/// `invalid_signature` without a valid signature, `misconfigured` without webhook secrets.
pub async fn verify_rivet_event(call: &Call<'_>) -> Result<SignedEvent, Problem> {
    let secrets = config::webhook_secrets().await?;
    signed_event(call, &secrets)
}

/// Checks that Intuit signed the body (Intuit: webhooks, header `intuit-signature`).
///
/// # Errors
/// `invalid_intuit_signature` without a valid signature, `misconfigured` without verifier tokens.
pub async fn verify_intuit_delivery(call: &Call<'_>) -> Result<(), Problem> {
    let tokens = config::verifier_tokens().await?;
    check_intuit_signature(call, &tokens)
}

/// Checks that the user may change something: owners and managers may.
///
/// # Errors
/// `role_not_allowed` for other roles.
pub fn require_manager(session: &Session) -> Result<(), Problem> {
    match session.role {
        Role::Owner | Role::Manager => Ok(()),
        Role::Staff | Role::Viewer => Err(problem::role_not_allowed(session.role)),
    }
}

/// Checks that the firm's plan has accounting integrations: Pro and Scale have.
///
/// # Errors
/// `plan_not_eligible` for other plans.
pub fn require_paid_plan(session: &Session) -> Result<(), Problem> {
    match session.plan {
        SubscriptionPlan::Pro | SubscriptionPlan::Scale => Ok(()),
        SubscriptionPlan::Starter => Err(problem::plan_not_eligible(session.plan)),
    }
}

fn session_of(call: &Call<'_>, keys: &[Vec<u8>]) -> Result<Session, Problem> {
    let token = bearer_token(call)
        .ok_or_else(|| problem::unauthorized("Send a RIVET session token as a bearer."))?;
    let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
    session::verify(token, &keys, call.received_at).map_err(|error| match error {
        SessionError::Expired => {
            problem::unauthorized("The session has expired. Sign in to RIVET again.")
        }
        SessionError::TooLong => {
            problem::unauthorized("The session token is valid for longer than 24 hours.")
        }
        SessionError::Invalid => problem::unauthorized("The session token is not valid."),
        SessionError::WeakKey => problem::misconfigured("rivet_session_secret", "is too short"),
    })
}

fn check_scheduler(call: &Call<'_>, secret: &str) -> Result<(), Problem> {
    let query_key = call.query_parameter("key");
    let sent = bearer_token(call)
        .or(query_key.as_deref())
        .unwrap_or_default();
    if is_same_secret(sent, secret) {
        Ok(())
    } else {
        Err(problem::unauthorized(
            "Send the scheduler's secret as a bearer.",
        ))
    }
}

/// Compares in constant time. Without a secret, the routes do not exist.
fn check_operator(call: &Call<'_>, secret: Option<&str>) -> Result<(), Problem> {
    let secret = secret.ok_or_else(problem::not_found)?;
    if is_same_secret(bearer_token(call).unwrap_or_default(), secret) {
        Ok(())
    } else {
        Err(problem::unauthorized(
            "Send the operator's secret as a bearer.",
        ))
    }
}

/// Returns whether two secrets are the same, in a time that does not depend on where they differ.
fn is_same_secret(sent: &str, secret: &str) -> bool {
    bool::from(sent.as_bytes().ct_eq(secret.as_bytes()))
}

fn signed_event(call: &Call<'_>, secrets: &SigningSecrets) -> Result<SignedEvent, Problem> {
    let header = |name| call.header(name).unwrap_or_default();
    let delivery = Delivery {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body: &call.body,
    };
    webhook::verify(secrets, &delivery, call.received_at).map_err(|error| {
        problem::invalid_signature("The event has no valid signature.")
            .with_cause(error.to_string())
    })?;
    Ok(SignedEvent {
        id: delivery.id.to_owned(),
        body: call.body.clone(),
    })
}

fn check_intuit_signature(call: &Call<'_>, tokens: &VerifierTokens) -> Result<(), Problem> {
    let signature = call.header("intuit-signature").unwrap_or_default();
    verify(tokens, signature, &call.body)
        .map_err(|error| problem::invalid_intuit_signature().with_cause(error.to_string()))
}

/// Returns the bearer token (RFC 6750 section 2.1). The case of the scheme does not count (RFC 9110 section 11.1).
fn bearer_token<'a>(call: &'a Call<'_>) -> Option<&'a str> {
    let (scheme, token) = call.header("authorization")?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::call::tests::{NOW, with_call};
    use crate::problem::ProblemCode;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use hmac::{Hmac, Mac};
    use http::Request;
    use http::request::Builder;
    use sha2::Sha256;

    const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

    fn token(role: &str, plan: &str, exp: i64) -> String {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let claims = format!(
            r#"{{"iss":"rivet","aud":"rivet-books","sub":"usr_17","firm":"frm_1","role":"{role}","plan":"{plan}","exp":{exp}}}"#
        );
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
        mac.update(signed.as_bytes());
        format!(
            "{signed}.{}",
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        )
    }

    fn soon() -> i64 {
        now().as_second() + 600
    }

    fn now() -> jiff::Timestamp {
        NOW.parse().unwrap()
    }

    fn request_with(authorization: &str) -> Builder {
        Request::get("/v1/quickbooks/status").header("authorization", authorization)
    }

    fn session_for(request: Builder, keys: &[Vec<u8>]) -> Result<Session, ProblemCode> {
        with_call(request, "", |call| {
            session_of(call, keys).map_err(|problem| problem.code())
        })
    }

    #[test]
    fn bearer_scheme_case_does_not_count() {
        let token = token("manager", "pro", soon());
        for scheme in ["Bearer", "bearer", "BEARER "] {
            let session =
                session_for(request_with(&format!("{scheme} {token}")), &[KEY.to_vec()]).unwrap();
            assert_eq!(session.firm.to_string(), "frm_1");
        }
    }

    #[test]
    fn any_session_key_opens_a_session() {
        let request = request_with(&format!("Bearer {}", token("owner", "scale", soon())));
        assert!(session_for(request, &[vec![7; 32], KEY.to_vec()]).is_ok());
    }

    #[test]
    fn missing_or_invalid_bearer_is_unauthorized() {
        let keys = [KEY.to_vec()];
        let token = token("owner", "pro", soon());
        for header in [
            "",
            "Bearer",
            "Bearer ",
            "Basic dTpw",
            &format!("Token {token}"),
            &format!("Bearer {token}x"),
        ] {
            assert_eq!(
                session_for(request_with(header), &keys),
                Err(ProblemCode::Unauthorized),
                "{header}"
            );
        }
        assert_eq!(
            session_for(Request::get("/x"), &keys),
            Err(ProblemCode::Unauthorized)
        );
    }

    #[test]
    fn expired_session_is_reported_as_expired() {
        let token = token("owner", "pro", now().as_second() - 120);
        with_call(request_with(&format!("Bearer {token}")), "", |call| {
            let problem = session_of(call, &[KEY.to_vec()]).unwrap_err();
            let answer = Answer::from_problem(problem, "r");
            let response = answer.into_response().unwrap();
            assert_eq!(response.headers()["www-authenticate"], "Bearer");
            assert!(String::from_utf8_lossy(response.body()).contains("expired"));
        });
    }

    #[test]
    fn weak_session_key_is_misconfigured() {
        let request = request_with(&format!("Bearer {}", token("owner", "pro", soon())));
        assert_eq!(
            session_for(request, &[b"short".to_vec()]),
            Err(ProblemCode::Misconfigured)
        );
    }

    fn session(role: &str, plan: &str) -> Session {
        session_for(
            request_with(&format!("Bearer {}", token(role, plan, soon()))),
            &[KEY.to_vec()],
        )
        .unwrap()
    }

    #[test]
    fn only_owners_and_managers_may_change() {
        for (role, allowed) in [
            ("owner", true),
            ("manager", true),
            ("staff", false),
            ("viewer", false),
        ] {
            let outcome = require_manager(&session(role, "pro"));
            assert_eq!(outcome.is_ok(), allowed, "{role}");
            assert!(allowed || outcome.unwrap_err().code() == ProblemCode::RoleNotAllowed);
        }
    }

    #[test]
    fn starter_plan_is_not_eligible() {
        assert!(require_paid_plan(&session("owner", "pro")).is_ok());
        assert!(require_paid_plan(&session("owner", "scale")).is_ok());
        let refused = require_paid_plan(&session("owner", "starter")).unwrap_err();
        assert_eq!(refused.code(), ProblemCode::PlanNotEligible);
    }

    const SECRET: &str = "a-scheduler-secret";

    fn is_scheduler(request: Builder) -> bool {
        with_call(request, "", |call| check_scheduler(call, SECRET).is_ok())
    }

    #[test]
    fn scheduler_secret_is_accepted_from_header_or_query() {
        assert!(is_scheduler(request_with("Bearer a-scheduler-secret")));
        assert!(is_scheduler(Request::post(
            "/v1/scheduled/sync?key=a-scheduler-secret"
        )));
    }

    #[test]
    fn wrong_scheduler_secret_is_refused() {
        for request in [
            Request::get("/v1/scheduled/sync"),
            Request::get("/v1/scheduled/sync?key="),
            Request::get("/v1/scheduled/sync?key=a-scheduler-secre"),
            Request::get("/v1/scheduled/sync?key=a-scheduler-secrets"),
            request_with("Bearer A-scheduler-secret"),
            request_with("Basic a-scheduler-secret"),
            request_with("Bearer wrong").uri("/v1/scheduled/sync?key=a-scheduler-secret"),
        ] {
            assert!(!is_scheduler(request));
        }
    }

    #[test]
    fn operator_secret_is_accepted_only_as_bearer() {
        let check = |request: Builder, secret: Option<&str>| {
            with_call(request, "", |call| {
                check_operator(call, secret).map_err(|problem| problem.code())
            })
        };
        let with_secret = || request_with("Bearer a-scheduler-secret");
        assert_eq!(check(with_secret(), Some(SECRET)), Ok(()));
        assert_eq!(check(with_secret(), None), Err(ProblemCode::NotFound));
        for request in [
            Request::get("/v1/operations/keys?key=a-scheduler-secret"),
            Request::get("/v1/operations/keys"),
            request_with("Bearer a-scheduler-secre"),
            request_with("Basic a-scheduler-secret"),
        ] {
            assert_eq!(check(request, Some(SECRET)), Err(ProblemCode::Unauthorized));
        }
    }

    fn secrets() -> SigningSecrets {
        SigningSecrets::parse(&format!("whsec_{}", STANDARD.encode([9; 24]))).unwrap()
    }

    fn event_with(body: &str, signature: &str) -> Result<SignedEvent, ProblemCode> {
        let request = Request::post("/v1/webhooks/billing")
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", now().as_second().to_string())
            .header("webhook-signature", signature);
        with_call(request, body, |call| {
            signed_event(call, &secrets()).map_err(|problem| problem.code())
        })
    }

    #[test]
    fn signed_event_keeps_its_bytes() {
        let body = "{\"type\" :\t\"x\"}";
        let signature = webhook::sign(&secrets(), "msg_1", now(), body.as_bytes());
        let event = event_with(body, &signature).unwrap();
        assert_eq!(
            (event.id.as_str(), &*event.body),
            ("msg_1", body.as_bytes())
        );
    }

    #[test]
    fn changed_event_is_refused() {
        let signature = webhook::sign(&secrets(), "msg_1", now(), b"{}");
        assert_eq!(
            event_with("{ }", &signature).unwrap_err(),
            ProblemCode::InvalidSignature
        );
        assert_eq!(
            event_with("{}", "").unwrap_err(),
            ProblemCode::InvalidSignature
        );
    }

    fn verified(tokens: &str, signature: Option<&str>) -> Result<(), ProblemCode> {
        let tokens = VerifierTokens::parse(tokens).unwrap();
        let request = Request::post("/v1/webhooks/quickbooks");
        let request = match signature {
            Some(signature) => request.header("intuit-signature", signature),
            None => request,
        };
        with_call(request, "[]", |call| {
            check_intuit_signature(call, &tokens).map_err(|problem| problem.code())
        })
    }

    #[test]
    fn any_verifier_token_verifies_an_intuit_delivery() {
        let (old, new) = ("verifier-token-1", "verifier-token-2");
        let mut mac = Hmac::<Sha256>::new_from_slice(new.as_bytes()).unwrap();
        mac.update(b"[]");
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        assert!(verified(new, Some(&signature)).is_ok());
        assert!(verified(&format!("{old} {new}"), Some(&signature)).is_ok());
        let refused = Err(ProblemCode::InvalidIntuitSignature);
        assert_eq!(verified(old, Some(&signature)), refused);
        assert_eq!(verified(new, Some("???")), refused);
        assert_eq!(verified(new, None), refused);
    }
}
