//! Sends outbound requests with the timeouts that a command names.

use std::time::Duration;

use anyhow::{Context as _, bail};
use spin_sdk::http::EmptyBody;
use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::wasip3::http::types::RequestOptions;
use spin_sdk::wasip3::http_compat::RequestOptionsExtension;

/// Sends a request and returns the status and body of the answer, or the error.
pub async fn send(url: &str, options: &[&str]) -> anyhow::Result<String> {
    let mut request = http::Request::get(url).body(EmptyBody::new())?;
    request
        .extensions_mut()
        .insert(RequestOptionsExtension(parse_timeouts(options)?));
    let response = match spin_sdk::http::send(request).await {
        Ok(response) => response,
        Err(problem) => return Ok(format!("{problem:?}")),
    };
    let status = response.status();
    Ok(match response.into_body().bytes().await {
        Ok(body) => format!("{} {}", status.as_u16(), String::from_utf8_lossy(&body)),
        Err(problem) => format!("{} {problem:?}", status.as_u16()),
    })
}

/// Parses options of the form `connect=`, `first=` or `between=` and milliseconds.
fn parse_timeouts(options: &[&str]) -> anyhow::Result<RequestOptions> {
    let timeouts = RequestOptions::new();
    for option in options {
        let (name, milliseconds) = option
            .split_once('=')
            .context("an option is name=milliseconds")?;
        let nanoseconds = u64::try_from(Duration::from_millis(milliseconds.parse()?).as_nanos())?;
        let set = match name {
            "connect" => timeouts.set_connect_timeout(Some(nanoseconds)),
            "first" => timeouts.set_first_byte_timeout(Some(nanoseconds)),
            "between" => timeouts.set_between_bytes_timeout(Some(nanoseconds)),
            _ => bail!("no such option: {option}"),
        };
        set.map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
    }
    Ok(timeouts)
}
