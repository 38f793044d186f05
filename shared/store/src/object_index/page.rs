//! Pages of the object index, and their descriptions in the queue record.

mod span;

use crate::line::{Line, stored_as_line};
use crate::object_index::entry::IndexEntry;
use crate::object_index::page::span::Span;
use ports::records::Record;
use quickbooks::Kind;
use serde::{Deserialize, Serialize};

/// The number of entries that a page has room for.
pub const PAGE_ENTRIES: usize = 480;

/// The number of bytes of entries that a page has room for.
const PAGE_BYTES: usize = 56 * 1024;

/// The content of a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IndexPage(
    /// The entries in the order in which they were added.
    pub Vec<IndexEntry>,
);

/// The description of a page. A look-up loads the page only if the description allows a match.
///
/// Stored as one line, `480 21504 invoice:145-1203 customer:58-71`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Page {
    /// The number of entries on the page.
    entries: usize,
    /// An upper bound of the bytes of the entries.
    bytes: usize,
    /// The ranges of ids of its objects.
    spans: Vec<Span>,
}

impl Page {
    /// Describes a page with these entries.
    pub fn of(entries: &[IndexEntry]) -> Self {
        let mut page = Self {
            entries: 0,
            bytes: 0,
            spans: Vec::new(),
        };
        page.put(entries);
        page
    }

    /// Adds entries if they fit. Returns whether they were added.
    pub fn add(&mut self, entries: &[IndexEntry]) -> bool {
        let fits = self.entries + entries.len() <= PAGE_ENTRIES
            && self.bytes + weight(entries) <= PAGE_BYTES;
        if fits {
            self.put(entries);
        }
        fits
    }

    fn put(&mut self, entries: &[IndexEntry]) {
        self.entries += entries.len();
        self.bytes += weight(entries);
        for entry in entries {
            self.cover(Span::of(entry.kind, &entry.id));
        }
    }

    fn cover(&mut self, new: Span) {
        let mut spans = self.spans.iter_mut();
        match spans.find(|span| span.sequence == new.sequence) {
            Some(span) => {
                span.low = span.low.min(new.low);
                span.high = span.high.max(new.high);
            }
            None => self.spans.push(new),
        }
    }

    /// Returns the name of the page with this number. Pages with different entries never have the same name.
    pub fn name(&self, number: usize) -> String {
        page_name(number, self.entries)
    }

    /// Returns whether the page may have an entry of this object.
    pub fn may_hold(&self, kind: Kind, id: &str) -> bool {
        let object = Span::of(kind, id);
        self.spans.iter().any(|span| span.contains(object))
    }
}

/// Returns the name of the page with this number and so many entries.
pub(super) fn page_name(number: usize, entries: usize) -> String {
    format!("{number}-{entries}")
}

impl Line for Page {
    const EXPECTED: &'static str = "must be a page of the object index";

    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let entries = words.next()?.parse().ok()?;
        let bytes = words.next()?.parse().ok()?;
        let spans = words.map(Span::read).collect::<Option<_>>()?;
        Some(Self {
            entries,
            bytes,
            spans,
        })
    }

    fn write(&self) -> String {
        let mut line = format!("{} {}", self.entries, self.bytes);
        for span in &self.spans {
            line.push(' ');
            line.push_str(&span.write());
        }
        line
    }
}

stored_as_line!(Page);

fn weight(entries: &[IndexEntry]) -> usize {
    entries.iter().map(IndexEntry::weight).sum()
}

impl Record for IndexPage {
    const KIND: &'static str = "object-index";
}
