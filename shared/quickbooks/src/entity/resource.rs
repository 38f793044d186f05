//! Types of objects that an answer can hold.

use super::kind::Kind;
use serde::de::DeserializeOwned;

/// A type that an answer can be read into.
pub trait Resource: DeserializeOwned {
    /// The kind of object that the type describes.
    const KIND: Kind;
}
