//! Reads the fields of an event.

use super::node::Node;
use jiff::Timestamp;

/// The most bytes of an id or a name. Intuit's have up to 36 characters.
const MAX_WORD: usize = 128;

/// Returns a name or an id. An id is text, but one that is a plain number is accepted too.
pub(super) fn word<'a>(object: &'a Node<'_>, name: &str) -> Option<&'a str> {
    let plain = |text: &&str| !text.bytes().any(|byte| byte.is_ascii_control());
    let fits = |text: &&str| (1..=MAX_WORD).contains(&text.len());
    object.text(name).filter(fits).filter(plain)
}

/// Returns the id of the object that was merged into another. Intuit's pages spell this member in two ways.
pub(super) fn deleted_id<'a>(object: &'a Node<'_>) -> Option<&'a str> {
    let spellings = ["deletedId", "deletedID", "deletedid"];
    spellings.iter().find_map(|name| word(object, name))
}

/// Returns an instant in the form of RFC 3339. Intuit also sends offsets without a colon, such as `-0700`.
pub(super) fn instant(object: &Node<'_>, name: &str) -> Option<Timestamp> {
    let text = object.text(name)?;
    json::parse_instant(text).or_else(|| {
        let (head, minutes) = text.split_at_checked(text.len().checked_sub(2)?)?;
        json::parse_instant(&[head, ":", minutes].concat())
    })
}
