//! Session tokens as RIVET makes them, and as others would like to.

use crate::over_http::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use host::demo::local_deployment::LocalDeployment;
use http::header::AUTHORIZATION;
use http::request::Builder;
use serde_json::{Value, json};

/// Whoever makes tokens: RIVET, or somebody with RIVET's tokens in hand.
pub struct Mint<'a>(pub &'a LocalDeployment);

pub const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
pub const ATTACKERS_KEY: &[u8] = b"a key of the attacker's own, long enough";

impl Mint<'_> {
    pub fn claims(&self) -> Value {
        json!({ "iss": "rivet", "aud": "rivet-books", "sub": "usr_1", "firm": "firm_a", "role": "owner",
                "plan": "pro", "exp": self.now() + 300 })
    }

    pub fn now(&self) -> i64 {
        self.0.now().as_second()
    }

    /// RIVET's own token with a claim changed, or taken out.
    pub fn with(&self, claim: &str, value: Value) -> String {
        let mut claims = self.claims();
        claims[claim] = value;
        self.0.rivet.token(&claims.to_string())
    }

    pub fn without(&self, claim: &str) -> String {
        let mut claims = self.claims();
        claims.as_object_mut().unwrap().remove(claim);
        self.0.rivet.token(&claims.to_string())
    }

    /// Signed as RIVET signs, whatever the header says.
    pub fn under(&self, header: &str) -> String {
        self.0
            .rivet
            .token_with_header(header, &self.claims().to_string())
    }

    pub fn sound(&self) -> String {
        self.under(HS256)
    }

    /// Everything but the signature.
    pub fn unsigned(&self, header: &str) -> String {
        format!("{}.{}", coded(header), coded(&self.claims().to_string()))
    }

    /// Signed with somebody else's key, or with RIVET's in another way.
    pub fn signed<M: Mac + hmac::digest::KeyInit>(&self, header: &str, key: &[u8]) -> String {
        let unsigned = self.unsigned(header);
        let mac = <M as Mac>::new_from_slice(key)
            .unwrap()
            .chain_update(&unsigned);
        format!(
            "{unsigned}.{}",
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        )
    }

    pub fn key(&self) -> &[u8] {
        self.0.rivet.session_secret.as_bytes()
    }
}

fn coded(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A request for the status of whatever firm the token names.
pub fn bearer(token: &str) -> Builder {
    get("/v1/quickbooks/status").header(AUTHORIZATION, format!("Bearer {token}"))
}
