//! Pages of the object index, and their descriptions in the queue record.

use crate::line::{Line, stored_as_line};
use crate::object_index::entry::IndexEntry;
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

/// The description of a page, which tells whether a look-up must load the page.
///
/// Stored as one line, `480 21504 invoice:145-1203 customer:58-71`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Page {
    /// The number of its entries.
    entries: usize,
    /// An upper bound of their bytes.
    bytes: usize,
    /// The ranges of ids of its objects.
    spans: Vec<Span>,
}

/// The lowest and the highest id of a sequence on a page.
///
/// In practice ids are numbers that grow with time. An id that is no number has the span of all numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    sequence: Kind,
    low: u64,
    high: u64,
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

    /// Adds entries if they fit. Returns whether they did.
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

    /// Returns its name as the page of that number. No two pages with different entries have the same name.
    pub fn name(&self, number: usize) -> String {
        format!("{number}-{}", self.entries)
    }

    /// Returns whether it may have an entry of this object.
    pub fn may_hold(&self, kind: Kind, id: &str) -> bool {
        let object = Span::of(kind, id);
        let holds = |span: &Span| {
            span.sequence == object.sequence && span.low <= object.low && object.high <= span.high
        };
        self.spans.iter().any(holds)
    }
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
            let (sequence, low, high) = (span.sequence.path(), span.low, span.high);
            line.push_str(&format!(" {sequence}:{low}-{high}"));
        }
        line
    }
}

stored_as_line!(Page);

impl Span {
    fn of(kind: Kind, id: &str) -> Self {
        let number = id.parse().ok();
        Self {
            sequence: sequence(kind),
            low: number.unwrap_or(u64::MIN),
            high: number.unwrap_or(u64::MAX),
        }
    }

    fn read(word: &str) -> Option<Self> {
        let (sequence, ids) = word.split_once(':')?;
        let (low, high) = ids.split_once('-')?;
        Some(Self {
            sequence: Kind::from_name(sequence)?,
            low: low.parse().ok()?,
            high: high.parse().ok()?,
        })
    }
}

/// Returns the kind that stands for all kinds of its sequence: transactions share one, each list has its own.
fn sequence(kind: Kind) -> Kind {
    match kind {
        Kind::CreditMemo | Kind::JournalEntry | Kind::Payment => Kind::Invoice,
        other => other,
    }
}

fn weight(entries: &[IndexEntry]) -> usize {
    entries.iter().map(IndexEntry::weight).sum()
}

impl Record for IndexPage {
    const KIND: &'static str = "object-index";
}
