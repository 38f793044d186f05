//! Session tokens of RIVET, and forged ones.

use crate::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use host::demo::local_deployment::LocalDeployment;
use http::header::AUTHORIZATION;
use http::request::Builder;
use serde_json::{Value, json};

/// Makes valid and forged session tokens.
pub struct TokenFactory<'a>(pub &'a LocalDeployment);

/// The header of a valid token.
pub const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
pub const ATTACKERS_KEY: &[u8] = b"a key of the attacker's own, long enough";

impl TokenFactory<'_> {
    /// Returns the claims of a valid token.
    pub fn claims(&self) -> Value {
        json!({ "iss": "rivet", "aud": "rivet-books", "sub": "usr_1", "firm": "firm_a", "role": "owner",
                "plan": "pro", "exp": self.now() + 300 })
    }

    pub fn now(&self) -> i64 {
        self.0.now().as_second()
    }

    /// Returns a token that RIVET signed, with one claim changed.
    pub fn with_claim(&self, claim: &str, value: Value) -> String {
        let mut claims = self.claims();
        claims[claim] = value;
        self.0.rivet.token(&claims.to_string())
    }

    /// Returns a token that RIVET signed, without one claim.
    pub fn without_claim(&self, claim: &str) -> String {
        let mut claims = self.claims();
        claims.as_object_mut().unwrap().remove(claim);
        self.0.rivet.token(&claims.to_string())
    }

    /// Returns a token with this header. The signature is always HS256 with RIVET's key.
    pub fn with_header(&self, header: &str) -> String {
        self.0
            .rivet
            .token_with_header(header, &self.claims().to_string())
    }

    /// Returns a valid token.
    pub fn valid_token(&self) -> String {
        self.with_header(HS256)
    }

    /// Returns a token without its signature.
    pub fn unsigned_token(&self, header: &str) -> String {
        format!("{}.{}", encode(header), encode(&self.claims().to_string()))
    }

    /// Returns a token that is signed with this algorithm and key.
    pub fn token_signed_with<M: Mac + hmac::digest::KeyInit>(
        &self,
        header: &str,
        key: &[u8],
    ) -> String {
        let unsigned = self.unsigned_token(header);
        let mac = <M as Mac>::new_from_slice(key)
            .unwrap()
            .chain_update(&unsigned);
        format!(
            "{unsigned}.{}",
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        )
    }

    /// Returns RIVET's key.
    pub fn key(&self) -> &[u8] {
        self.0.rivet.session_secret.as_bytes()
    }
}

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Returns a request for the status page with this session token.
pub fn status_request(token: &str) -> Builder {
    get("/v1/quickbooks/status").header(AUTHORIZATION, format!("Bearer {token}"))
}
