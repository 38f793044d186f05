//! Parsers of the variables' texts. No error quotes a value, since the value may be a secret.

use crate::store::Keyring;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use billing::webhook::SigningSecrets;
use http::Uri;
use quickbooks::webhook::VerifierTokens;
use url::Url;

/// Accepts any text.
pub(super) fn text(value: &str) -> Result<String, &'static str> {
    Ok(value.to_owned())
}

/// Parses an origin: `scheme://host[:port]` and nothing else (RFC 6454 section 6.2).
pub(super) fn origin(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be scheme://host[:port] without a path";
    let uri = absolute(value).ok_or(SHAPE)?;
    if uri.path() != "/" || uri.query().is_some() || value.ends_with('/') {
        return Err(SHAPE);
    }
    Ok(value.to_owned())
}

/// Parses an origin. Returns `None` for a host under `.invalid`, which cannot exist (RFC 6761 section 6.4).
pub(super) fn notify_origin(value: &str) -> Result<Option<String>, &'static str> {
    let origin = origin(value)?;
    let host = absolute(value).and_then(|uri| uri.host().map(str::to_ascii_lowercase));
    let is_nowhere = host.is_some_and(|host| host == "invalid" || host.ends_with(".invalid"));
    Ok(Some(origin).filter(|_| !is_nowhere))
}

/// Parses a URL that paths are appended to: without a trailing slash, without a query.
pub(super) fn base(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be an http or https URL without a trailing slash";
    let uri = absolute(value).ok_or(SHAPE)?;
    if uri.query().is_some() || value.ends_with('/') {
        return Err(SHAPE);
    }
    Ok(value.to_owned())
}

/// Parses the URL of a page. Query parameters are appended to the URL, so it must not have a fragment.
pub(super) fn page(value: &str) -> Result<String, &'static str> {
    absolute(value).ok_or("must be an http or https URL without a fragment")?;
    Ok(value.to_owned())
}

/// Parses the URL of a page into its parts.
pub(super) fn page_url(value: &str) -> Result<Url, &'static str> {
    let page = page(value)?;
    Url::parse(&page).map_err(|_| "must be an http or https URL without a fragment")
}

/// Returns the origin of a page's URL as browsers send it: in lower case, without a default port.
pub(super) fn origin_of(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be an http or https URL without a fragment";
    let uri = absolute(value).ok_or(SHAPE)?;
    let scheme = uri.scheme_str().ok_or(SHAPE)?;
    let authority = uri.authority().ok_or(SHAPE)?.as_str().to_ascii_lowercase();
    let port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(port).unwrap_or(&authority);
    Ok(format!("{scheme}://{authority}"))
}

/// Parses keys separated by spaces. A key for HS256 has at least 32 bytes (RFC 7518 section 3.2).
pub(super) fn session_keys(value: &str) -> Result<Vec<Vec<u8>>, &'static str> {
    let keys: Vec<Vec<u8>> = value
        .split_whitespace()
        .map(|key| key.as_bytes().to_vec())
        .collect();
    if keys.iter().any(|key| key.len() < 32) {
        return Err("must hold keys of at least 32 bytes, separated by spaces");
    }
    Ok(keys)
}

/// Parses `whsec_…` secrets separated by spaces (Standard Webhooks).
pub(super) fn webhook_secrets(value: &str) -> Result<SigningSecrets, &'static str> {
    SigningSecrets::parse(value).map_err(|_| "must hold whsec_ secrets, separated by spaces")
}

/// Parses Intuit's verifier tokens, separated by spaces.
pub(super) fn verifier_tokens(value: &str) -> Result<VerifierTokens, &'static str> {
    const SHAPE: &str =
        "must hold verifier tokens of at least 16 plain characters, separated by spaces";
    VerifierTokens::parse(value).map_err(|_| SHAPE)
}

/// Parses a bearer token. An empty token would accept every caller.
pub(super) fn scheduler_secret(value: &str) -> Result<String, &'static str> {
    if value.is_empty() || value.contains(char::is_whitespace) {
        return Err("must be a text without spaces");
    }
    Ok(value.to_owned())
}

/// Parses `id:base64(32 bytes)` pairs separated by commas. The first key seals.
pub(super) fn token_keys(value: &str) -> Result<Keyring, &'static str> {
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

/// Parses an absolute http or https URL without user information and fragment.
fn absolute(value: &str) -> Option<Uri> {
    let uri: Uri = value.parse().ok()?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let has_host = uri.host().is_some_and(|host| !host.is_empty());
    let is_plain = !uri.authority()?.as_str().contains('@') && !value.contains('#');
    (is_web && has_host && is_plain).then_some(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_has_only_scheme_and_host() {
        for good in [
            "https://quickbooks.api.intuit.com",
            "http://127.0.0.1:4010",
            "http://[::1]:80",
        ] {
            assert_eq!(origin(good).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "quickbooks.api.intuit.com",
            "ftp://x",
            "https://",
            "https://x/",
            "https://x/v3",
            "https://x?y",
            "https://u:p@x",
            "https://x#y",
            "https://a b",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn notify_origin_under_invalid_is_off() {
        for off in [
            "https://notifications.invalid",
            "http://invalid:80",
            "https://A.INVALID",
        ] {
            assert_eq!(notify_origin(off), Ok(None), "{off}");
        }
        let on = "https://invalid.rivet.example";
        assert_eq!(notify_origin(on), Ok(Some(on.to_owned())));
        assert!(notify_origin("rivet.example").is_err());
    }

    #[test]
    fn base_url_may_have_path_without_slash() {
        for good in ["http://127.0.0.1:3000", "https://rivet.example/books"] {
            assert_eq!(base(good).as_deref(), Ok(good));
        }
        for bad in [
            "http://127.0.0.1:3000/",
            "https://x/books/",
            "https://x?y=1",
            "/books",
        ] {
            assert!(base(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn page_may_have_query_without_fragment() {
        let good = "https://app.rivet.example/settings?tab=integrations";
        assert_eq!(page(good).as_deref(), Ok(good));
        assert!(page("https://app.rivet.example/#/settings").is_err());
    }

    #[test]
    fn origin_of_page_is_spelled_as_browsers_do() {
        let origins = [
            (
                "https://app.rivet.example/settings",
                "https://app.rivet.example",
            ),
            (
                "https://App.Rivet.example:443/x",
                "https://app.rivet.example",
            ),
            ("http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
            ("http://localhost:80", "http://localhost"),
            ("https://localhost:80", "https://localhost:80"),
        ];
        for (page, origin) in origins {
            assert_eq!(origin_of(page).as_deref(), Ok(origin));
        }
    }

    #[test]
    fn short_session_key_is_refused() {
        let (one, two) = ("a".repeat(32), "b".repeat(40));
        let keys = session_keys(&format!("{one}  {two}")).unwrap();
        assert_eq!(keys, [one.as_bytes(), two.as_bytes()]);
        assert!(session_keys(&format!("{one} short")).is_err());
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
    fn empty_scheduler_secret_is_refused() {
        assert!(scheduler_secret("0123456789abcdef").is_ok());
        assert!(scheduler_secret("").is_err());
        assert!(scheduler_secret("0123456789 abcdef").is_err());
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
