//! A thin layer over the runtime: code that works only inside a component. It decides nothing and so needs no tests.

use ::http::Request;
use bytes::Bytes;
use jiff::Timestamp;
use spin_sdk::http::{self, FullBody};
use spin_sdk::variables;
use spin_sdk::wasip3::http::types::{ErrorCode, RequestOptions};
use spin_sdk::wasip3::http_compat::RequestOptionsExtension;
use spin_sdk::wasip3::random::random::get_random_bytes;
use std::io::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Draws 32 bytes from the system's cryptographic generator (`wasi:random/random`).
pub(crate) fn random_bytes() -> [u8; 32] {
    let mut drawn = Vec::with_capacity(32);
    // WASI 0.3: a host may return fewer bytes than were asked for, but at least one.
    while drawn.len() < 32 {
        drawn.extend(get_random_bytes(32));
    }
    std::array::from_fn(|at| drawn[at])
}

/// Returns the current time.
///
/// `Timestamp::now` is not used: it panics with a message about a clock beyond the calendar, and that message brings 190 KB of
/// jiff's formatting code into every component. A clock before 1970 reads as 1970, and then no signature or token is valid.
pub fn current_time() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanoseconds = i128::try_from(since_epoch.unwrap_or_default().as_nanos());
    Timestamp::from_nanosecond(nanoseconds.unwrap_or_default()).unwrap_or_default()
}

/// Reads a variable (Spin: application variables). Returns `None` if the component is not granted the variable or the variable
/// has no value.
pub(crate) async fn variable(name: &str) -> Result<Option<String>, &'static str> {
    match variables::get(name).await {
        Ok(value) => Ok(Some(value)),
        Err(variables::Error::Undefined(_) | variables::Error::InvalidName(_)) => Ok(None),
        Err(variables::Error::Provider(_)) => Err("cannot be read from its provider"),
        Err(variables::Error::Other(_)) => Err("cannot be read"),
    }
}

/// Writes a row to the log in one call, so that no other instance writes in between. A failure is nobody's concern.
pub(crate) fn log(row: &str) {
    let _ = std::io::stderr().write_all(row.as_bytes());
}

/// Waits.
pub(crate) async fn sleep(span: Duration) {
    spin_sdk::time::sleep(span).await;
}

/// Sends a request with explicit timeouts. Spin's own timeouts are 600 s each.
pub(crate) async fn send(mut request: Request<Bytes>) -> Result<http::Response, ErrorCode> {
    const SECOND_IN_NANOSECONDS: u64 = 1_000_000_000;
    let options = RequestOptions::new();
    let timeouts = [
        options.set_connect_timeout(Some(3 * SECOND_IN_NANOSECONDS)),
        options.set_first_byte_timeout(Some(10 * SECOND_IN_NANOSECONDS)),
        options.set_between_bytes_timeout(Some(5 * SECOND_IN_NANOSECONDS)),
    ];
    if timeouts.iter().any(Result::is_err) {
        return Err(ErrorCode::ConfigurationError);
    }
    request
        .extensions_mut()
        .insert(RequestOptionsExtension(options));
    http::send(request.map(FullBody::new)).await
}
