//! Resources.

use super::kind::Kind;
use serde::de::DeserializeOwned;

/// A type that an answer can be read into.
pub trait Resource: DeserializeOwned {
    /// Which kind of object the type describes.
    const KIND: Kind;
}
