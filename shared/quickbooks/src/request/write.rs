//! Changes to objects, and their bodies in a request.

use crate::entity::{Kind, Object};
use serde::{Serialize, Serializer};

/// A change to one object.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// Creates the object.
    Create(Object),
    /// Changes the object with this id and sync token. If `sparse` is true, fields that are left out stay as they are.
    Update(Object),
    /// Sets the amounts of an invoice to zero and keeps its number. QuickBooks refuses while payments are applied.
    VoidInvoice(Version),
    /// Sets a payment to zero and opens the transactions again that it had paid.
    VoidPayment(Version),
}

/// An object's id and the version of it that a change is made to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The object's id.
    pub id: String,
    /// The sync token of the version that we read last. QuickBooks refuses an older one than the current with 5010.
    pub sync_token: String,
}

impl Write {
    /// Returns the kind of object that the change is made to.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Create(object) | Self::Update(object) => object.kind(),
            Self::VoidInvoice(_) => Kind::Invoice,
            Self::VoidPayment(_) => Kind::Payment,
        }
    }

    /// Returns the `operation` of a batch item (Intuit: API reference, Batch).
    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Update(_) | Self::VoidPayment(_) => "update",
            Self::VoidInvoice(_) => "void",
        }
    }
}

impl Serialize for Write {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Create(object) | Self::Update(object) => object.serialize(serializer),
            Self::VoidInvoice(version) => version.body(None).serialize(serializer),
            Self::VoidPayment(version) => version.body(Some(true)).serialize(serializer),
        }
    }
}

impl Version {
    fn body(&self, sparse: Option<bool>) -> VersionBody<'_> {
        VersionBody {
            id: &self.id,
            sync_token: &self.sync_token,
            sparse,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VersionBody<'a> {
    id: &'a str,
    sync_token: &'a str,
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    sparse: Option<bool>,
}
