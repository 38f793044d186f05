//! The part of a delivery that is about one company, and its events that could not be read.

use crate::inbox::change::{ChangeEvent, ChangeFingerprint, millisecond, to_millisecond};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An event that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableEvent {
    /// The time of arrival.
    #[serde(serialize_with = "to_millisecond", deserialize_with = "millisecond")]
    pub at: Timestamp,
    /// The fault, as the rest of a sentence that starts with the event.
    pub why: String,
}

/// The part of one delivery that is about one company.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryPart {
    /// The events that could be read.
    pub events: Vec<ChangeEvent>,
    /// The unreadable events.
    pub unreadable: Vec<UnreadablePart>,
}

/// An event of a delivery that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadablePart {
    /// The fingerprint by which it is recognised.
    pub fingerprint: ChangeFingerprint,
    /// The fault, as the rest of a sentence that starts with the event.
    pub why: &'static str,
}
