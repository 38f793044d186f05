//! What an object of QuickBooks concerns: the index from there to here, one for each firm.
//!
//! All entries, in the order in which they were added, are one log that only grows. Its newest part lies in the desk's record, as
//! adding an entry and noting what was done are one swap; from there [chunks](CHUNK) of it move to pages, records of their own.
//!
//! The entries of a chunk do not change any more once it is full, and where it goes depends on the log alone. So whoever moves it
//! writes the same: a page's name says how much of the log it holds, and a page of that name has never any other content, however
//! late it is written. The last page gets more under a new name until it is full. As with shelves, the swap of the desk's record,
//! which names the pages, is what counts.
//!
//! What replaces an entry is added like any other. Of several about the same the newest counts, wherever they lie.

pub mod entry;
pub mod operations;
pub mod page;
#[cfg(test)]
mod tests;

pub use crate::object_index::entry::{IndexEntry, Subject, VERSION_DELETED, VERSION_UNKNOWN};
pub use crate::object_index::page::IndexPage;

use crate::object_index::page::Page;
use quickbooks::Kind;
use serde::{Deserialize, Serialize};

/// How many entries move together.
pub const CHUNK: usize = 96;

/// Or how many bytes of them.
const CHUNK_BYTES: usize = 8 * 1024;

/// The part of the register that lies in the desk's record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObjectIndex {
    /// The newest entries, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fresh: Vec<IndexEntry>,
    /// What the pages hold, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pages: Vec<Page>,
    /// An entry that a payment can be applied to was ever posted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub payable_entries: bool,
}

/// Entries on their way to a page.
pub struct MovedEntries {
    /// The page as it is named with them.
    pub name: String,
    /// As it was named before; nothing if they begin it.
    pub base: Option<String>,
    /// What it gets.
    pub entries: Vec<IndexEntry>,
}

impl ObjectIndex {
    /// Whether nothing was ever added.
    pub fn is_new(&self) -> bool {
        *self == Self::default()
    }

    /// Adds an entry, in place of an older one about the same. What is older than one at hand adds nothing, nor does what is known.
    pub fn add(&mut self, entry: IndexEntry) {
        let settled = self.page_count();
        let about_it = |there: &IndexEntry| there.has_same_subject(&entry);
        if let Some(last) = self.fresh.iter().rposition(about_it)
            && let Some(there) = self.fresh.get_mut(last)
        {
            if *there == entry || !entry.supersedes(there) {
                return;
            }
            if last >= settled {
                *there = entry;
                return;
            }
        }
        self.fresh.push(entry);
    }

    /// Notes that an entry was posted that a payment can be applied to.
    pub fn set_payable(&mut self) {
        self.payable_entries = true;
    }

    /// The parts that a sweep goes through: the pages, and what lies in the desk's record.
    pub fn parts(&self) -> usize {
        self.pages.len() + 1
    }

    /// The newest entries, oldest first.
    pub fn tail(&self) -> &[IndexEntry] {
        &self.fresh
    }

    /// How many of the newest entries are full chunks, which do not change any more.
    pub fn page_count(&self) -> usize {
        let mut settled = 0;
        while let Some(chunk) = self.fresh.get(settled..).and_then(first_chunk) {
            settled += chunk;
        }
        settled
    }

    /// Takes full chunks out, as many as there are in the first `settled` entries, and names the pages that get them.
    pub fn take_full_chunks(&mut self, settled: usize) -> Vec<MovedEntries> {
        let mut moved = Vec::<MovedEntries>::new();
        let mut left = settled;
        while let Some(length) = first_chunk(&self.fresh).filter(|length| *length <= left) {
            left -= length;
            let mut chunk: Vec<_> = self.fresh.drain(..length).collect();
            let base = self.page_names().last();
            let joins = self.pages.last_mut().is_some_and(|last| last.take(&chunk));
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

    /// The names of the pages, oldest first.
    pub fn page_names(&self) -> impl Iterator<Item = String> {
        let pages = self.pages.iter().enumerate();
        pages.map(|(number, page)| page.name(number))
    }

    /// The pages that may say something of one of these objects.
    pub fn pages_about(&self, objects: &[(Kind, String)]) -> Vec<String> {
        let may_hold = |page: &Page| objects.iter().any(|(kind, id)| page.may_hold(*kind, id));
        let pages = self.pages.iter().enumerate();
        let pages = pages.filter(|(_, page)| may_hold(page));
        pages.map(|(number, page)| page.name(number)).collect()
    }
}

/// Whether no more than a chunk comes of these entries.
pub fn fits_a_chunk(entries: &[&IndexEntry]) -> bool {
    let bytes = entries.iter().map(|entry| entry.weight()).sum::<usize>();
    entries.len() <= CHUNK && bytes <= CHUNK_BYTES
}

/// How long the chunk is that these entries begin with, if it is full.
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
