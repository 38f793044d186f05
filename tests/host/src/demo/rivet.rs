//! A simulated RIVET: it signs its users' sessions and its events.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use serde_json::json;
use sha2::Sha256;

/// RIVET with the secrets that it shares with the components.
#[derive(Clone, Debug)]
pub struct Rivet {
    /// The variable `rivet_session_secret`.
    pub session_secret: String,
    /// The key of the variable `rivet_webhook_secret`, decoded.
    pub webhook_key: Vec<u8>,
}

/// A user of RIVET.
#[derive(Clone, Copy, Debug)]
pub struct User {
    /// The user's id.
    pub id: &'static str,
    /// The user's name.
    pub name: &'static str,
    /// The role in the firm: `owner`, `manager`, `staff` or `viewer`.
    pub role: &'static str,
    /// The firm's plan: `starter`, `pro` or `scale`.
    pub plan: &'static str,
}

/// The owner of the sample firm.
pub const OWNER: User = User {
    id: "usr_17",
    name: "Dana R.",
    role: "owner",
    plan: "pro",
};

impl Rivet {
    /// Returns RIVET with fixed secrets that only the demo and tests use.
    pub fn of_the_demo() -> Self {
        Self {
            session_secret: "session-secret-of-the-demo-0123456789".into(),
            webhook_key: b"webhook-secret-of-the-demo".to_vec(),
        }
    }

    /// Returns the variable `rivet_webhook_secret`.
    pub fn webhook_secret(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&self.webhook_key))
    }

    /// Returns a session token of a firm's owner, valid for an hour (RFC 7519, HS256).
    pub fn session_token(&self, firm: &str, now: Timestamp) -> String {
        self.user_token(&OWNER, firm, now)
    }

    /// Returns a session token of a user of a firm, valid for an hour.
    pub fn user_token(&self, user: &User, firm: &str, now: Timestamp) -> String {
        let User {
            id,
            name,
            role,
            plan,
        } = user;
        let claims = json!({
            "iss": "rivet", "aud": "rivet-books", "sub": id, "name": name, "firm": firm,
            "role": role, "plan": plan, "exp": now.as_second() + 3600,
        });
        self.token(&claims.to_string())
    }

    /// Returns a session token with these claims.
    pub fn token(&self, claims: &str) -> String {
        self.token_with_header(r#"{"alg":"HS256","typ":"JWT"}"#, claims)
    }

    /// Returns a token with this header and these claims. The signature is valid, also if they are malformed.
    pub fn token_with_header(&self, header: &str, claims: &str) -> String {
        let (header, claims) = (
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims),
        );
        let signed = format!("{header}.{claims}");
        let signature = mac(self.session_secret.as_bytes(), &signed);
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Returns the headers of a signed event (Standard Webhooks).
    pub fn signature_headers(
        &self,
        id: &str,
        body: &str,
        now: Timestamp,
    ) -> [(&'static str, String); 3] {
        let at = now.as_second().to_string();
        [
            ("webhook-id", id.to_owned()),
            ("webhook-signature", self.signature(id, &at, body)),
            ("webhook-timestamp", at),
        ]
    }

    /// Returns the signature of an event or a notification. Both directions use the same key here.
    pub fn signature(&self, id: &str, at: &str, body: &str) -> String {
        let signature = mac(&self.webhook_key, &format!("{id}.{at}.{body}"));
        format!("v1,{}", STANDARD.encode(signature))
    }
}

fn mac(key: &[u8], message: &str) -> Vec<u8> {
    // HMAC accepts a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
