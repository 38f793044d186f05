//! The kinds of documents.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The kind of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A pay application.
    PayApp,
    /// A release of retainage.
    RetainageRelease,
    /// A payment.
    Payment,
    /// A new project. A project prepares customer and class. No payment pays for a project, and users do not see it.
    Project,
}

/// The text names no kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be `pay_app`, `retainage_release`, `payment` or `project`")]
pub struct UnknownDocumentKind;

impl DocumentKind {
    /// Returns the kind's name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PayApp => "pay_app",
            Self::RetainageRelease => "retainage_release",
            Self::Payment => "payment",
            Self::Project => "project",
        }
    }
}

impl FromStr for DocumentKind {
    type Err = UnknownDocumentKind;

    fn from_str(text: &str) -> Result<Self, UnknownDocumentKind> {
        let kinds = [
            Self::PayApp,
            Self::RetainageRelease,
            Self::Payment,
            Self::Project,
        ];
        kinds
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownDocumentKind)
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_reads_back_from_its_name() {
        for kind in [
            DocumentKind::PayApp,
            DocumentKind::RetainageRelease,
            DocumentKind::Payment,
            DocumentKind::Project,
        ] {
            assert_eq!(kind.to_string().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert_eq!("Invoice".parse::<DocumentKind>(), Err(UnknownDocumentKind));
    }
}
