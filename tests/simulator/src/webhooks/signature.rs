use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// `intuit-signature`: the HMAC with SHA-256 of the body's bytes under the verifier token's, in Base64.
pub(super) fn sign(verifier_token: &str, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(verifier_token.as_bytes()) else {
        return String::new(); // keys of any length are taken
    };
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// What CloudEvents give as their `source`: stable for an app, and nothing can be told from it.
pub(super) fn source(client_id: &str) -> String {
    format!("intuit.{}", STANDARD.encode(Sha256::digest(client_id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_published_one() {
        // RFC 4231, test case 2, where it is hexadecimal.
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let bytes = STANDARD
            .decode(sign("Jefe", b"what do ya want for nothing?"))
            .unwrap();
        let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hexadecimal, expected);
    }

    #[test]
    fn the_source_is_forty_four_letters_behind_the_name() {
        assert_eq!(source("app-id").len(), "intuit.".len() + 44);
        assert_ne!(source("app-id"), source("other"));
    }
}
