//! One notice, as it waits: what it is about, and what is known to have become of it.

use jiff::Timestamp;
use ports::entropy::digest_of;
use quickbooks::Kind;
use quickbooks::webhook::{self, EntityKind, Operation};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An object to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingChange {
    /// What kind of object.
    #[serde(rename = "k", serialize_with = "to_path", deserialize_with = "of_path")]
    pub kind: Kind,
    /// Its id.
    #[serde(rename = "i")]
    pub id: String,
    /// When it changed last, in whole milliseconds.
    #[serde(
        rename = "a",
        serialize_with = "to_millisecond",
        deserialize_with = "millisecond"
    )]
    pub at: Timestamp,
    /// What became of it.
    #[serde(rename = "f", default, skip_serializing_if = "ChangeKind::is_default")]
    pub kind_of_change: ChangeKind,
}

/// What became of an object. A hint: what it really is, is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeKind {
    /// It is new, or changed.
    #[default]
    #[serde(rename = "c")]
    Changed,
    /// Its amounts were set to zero.
    #[serde(rename = "v")]
    Voided,
    /// Another of its kind was merged into it. Intuit did not say which; that one is gone.
    #[serde(rename = "a")]
    Absorbed,
    /// It is gone.
    #[serde(rename = "d")]
    Deleted,
    /// It is gone, and the object with this id stands for it.
    #[serde(rename = "m")]
    MergedInto(String),
}

/// What one event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeEvent {
    /// By which the event is known again.
    pub mark: ChangeFingerprint,
    /// The objects that it is about: two for a merge of which both are named, else one.
    pub about: Vec<PendingChange>,
}

/// What is remembered of an event: 48 bits of the digest of its id.
///
/// A new event is taken for one of the 256 that are remembered once in 2^48 / 256, some 10^12 times: with a million events a day
/// that is one in three thousand years, and the catch-ups find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeFingerprint(String);

impl ChangeFingerprint {
    /// Characters of a mark.
    pub const LENGTH: usize = 8;

    /// The mark of an event with this id.
    pub fn of(event_id: &str) -> Self {
        Self::of_bytes(event_id.as_bytes())
    }

    /// The mark of something that has no id.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut mark = digest_of(bytes);
        mark.truncate(Self::LENGTH);
        Self(mark)
    }

    /// Eight characters that are safe in URLs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl ChangeEvent {
    /// What an event says, if it is about a kind of object that matters here.
    pub fn of(told: &webhook::EntityChange) -> Option<Self> {
        let EntityKind::Known(kind) = told.entity else {
            return None;
        };
        let notice = |id: &str, fate| PendingChange {
            kind,
            id: id.to_owned(),
            at: whole(told.changed_at),
            kind_of_change: fate,
        };
        let about = match &told.operation {
            Operation::Merged {
                deleted_id: Some(gone),
            } => vec![
                notice(&told.id, ChangeKind::Changed),
                notice(gone, ChangeKind::MergedInto(told.id.clone())),
            ],
            Operation::Merged { deleted_id: None } => vec![notice(&told.id, ChangeKind::Absorbed)],
            Operation::Deleted => vec![notice(&told.id, ChangeKind::Deleted)],
            Operation::Voided => vec![notice(&told.id, ChangeKind::Voided)],
            Operation::Created | Operation::Updated | Operation::Emailed | Operation::Other => {
                vec![notice(&told.id, ChangeKind::Changed)]
            }
        };
        Some(Self {
            mark: ChangeFingerprint::of(&told.event_id),
            about,
        })
    }
}

impl PendingChange {
    /// Whether both are about the same object.
    pub fn is_about(&self, other: &Self) -> bool {
        self.kind == other.kind && self.id == other.id
    }

    /// Whether another notice about this object tells more than this one.
    pub fn is_superseded_by(&self, other: &Self) -> bool {
        other.at > self.at || other.kind_of_change.rank() > self.kind_of_change.rank()
    }

    /// Makes one of two notices about an object. None of the fates is ever undone, whichever is told first.
    pub fn merge(&mut self, other: &Self) {
        self.at = self.at.max(other.at);
        if other.kind_of_change.rank() > self.kind_of_change.rank() {
            self.kind_of_change.clone_from(&other.kind_of_change);
        }
    }

    /// More bytes than it takes in the record. Ids have no control characters; others take two bytes at most.
    pub fn weight(&self) -> usize {
        let other = match &self.kind_of_change {
            ChangeKind::MergedInto(other) => other.len(),
            _ => 0,
        };
        72 + 2 * (self.id.len() + other)
    }
}

impl ChangeKind {
    fn rank(&self) -> u8 {
        match self {
            Self::Changed => 0,
            Self::Voided | Self::Absorbed => 1,
            Self::Deleted => 2,
            Self::MergedInto(_) => 3,
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::Changed
    }
}

/// As it comes back from the record.
fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

fn to_path<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.path())
}

fn of_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
    let path = String::deserialize(deserializer)?;
    Kind::from_name(&path).ok_or_else(|| D::Error::custom("must be a kind of object"))
}

pub fn to_millisecond<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(at.as_millisecond())
}

pub fn millisecond<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let at = i64::deserialize(deserializer)?;
    Timestamp::from_millisecond(at).map_err(|_| D::Error::custom("must be a time"))
}
