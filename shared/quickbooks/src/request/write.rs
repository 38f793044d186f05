//! Changes to objects, and how each looks in a request.

use crate::entity::{Kind, Object};
use serde::{Serialize, Serializer};

/// A change to one object.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// Makes it.
    Create(Object),
    /// Changes it; the object carries its id and sync token, and `sparse` decides about the fields that are left out.
    Update(Object),
    /// Sets the amounts of an invoice to zero and keeps its number. Refused while payments are applied.
    VoidInvoice(Version),
    /// Sets a payment to zero and opens again what it had settled.
    VoidPayment(Version),
}

/// An object as it was when we last saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: String,
    /// Its sync token; if it is no longer the current one, the write is refused with 5010.
    pub sync_token: String,
}

impl Write {
    /// The kind of object that it changes.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Create(object) | Self::Update(object) => object.kind(),
            Self::VoidInvoice(_) => Kind::Invoice,
            Self::VoidPayment(_) => Kind::Payment,
        }
    }

    /// The word for it in a batch.
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
