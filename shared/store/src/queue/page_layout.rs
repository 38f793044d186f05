//! The division of a queue into its record and its overflow pages.

use crate::queue::Queue;
use crate::queue::entry::{EntryState, QueueEntry};
use crate::queue::pages::{LoadedPages, OverflowPages, PageRef, QueuePage};
use crate::reason::hold::HoldReason;
use ports::entropy::digest;

/// The number of bytes of entries on a page.
const PAGE_BYTES: usize = 24 * 1024;

/// A queue after its division.
pub struct DividedQueue {
    /// The queue record.
    pub record: Queue,
    /// The pages that are new.
    pub new_pages: LoadedPages,
}

impl Queue {
    /// Returns the whole queue, from its record and its pages. `None` if a page is not loaded.
    ///
    /// An entry that was added to the record without loading the pages joins the entry of its document.
    pub fn with_all_pages(&self, loaded: &LoadedPages) -> Option<Self> {
        if self.overflow.pages.is_empty() {
            return Some(self.clone());
        }
        let mut whole = Self {
            entries: Vec::new(),
            ..self.clone()
        };
        for name in self.overflow.page_names() {
            whole
                .entries
                .extend(loaded_page(loaded, name)?.0.iter().cloned());
        }
        for entry in &self.entries {
            whole.add_entry(entry.clone());
        }
        Some(whole)
    }

    /// Divides a queue into its record and pages of at most `capacity` entries each. If a page is not loaded, the pages stay as they are
    /// and only the entries of the record are divided.
    ///
    /// The names of the new pages depend on `writer`, so no other writer makes a page of the same name. It is empty if there is no need.
    pub fn divide(mut self, loaded: &LoadedPages, capacity: usize, writer: &str) -> DividedQueue {
        let is_whole = self
            .overflow
            .page_names()
            .all(|name| loaded_page(loaded, name).is_some());
        let mut layout = Layout {
            capacity,
            change: self.overflow.changes + 1,
            writer,
            parts: Vec::new(),
        };
        let mut rest = std::mem::take(&mut self.entries).into_iter().peekable();
        let fits_record =
            is_whole && rest.len() <= capacity / 2 && layout.fitting(rest.clone()) == rest.len();
        for page in self.overflow.pages.iter().filter(|_| !fits_record) {
            let before = loaded_page(loaded, &page.name).filter(|_| is_whole);
            let Some(QueuePage(before)) = before else {
                layout.parts.push(PagePart::Kept(page.clone()));
                continue;
            };
            let mut now = Vec::new();
            for entry in before {
                now.extend(rest.next_if(|next| next.document == entry.document));
            }
            if now == *before {
                layout.parts.push(PagePart::Kept(page.clone()));
            } else {
                layout.fill_page(now);
            }
        }
        let newest = layout.fill_from_oldest(rest.collect());
        self.entries = newest;
        let new_pages = layout.name(&mut self.overflow);
        DividedQueue {
            record: self,
            new_pages,
        }
    }
}

/// The pages as they are being filled.
struct Layout<'a> {
    capacity: usize,
    change: u64,
    writer: &'a str,
    parts: Vec<PagePart>,
}

enum PagePart {
    Kept(PageRef),
    New(Vec<QueueEntry>),
}

impl Layout<'_> {
    /// Returns the number of entries, from the first on, that fit on one page.
    fn fitting(&self, entries: impl Iterator<Item = QueueEntry>) -> usize {
        let mut bytes = 0;
        let fits = |entry: &QueueEntry| {
            bytes += serde_json::to_vec(entry).map_or(0, |json| json.len() + 1);
            bytes <= PAGE_BYTES
        };
        entries.take(self.capacity).take_while(fits).count()
    }

    /// Puts entries on the current new page, if it has room, and on as many further pages as necessary.
    fn fill_page(&mut self, mut entries: Vec<QueueEntry>) {
        if let Some(PagePart::New(_)) = self.parts.last()
            && let Some(PagePart::New(mut last)) = self.parts.pop()
        {
            last.append(&mut entries);
            entries = last;
        }
        while !entries.is_empty() {
            let fitting = self.fitting(entries.iter().cloned()).max(1);
            let rest = entries.split_off(fitting);
            self.parts.push(PagePart::New(entries));
            entries = rest;
        }
    }

    /// Puts the older entries on pages until the newest fit into the record. Returns the newest.
    fn fill_from_oldest(&mut self, mut entries: Vec<QueueEntry>) -> Vec<QueueEntry> {
        loop {
            let fitting = self.fitting(entries.iter().cloned());
            if fitting == entries.len() {
                return entries;
            }
            let older = entries.drain(..fitting.max(1)).collect();
            self.fill_page(older);
        }
    }

    fn page_name(&self, entries: &[QueueEntry]) -> String {
        let content = serde_json::to_string(entries).unwrap_or_default();
        let digest = digest(&format!("{}{content}", self.writer));
        format!("{}-{}", self.change, digest.get(..12).unwrap_or_default())
    }

    /// Names the new pages, and lists all pages in the record.
    fn name(mut self, overflow: &mut OverflowPages) -> LoadedPages {
        let (mut pages, mut new_pages) = (Vec::new(), Vec::new());
        for part in std::mem::take(&mut self.parts) {
            match part {
                PagePart::Kept(page) => pages.push(page),
                PagePart::New(entries) => {
                    let is_plan_hold = |entry: &QueueEntry| {
                        entry.state == EntryState::Held(HoldReason::PlanNotEligible)
                    };
                    let has_plan_holds = entries.iter().any(is_plan_hold);
                    let name = self.page_name(&entries);
                    new_pages.push((name.clone(), QueuePage(entries)));
                    pages.push(PageRef {
                        name,
                        has_plan_holds,
                    });
                }
            }
        }
        if pages != overflow.pages {
            (overflow.changes, overflow.pages) = (self.change, pages);
        }
        new_pages
    }
}

fn loaded_page<'a>(loaded: &'a LoadedPages, name: &str) -> Option<&'a QueuePage> {
    let page = loaded.iter().find(|(known, _)| known == name);
    page.map(|(_, page)| page)
}
