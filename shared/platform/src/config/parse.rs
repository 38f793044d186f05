//! What the variables' texts mean. Nothing here says anything of a value that is wrong: it may be a secret.

use crate::store::Keyring;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use billing::webhook::Secrets;
use http::Uri;
use quickbooks::webhook::VerifierTokens;
use url::Url;

/// Any text.
pub(super) fn text(value: &str) -> Result<String, &'static str> {
    Ok(value.to_owned())
}

/// `scheme://host[:port]` and nothing else.
pub(super) fn origin(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be scheme://host[:port] without a path";
    let uri = absolute(value).ok_or(SHAPE)?;
    if uri.path() != "/" || uri.query().is_some() || value.ends_with('/') {
        return Err(SHAPE);
    }
    Ok(value.to_owned())
}

/// An origin, or none if it names a host that cannot exist.
pub(super) fn notify_origin(value: &str) -> Result<Option<String>, &'static str> {
    let origin = origin(value)?;
    let host = absolute(value).and_then(|uri| uri.host().map(str::to_ascii_lowercase));
    let nowhere = host.is_some_and(|host| host == "invalid" || host.ends_with(".invalid"));
    Ok(Some(origin).filter(|_| !nowhere))
}

/// A URL to append paths to: no trailing slash, no query.
pub(super) fn base(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be an http or https URL without a trailing slash";
    let uri = absolute(value).ok_or(SHAPE)?;
    if uri.query().is_some() || value.ends_with('/') {
        return Err(SHAPE);
    }
    Ok(value.to_owned())
}

/// The URL of a page. Parameters are appended to it, which a fragment would swallow.
pub(super) fn page(value: &str) -> Result<String, &'static str> {
    absolute(value).ok_or("must be an http or https URL without a fragment")?;
    Ok(value.to_owned())
}

/// The same, taken apart.
pub(super) fn page_url(value: &str) -> Result<Url, &'static str> {
    let page = page(value)?;
    Url::parse(&page).map_err(|_| "must be an http or https URL without a fragment")
}

/// The origin of the URL of a page, as a browser sends it.
pub(super) fn origin_of(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be an http or https URL without a fragment";
    let uri = absolute(value).ok_or(SHAPE)?;
    let scheme = uri.scheme_str().ok_or(SHAPE)?;
    let authority = uri.authority().ok_or(SHAPE)?.as_str().to_ascii_lowercase();
    let port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(port).unwrap_or(&authority);
    Ok(format!("{scheme}://{authority}"))
}

/// Keys separated by spaces; RFC 7518 §3.2 wants at least 32 bytes for HS256.
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

/// `whsec_…`, separated by spaces.
pub(super) fn webhook_secrets(value: &str) -> Result<Secrets, &'static str> {
    Secrets::parse(value).map_err(|_| "must hold whsec_ secrets, separated by spaces")
}

/// Intuit's tokens, separated by spaces.
pub(super) fn verifier_tokens(value: &str) -> Result<VerifierTokens, &'static str> {
    const SHAPE: &str =
        "must hold verifier tokens of at least 16 plain characters, separated by spaces";
    VerifierTokens::parse(value).map_err(|_| SHAPE)
}

/// A bearer: an empty one would let everybody in.
pub(super) fn scheduler_secret(value: &str) -> Result<String, &'static str> {
    if value.is_empty() || value.contains(char::is_whitespace) {
        return Err("must be a text without spaces");
    }
    Ok(value.to_owned())
}

/// `id:base64(32 bytes)`, separated by commas; the first seals.
pub(super) fn token_keys(value: &str) -> Result<Keyring, &'static str> {
    const SHAPE: &str = "must hold id:base64(32 bytes) pairs, separated by commas";
    let keys: Vec<(String, [u8; 32])> = value
        .split(',')
        .map(|pair| token_key(pair.trim()))
        .collect::<Option<_>>()
        .ok_or(SHAPE)?;
    let mut ids = std::collections::BTreeSet::new();
    if !keys.iter().all(|(id, _)| ids.insert(id.as_str())) {
        return Err("must not name two keys alike");
    }
    Ok(Keyring::new(keys))
}

fn token_key(pair: &str) -> Option<(String, [u8; 32])> {
    let (id, key) = pair.split_once(':')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let named = (1..=32).contains(&id.len()) && id.bytes().all(plain);
    let key = STANDARD.decode(key).ok()?.try_into().ok()?;
    named.then(|| (id.to_owned(), key))
}

fn absolute(value: &str) -> Option<Uri> {
    let uri: Uri = value.parse().ok()?;
    let web = matches!(uri.scheme_str(), Some("http" | "https"));
    let host = uri.host().is_some_and(|host| !host.is_empty());
    let plain = !uri.authority()?.as_str().contains('@') && !value.contains('#');
    (web && host && plain).then_some(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_nothing_behind_them() {
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
    fn notifications_to_a_host_that_cannot_exist_are_off() {
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
    fn the_public_url_may_have_a_path_and_never_ends_in_a_slash() {
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
    fn a_page_may_have_a_query_and_no_fragment() {
        let good = "https://app.rivet.example/settings?tab=integrations";
        assert_eq!(page(good).as_deref(), Ok(good));
        assert!(page("https://app.rivet.example/#/settings").is_err());
    }

    #[test]
    fn the_origin_of_a_page_is_spelled_as_browsers_do() {
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
    fn session_keys_are_long_enough_each() {
        let (one, two) = ("a".repeat(32), "b".repeat(40));
        let keys = session_keys(&format!("{one}  {two}")).unwrap();
        assert_eq!(keys, [one.as_bytes(), two.as_bytes()]);
        assert!(session_keys(&format!("{one} short")).is_err());
    }

    #[test]
    fn webhook_secrets_are_standard_webhooks_own() {
        let secret = format!("whsec_{}", STANDARD.encode([7; 24]));
        assert!(webhook_secrets(&format!("{secret} {secret}")).is_ok());
        assert!(webhook_secrets(&secret[6..]).is_err());
    }

    #[test]
    fn verifier_tokens_are_long_enough_each() {
        let token = "88cd52aa-33b6-4351-9aa4-47572edbd068";
        assert!(verifier_tokens(token).is_ok());
        assert!(verifier_tokens(&format!("{token}  {token}")).is_ok());
        assert!(verifier_tokens(&format!("{token} short")).is_err());
    }

    #[test]
    fn an_empty_scheduler_secret_is_none() {
        assert!(scheduler_secret("0123456789abcdef").is_ok());
        assert!(scheduler_secret("").is_err());
        assert!(scheduler_secret("0123456789 abcdef").is_err());
    }

    #[test]
    fn token_keys_have_an_id_and_32_bytes_each() {
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
