//! Who is calling: a person of a firm, RIVET's billing back end, the scheduler, or Intuit.

use crate::call::Call;
use crate::config;
use crate::problem::Problem;
use billing::session::{self, Session, SessionError};
use billing::webhook::{self, Delivery, Secrets};
use billing::{Plan, Role};
use bytes::Bytes;
use quickbooks::webhook::{VerifierTokens, verify};
use subtle::ConstantTimeEq;

/// An event that RIVET really sent, not yet read.
#[derive(Clone, Debug)]
pub struct SignedEvent {
    /// The `webhook-id`: the same for every delivery of the event.
    pub id: String,
    /// The body, byte for byte.
    pub body: Bytes,
}

impl Call<'_> {
    /// The session of the person who calls.
    ///
    /// # Errors
    /// `unauthorized` without a valid token, `misconfigured` without keys.
    pub async fn session(&self) -> Result<Session, Problem> {
        let keys = config::session_keys().await?;
        let session = session_of(self, &keys)?;
        self.concerns(&session.firm);
        Ok(session)
    }

    /// Lets the scheduler pass, which shows its secret as a bearer or, if it can set no header, as `?key=`.
    ///
    /// # Errors
    /// `unauthorized` without the secret, `misconfigured` if there is none.
    pub async fn scheduler(&self) -> Result<(), Problem> {
        let secret = config::scheduler_secret().await?;
        scheduler_of(self, &secret)
    }

    /// The event that RIVET signed.
    ///
    /// # Errors
    /// `invalid_signature` if it did not, `misconfigured` without secrets.
    pub async fn rivet_event(&self) -> Result<SignedEvent, Problem> {
        let secrets = config::webhook_secrets().await?;
        event_of(self, &secrets)
    }

    /// Lets a delivery pass whose body Intuit signed.
    ///
    /// # Errors
    /// `invalid_intuit_signature` if it did not, `misconfigured` without a verifier token.
    pub async fn intuit_delivery(&self) -> Result<(), Problem> {
        let tokens = config::verifier_tokens().await?;
        delivery_of(self, &tokens)
    }
}

/// What a session is allowed to do.
pub trait Permissions {
    /// Only owners and managers may change something.
    ///
    /// # Errors
    /// `role_not_allowed`
    fn require_manager(&self) -> Result<(), Problem>;

    /// Only the Pro and Scale plans have the accounting bridge.
    ///
    /// # Errors
    /// `plan_not_eligible`
    fn require_paid_plan(&self) -> Result<(), Problem>;
}

impl Permissions for Session {
    fn require_manager(&self) -> Result<(), Problem> {
        match self.role {
            Role::Owner | Role::Manager => Ok(()),
            Role::Staff | Role::Viewer => Err(Problem::role_not_allowed(self.role)),
        }
    }

    fn require_paid_plan(&self) -> Result<(), Problem> {
        match self.plan {
            Plan::Pro | Plan::Scale => Ok(()),
            Plan::Starter => Err(Problem::plan_not_eligible(self.plan)),
        }
    }
}

fn session_of(call: &Call<'_>, keys: &[Vec<u8>]) -> Result<Session, Problem> {
    let token = bearer(call)
        .ok_or_else(|| Problem::unauthorized("Send a RIVET session token as a bearer."))?;
    let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
    session::verify(token, &keys, call.now).map_err(|error| match error {
        SessionError::Expired => {
            Problem::unauthorized("The session has expired. Sign in to RIVET again.")
        }
        SessionError::Invalid => Problem::unauthorized("The session token is not valid."),
        SessionError::WeakKey => Problem::misconfigured("rivet_session_secret", "is too short"),
    })
}

fn scheduler_of(call: &Call<'_>, secret: &str) -> Result<(), Problem> {
    let by_query = call.query("key");
    let shown = bearer(call).or(by_query.as_deref()).unwrap_or_default();
    if bool::from(shown.as_bytes().ct_eq(secret.as_bytes())) {
        Ok(())
    } else {
        Err(Problem::unauthorized(
            "Send the scheduler's secret as a bearer.",
        ))
    }
}

