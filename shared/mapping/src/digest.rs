//! Long and short digests of values.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// Crockford's Base 32 alphabet in lower case: it leaves out the letters that people mistake for digits.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Returns SHA-256 in lower-case hex over `domain`, a line feed and the value's JSON. Fields stand in the order of their declaration.
///
/// `domain` names the kind of value and the version of its shape. If the shape changes, the domain must change too: an old hash must
/// never match a value of another shape.
pub(crate) fn of(domain: &str, value: &impl Serialize) -> String {
    // Structs with text keys always serialize. If one ever does not, the hash must still differ from value to value.
    let content = serde_json::to_vec(value).unwrap_or_else(|error| error.to_string().into_bytes());
    let digest = Sha256::new()
        .chain_update(domain)
        .chain_update(b"\n")
        .chain_update(content)
        .finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns six letters and digits, 30 bits of SHA-256, that distinguish one long text from another.
pub(crate) fn short(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest
        .iter()
        .take(6)
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_digest_covers_domain_and_json() {
        insta::assert_snapshot!(of("domain 1", &["x"]), @"d56aa0e1bf2680eab8d3ebee6fb96a5a5b99a78225af087a3c879cf8e0ade38c");
    }

    #[test]
    fn equal_contents_differ_by_domain() {
        assert_ne!(of("plan 1", &"x"), of("plan 2", &"x"));
    }

    /// Document numbers in the books contain it.
    #[test]
    fn short_digest_is_stable() {
        assert_eq!([short("1042"), short("")].map(|text| text.len()), [6, 6]);
        insta::assert_snapshot!(short("2026-EASTSIDE-HOSPITAL"), @"qjcree");
    }
}
