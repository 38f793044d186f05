//! Checks the signature of a delivery: the header `intuit-signature` is the HMAC-SHA256 (RFC 2104) of the body under the
//! verifier token, in base64 (Intuit: Webhooks).
//!
//! The signed text names no time, so the signature of an old delivery stays valid. Only the ids of its events show that it is
//! old.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;

/// The least bytes of a verifier token. Intuit's tokens have 36 characters; a much shorter one could be guessed.
const MIN_TOKEN_BYTES: usize = 16;

/// The verifier tokens that Intuit may sign with: one, or two while one replaces the other. A token belongs to the app, not to
/// a company. Its text is the key.
#[derive(Clone)]
pub struct VerifierTokens(pub(super) Vec<Vec<u8>>);

/// The error of a text that holds no verifier token, or a malformed one. It shows nothing of the text, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be Intuit's verifier token, at least 16 plain characters; several are separated by spaces"
)]
pub struct MalformedToken;

/// The reason why a delivery is rejected. Callers answer 403 to both; the difference is for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The signature is missing, or not base64.
    #[error("the signature of the delivery is missing or malformed")]
    Malformed,
    /// The signature was not made over this body with one of the tokens.
    #[error("the signature of the delivery does not match")]
    Mismatch,
}

impl VerifierTokens {
    /// Reads verifier tokens that are separated by white space.
    ///
    /// # Errors
    /// [`MalformedToken`] if there is no token, or a token is shorter than 16 bytes or not plain ASCII.
    pub fn parse(text: &str) -> Result<Self, MalformedToken> {
        let is_valid = |token: &&str| {
            token.len() >= MIN_TOKEN_BYTES && token.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let tokens: Vec<&str> = text.split_whitespace().collect();
        if tokens.is_empty() || !tokens.iter().all(is_valid) {
            return Err(MalformedToken);
        }
        let bytes = tokens.iter().map(|token| token.as_bytes().to_vec());
        Ok(Self(bytes.collect()))
    }
}

/// Shows the number of tokens only.
impl fmt::Debug for VerifierTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierTokens({} redacted)", self.0.len())
    }
}

/// Accepts a delivery if its signature was made over `body` with one of `tokens`.
///
/// `signature` is the value of the header `intuit-signature`. `body` is the body byte for byte as it was received.
///
/// # Errors
/// [`SignatureError`] if the signature is malformed or does not match.
pub fn verify(tokens: &VerifierTokens, signature: &str, body: &[u8]) -> Result<(), SignatureError> {
    let signature = STANDARD
        .decode(signature)
        .ok()
        .filter(|signature| !signature.is_empty())
        .ok_or(SignatureError::Malformed)?;
    let is_made_with = |token: &Vec<u8>| {
        let mac = Hmac::<Sha256>::new_from_slice(token).ok();
        // `verify_slice` compares in constant time, and rejects a shortened signature.
        mac.is_some_and(|mac| mac.chain_update(body).verify_slice(&signature).is_ok())
    };
    if tokens.0.iter().any(is_made_with) {
        Ok(())
    } else {
        Err(SignatureError::Mismatch)
    }
}
