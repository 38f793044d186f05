//! Fields of an event.

use super::node::Node;
use jiff::Timestamp;

/// The longest id or word that is taken for one; Intuit's have up to 36 characters.
const MAX_WORD: usize = 128;

/// A word or an id. Ids are text; as a number without point or exponent one would be as good.
pub(super) fn word<'a>(object: &'a Node<'_>, name: &str) -> Option<&'a str> {
    let plain = |text: &&str| !text.bytes().any(|byte| byte.is_ascii_control());
    let fits = |text: &&str| (1..=MAX_WORD).contains(&text.len());
    object.text(name).filter(fits).filter(plain)
}

/// What was merged away; Intuit's own pages spell the member in two ways.
pub(super) fn deleted_id<'a>(object: &'a Node<'_>) -> Option<&'a str> {
    let spellings = ["deletedId", "deletedID", "deletedid"];
    spellings.iter().find_map(|name| word(object, name))
}

/// A point in time. Besides RFC 3339 the offset is seen without its colon (`-0700`).
pub(super) fn moment(object: &Node<'_>, name: &str) -> Option<Timestamp> {
    let text = object.text(name)?;
    json::parse_instant(text).or_else(|| {
        let (head, minutes) = text.split_at_checked(text.len().checked_sub(2)?)?;
        json::parse_instant(&[head, ":", minutes].concat())
    })
}
