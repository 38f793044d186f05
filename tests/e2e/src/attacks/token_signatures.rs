//! Signatures of session tokens.

use super::Row;
use super::token_factory::{ATTACKERS_KEY, HS256, TokenFactory, status_request};
use crate::{get, send, start_deployment};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::Hmac;
use http::header::{AUTHORIZATION, COOKIE};
use http::request::Builder;
use serde_json::json;
use sha2::{Sha256, Sha384, Sha512};

/// Makes a request. The expected result is the HTTP status.
pub type Attempt = fn(&TokenFactory<'_>) -> Builder;

pub const ROWS: &[Row<Attempt, u16>] = &[
    Row {
        rule: "ASVS 9.1.1",
        attempt: "no token",
        action: |_| get("/v1/quickbooks/status"),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "an empty bearer token",
        action: |_| status_request(""),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token with another authorization scheme",
        action: |factory| {
            get("/v1/quickbooks/status")
                .header(AUTHORIZATION, format!("Basic {}", factory.valid_token()))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "the algorithm none",
        action: |factory| {
            status_request(&format!("{}.", factory.unsigned_token(r#"{"alg":"none"}"#)))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "the algorithm none, spelled None",
        action: |factory| {
            status_request(&format!("{}.", factory.unsigned_token(r#"{"alg":"None"}"#)))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "the algorithm none, spelled nOnE, with a signature",
        action: |factory| status_request(&factory.with_header(r#"{"alg":"nOnE"}"#)),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "an RSA token with an HMAC signature",
        action: |factory| status_request(&factory.with_header(r#"{"alg":"RS256"}"#)),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "an elliptic curve token with an HMAC signature",
        action: |factory| status_request(&factory.with_header(r#"{"alg":"ES256"}"#)),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "the right key with a longer hash",
        action: |factory| {
            status_request(
                &factory.token_signed_with::<Hmac<Sha384>>(r#"{"alg":"HS384"}"#, factory.key()),
            )
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "the right key with the longest hash",
        action: |factory| {
            status_request(
                &factory.token_signed_with::<Hmac<Sha512>>(r#"{"alg":"HS512"}"#, factory.key()),
            )
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "the right algorithm in lower case",
        action: |factory| status_request(&factory.with_header(r#"{"alg":"hs256"}"#)),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.2",
        attempt: "a critical extension that is unknown",
        action: |factory| {
            status_request(&factory.with_header(r#"{"alg":"HS256","crit":["exp"],"exp":1}"#))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.3",
        attempt: "a token with its own key",
        action: |factory| {
            let key = URL_SAFE_NO_PAD.encode(ATTACKERS_KEY);
            let header = format!(r#"{{"alg":"HS256","jwk":{{"kty":"oct","k":"{key}"}}}}"#);
            status_request(&factory.token_signed_with::<Hmac<Sha256>>(&header, ATTACKERS_KEY))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.3",
        attempt: "a token with the address of its key",
        action: |factory| {
            let header = r#"{"alg":"HS256","jku":"https://evil.example/keys","x5u":"https://evil.example/c"}"#;
            status_request(&factory.token_signed_with::<Hmac<Sha256>>(header, ATTACKERS_KEY))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.3",
        attempt: "a key id with the path of an empty file",
        action: |factory| {
            let header = r#"{"alg":"HS256","kid":"../../../../dev/null"}"#;
            status_request(&factory.token_signed_with::<Hmac<Sha256>>(header, b""))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.3",
        attempt: "a key id with SQL",
        action: |factory| {
            let header = r#"{"alg":"HS256","kid":"x' UNION SELECT 'a key of the attacker''s own, long enough"}"#;
            status_request(&factory.token_signed_with::<Hmac<Sha256>>(header, ATTACKERS_KEY))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.3",
        attempt: "a key id with SQL and a valid signature, which is ignored",
        action: |factory| {
            status_request(&factory.with_header(r#"{"alg":"HS256","kid":"x' UNION SELECT 'k"}"#))
        },
        expected: 200,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token signed with an attacker's key",
        action: |factory| {
            status_request(&factory.token_signed_with::<Hmac<Sha256>>(HS256, ATTACKERS_KEY))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token signed with the public default secret of a library",
        action: |factory| {
            status_request(&factory.token_signed_with::<Hmac<Sha256>>(HS256, b"secret"))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token without its signature",
        action: |factory| status_request(&factory.unsigned_token(HS256)),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token with an empty signature",
        action: |factory| status_request(&format!("{}.", factory.unsigned_token(HS256))),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "the claims of another firm with the signature of ours",
        action: |factory| {
            let (ours, theirs) = (
                factory.valid_token(),
                factory.with_claim("firm", json!("firm_b")),
            );
            let (signed, signature) = (
                theirs.rsplit_once('.').unwrap().0,
                ours.rsplit_once('.').unwrap().1,
            );
            status_request(&format!("{signed}.{signature}"))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "the first half of a signature",
        action: |factory| {
            let token = factory.valid_token();
            status_request(&token[..token.len() - 22])
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token with padding",
        action: |factory| status_request(&format!("{}=", factory.valid_token())),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a signature in the other base64 alphabet",
        action: |factory| {
            let token = factory.valid_token();
            let (signed, signature) = token.rsplit_once('.').unwrap();
            let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
            status_request(&format!("{signed}.{}", STANDARD.encode(bytes)))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token with a trailing dot",
        action: |factory| status_request(&format!("{}.", factory.valid_token())),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a token of five parts",
        action: |factory| status_request(&format!("{}.a.b", factory.valid_token())),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.1.1",
        attempt: "a forged token before a valid one, in two headers",
        action: |factory| {
            status_request(&factory.token_signed_with::<Hmac<Sha256>>(HS256, ATTACKERS_KEY))
                .header(AUTHORIZATION, format!("Bearer {}", factory.valid_token()))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 14.2.1",
        attempt: "a valid token in the address",
        action: |factory| {
            get(&format!(
                "/v1/quickbooks/status?access_token={}",
                factory.valid_token()
            ))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "a valid token in a cookie",
        action: |factory| {
            get("/v1/quickbooks/status")
                .header(COOKIE, format!("access_token={}", factory.valid_token()))
        },
        expected: 401,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn only_rivet_signed_session_token_is_accepted() {
    let deployment = start_deployment().await;
    for row in ROWS {
        let answer = send(&deployment, (row.action)(&TokenFactory(&deployment)), "").await;
        assert_eq!(answer.status, row.expected, "{}: {}", row.rule, row.attempt);
        let refused = if row.expected == 401 {
            "unauthorized"
        } else {
            ""
        };
        assert_eq!(answer.body["code"].as_str().unwrap_or_default(), refused);
    }
    assert_eq!(
        send(
            &deployment,
            status_request(&TokenFactory(&deployment).valid_token()),
            ""
        )
        .await
        .status,
        200
    );
}
