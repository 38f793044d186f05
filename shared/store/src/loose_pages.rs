//! Pages that may exist although their owner does not name them.
//!
//! A page is listed before it is written, so a crash leaves none that nothing leads to. A page that its owner no longer names is listed too,
//! and retires: nobody begins to write it any more. Requests that began earlier may still write it, even after it was removed. So the page
//! stays listed until all of them are over. Then the next writer looks for it, removes it, and forgets it.

// Top first: a module uses only modules below it.
mod loose_page;

pub(crate) use crate::loose_pages::loose_page::QUIET;

use crate::loose_pages::loose_page::LoosePage;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The names of pages that may exist although their owner does not name them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoosePages(Vec<LoosePage>);

impl LoosePages {
    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the names.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|page| &page.name)
    }

    /// Returns the number of pages that are not retired.
    pub fn current_count(&self) -> usize {
        let pages = self.0.iter();
        pages.filter(|page| page.retired_at.is_none()).count()
    }

    /// Lists pages that may be written from now on. Returns whether any of them was not listed as such.
    pub fn list<'a>(&mut self, names: impl IntoIterator<Item = &'a String>) -> bool {
        let mut is_new = false;
        for name in names {
            let mut known = self.0.iter();
            if known.any(|page| page.name == *name && page.retired_at.is_none()) {
                continue;
            }
            self.0.retain(|page| page.name != *name);
            self.0.push(LoosePage::new(name));
            is_new = true;
        }
        is_new
    }

    /// Lists the pages that the owner named before, except for those that it names now. All pages that are listed retire.
    pub fn replace<'a>(
        &mut self,
        before: impl IntoIterator<Item = &'a String>,
        named: &[&String],
        now: Timestamp,
    ) {
        self.list(before);
        self.0.retain(|page| !named.contains(&&page.name));
        self.retire(now);
    }

    /// Retires all pages that are listed.
    pub fn retire(&mut self, now: Timestamp) {
        for page in &mut self.0 {
            page.retired_at.get_or_insert(now);
        }
    }

    /// Returns the pages that nobody writes any more.
    pub fn removable(&self, now: Timestamp) -> Vec<String> {
        let removable = self.0.iter().filter(|page| page.is_removable(now));
        removable.map(|page| page.name.clone()).collect()
    }

    /// Forgets pages that were removed and that nobody writes any more.
    pub fn forget(&mut self, removed: &[String]) {
        self.0.retain(|page| !removed.contains(&page.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn listed(names: &[&str]) -> LoosePages {
        serde_json::from_value(serde_json::json!(names)).unwrap()
    }

    #[test]
    fn replaced_page_is_loose_until_nobody_writes_it() {
        let [old, new] = ["1-old", "2-new"].map(String::from);
        let mut loose = LoosePages::default();
        assert!(loose.list([&new]) && !loose.list([&new]));
        loose.replace([&old], &[&new], at(10));
        assert_eq!(loose, listed(&["1-old 10"]));
        assert!(loose.removable(at(99)).is_empty());
        assert_eq!(loose.removable(at(100)), ["1-old"]);
        loose.forget(&[old]);
        assert!(loose.is_empty());
    }

    #[test]
    fn page_listed_again_is_not_retired() {
        let mut loose = listed(&["page 10"]);
        assert!(loose.list(&loose.removable(at(100))));
        assert_eq!((loose.current_count(), loose), (1, listed(&["page"])));
    }

    /// An earlier version listed names without a time.
    #[test]
    fn page_without_time_retires_like_others() {
        let mut loose = listed(&["page"]);
        loose.retire(at(5));
        assert_eq!(loose, listed(&["page 5"]));
        assert!(serde_json::from_str::<LoosePages>("[\"page five\"]").is_err());
    }
}
