//! The part of a connection for readers that may show the company but may open no token. Nobody writes it.

use crate::Store;
use crate::connection::{Company, ConnectionStatus, FailedAttempt, PendingSignIn};
use billing::{FirmId, Id};
use jiff::Timestamp;
use ports::records::{CompanyView, Record, Records, Secrets, StoreError};
use serde::{Deserialize, Serialize};

/// The part of a connection without its tokens.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ConnectionSummary {
    /// The status.
    pub status: ConnectionStatus,
    /// The company. Its id is sealed here, and [`Self::company`] opens it.
    pub company: Option<Company>,
    /// The company's id, opened with the key of views.
    #[serde(default)]
    company_view: Option<String>,
    grant: Option<GrantTimes>,
    /// The person who made the connection.
    pub connected_by: Option<Id>,
    /// The time of the last sign-in.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub connected_at: Option<Timestamp>,
    /// The sign-ins to a new company.
    #[serde(default)]
    pub pending_sign_ins: Vec<PendingSignIn>,
    /// The last attempt to connect, if it failed.
    pub attempt: Option<FailedAttempt>,
}

/// The ends of a grant.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct GrantTimes {
    #[serde(deserialize_with = "json::instant")]
    refresh_expires_at: Timestamp,
    #[serde(default, deserialize_with = "json::optional_instant")]
    hard_expires_at: Option<Timestamp>,
}

impl ConnectionSummary {
    /// Returns the company. `None` also until a request or run that may open the tokens has sealed its id for views.
    pub fn company(&self) -> Option<Company> {
        let (company, realm_id) = (self.company.as_ref()?, self.company_view.clone()?);
        Some(Company {
            realm_id,
            ..company.clone()
        })
    }

    /// Returns the end of the whole grant, if there is a grant.
    pub fn grant_ends_at(&self) -> Option<Timestamp> {
        let grant = self.grant?;
        Some(grant.hard_expires_at.unwrap_or(grant.refresh_expires_at))
    }
}

impl Record for ConnectionSummary {
    /// The kind of the connection's record, to which this part belongs.
    const KIND: &'static str = "connection";

    fn secrets(&mut self) -> Secrets<'_> {
        Secrets {
            view: Some(CompanyView::Shown(&mut self.company_view)),
            ..Secrets::default()
        }
    }
}

impl<R: Records> Store<R> {
    /// Loads the part of a connection without its tokens. A firm that never connected is disconnected.
    pub async fn connection_summary(&self, firm: &FirmId) -> Result<ConnectionSummary, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }
}
