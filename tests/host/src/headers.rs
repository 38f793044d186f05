//! The headers with which Spin's HTTP trigger describes a request to a component.

use std::net::SocketAddr;

use anyhow::Context as _;
use http::header::{HOST, HeaderName, HeaderValue};
use http::request::Parts;
use http::uri::{Authority, Scheme, Uri};

use crate::routes::Match;

/// Makes the URI absolute and appends the `spin-*` headers.
///
/// Spin appends too: if the caller sent a header of the same name, the caller's value comes first.
pub(crate) fn add_spin_headers(
    parts: &mut Parts,
    found: &Match<'_>,
    caller: SocketAddr,
) -> anyhow::Result<()> {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let uri = Uri::builder()
        .scheme(Scheme::HTTP)
        .authority(authority(parts)?)
        .path_and_query(path);
    parts.uri = uri.build()?;
    let fixed =
        spin_headers(found, &parts.uri, caller).map(|(name, value)| (name.to_owned(), value));
    let parameters = found.parameters.iter().map(|(name, value)| {
        let name = format!(
            "spin-path-match-{}",
            name.to_ascii_lowercase().replace('_', "-")
        );
        (name, value.clone())
    });
    for (name, value) in fixed.into_iter().chain(parameters) {
        parts
            .headers
            .append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
    }
    Ok(())
}

fn spin_headers(found: &Match<'_>, uri: &Uri, caller: SocketAddr) -> [(&'static str, String); 7] {
    let prefix = found.route.strip_suffix("/...").unwrap_or(found.route);
    [
        ("spin-path-info", found.path_info.clone()),
        ("spin-full-url", uri.to_string()),
        ("spin-matched-route", found.route.to_owned()),
        ("spin-base-path", "/".to_owned()),
        ("spin-raw-component-route", found.route.to_owned()),
        ("spin-component-route", prefix.to_owned()),
        ("spin-client-addr", caller.to_string()),
    ]
}

fn authority(parts: &Parts) -> anyhow::Result<Authority> {
    if let Some(authority) = parts.uri.authority() {
        return Ok(authority.clone());
    }
    let host = parts
        .headers
        .get(HOST)
        .context("no 'Host' header present in request")?;
    Ok(host.to_str()?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(request: http::Request<()>, found: &Match<'_>) -> anyhow::Result<Parts> {
        let mut parts = request.into_parts().0;
        add_spin_headers(&mut parts, found, "127.0.0.1:5000".parse().unwrap())?;
        Ok(parts)
    }

    fn wildcard() -> Match<'static> {
        Match {
            component: "status",
            route: "/documents/:doc_id/...",
            path_info: "/lines".to_owned(),
            parameters: vec![("doc_id".to_owned(), "pa_1".to_owned())],
        }
    }

    #[test]
    fn headers_give_url_route_parameters_and_caller() {
        let request =
            http::Request::get("/documents/pa_1/lines?a=b").header("host", "localhost:3000");
        let parts = prepared(request.body(()).unwrap(), &wildcard()).unwrap();
        let header = |name: &str| parts.headers[name].to_str().unwrap().to_owned();
        assert_eq!(
            header("spin-full-url"),
            "http://localhost:3000/documents/pa_1/lines?a=b"
        );
        assert_eq!(header("spin-path-info"), "/lines");
        assert_eq!(header("spin-raw-component-route"), "/documents/:doc_id/...");
        assert_eq!(header("spin-component-route"), "/documents/:doc_id");
        assert_eq!(header("spin-path-match-doc-id"), "pa_1");
        assert_eq!(header("spin-client-addr"), "127.0.0.1:5000");
        assert_eq!(parts.uri, "http://localhost:3000/documents/pa_1/lines?a=b");
    }

    #[test]
    fn request_without_host_is_refused() {
        let request = http::Request::get("/documents/pa_1/lines")
            .body(())
            .unwrap();
        assert!(
            prepared(request, &wildcard())
                .unwrap_err()
                .to_string()
                .contains("'Host'")
        );
    }

    #[test]
    fn forged_spin_header_comes_before_own() {
        let request = http::Request::get("/")
            .header("host", "x")
            .header("spin-client-addr", "me");
        let parts = prepared(request.body(()).unwrap(), &wildcard()).unwrap();
        let values: Vec<_> = parts.headers.get_all("spin-client-addr").iter().collect();
        assert_eq!(values, ["me", "127.0.0.1:5000"]);
    }
}
