//! Parsers of origins and of the URLs of pages.

use ::url::Url;
use http::Uri;
use std::net::IpAddr;

/// The problem of a URL that sends secrets in plain text through a network.
const PLAIN_TEXT: &str = "must be https, unless the host is this machine";

/// Parses an origin: `scheme://host[:port]` and nothing else (RFC 6454 section 6.2).
pub(in crate::config) fn origin(value: &str) -> Result<String, &'static str> {
    let origin = any_origin(value)?;
    protected(value)?;
    Ok(origin)
}

/// Parses an origin that nobody may ever call.
fn any_origin(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be scheme://host[:port] without a path";
    let uri = absolute(value).ok_or(SHAPE)?;
    if uri.path() != "/" || uri.query().is_some() || value.ends_with('/') {
        return Err(SHAPE);
    }
    Ok(value.to_owned())
}

/// Parses an origin. Returns `None` for a host under `.invalid`, which cannot exist (RFC 6761 section 6.4).
pub(in crate::config) fn notify_origin(value: &str) -> Result<Option<String>, &'static str> {
    let origin = any_origin(value)?;
    let host = absolute(value).and_then(|uri| uri.host().map(str::to_ascii_lowercase));
    let is_nowhere = host.is_some_and(|host| host == "invalid" || host.ends_with(".invalid"));
    if is_nowhere {
        return Ok(None);
    }
    protected(value)?;
    Ok(Some(origin))
}

/// Parses a URL that paths are appended to: without a trailing slash, without a query.
pub(in crate::config) fn base(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be an http or https URL without a trailing slash";
    let uri = absolute(value).ok_or(SHAPE)?;
    if uri.query().is_some() || value.ends_with('/') {
        return Err(SHAPE);
    }
    protected(value)?;
    Ok(value.to_owned())
}

/// Parses the URL of a page. Query parameters are appended to the URL, so it must not have a fragment.
pub(in crate::config) fn page(value: &str) -> Result<String, &'static str> {
    absolute(value).ok_or("must be an http or https URL without a fragment")?;
    protected(value)?;
    Ok(value.to_owned())
}

/// Parses the URL of a page into its parts.
pub(in crate::config) fn page_url(value: &str) -> Result<Url, &'static str> {
    let page = page(value)?;
    Url::parse(&page).map_err(|_| "must be an http or https URL without a fragment")
}

/// Returns the origin of a page's URL as browsers send it: in lower case, without a default port.
pub(in crate::config) fn origin_of(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be an http or https URL without a fragment";
    let uri = absolute(value).ok_or(SHAPE)?;
    protected(value)?;
    let scheme = uri.scheme_str().ok_or(SHAPE)?;
    let authority = uri.authority().ok_or(SHAPE)?.as_str().to_ascii_lowercase();
    let port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(port).unwrap_or(&authority);
    Ok(format!("{scheme}://{authority}"))
}

/// Returns whether a URL is reached by https.
pub(in crate::config) fn is_https(url: &str) -> bool {
    absolute(url).is_some_and(|uri| uri.scheme_str() == Some("https"))
}

/// Checks that no network sees what is sent to a URL: its scheme is https, or its host is this machine (RFC 8252 section 7.3 for
/// loopback addresses, RFC 6761 section 6.3 for `localhost`).
fn protected(url: &str) -> Result<(), &'static str> {
    let host = absolute(url).and_then(|uri| uri.host().map(str::to_ascii_lowercase));
    let host = host.unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    let is_loopback = address.is_ok_and(|address: IpAddr| address.is_loopback())
        || host == "localhost"
        || host.ends_with(".localhost");
    if is_https(url) || is_loopback {
        Ok(())
    } else {
        Err(PLAIN_TEXT)
    }
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
    fn plain_http_is_for_this_machine() {
        for good in [
            "https://books.example.com",
            "HTTPS://books.example.com",
            "http://127.0.0.1:3000",
            "http://127.1.2.3",
            "http://[::1]:3000",
            "http://LOCALHOST:3000",
            "http://app.localhost",
        ] {
            assert!(origin(good).is_ok(), "{good}");
            assert!(notify_origin(good).is_ok(), "{good}");
            assert!(base(good).is_ok() && page(good).is_ok(), "{good}");
            assert!(origin_of(good).is_ok(), "{good}");
        }
        for plain in [
            "http://books.example.com",
            "http://10.0.0.8:3000",
            "http://0.0.0.0:3000",
            "http://[::2]",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://notlocalhost",
        ] {
            assert_eq!(origin(plain), Err(PLAIN_TEXT), "{plain}");
            assert_eq!(notify_origin(plain), Err(PLAIN_TEXT), "{plain}");
            assert_eq!(base(plain), Err(PLAIN_TEXT), "{plain}");
            assert_eq!(page(plain), Err(PLAIN_TEXT), "{plain}");
            assert_eq!(origin_of(plain), Err(PLAIN_TEXT), "{plain}");
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
}
