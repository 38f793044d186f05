//! Signatures that are accepted and rejected.

use crate::webhook::{MalformedToken, SignatureError, VerifierTokens, verify};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

const TOKEN: &str = "5f1d4b9a-40b7-4c1c-9b5e-1d1f0d6c8e11";
const OTHER_TOKEN: &str = "0c8a7a53-6a4e-4a0f-8e57-9c1f5d2b7a90";
const BODY: &[u8] = br#"{"eventNotifications":[]}"#;

/// Returns the signature that Intuit makes.
pub(super) fn sign(token: &[u8], body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(token).unwrap();
    STANDARD.encode(mac.chain_update(body).finalize().into_bytes())
}

fn check(tokens: &str, signature: &str) -> Result<(), SignatureError> {
    verify(&VerifierTokens::parse(tokens).unwrap(), signature, BODY)
}

#[test]
fn token_text_is_the_hmac_key() {
    // Made with `openssl dgst -sha256 -hmac`.
    let signature = "TFlKNg6aNYP0afIXd04zPHzYa/f8Nbj2g34vlcKyr2I=";
    assert_eq!(sign(TOKEN.as_bytes(), BODY), signature);
    assert_eq!(check(TOKEN, signature), Ok(()));
}

#[test]
fn either_of_two_tokens_verifies() {
    let signature = sign(TOKEN.as_bytes(), BODY);
    for tokens in [
        format!("{TOKEN} {OTHER_TOKEN}"),
        format!(" {OTHER_TOKEN}\n{TOKEN} "),
    ] {
        assert_eq!(check(&tokens, &signature), Ok(()));
    }
    assert_eq!(
        check(OTHER_TOKEN, &signature),
        Err(SignatureError::Mismatch)
    );
}

#[test]
fn invalid_base64_signature_is_malformed() {
    let signature = sign(TOKEN.as_bytes(), BODY);
    let bare = signature.trim_end_matches('=');
    for signature in [
        "",
        "=",
        "sha256=",
        bare,
        &format!("{signature}, {signature}"),
        &format!(" {signature}"),
        "é",
    ] {
        assert_eq!(
            check(TOKEN, signature),
            Err(SignatureError::Malformed),
            "{signature}"
        );
    }
}

#[test]
fn signature_of_wrong_length_does_not_match() {
    let signature = STANDARD.decode(sign(TOKEN.as_bytes(), BODY)).unwrap();
    let hexadecimal: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    for wrong in [
        &signature[..16],
        &signature[..31],
        &[&signature[..], &[0]].concat(),
    ] {
        assert_eq!(
            check(TOKEN, &STANDARD.encode(wrong)),
            Err(SignatureError::Mismatch)
        );
    }
    assert_eq!(check(TOKEN, &hexadecimal), Err(SignatureError::Mismatch));
}

#[test]
fn text_without_valid_tokens_is_refused() {
    for text in [
        "",
        " ",
        "short",
        "5f1d4b9a-40b7-4c1c-9b5e-1d1f0d6c8e1é",
        &format!("{TOKEN} x"),
        &format!("{TOKEN}\u{1}"),
    ] {
        assert_eq!(
            VerifierTokens::parse(text).err(),
            Some(MalformedToken),
            "{text}"
        );
    }
}

#[test]
fn tokens_are_hidden_in_debug() {
    let tokens = VerifierTokens::parse(&format!("{TOKEN} {OTHER_TOKEN}")).unwrap();
    assert_eq!(format!("{tokens:?}"), "VerifierTokens(2 redacted)");
}

#[test]
fn wycheproof_vectors_hold() {
    let bytes = |text: &str| -> Vec<u8> {
        let pairs = (0..text.trim_start_matches('-').len()).step_by(2);
        pairs
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    };
    let vectors = include_str!("../../../../../tests/fixtures/wycheproof/hmac_sha256.txt");
    let mut accepted = 0;
    for vector in vectors.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = vector.split(' ').collect();
        let [number, key, message, tag, result] = parts[..] else {
            panic!("{vector}");
        };
        let (tokens, tag) = (VerifierTokens(vec![bytes(key)]), bytes(tag));
        let verified = verify(&tokens, &STANDARD.encode(&tag), &bytes(message));
        let expected = result == "valid" && tag.len() == 32;
        assert_eq!(verified.is_ok(), expected, "vector {number}");
        accepted += usize::from(expected);
    }
    assert_eq!(accepted, 33);
}
