//! The thin layer over the runtime: what works only inside a component. Everything that decides something is elsewhere, and tested.

use ::http::Request;
use bytes::Bytes;
use jiff::Timestamp;
use spin_sdk::http::{self, FullBody};
use spin_sdk::variables;
use spin_sdk::wasip3::http::types::{ErrorCode, RequestOptions};
use spin_sdk::wasip3::http_compat::RequestOptionsExtension;
use spin_sdk::wasip3::random::random::get_random_bytes;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Fresh bytes from the system's generator.
pub(crate) fn random_bytes() -> [u8; 32] {
    let mut drawn = Vec::with_capacity(32);
    // A host may give fewer bytes than were asked for, though at least one.
    while drawn.len() < 32 {
        drawn.extend(get_random_bytes(32));
    }
    std::array::from_fn(|at| drawn[at])
}

/// The time.
///
/// Not `Timestamp::now`: it panics with a message about a clock beyond the calendar, and that message brings 190 KB of jiff's
/// formatting into every component. A clock before 1970 reads as 1970, which nothing believes.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanoseconds = i128::try_from(since.unwrap_or_default().as_nanos());
    Timestamp::from_nanosecond(nanoseconds.unwrap_or_default()).unwrap_or_default()
}

/// The value of a variable; `None` if the component is not granted it or it has no value.
pub(crate) async fn variable(name: &str) -> Result<Option<String>, &'static str> {
    match variables::get(name).await {
        Ok(value) => Ok(Some(value)),
        Err(variables::Error::Undefined(_) | variables::Error::InvalidName(_)) => Ok(None),
        Err(variables::Error::Provider(_)) => Err("cannot be had from its provider"),
        Err(variables::Error::Other(_)) => Err("cannot be read"),
    }
}

/// Writes a line to the log.
pub(crate) fn log(line: &str) {
    eprintln!("{line}");
}

/// Waits so long.
pub(crate) async fn sleep(span: Duration) {
    spin_sdk::time::sleep(span).await;
}

/// Sends a request. The host's own timeouts are ten minutes each.
pub(crate) async fn send(mut request: Request<Bytes>) -> Result<http::Response, ErrorCode> {
    const SECOND: u64 = 1_000_000_000;
    let options = RequestOptions::new();
    let timeouts = [
        options.set_connect_timeout(Some(3 * SECOND)),
        options.set_first_byte_timeout(Some(10 * SECOND)),
        options.set_between_bytes_timeout(Some(5 * SECOND)),
    ];
    if timeouts.iter().any(Result::is_err) {
        return Err(ErrorCode::ConfigurationError);
    }
    request
        .extensions_mut()
        .insert(RequestOptionsExtension(options));
    http::send(request.map(FullBody::new)).await
}
