//! An entry of the object index.

mod subject;

pub use crate::object_index::entry::subject::Subject;

use crate::line::{Line, stored_as_line};
use billing::DocumentRef;
use quickbooks::Kind;
use serde::{Deserialize, Serialize};

/// The version of an object that is gone.
pub const VERSION_DELETED: &str = "-";

/// The version of an object that changed because of a change of another object.
pub const VERSION_UNKNOWN: &str = "~";

/// The bytes of a line besides the ids and the version.
const FRAME: usize = 48;

/// The subject and the newest known version of an object.
///
/// Stored as one line, `invoice 1772000000 pay_app/pa_1057_1 0 145`. The id comes last, because it may have any character. A space
/// in a version is escaped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IndexEntry {
    /// The kind of the object.
    pub kind: Kind,
    /// The id of the object in QuickBooks.
    pub id: String,
    /// The document, customer or project that the object belongs to.
    pub subject: Subject,
    /// The known version, or `-` if the object is gone.
    pub version: String,
    /// The time of that version in seconds of Unix time, as QuickBooks says.
    pub at: i64,
}

impl IndexEntry {
    /// Returns the document, if the subject is a document.
    pub fn document(&self) -> Option<&DocumentRef> {
        match &self.subject {
            Subject::Document(document) => Some(document),
            Subject::Customer(_) | Subject::Project(_) => None,
        }
    }

    /// Returns whether both are about the same object and the same subject.
    pub fn has_same_subject(&self, other: &Self) -> bool {
        (self.kind, &self.id, &self.subject) == (other.kind, &other.id, &other.subject)
    }

    /// Returns whether this entry replaces an earlier one about the same subject. The version must not be older.
    pub fn supersedes(&self, other: &Self) -> bool {
        (self.at, rank(&self.version)) >= (other.at, rank(&other.version))
    }

    /// Returns whether the object is a journal entry that the customer pays: a release of retainage.
    pub fn is_payable(&self) -> bool {
        let is_release =
            |document: &DocumentRef| document.kind == billing::DocumentKind::RetainageRelease;
        self.kind == Kind::JournalEntry
            && matches!(&self.subject, Subject::Document(document) if is_release(document))
    }

    /// Returns an upper bound of the bytes of the entry's line.
    pub fn weight(&self) -> usize {
        FRAME + self.id.len() + self.version.len() + self.subject.id().as_ref().len()
    }
}

impl Line for IndexEntry {
    const EXPECTED: &'static str = "must be an entry of the object index";

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

    fn write(&self) -> String {
        let subject = match &self.subject {
            Subject::Document(document) => document.to_string(),
            Subject::Customer(id) => format!("customer:{id}"),
            Subject::Project(id) => format!("project:{id}"),
        };
        let version = self.version.replace('%', "%25").replace(' ', "%20");
        let (kind, at, id) = (self.kind.path(), self.at, &self.id);
        format!("{kind} {at} {subject} {version} {id}")
    }
}

stored_as_line!(IndexEntry);

/// Returns the order of versions of the same second: QuickBooks counts versions up, and a deletion is the last one.
fn rank(version: &str) -> u64 {
    if version == VERSION_DELETED {
        return u64::MAX;
    }
    version.parse().unwrap_or_default()
}
