//! Overflow pages that the queue record does not name.
//!
//! A page that nothing leads to would survive an erasure. So the record lists each page as loose before it is written, and from the change
//! that no longer names it until nobody writes it any more. A crash at any step leaves only pages that are named or listed:
//!
//! ```text
//! listed ──▶ written ──▶ named ──▶ replaced, listed again ──▶ removed ──▶ after 90 s looked for once more ──▶ forgotten
//!    └──────────┴──▶ its change is made with other pages: listed, removed …
//! ```
//! The swap that lists pages is mostly one that is made anyway: it foresees the pages of the next one. A run that saves its results in
//! several swaps may replace hundreds of pages, but nobody else writes those that it wrote. It forgets them as soon as they are removed.

use crate::queue::pages::OverflowPages;
use jiff::Timestamp;

/// The most pages that are listed for one change, besides those of a change of the whole queue.
const MOST_LISTED: usize = 64;

impl OverflowPages {
    /// Returns the names of all pages that may exist.
    pub(crate) fn written_pages(&self) -> impl Iterator<Item = &String> {
        self.loose.names().chain(self.page_names())
    }

    /// Lists the pages that a change from `before` replaced, and retires those that were listed for it.
    ///
    /// If too many are listed for the next change, its number is skipped, and they retire too. Their writers then try the number after it.
    pub(crate) fn retire_replaced(&mut self, before: &Self, now: Timestamp) {
        let most = MOST_LISTED + 4 * self.pages.len();
        if self.changes == before.changes && self.loose.current_count() > most {
            self.changes += 1;
        }
        if self.changes != before.changes {
            let named: Vec<_> = self.pages.iter().map(|page| &page.name).collect();
            self.loose.replace(before.page_names(), &named, now);
        }
    }
}
