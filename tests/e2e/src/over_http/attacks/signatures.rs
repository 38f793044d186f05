//! Session tokens that are not signed as they should be.

use super::Row;
use super::mint::{ATTACKERS_KEY, HS256, Mint, bearer};
use crate::over_http::{get, send, start_deployment};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::Hmac;
use http::header::{AUTHORIZATION, COOKIE};
use http::request::Builder;
use serde_json::json;
use sha2::{Sha256, Sha384, Sha512};

/// A request for the firm's status, and the status that it is answered with.
pub type How = fn(&Mint<'_>) -> Builder;

pub const ROWS: &[Row<How, u16>] = &[
    Row {
        rule: "ASVS 9.1.1",
        attempt: "no token",
        how: |_| get("/v1/quickbooks/status"),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "an empty bearer",
        how: |_| bearer(""),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token under another scheme",
        how: |m| get("/v1/quickbooks/status").header(AUTHORIZATION, format!("Basic {}", m.sound())),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "a token that needs no signature",
        how: |m| bearer(&format!("{}.", m.unsigned(r#"{"alg":"none"}"#))),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "the same, spelled None",
        how: |m| bearer(&format!("{}.", m.unsigned(r#"{"alg":"None"}"#))),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "the same, spelled nOnE and signed all the same",
        how: |m| bearer(&m.under(r#"{"alg":"nOnE"}"#)),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "an RSA token whose signature is our HMAC",
        how: |m| bearer(&m.under(r#"{"alg":"RS256"}"#)),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "an elliptic one whose signature is our HMAC",
        how: |m| bearer(&m.under(r#"{"alg":"ES256"}"#)),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "the right key with a longer hash",
        how: |m| bearer(&m.signed::<Hmac<Sha384>>(r#"{"alg":"HS384"}"#, m.key())),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "the right key with the longest hash",
        how: |m| bearer(&m.signed::<Hmac<Sha512>>(r#"{"alg":"HS512"}"#, m.key())),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "the right algorithm in small letters",
        how: |m| bearer(&m.under(r#"{"alg":"hs256"}"#)),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "an extension that whoever reads the token must understand",
        how: |m| bearer(&m.under(r#"{"alg":"HS256","crit":["exp"],"exp":1}"#)),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.3",
        attempt: "a token that brings its own key",
        how: |m| {
            let key = URL_SAFE_NO_PAD.encode(ATTACKERS_KEY);
            let header = format!(r#"{{"alg":"HS256","jwk":{{"kty":"oct","k":"{key}"}}}}"#);
            bearer(&m.signed::<Hmac<Sha256>>(&header, ATTACKERS_KEY))
        },
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.3",
        attempt: "a token that says where its key is",
        how: |m| {
            let header = r#"{"alg":"HS256","jku":"https://evil.example/keys","x5u":"https://evil.example/c"}"#;
            bearer(&m.signed::<Hmac<Sha256>>(header, ATTACKERS_KEY))
        },
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.3",
        attempt: "a key id that names an empty file, and no key",
        how: |m| {
            let header = r#"{"alg":"HS256","kid":"../../../../dev/null"}"#;
            bearer(&m.signed::<Hmac<Sha256>>(header, b""))
        },
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.3",
        attempt: "a key id that would choose a key by SQL",
        how: |m| {
            let header = r#"{"alg":"HS256","kid":"x' UNION SELECT 'a key of the attacker''s own, long enough"}"#;
            bearer(&m.signed::<Hmac<Sha256>>(header, ATTACKERS_KEY))
        },
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.3",
        attempt: "the same key id under RIVET's signature: it is not followed, and does no harm",
        how: |m| bearer(&m.under(r#"{"alg":"HS256","kid":"x' UNION SELECT 'k"}"#)),
        expect: 200,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token signed with somebody else's key",
        how: |m| bearer(&m.signed::<Hmac<Sha256>>(HS256, ATTACKERS_KEY)),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token signed with the public default secret of a library",
        how: |m| bearer(&m.signed::<Hmac<Sha256>>(HS256, b"secret")),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token without its signature",
        how: |m| bearer(&m.unsigned(HS256)),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token with an empty signature",
        how: |m| bearer(&format!("{}.", m.unsigned(HS256))),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "another firm in a token, under the signature of ours",
        how: |m| {
            let (ours, theirs) = (m.sound(), m.with("firm", json!("firm_b")));
            let (signed, signature) = (
                theirs.rsplit_once('.').unwrap().0,
                ours.rsplit_once('.').unwrap().1,
            );
            bearer(&format!("{signed}.{signature}"))
        },
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "half a signature",
        how: |m| {
            let token = m.sound();
            bearer(&token[..token.len() - 22])
        },
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token with padding",
        how: |m| bearer(&format!("{}=", m.sound())),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a signature in the other alphabet",
        how: |m| {
            let token = m.sound();
            let (signed, signature) = token.rsplit_once('.').unwrap();
            let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
            bearer(&format!("{signed}.{}", STANDARD.encode(bytes)))
        },
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token with a dot behind it",
        how: |m| bearer(&format!("{}.", m.sound())),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token of five parts",
        how: |m| bearer(&format!("{}.a.b", m.sound())),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a forged token in front of a sound one, in two headers",
        how: |m| {
            bearer(&m.signed::<Hmac<Sha256>>(HS256, ATTACKERS_KEY))
                .header(AUTHORIZATION, format!("Bearer {}", m.sound()))
        },
        expect: 401,
    },
    Row {
        rule: "ASVS 14.2.1",
        attempt: "a sound token in the address",
        how: |m| get(&format!("/v1/quickbooks/status?access_token={}", m.sound())),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "a sound token in a cookie, which other sites' pages would bring along",
        how: |m| get("/v1/quickbooks/status").header(COOKIE, format!("access_token={}", m.sound())),
        expect: 401,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn only_rivet_signed_session_token_is_accepted() {
    let deployment = start_deployment().await;
    for row in ROWS {
        let told = send(&deployment, (row.how)(&Mint(&deployment)), "").await;
        assert_eq!(told.status, row.expect, "{}: {}", row.rule, row.attempt);
        let refused = if row.expect == 401 {
            "unauthorized"
        } else {
            ""
        };
        assert_eq!(told.body["code"].as_str().unwrap_or_default(), refused);
    }
    assert_eq!(
        send(&deployment, bearer(&Mint(&deployment).sound()), "")
            .await
            .status,
        200
    );
}