fn event_of(call: &Call<'_>, secrets: &Secrets) -> Result<SignedEvent, Problem> {
    let header = |name| call.header(name).unwrap_or_default();
    let delivery = Delivery {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body: &call.body,
    };
    webhook::verify(secrets, &delivery, call.now).map_err(|error| {
        Problem::invalid_signature("The event is not signed as it should be.")
            .because(error.to_string())
    })?;
    Ok(SignedEvent {
        id: delivery.id.to_owned(),
        body: call.body.clone(),
    })
}

fn delivery_of(call: &Call<'_>, tokens: &VerifierTokens) -> Result<(), Problem> {
    let signature = call.header("intuit-signature").unwrap_or_default();
    verify(tokens, signature, &call.body)
        .map_err(|error| Problem::invalid_intuit_signature().because(error.to_string()))
}

/// RFC 6750 §2.1; the scheme is compared whatever its case (RFC 9110 §11.1).
fn bearer<'a>(call: &'a Call<'_>) -> Option<&'a str> {
    let (scheme, token) = call.header("authorization")?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::tests::{NOW, with};
    use crate::problem::Code;
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

    fn called(authorization: &str) -> Builder {
        Request::get("/v1/quickbooks/status").header("authorization", authorization)
    }

    fn opened(request: Builder, keys: &[Vec<u8>]) -> Result<Session, Code> {
        with(request, "", |call| {
            session_of(call, keys).map_err(|problem| problem.code())
        })
    }

    #[test]
    fn a_bearer_opens_a_session_whatever_the_case_of_its_scheme() {
        let token = token("manager", "pro", soon());
        for scheme in ["Bearer", "bearer", "BEARER "] {
            let session = opened(called(&format!("{scheme} {token}")), &[KEY.to_vec()]).unwrap();
            assert_eq!(session.firm.to_string(), "frm_1");
        }
    }

    #[test]
    fn any_of_several_keys_opens_a_session_while_they_rotate() {
        let request = called(&format!("Bearer {}", token("owner", "scale", soon())));
        assert!(opened(request, &[vec![7; 32], KEY.to_vec()]).is_ok());
    }

    #[test]
    fn without_a_valid_bearer_there_is_no_session() {
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
                opened(called(header), &keys),
                Err(Code::Unauthorized),
                "{header}"
            );
        }
        assert_eq!(opened(Request::get("/x"), &keys), Err(Code::Unauthorized));
    }

    #[test]
    fn an_expired_session_says_so() {
        let token = token("owner", "pro", now().as_second() - 120);
        with(called(&format!("Bearer {token}")), "", |call| {
            let problem = session_of(call, &[KEY.to_vec()]).unwrap_err();
            let response = problem.into_answer("r").finish().unwrap();
            assert_eq!(response.headers()["www-authenticate"], "Bearer");
            assert!(String::from_utf8_lossy(response.body()).contains("expired"));
        });
    }

    #[test]
    fn a_weak_key_is_the_operators_fault() {
        let request = called(&format!("Bearer {}", token("owner", "pro", soon())));
        assert_eq!(
            opened(request, &[b"short".to_vec()]),
            Err(Code::Misconfigured)
        );
    }

    fn session(role: &str, plan: &str) -> Session {
        opened(
            called(&format!("Bearer {}", token(role, plan, soon()))),
            &[KEY.to_vec()],
        )
        .unwrap()
    }

    #[test]
    fn only_owners_and_managers_may_touch() {
        for (role, allowed) in [
            ("owner", true),
            ("manager", true),
            ("staff", false),
            ("viewer", false),
        ] {
            let outcome = session(role, "pro").require_manager();
            assert_eq!(outcome.is_ok(), allowed, "{role}");
            assert!(allowed || outcome.unwrap_err().code() == Code::RoleNotAllowed);
        }
    }

    #[test]
    fn only_pro_and_scale_have_the_bridge() {
        assert!(session("owner", "pro").require_paid_plan().is_ok());
        assert!(session("owner", "scale").require_paid_plan().is_ok());
        let refused = session("owner", "starter").require_paid_plan().unwrap_err();
        assert_eq!(refused.code(), Code::PlanNotEligible);
    }

    const SECRET: &str = "a-scheduler-secret";

    fn scheduled(request: Builder) -> bool {
        with(request, "", |call| scheduler_of(call, SECRET).is_ok())
    }

    #[test]
    fn the_scheduler_shows_its_secret_in_a_header_or_in_the_query() {
        assert!(scheduled(called("Bearer a-scheduler-secret")));
        assert!(scheduled(Request::post(
            "/v1/scheduled/sync?key=a-scheduler-secret"
        )));
    }

    #[test]
    fn nobody_else_passes_as_the_scheduler() {
        for request in [
            Request::get("/v1/scheduled/sync"),
            Request::get("/v1/scheduled/sync?key="),
            Request::get("/v1/scheduled/sync?key=a-scheduler-secre"),
            Request::get("/v1/scheduled/sync?key=a-scheduler-secrets"),
            called("Bearer A-scheduler-secret"),
            called("Basic a-scheduler-secret"),
            called("Bearer wrong").uri("/v1/scheduled/sync?key=a-scheduler-secret"),
        ] {
            assert!(!scheduled(request));
        }
    }

    fn secrets() -> Secrets {
        Secrets::parse(&format!("whsec_{}", STANDARD.encode([9; 24]))).unwrap()
    }

    fn event(body: &str, signature: &str) -> Result<SignedEvent, Code> {
        let request = Request::post("/v1/webhooks/billing")
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", now().as_second().to_string())
            .header("webhook-signature", signature);
        with(request, body, |call| {
            event_of(call, &secrets()).map_err(|problem| problem.code())
        })
    }

    #[test]
    fn an_event_that_is_signed_is_handed_on_byte_for_byte() {
        let body = "{\"type\" :\t\"x\"}";
        let signature = webhook::sign(&secrets(), "msg_1", now(), body.as_bytes());
        let event = event(body, &signature).unwrap();
        assert_eq!(
            (event.id.as_str(), &*event.body),
            ("msg_1", body.as_bytes())
        );
    }

    #[test]
    fn an_event_that_was_changed_on_its_way_is_refused() {
        let signature = webhook::sign(&secrets(), "msg_1", now(), b"{}");
        assert_eq!(
            event("{ }", &signature).unwrap_err(),
            Code::InvalidSignature
        );
        assert_eq!(event("{}", "").unwrap_err(), Code::InvalidSignature);
    }

    fn delivered(tokens: &str, signature: Option<&str>) -> Result<(), Code> {
        let tokens = VerifierTokens::parse(tokens).unwrap();
        let request = Request::post("/v1/webhooks/quickbooks");
        let request = match signature {
            Some(signature) => request.header("intuit-signature", signature),
            None => request,
        };
        with(request, "[]", |call| {
            delivery_of(call, &tokens).map_err(|problem| problem.code())
        })
    }

    #[test]
    fn a_delivery_of_intuits_is_signed_with_one_of_its_tokens() {
        let (old, new) = ("verifier-token-1", "verifier-token-2");
        let mut mac = Hmac::<Sha256>::new_from_slice(new.as_bytes()).unwrap();
        mac.update(b"[]");
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        assert!(delivered(new, Some(&signature)).is_ok());
        assert!(delivered(&format!("{old} {new}"), Some(&signature)).is_ok());
        let refused = Err(Code::InvalidIntuitSignature);
        assert_eq!(delivered(old, Some(&signature)), refused);
        assert_eq!(delivered(new, Some("???")), refused);
        assert_eq!(delivered(new, None), refused);
    }
}
