//! The object index of a firm. The index maps QuickBooks objects to RIVET's documents, customers and projects.
//!
//! All entries form one log, in the order in which they were added. The log only grows. The newest part, the tail, lies in the queue
//! record: adding an entry and saving the results of a worker are one swap. Full [chunks](CHUNK) move from the tail to pages, which are
//! records of their own.
//!
//! The entries of a full chunk no longer change, and the page of a chunk depends on the log alone. All writers that move a chunk therefore
//! write the same page. The name of a page says how much of the log the page has, so each name has only one possible content. The last page
//! grows under new names until it is full. As with overflow pages, only the swap of the queue record makes a page count.
//!
//! A newer version of an entry is added like any other entry. The newest entry about a subject counts, on whichever page it lies.

// Top first: a module uses only modules below it.
pub mod operations;
pub mod page;
pub mod entry;

#[cfg(test)]
mod tests;

pub use crate::object_index::entry::{IndexEntry, Subject, VERSION_DELETED, VERSION_UNKNOWN};
pub use crate::object_index::page::IndexPage;

use crate::object_index::page::{Page, page_name};
use quickbooks::Kind;
use serde::{Deserialize, Serialize};

/// The number of entries that move together.
pub const CHUNK: usize = 96;

/// The number of bytes that move together, if that is less.
const CHUNK_BYTES: usize = 8 * 1024;

/// The part of the object index that is in the queue record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObjectIndex {
    /// The newest entries, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tail: Vec<IndexEntry>,
    /// The descriptions of the pages, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pages: Vec<Page>,
    /// The firm has posted a journal entry to which payments can be applied.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub payable_entries: bool,
}

/// Full chunks on their way to a page.
pub struct MovedEntries {
    /// The name of the page after the chunks are added.
    pub name: String,
    /// The name of the page before the chunks are added. `None` if the page is new.
    pub base: Option<String>,
    /// The entries.
    pub entries: Vec<IndexEntry>,
}

impl ObjectIndex {
    /// Returns whether the index has never had an entry.
    pub fn is_new(&self) -> bool {
        *self == Self::default()
    }

    /// Adds an entry, in place of an older one about the same subject. A known entry, or one older than a known one, is ignored.
    pub fn add(&mut self, entry: IndexEntry) {
        let full = self.full_chunk_entries();
        let is_same = |known: &IndexEntry| known.has_same_subject(&entry);
        if let Some(last) = self.tail.iter().rposition(is_same)
            && let Some(known) = self.tail.get_mut(last)
        {
            if *known == entry || !entry.supersedes(known) {
                return;
            }
            if last >= full {
                *known = entry;
                return;
            }
        }
        self.tail.push(entry);
    }

    /// Records the posting of a journal entry to which payments can be applied.
    pub fn set_payable(&mut self) {
        self.payable_entries = true;
    }

    /// Returns the number of parts of a sweep: the pages, and the tail.
    pub fn parts(&self) -> usize {
        self.pages.len() + 1
    }

    /// Returns the newest entries, oldest first.
    pub fn tail(&self) -> &[IndexEntry] {
        &self.tail
    }

    /// Returns the number of entries of the tail that are in full chunks and no longer change.
    pub fn full_chunk_entries(&self) -> usize {
        let mut full = 0;
        while let Some(chunk) = self.tail.get(full..).and_then(first_chunk) {
            full += chunk;
        }
        full
    }

    /// Takes out the full chunks of the first `full` entries of the tail, and names the pages that get them.
    pub fn take_full_chunks(&mut self, full: usize) -> Vec<MovedEntries> {
        let mut moved = Vec::<MovedEntries>::new();
        let mut left = full;
        while let Some(length) = first_chunk(&self.tail).filter(|length| *length <= left) {
            left -= length;
            let mut chunk: Vec<_> = self.tail.drain(..length).collect();
            let base = self.page_names().last();
            let joins = self.pages.last_mut().is_some_and(|last| last.add(&chunk));
            if !joins {
                self.pages.push(Page::of(&chunk));
            }
            let name = self.page_names().last().unwrap_or_default();
            match moved.last_mut() {
                Some(last) if joins => {
                    last.name = name;
                    last.entries.append(&mut chunk);
                }
                _ => moved.push(MovedEntries {
                    name,
                    base: base.filter(|_| joins),
                    entries: chunk,
                }),
            }
        }
        moved
    }

    /// Returns the names of the pages, oldest first.
    pub fn page_names(&self) -> impl Iterator<Item = String> {
        let pages = self.pages.iter().enumerate();
        pages.map(|(number, page)| page.name(number))
    }

    /// Returns the names of the pages that may have an entry of one of these objects.
    pub fn pages_about(&self, objects: &[(Kind, String)]) -> Vec<String> {
        let may_hold = |page: &Page| objects.iter().any(|(kind, id)| page.may_hold(*kind, id));
        let pages = self.pages.iter().enumerate();
        let pages = pages.filter(|(_, page)| may_hold(page));
        pages.map(|(number, page)| page.name(number)).collect()
    }
}

/// Returns whether these entries are at most one chunk.
pub fn fits_a_chunk(entries: &[&IndexEntry]) -> bool {
    let bytes = entries.iter().map(|entry| entry.weight()).sum::<usize>();
    entries.len() <= CHUNK && bytes <= CHUNK_BYTES
}

/// Returns the names that a page had while it grew to these entries.
fn page_names_of(number: usize, page: &IndexPage) -> Vec<String> {
    let mut names = Vec::new();
    let mut length = 0;
    while let Some(chunk) = page.0.get(length..).and_then(first_chunk) {
        length += chunk;
        names.push(page_name(number, length));
    }
    names
}

/// Returns the length of the chunk that these entries begin with, if it is full.
fn first_chunk(entries: &[IndexEntry]) -> Option<usize> {
    let mut bytes = 0;
    let fills = |(number, entry): (usize, &IndexEntry)| {
        bytes += entry.weight();
        number + 1 == CHUNK || bytes >= CHUNK_BYTES
    };
    entries
        .iter()
        .enumerate()
        .position(fills)
        .map(|last| last + 1)
}
