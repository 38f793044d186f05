//! The encoding of ids, texts and objects in a request.

use super::unsendable::Unsendable;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// All characters but RFC 3986's unreserved ones (section 2.3). A space becomes `%20`, because `+` means a space only in forms.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Returns `text` percent-encoded (RFC 3986 section 2.1), for one path segment or query value.
pub(crate) fn escaped(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, RESERVED)
}

/// Writes a request body as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<Bytes, Unsendable> {
    serde_json::to_vec(value)
        .map(Bytes::from)
        .map_err(|_| Unsendable("its body is not JSON"))
}

/// Returns the request id if it has 1 to `max` plain characters. Others could change the query of the address.
pub(crate) fn checked_id(request_id: &str, max: usize) -> Result<&str, Unsendable> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if request_id.is_empty() || request_id.len() > max || !request_id.bytes().all(plain) {
        return Err(Unsendable(
            "its request id is empty, too long or not plain text",
        ));
    }
    Ok(request_id)
}
