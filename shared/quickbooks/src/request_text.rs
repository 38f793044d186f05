//! Requests as text, for the snapshots in tests.

use bytes::Bytes;
use http::Request;
use std::fmt::Write;

/// Returns a request as it goes over the wire, with its headers sorted and without the access token.
pub(crate) fn text_of(request: &Request<Bytes>) -> String {
    let mut text = format!("{} {}", request.method(), request.uri());
    let mut headers: Vec<_> = request.headers().iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        let value = value.to_str().unwrap();
        let value = value.strip_prefix("Bearer ").map_or(value, |_| "Bearer …");
        write!(text, "\n{name}: {value}").unwrap();
    }
    write!(text, "\n\n{}", String::from_utf8_lossy(request.body())).unwrap();
    text.trim_end().to_owned()
}
