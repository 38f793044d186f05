//! Randomness as an argument: a caller draws 32 bytes once, and every random value follows from them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// A stream of unpredictable values grown from one random seed.
///
/// Each draw is SHA-256 of the seed and a counter, so a request needs the system's generator once and
/// a test that fixes the seed sees the same values every time.
pub struct Entropy {
    seed: [u8; 32],
    drawn: u64,
}

impl Entropy {
    /// Starts a stream. The seed must come from a cryptographic generator outside tests.
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed, drawn: 0 }
    }

    /// Draws a fresh 128-bit value as 22 characters that are safe in URLs, cookies and keys.
    pub fn token(&mut self) -> String {
        URL_SAFE_NO_PAD.encode(&self.block()[..16])
    }

    /// Splits off a separate stream, for a part of a run that keeps its own.
    pub fn split(&mut self) -> Self {
        Self::new(self.block())
    }

    /// Draws a fresh 192-bit value, the nonce size of XChaCha20-Poly1305.
    pub fn nonce(&mut self) -> [u8; 24] {
        let block = self.block();
        std::array::from_fn(|at| block[at])
    }

    fn block(&mut self) -> [u8; 32] {
        self.drawn += 1;
        Sha256::new()
            .chain_update(self.seed)
            .chain_update(self.drawn.to_be_bytes())
            .finalize()
            .into()
    }
}

/// Returns the SHA-256 of a text as 43 URL-safe characters. The store keeps it in place of a value that must not be readable.
pub fn digest(text: &str) -> String {
    digest_of(text.as_bytes())
}

/// Returns the SHA-256 of bytes as 43 URL-safe characters.
pub fn digest_of(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_determines_sequence_of_distinct_tokens() {
        let draw = |seed| {
            let mut entropy = Entropy::new([seed; 32]);
            (0..100)
                .map(|_| entropy.token())
                .collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_eq!(draw(1).len(), 100);
        assert!(draw(1).is_disjoint(&draw(2)));
    }

    #[test]
    fn random_token_has_22_url_safe_characters() {
        let token = Entropy::new([7; 32]).token();
        assert_eq!(token.len(), 22);
        assert!(
            token
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        );
    }

    #[test]
    fn split_entropy_differs_from_parent() {
        let mut parent = Entropy::new([3; 32]);
        let mut child = parent.split();
        assert_ne!(parent.token(), child.token());
    }
}
