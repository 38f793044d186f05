//! Comparison of the classes on the lines.

use quickbooks::entity::ObjectSnapshot;

use super::field::{Difference, joined};
use super::lines::WrittenLine;
use crate::posted_object::PostedObject;

/// Compares the classes. The project's class may stand on any line. Another class, or no class where RIVET wrote one, is a difference.
pub(super) fn class_difference(
    posted: &PostedObject,
    ours: &[WrittenLine<'_>],
    found: &ObjectSnapshot,
) -> Option<Difference> {
    let is_classed = ours.iter().any(|line| line.is_classed);
    let class = posted.ids.class.as_deref().filter(|_| is_classed);
    let (mut is_same, mut their_classes) = (true, Vec::new());
    for (index, line) in found.lines.iter().enumerate() {
        let (place, found_class) = (&line.account_or_item_id, &line.class_id);
        let same_place = ours.iter().find(|line| line.place == place);
        let our_line = same_place.or(ours.get(index));
        let needs_class = our_line.is_some_and(|line| line.is_classed) && class.is_some();
        is_same &= class == Some(found_class) || (found_class.is_empty() && !needs_class);
        let text = if found_class.is_empty() {
            "none"
        } else {
            found_class
        };
        let is_new = their_classes.iter().all(|known| known != text);
        if is_new && (needs_class || !found_class.is_empty()) {
            their_classes.push(text.to_owned());
        }
    }
    if is_same {
        return None;
    }
    let theirs = joined(&their_classes).filter(|theirs| theirs != "none");
    Some(Difference::new("class", class.map(str::to_owned), theirs))
}
