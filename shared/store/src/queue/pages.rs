//! Where the older documents of a long desk lie: on shelves, records of their own, so that no record grows without end.
//!
//! The desk's record keeps the newest documents and names the shelves, oldest first. A shelf never changes: whatever becomes of a
//! document on it, a new one is written under a new name, then the desk's record is swapped to name that one, then the old one is
//! removed. So the swap alone decides, and all that others see is a desk as it was before or after it.
//!
//! Names differ: each has the number of the change that it was made for, and a digest of what lies there. Of two writers that
//! prepare the same change one wins; a shelf of the other's is the same, or has another name. As the number only grows, a name that
//! is not there after its change never comes back, and may be removed.

use crate::queue::Queue;
use crate::queue::entry::{EntryState, QueueEntry};
use crate::reason::hold::HoldReason;
use ports::entropy::digest;
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// How many bytes of documents.
const BYTES: usize = 24 * 1024;

/// What a desk's record says of its shelves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverflowPages {
    /// How often they changed.
    changes: u64,
    /// Oldest first.
    named: Vec<PageRef>,
}

/// A shelf as its desk names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct PageRef {
    name: String,
    /// Something there is held for the firm's plan.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    by_plan: bool,
}

/// What lies on a shelf.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueuePage(
    /// In the order of arrival.
    pub Vec<QueueEntry>,
);

/// Shelves by their names.
pub type LoadedPages = Vec<(String, QueuePage)>;

impl OverflowPages {
    /// Whether there never were any.
    pub fn is_unused(&self) -> bool {
        *self == Self::default()
    }

    /// How often they changed.
    pub fn update_count(&self) -> u64 {
        self.changes
    }

    /// Their names.
    pub fn page_names(&self) -> impl Iterator<Item = &String> {
        self.named.iter().map(|shelf| &shelf.name)
    }

    /// Whether something there is held for the firm's plan.
    pub fn has_plan_holds(&self) -> bool {
        self.named.iter().any(|shelf| shelf.by_plan)
    }
}

impl Queue {
    /// The whole desk, of its record and what lies on its shelves; nothing if one of them is not known.
    ///
    /// A document that was put into the record without a look at the shelves joins what is there of it.
    pub fn with_all_pages(&self, known: &LoadedPages) -> Option<Self> {
        if self.overflow.named.is_empty() {
            return Some(self.clone());
        }
        let mut whole = Self {
            entries: Vec::new(),
            ..self.clone()
        };
        for name in self.overflow.page_names() {
            whole
                .entries
                .extend(loaded_page(known, name)?.0.iter().cloned());
        }
        for waiting in &self.entries {
            whole.add_entry(waiting.clone());
        }
        Some(whole)
    }

    /// Parts a desk into its record and the shelves that are new, with room for `room` documents each. Shelves that are not known
    /// stay as they are: what is parted then is the record alone.
    pub fn with_page_room(mut self, known: &LoadedPages, room: usize) -> (Self, LoadedPages) {
        let is_whole = self
            .overflow
            .page_names()
            .all(|name| loaded_page(known, name).is_some());
        let mut layout = Layout {
            room,
            change: self.overflow.changes + 1,
            parts: Vec::new(),
        };
        let mut rest = std::mem::take(&mut self.entries).into_iter().peekable();
        let fits_again =
            is_whole && rest.len() <= room / 2 && layout.fitting(rest.clone()) == rest.len();
        for shelf in self.overflow.named.iter().filter(|_| !fits_again) {
            let before = loaded_page(known, &shelf.name).filter(|_| is_whole);
            let Some(QueuePage(before)) = before else {
                layout.parts.push(PagePart::Kept(shelf.clone()));
                continue;
            };
            let mut now = Vec::new();
            for there in before {
                now.extend(rest.next_if(|next| next.document == there.document));
            }
            if now == *before {
                layout.parts.push(PagePart::Kept(shelf.clone()));
            } else {
                layout.fill_page(now);
            }
        }
        let mut newest: Vec<_> = rest.collect();
        loop {
            let fitting = layout.fitting(newest.iter().cloned());
            if fitting == newest.len() {
                break;
            }
            let older = newest.drain(..fitting.max(1)).collect();
            layout.fill_page(older);
        }
        self.entries = newest;
        let fresh = layout.name(&mut self.overflow);
        (self, fresh)
    }
}

/// Shelves that are being filled.
struct Layout {
    room: usize,
    change: u64,
    parts: Vec<PagePart>,
}

enum PagePart {
    Kept(PageRef),
    New(Vec<QueueEntry>),
}

impl Layout {
    /// How many documents from the first on fit on one shelf.
    fn fitting(&self, waiting: impl Iterator<Item = QueueEntry>) -> usize {
        let mut bytes = 0;
        let fits = |waiting: &QueueEntry| {
            bytes += serde_json::to_vec(waiting).map_or(0, |json| json.len() + 1);
            bytes <= BYTES
        };
        waiting.take(self.room).take_while(fits).count()
    }

    /// Lays documents on a new shelf, or on the new one before if they fit there too, or on several.
    fn fill_page(&mut self, mut waiting: Vec<QueueEntry>) {
        if let Some(PagePart::New(_)) = self.parts.last()
            && let Some(PagePart::New(mut last)) = self.parts.pop()
        {
            last.append(&mut waiting);
            waiting = last;
        }
        while !waiting.is_empty() {
            let fitting = self.fitting(waiting.iter().cloned()).max(1);
            let rest = waiting.split_off(fitting);
            self.parts.push(PagePart::New(waiting));
            waiting = rest;
        }
    }

    /// Gives the new shelves their names and has the desk name what there is now.
    fn name(self, shelves: &mut OverflowPages) -> LoadedPages {
        let (mut named, mut fresh) = (Vec::new(), Vec::new());
        for part in self.parts {
            match part {
                PagePart::Kept(shelf) => named.push(shelf),
                PagePart::New(waiting) => {
                    let held = |waiting: &QueueEntry| {
                        waiting.state == EntryState::Held(HoldReason::PlanNotEligible)
                    };
                    let by_plan = waiting.iter().any(held);
                    let name = named_after(self.change, &waiting);
                    fresh.push((name.clone(), QueuePage(waiting)));
                    named.push(PageRef { name, by_plan });
                }
            }
        }
        if named != shelves.named {
            *shelves = OverflowPages {
                changes: self.change,
                named,
            };
        }
        fresh
    }
}

fn named_after(change: u64, waiting: &[QueueEntry]) -> String {
    let content = serde_json::to_string(waiting).unwrap_or_default();
    let digest = digest(&content);
    format!("{change}-{}", digest.get(..12).unwrap_or_default())
}

fn loaded_page<'a>(known: &'a LoadedPages, name: &str) -> Option<&'a QueuePage> {
    let shelf = known.iter().find(|(known, _)| known == name);
    shelf.map(|(_, shelved)| shelved)
}

impl Record for QueuePage {
    const KIND: &'static str = "shelf";
}
