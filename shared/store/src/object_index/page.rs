//! Pages of the register, and what the desk's record says of them.

use crate::object_index::entry::IndexEntry;
use ports::records::Record;
use quickbooks::Kind;
use serde::{Deserialize, Serialize};

/// How many entries a page has room for.
pub const ENTRIES: usize = 480;

/// How many bytes of them.
const BYTES: usize = 56 * 1024;

/// What lies on a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IndexPage(
    /// In the order in which they were added.
    pub Vec<IndexEntry>,
);

/// What is known of a page without reading it.
///
/// Kept as one line, `480 21504 invoice:145-1203 customer:58-71`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Page {
    /// How many entries it holds.
    entries: usize,
    /// About how many bytes they take.
    bytes: usize,
    /// Between which ids its objects lie.
    spans: Vec<Span>,
}

/// The lowest and the highest id in a sequence.
///
/// In practice ids are numbers that grow with time. Ids that are none lie in a span of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    sequence: Kind,
    low: u64,
    high: u64,
}

impl Page {
    /// A page with these entries.
    pub fn of(entries: &[IndexEntry]) -> Self {
        let mut page = Self {
            entries: 0,
            bytes: 0,
            spans: Vec::new(),
        };
        page.put(entries);
        page
    }

    /// Adds entries if they fit. Whether they did.
    pub fn take(&mut self, entries: &[IndexEntry]) -> bool {
        let fits = self.entries + entries.len() <= ENTRIES && self.bytes + weight(entries) <= BYTES;
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

    /// Its name, as the page of that number: no two that hold different entries have the same.
    pub fn name(&self, number: usize) -> String {
        format!("{number}-{}", self.entries)
    }

    /// Whether it may say something of this object.
    pub fn may_hold(&self, kind: Kind, id: &str) -> bool {
        let object = Span::of(kind, id);
        let holds = |span: &Span| {
            span.sequence == object.sequence && span.low <= object.low && object.high <= span.high
        };
        self.spans.iter().any(holds)
    }

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
}

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

/// The kind that stands for all that are numbered together: transactions share a sequence, each list has its own.
fn sequence(kind: Kind) -> Kind {
    match kind {
        Kind::CreditMemo | Kind::JournalEntry | Kind::Payment => Kind::Invoice,
        other => other,
    }
}

fn weight(entries: &[IndexEntry]) -> usize {
    entries.iter().map(IndexEntry::weight).sum()
}

impl From<Page> for String {
    fn from(page: Page) -> Self {
        let mut line = format!("{} {}", page.entries, page.bytes);
        for span in page.spans {
            let (sequence, low, high) = (span.sequence.path(), span.low, span.high);
            line.push_str(&format!(" {sequence}:{low}-{high}"));
        }
        line
    }
}

impl TryFrom<String> for Page {
    type Error = &'static str;

    fn try_from(line: String) -> Result<Self, Self::Error> {
        Self::read(&line).ok_or("must be a page of the register")
    }
}

impl Record for IndexPage {
    const KIND: &'static str = "register";
}
