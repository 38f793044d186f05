//! Pages that their owner does not name: a writer is about to write or to remove them, and a crash may leave them behind.
//!
//! A page is listed before it is written, and a page that the owner no longer names is listed too. So an erasure finds each, and
//! the next writer removes them before it lists others.

use serde::{Deserialize, Serialize};

/// The names of pages that may exist although their owner does not name them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoosePages(Vec<String>);

impl LoosePages {
    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the names.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Lists pages before they are written, in place of others that were removed.
    pub fn list(&mut self, new: impl IntoIterator<Item = String>, removed: &[String]) {
        self.0.retain(|name| !removed.contains(name));
        self.0.extend(new);
    }

    /// Lists the pages that the owner named before, except for those that it names now.
    pub fn add_replaced(&mut self, before: impl IntoIterator<Item = String>, now: &[String]) {
        self.0.extend(before);
        self.0.retain(|name| !now.contains(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaced_page_is_loose_until_removed() {
        let mut loose = LoosePages::default();
        loose.list(["2-new".into()], &[]);
        loose.add_replaced(["1-old".into()], &["2-new".into()]);
        assert_eq!(loose.names(), ["1-old"]);
        loose.list(["3-next".into()], &["1-old".into()]);
        assert_eq!(loose.names(), ["3-next"]);
    }
}
