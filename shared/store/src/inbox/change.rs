//! A pending change: its object, and the known kind of the change.

use jiff::Timestamp;
use ports::entropy::digest_of;
use quickbooks::Kind;
use quickbooks::webhook::{self, EntityKind, Operation};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A change of an object that a scan must process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingChange {
    /// The kind of the object.
    #[serde(rename = "k", serialize_with = "to_path", deserialize_with = "of_path")]
    pub kind: Kind,
    /// The id of the object.
    #[serde(rename = "i")]
    pub id: String,
    /// The time of its last change, in whole milliseconds.
    #[serde(
        rename = "a",
        serialize_with = "to_millisecond",
        deserialize_with = "millisecond"
    )]
    pub at: Timestamp,
    /// The kind of the change.
    #[serde(rename = "f", default, skip_serializing_if = "ChangeKind::is_default")]
    pub kind_of_change: ChangeKind,
}

/// The kind of a change. The kind is only a hint, because a scan reads the object itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeKind {
    /// The object is new, or changed.
    #[default]
    #[serde(rename = "c")]
    Changed,
    /// The amounts of the object were set to zero.
    #[serde(rename = "v")]
    Voided,
    /// Another object of the same kind was merged into this one. Intuit did not name the other object, which is gone.
    #[serde(rename = "a")]
    Absorbed,
    /// The object is gone.
    #[serde(rename = "d")]
    Deleted,
    /// The object is gone. The object with this id continues for both.
    #[serde(rename = "m")]
    MergedInto(String),
}

/// An event of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeEvent {
    /// The fingerprint by which the event is recognised.
    pub fingerprint: ChangeFingerprint,
    /// The objects that the event is about: two for a merge that names both, else one.
    pub changes: Vec<PendingChange>,
}

/// The fingerprint of an event: 48 bits of the digest of its id.
///
/// A new event is mistaken for one of the 256 remembered ones once in 2^48 / 256, about 10^12 times. With a million events a day, one
/// mistake happens in three thousand years, and the catch-ups find the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeFingerprint(String);

impl ChangeFingerprint {
    /// The number of characters of a fingerprint.
    pub const LENGTH: usize = 8;

    /// Returns the fingerprint of an event with this id.
    pub fn of(event_id: &str) -> Self {
        Self::of_bytes(event_id.as_bytes())
    }

    /// Returns the fingerprint of something that has no id.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut text = digest_of(bytes);
        text.truncate(Self::LENGTH);
        Self(text)
    }

    /// Returns its eight characters, which are safe in URLs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl ChangeEvent {
    /// Returns the event, if RIVET uses this kind of object.
    pub fn of(change: &webhook::EntityChange) -> Option<Self> {
        let EntityKind::Known(kind) = change.entity else {
            return None;
        };
        let pending = |id: &str, kind_of_change| PendingChange {
            kind,
            id: id.to_owned(),
            at: whole_milliseconds(change.changed_at),
            kind_of_change,
        };
        let changes = match &change.operation {
            Operation::Merged {
                deleted_id: Some(gone),
            } => vec![
                pending(&change.id, ChangeKind::Changed),
                pending(gone, ChangeKind::MergedInto(change.id.clone())),
            ],
            Operation::Merged { deleted_id: None } => {
                vec![pending(&change.id, ChangeKind::Absorbed)]
            }
            Operation::Deleted => vec![pending(&change.id, ChangeKind::Deleted)],
            Operation::Voided => vec![pending(&change.id, ChangeKind::Voided)],
            Operation::Created | Operation::Updated | Operation::Emailed | Operation::Other => {
                vec![pending(&change.id, ChangeKind::Changed)]
            }
        };
        Some(Self {
            fingerprint: ChangeFingerprint::of(&change.event_id),
            changes,
        })
    }
}

impl PendingChange {
    /// Returns whether both are about the same object.
    pub fn is_about(&self, other: &Self) -> bool {
        self.kind == other.kind && self.id == other.id
    }

    /// Returns whether another change of this object says more than this one.
    pub fn is_superseded_by(&self, other: &Self) -> bool {
        other.at > self.at || other.kind_of_change.rank() > self.kind_of_change.rank()
    }

    /// Merges another change of this object. No kind of change is ever undone, whichever arrives first.
    pub fn merge(&mut self, other: &Self) {
        self.at = self.at.max(other.at);
        if other.kind_of_change.rank() > self.kind_of_change.rank() {
            self.kind_of_change.clone_from(&other.kind_of_change);
        }
    }

    /// Returns an upper bound of its bytes in the record. Ids have no control characters; others take two bytes at most.
    pub fn weight(&self) -> usize {
        let other = match &self.kind_of_change {
            ChangeKind::MergedInto(other) => other.len(),
            ChangeKind::Changed
            | ChangeKind::Voided
            | ChangeKind::Absorbed
            | ChangeKind::Deleted => 0,
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

/// Returns the time as it comes back from the record.
fn whole_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

fn to_path<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.path())
}

fn of_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
    let path = String::deserialize(deserializer)?;
    Kind::from_name(&path).ok_or_else(|| D::Error::custom("must be a kind of object"))
}

/// Writes a time as milliseconds of Unix time.
pub(crate) fn to_millisecond<S: Serializer>(
    at: &Timestamp,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(at.as_millisecond())
}

/// Reads a time from milliseconds of Unix time.
pub(crate) fn millisecond<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Timestamp, D::Error> {
    let at = i64::deserialize(deserializer)?;
    Timestamp::from_millisecond(at).map_err(|_| D::Error::custom("must be a time"))
}
