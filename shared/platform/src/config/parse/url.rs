//! Parsers of origins and of the URLs of pages.

use ::url::Url;
use http::Uri;

/// Parses an origin: `scheme://host[:port]` and nothing else (RFC 6454 section 6.2).
pub(in crate::config) fn origin(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be scheme://host[:port] without a path";
    let uri = absolute(value).ok_or(SHAPE)?;
    if uri.path() != "/" || uri.query().is_some() || value.ends_with('/') {
        return Err(SHAPE);
    }
    Ok(value.to_owned())
}

/// Parses an origin. Returns `None` for a host under `.invalid`, which cannot exist (RFC 6761 section 6.4).
pub(in crate::config) fn notify_origin(value: &str) -> Result<Option<String>, &'static str> {
    let origin = origin(value)?;
    let host = absolute(value).and_then(|uri| uri.host().map(str::to_ascii_lowercase));
    let is_nowhere = host.is_some_and(|host| host == "invalid" || host.ends_with(".invalid"));
    Ok(Some(origin).filter(|_| !is_nowhere))
}

/// Parses a URL that paths are appended to: without a trailing slash, without a query.
pub(in crate::config) fn base(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must be an http or https URL without a trailing slash";
    let uri = absolute(value).ok_or(SHAPE)?;
    if uri.query().is_some() || value.ends_with('/') {
        return Err(SHAPE);
    }
    Ok(value.to_owned())
}

/// Parses the URL of a page. Query parameters are appended to the URL, so it must not have a fragment.
pub(in crate::config) fn page(value: &str) -> Result<String, &'static str> {
    absolute(value).ok_or("must be an http or https URL without a fragment")?;
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
    let scheme = uri.scheme_str().ok_or(SHAPE)?;
    let authority = uri.authority().ok_or(SHAPE)?.as_str().to_ascii_lowercase();
    let port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(port).unwrap_or(&authority);
    Ok(format!("{scheme}://{authority}"))
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
}
