//! A thin layer over the runtime: code that works only inside a component. It decides nothing and so needs no tests.

use ::http::Request;
use bytes::Bytes;
use jiff::Timestamp;
use spin_sdk::http::{self, FullBody};
use spin_sdk::variables;
use spin_sdk::wasip3::http::types::{ErrorCode, RequestOptions};
use spin_sdk::wasip3::http_compat::RequestOptionsExtension;
use spin_sdk::wasip3::random::random::get_random_bytes;
use spin_sdk::wit_bindgen::yield_async;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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

/// The values of variables that this instance has read, by name. They belong to the deployment, so all requests may share them.
static VARIABLES: Mutex<BTreeMap<&'static str, Option<Arc<str>>>> = Mutex::new(BTreeMap::new());

/// Reads a variable (Spin: application variables). Returns `None` if the component is not granted the variable or the variable
/// has no value.
///
/// An instance asks for a value once. If a provider changes the value, the next instance sees it: Spin replaces an instance after
/// 128 requests, or after a second without one.
pub(crate) async fn variable(name: &'static str) -> Result<Option<Arc<str>>, &'static str> {
    if let Some(known) = variables_read().get(name) {
        return Ok(known.clone());
    }
    let value: Option<Arc<str>> = match variables::get(name).await {
        Ok(value) => Some(value.into()),
        Err(variables::Error::Undefined(_) | variables::Error::InvalidName(_)) => None,
        Err(variables::Error::Provider(_)) => return Err("cannot be read from its provider"),
        Err(variables::Error::Other(_)) => return Err("cannot be read"),
    };
    variables_read().insert(name, value.clone());
    Ok(value)
}

fn variables_read() -> MutexGuard<'static, BTreeMap<&'static str, Option<Arc<str>>>> {
    VARIABLES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the host start a new turn before it receives the answer, so that head and body leave in one segment.
///
/// After a call that blocked, such as the write to the log, the host passes the head to its server before it has read the body. The
/// server then sends the head alone. Spin's server does not set `TCP_NODELAY`, so the body would wait some 40 ms for the client's
/// acknowledgement of the head.
pub(crate) async fn start_new_turn() {
    yield_async().await;
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
