//! Parsers of keys, secrets and tokens.

use crate::store::Keyring;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use billing::webhook::SigningSecrets;
use quickbooks::webhook::VerifierTokens;

/// Parses keys separated by spaces. A key for HS256 has at least 32 bytes (RFC 7518 section 3.2).
pub(in crate::config) fn session_keys(value: &str) -> Result<Vec<Vec<u8>>, &'static str> {
    let keys: Vec<Vec<u8>> = value
        .split_whitespace()
        .map(|key| key.as_bytes().to_vec())
        .collect();
    if keys.is_empty() || keys.iter().any(|key| key.len() < 32) {
        return Err("must hold keys of at least 32 bytes, separated by spaces");
    }
    Ok(keys)
}

/// Parses `whsec_…` secrets separated by spaces (Standard Webhooks).
pub(in crate::config) fn webhook_secrets(value: &str) -> Result<SigningSecrets, &'static str> {
    SigningSecrets::parse(value)
        .map_err(|_| "must hold whsec_ secrets of at least 24 bytes in base64, separated by spaces")
}

/// Parses Intuit's verifier tokens, separated by spaces.
pub(in crate::config) fn verifier_tokens(value: &str) -> Result<VerifierTokens, &'static str> {
    const SHAPE: &str =
        "must hold verifier tokens of at least 16 plain characters, separated by spaces";
    VerifierTokens::parse(value).map_err(|_| SHAPE)
}

/// Parses a bearer token. A short one could be guessed.
pub(in crate::config) fn bearer_secret(value: &str) -> Result<String, &'static str> {
    if value.len() < 16 || value.contains(char::is_whitespace) {
        return Err("must be a text of at least 16 characters without spaces");
    }
    Ok(value.to_owned())
}

/// Parses `id:base64(32 bytes)` pairs separated by commas. The first key seals.
pub(in crate::config) fn token_keys(value: &str) -> Result<Keyring, &'static str> {
    const SHAPE: &str = "must hold id:base64(32 bytes) pairs, separated by commas";
    let keys: Vec<(String, [u8; 32])> = value
        .split(',')
        .map(|pair| token_key(pair.trim()))
        .collect::<Option<_>>()
        .ok_or(SHAPE)?;
    let mut ids = std::collections::BTreeSet::new();
    if !keys.iter().all(|(id, _)| ids.insert(id.as_str())) {
        return Err("must not use a key id twice");
    }
    Ok(Keyring::new(keys))
}

fn token_key(pair: &str) -> Option<(String, [u8; 32])> {
    let (id, key) = pair.split_once(':')?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_valid_id = (1..=32).contains(&id.len()) && id.bytes().all(is_plain);
    let key = STANDARD.decode(key).ok()?.try_into().ok()?;
    is_valid_id.then(|| (id.to_owned(), key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_session_key_is_refused() {
        let (one, two) = ("a".repeat(32), "b".repeat(40));
        let keys = session_keys(&format!("{one}  {two}")).unwrap();
        assert_eq!(keys, [one.as_bytes(), two.as_bytes()]);
        assert!(session_keys(&format!("{one} short")).is_err());
        assert!(session_keys(" ").is_err());
    }

    #[test]
    fn webhook_secret_below_24_bytes_is_refused() {
        let secret = |length: usize| format!("whsec_{}", STANDARD.encode(vec![7; length]));
        assert!(webhook_secrets(&secret(24)).is_ok());
        assert!(webhook_secrets(&secret(23)).is_err());
        assert!(webhook_secrets(&format!("{} {}", secret(32), secret(23))).is_err());
    }

    #[test]
    fn webhook_secret_without_prefix_is_refused() {
        let secret = format!("whsec_{}", STANDARD.encode([7; 24]));
        assert!(webhook_secrets(&format!("{secret} {secret}")).is_ok());
        assert!(webhook_secrets(&secret[6..]).is_err());
    }

    #[test]
    fn short_verifier_token_is_refused() {
        let token = "88cd52aa-33b6-4351-9aa4-47572edbd068";
        assert!(verifier_tokens(token).is_ok());
        assert!(verifier_tokens(&format!("{token}  {token}")).is_ok());
        assert!(verifier_tokens(&format!("{token} short")).is_err());
    }

    #[test]
    fn short_bearer_secret_is_refused() {
        assert!(bearer_secret("0123456789abcdef").is_ok());
        for bad in ["", "0123456789abcde", "0123456789 abcdef"] {
            assert!(bearer_secret(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn token_key_has_id_and_32_bytes() {
        let key = |id: &str, length: usize| format!("{id}:{}", STANDARD.encode(vec![7; length]));
        assert!(token_keys(&key("k1", 32)).is_ok());
        assert!(token_keys(&format!("{}, {}", key("k2", 32), key("k1", 32))).is_ok());
        let twice = format!("{},{}", key("k1", 32), key("k1", 32));
        for bad in [
            &key("k1", 31),
            &key("k1", 33),
            &key("", 32),
            &key("a.b", 32),
            "k1",
            "k1:???",
            &twice,
            ",",
        ] {
            assert!(token_keys(bad).is_err(), "{bad}");
        }
    }
}
