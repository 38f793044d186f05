//! Calls to one company, each with an answer that says what a caller can do about it.

use crate::ports::{Http, HttpError};
use bytes::Bytes;
use oauth2::AccessToken;
use quickbooks::entity::{Preferences, Resource, Standing};
use quickbooks::request::{self, Unsendable, Write};
use quickbooks::{Company, Failure, Kind, Query, answer};

/// A company with the key to it.
pub(crate) struct Calls<'a, H> {
    pub http: &'a H,
    pub api_origin: &'a str,
    pub realm_id: String,
    pub access_token: AccessToken,
}

/// Why a call did not do what it should.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// QuickBooks answered, and nothing was changed.
    #[error("{0}")]
    Refused(Failure),
    /// It certainly was not sent.
    #[error("QuickBooks was not reached: {0}")]
    NotSent(String),
    /// A write may have been carried out.
    #[error("the outcome is unknown: {0}")]
    Unknown(String),
}

impl<H: Http> Calls<'_, H> {
    pub(crate) async fn company_info<T: Resource>(&self) -> Result<T, CallError> {
        self.read(request::company_info(&self.company())?).await
    }

    pub(crate) async fn preferences(&self) -> Result<Preferences, CallError> {
        self.read(request::preferences(&self.company())?).await
    }

    pub(crate) async fn query<T: Resource>(&self, query: &Query) -> Result<Vec<T>, CallError> {
        let response = self.send(request::query(&self.company(), query)?).await?;
        answer::list(&response).map_err(refused)
    }

    /// How one object stands now.
    pub(crate) async fn standing(&self, kind: Kind, id: &str) -> Result<Standing, CallError> {
        let response = self.send(request::read(&self.company(), kind, id)?).await?;
        answer::standing(&response).map_err(refused)
    }

    /// How the objects that a query finds stand now.
    pub(crate) async fn standings(&self, query: &Query) -> Result<Vec<Standing>, CallError> {
        let response = self.send(request::query(&self.company(), query)?).await?;
        answer::standings(&response, query.kind()).map_err(refused)
    }

    /// Sends a change. `request_id` makes a repetition harmless.
    pub(crate) async fn write(
        &self,
        change: &Write,
        request_id: &str,
    ) -> Result<Standing, CallError> {
        let response = self
            .send(request::write(&self.company(), change, request_id)?)
            .await?;
        answer::standing(&response).map_err(refused)
    }

    async fn read<T: Resource>(&self, request: http::Request<Bytes>) -> Result<T, CallError> {
        answer::read(&self.send(request).await?).map_err(refused)
    }

    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, CallError> {
        Ok(self.http.send(request).await?)
    }

    fn company(&self) -> Company<'_> {
        Company {
            api_origin: self.api_origin,
            realm_id: &self.realm_id,
            access_token: &self.access_token,
        }
    }
}

fn refused(failure: Failure) -> CallError {
    if failure.may_have_happened() {
        CallError::Unknown(described(&failure))
    } else {
        CallError::Refused(failure)
    }
}

/// The failure with Intuit's trace id, which their support asks for.
pub(crate) fn described(failure: &Failure) -> String {
    match failure.tid() {
        Some(tid) => format!("{failure} (intuit_tid {tid})"),
        None => failure.to_string(),
    }
}

impl From<HttpError> for CallError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::NotSent(why) => Self::NotSent(why),
            HttpError::Unknown(why) => Self::Unknown(why),
        }
    }
}

impl From<Unsendable> for CallError {
    fn from(error: Unsendable) -> Self {
        Self::NotSent(error.to_string())
    }
}
