//! Short and long fingerprints.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// Base 32 without the letters that are taken for digits.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// SHA-256 in hex over the value's JSON, whose fields stand in the order of their declaration.
///
/// `domain` names what is hashed and its version: a change of the shape must change the domain, so that a hash that
/// was handed out never comes to mean something else.
pub(crate) fn of(domain: &str, value: &impl Serialize) -> String {
    // Plain structs with text keys always serialize; should that ever change, the hash must still not be a constant.
    let content = serde_json::to_vec(value).unwrap_or_else(|error| error.to_string().into_bytes());
    let digest = Sha256::new()
        .chain_update(domain)
        .chain_update(b"\n")
        .chain_update(content)
        .finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Six letters and digits (30 bits) that tell one long text from another.
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
    fn the_long_form_is_sha_256_over_domain_and_json() {
        insta::assert_snapshot!(of("domain 1", &["x"]), @"d56aa0e1bf2680eab8d3ebee6fb96a5a5b99a78225af087a3c879cf8e0ade38c");
    }

    #[test]
    fn the_domain_tells_equal_contents_apart() {
        assert_ne!(of("plan 1", &"x"), of("plan 2", &"x"));
    }

    #[test]
    fn the_short_form_never_changes_because_numbers_in_the_books_are_made_of_it() {
        assert_eq!([short("1042"), short("")].map(|text| text.len()), [6, 6]);
        insta::assert_snapshot!(short("2026-EASTSIDE-HOSPITAL"), @"qjcree");
    }
}
