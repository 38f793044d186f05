//! Overflow pages: records that hold the older entries of a long queue, so that no record grows without end.
//!
//! The queue record has the newest entries and names the pages, oldest first. A page never changes. If one of its entries changes, a worker
//! writes a new page under a new name. The worker then swaps the queue record to name the new page, and removes the old one. So the swap
//! alone decides, and readers see the queue as it was before or after it.
//!
//! Each name contains the number of the change for which the page was written, and a digest of the content. If two writers prepare the same
//! change, one wins. The loser's page has the same content or another name. The number only grows, so a name that the record does not name
//! after its change never comes back. The page may be removed.

use crate::loose_pages::LoosePages;
use crate::queue::entry::QueueEntry;
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// The overflow pages that a queue record names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverflowPages {
    /// The number of changes so far.
    pub(crate) changes: u64,
    /// The pages, oldest first.
    #[serde(rename = "named")]
    pub(crate) pages: Vec<PageRef>,
    /// The pages that may exist although they are not named. Those of the next change are not retired.
    #[serde(default, skip_serializing_if = "LoosePages::is_empty")]
    pub(crate) loose: LoosePages,
}

/// The reference of the queue record to a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PageRef {
    /// The name of the page.
    pub(crate) name: String,
    /// An entry of the page is held for the plan of the firm.
    #[serde(
        rename = "by_plan",
        default,
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub(crate) has_plan_holds: bool,
}

/// The content of a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueuePage(
    /// The entries in the order of arrival.
    pub Vec<QueueEntry>,
);

/// Pages by their names.
pub type LoadedPages = Vec<(String, QueuePage)>;

impl OverflowPages {
    /// Returns whether there never were any pages.
    pub fn is_unused(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the number of changes so far.
    pub fn update_count(&self) -> u64 {
        self.changes
    }

    /// Returns the names of the pages, oldest first.
    pub fn page_names(&self) -> impl Iterator<Item = &String> {
        self.pages.iter().map(|page| &page.name)
    }

    /// Returns whether an entry on a page is held for the plan of the firm.
    pub fn has_plan_holds(&self) -> bool {
        self.pages.iter().any(|page| page.has_plan_holds)
    }
}

impl Record for QueuePage {
    const KIND: &'static str = "queue-page";
}
