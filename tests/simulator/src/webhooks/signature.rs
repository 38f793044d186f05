use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// Returns the value of `intuit-signature`: HMAC-SHA-256 of the body under the verifier token, in Base64.
pub(super) fn sign(verifier_token: &str, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(verifier_token.as_bytes()) else {
        return String::new(); // never happens: HMAC takes keys of any length
    };
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Returns the `source` of CloudEvents: stable for an app, and opaque.
pub(super) fn cloud_event_source(client_id: &str) -> String {
    format!("intuit.{}", STANDARD.encode(Sha256::digest(client_id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signature_matches_published_test_case() {
        // RFC 4231, test case 2, in hexadecimal.
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let bytes = STANDARD
            .decode(sign("Jefe", b"what do ya want for nothing?"))
            .unwrap();
        let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hexadecimal, expected);
    }

    #[test]
    fn source_has_fixed_length_and_differs_by_app() {
        assert_eq!(cloud_event_source("app-id").len(), "intuit.".len() + 44);
        assert_ne!(cloud_event_source("app-id"), cloud_event_source("other"));
    }
}
