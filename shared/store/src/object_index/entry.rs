//! One entry of the register.

use billing::{DocumentRef, Id};
use quickbooks::Kind;
use serde::{Deserialize, Serialize};

/// The version of an object that is gone.
pub const VERSION_DELETED: &str = "-";

/// The version of an object that got another by what was done to something else.
pub const VERSION_UNKNOWN: &str = "~";

/// What its line takes besides the ids and the version.
const FRAME: usize = 48;

/// What is known of an object, and what it concerns.
///
/// Kept as one line, `invoice 1772000000 pay_app/pa_1057_1 0 145`: many of them are read at once. The id comes last, as it may hold
/// any character; a space in a version is escaped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IndexEntry {
    /// The kind of the object.
    pub kind: Kind,
    /// Its id in QuickBooks.
    pub id: String,
    /// What it concerns.
    pub subject: Subject,
    /// Its version as it is known, `-` if it is gone.
    pub version: String,
    /// When it got that, in seconds, as QuickBooks says.
    pub at: i64,
}

/// What of RIVET's an object concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A document.
    Document(DocumentRef),
    /// A customer.
    Customer(Id),
    /// A project.
    Project(Id),
}

impl IndexEntry {
    /// The document that it concerns, if it is one.
    pub fn document(&self) -> Option<&DocumentRef> {
        match &self.subject {
            Subject::Document(document) => Some(document),
            Subject::Customer(_) | Subject::Project(_) => None,
        }
    }

    /// Whether both say how the same object concerns the same.
    pub fn has_same_subject(&self, other: &Self) -> bool {
        (self.kind, &self.id, &self.subject) == (other.kind, &other.id, &other.subject)
    }

    /// Whether it counts, if the other, about the same, was added before: its version is not an older one.
    pub fn supersedes(&self, other: &Self) -> bool {
        (self.at, rank(&self.version)) >= (other.at, rank(&other.version))
    }

    /// Whether it is a journal entry that the customer pays, as it bills them: a release of retainage.
    pub fn is_payable(&self) -> bool {
        let is_release =
            |document: &DocumentRef| document.kind == billing::DocumentKind::RetainageRelease;
        self.kind == Kind::JournalEntry
            && matches!(&self.subject, Subject::Document(document) if is_release(document))
    }

    /// About how many bytes its line takes, or more.
    pub fn weight(&self) -> usize {
        FRAME + self.id.len() + self.version.len() + self.subject.id().as_ref().len()
    }

    fn read(line: &str) -> Option<Self> {
        let mut words = line.splitn(5, ' ');
        Some(Self {
            kind: Kind::from_name(words.next()?)?,
            at: words.next()?.parse().ok()?,
            subject: Subject::read(words.next()?)?,
            version: words.next()?.replace("%20", " ").replace("%25", "%"),
            id: words.next()?.to_owned(),
        })
    }
}

impl Subject {
    fn id(&self) -> &Id {
        match self {
            Self::Document(document) => &document.id,
            Self::Customer(id) | Self::Project(id) => id,
        }
    }

    fn read(text: &str) -> Option<Self> {
        if let Some((list, id)) = text.split_once(':') {
            let id = id.parse().ok()?;
            return match list {
                "customer" => Some(Self::Customer(id)),
                "project" => Some(Self::Project(id)),
                _ => None,
            };
        }
        let (kind, id) = text.split_once('/')?;
        Some(Self::Document(DocumentRef {
            kind: kind.parse().ok()?,
            id: id.parse().ok()?,
        }))
    }
}

/// Versions of the same second in their order: those of QuickBooks are counted, and nothing comes after the end.
fn rank(version: &str) -> u64 {
    if version == VERSION_DELETED {
        return u64::MAX;
    }
    version.parse().unwrap_or_default()
}

impl From<IndexEntry> for String {
    fn from(entry: IndexEntry) -> Self {
        let about = match &entry.subject {
            Subject::Document(document) => document.to_string(),
            Subject::Customer(id) => format!("customer:{id}"),
            Subject::Project(id) => format!("project:{id}"),
        };
        let version = entry.version.replace('%', "%25").replace(' ', "%20");
        let IndexEntry { kind, id, at, .. } = entry;
        format!("{} {at} {about} {version} {id}", kind.path())
    }
}

impl TryFrom<String> for IndexEntry {
    type Error = &'static str;

    fn try_from(line: String) -> Result<Self, Self::Error> {
        Self::read(&line).ok_or("must be an entry of the register")
    }
}
