//! Whether a delivery is Intuit's: `intuit-signature` is the HMAC-SHA256 of the body under the verifier token, in base64.
//!
//! Nothing that is signed names a time, so an old delivery stays valid for ever: only the ids of its events tell that it is old.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;

/// Intuit's tokens have 36 characters; a much shorter one is no token, and could be guessed.
const MIN_TOKEN_BYTES: usize = 16;

/// The verifier tokens that Intuit may sign with at this time: one, or two while one is being replaced. They belong to the app, not
/// to a company, and are used as the text that they are.
#[derive(Clone)]
pub struct VerifierTokens(pub(super) Vec<Vec<u8>>);

/// The text holds no token, or one that is malformed. Says nothing about it, as it may be a secret after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be Intuit's verifier token, at least 16 plain characters; several are separated by spaces"
)]
pub struct MalformedToken;

/// Why a delivery is not believed. Callers answer both alike, with 403; the difference is for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no signature, or it is not base64.
    #[error("the signature of the delivery is missing or malformed")]
    Malformed,
    /// It was not made with a token of ours, or not over this body.
    #[error("the signature of the delivery does not match")]
    Mismatch,
}

impl VerifierTokens {
    /// Reads tokens separated by white space.
    ///
    /// # Errors
    /// [`MalformedToken`], also if there is none.
    pub fn parse(text: &str) -> Result<Self, MalformedToken> {
        let sound = |token: &&str| {
            token.len() >= MIN_TOKEN_BYTES && token.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let tokens: Vec<&str> = text.split_whitespace().collect();
        if tokens.is_empty() || !tokens.iter().all(sound) {
            return Err(MalformedToken);
        }
        let bytes = tokens.iter().map(|token| token.as_bytes().to_vec());
        Ok(Self(bytes.collect()))
    }
}

impl fmt::Debug for VerifierTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierTokens({} redacted)", self.0.len())
    }
}

/// Believes a delivery if `signature`, the value of its header `intuit-signature`, was made over `body`, byte for byte as it came,
/// with one of `tokens`.
///
/// # Errors
/// [`SignatureError`]
pub fn verify(tokens: &VerifierTokens, signature: &str, body: &[u8]) -> Result<(), SignatureError> {
    let signature = STANDARD
        .decode(signature)
        .ok()
        .filter(|signature| !signature.is_empty())
        .ok_or(SignatureError::Malformed)?;
    let made_with = |token: &Vec<u8>| {
        let mac = Hmac::<Sha256>::new_from_slice(token).ok();
        // Compares in constant time, and takes no shortened signature.
        mac.is_some_and(|mac| mac.chain_update(body).verify_slice(&signature).is_ok())
    };
    if tokens.0.iter().any(made_with) {
        Ok(())
    } else {
        Err(SignatureError::Mismatch)
    }
}
