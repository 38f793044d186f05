//! Calls to one company, each with an answer that says what a caller can do about it.

pub mod company_info;
pub mod deadlines;

use bytes::Bytes;
use jiff::Timestamp;
use oauth2::AccessToken;
use ports::http::{CallTimeout, Http, HttpError};
use quickbooks::answer::{Answer, MissingPermission};
use quickbooks::batch::{self, BatchItem};
use quickbooks::request::{self, Unsendable, Write};
use quickbooks::{Company, Failure, Kind, Query, cdc};

/// A company with the key to it.
pub struct CompanyClient<'a, H> {
    pub http: &'a H,
    pub api_origin: &'a str,
    pub realm_id: String,
    pub access_token: AccessToken,
    pub patience: CallTimeout,
}

/// Why a call did not do what it should.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CallError {
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

/// What a company is asked.
#[derive(Clone, Copy)]
pub enum ApiRequest<'a> {
    /// Who it is.
    CompanyInfo,
    /// How it keeps its books.
    Preferences,
    /// One object.
    Read(Kind, &'a str),
    /// What a query finds.
    Query(&'a Query),
    /// What of these kinds changed since then.
    Changes(&'a [Kind], Timestamp),
    /// A change. Its request id makes a repetition harmless.
    Write(&'a Write, &'a str),
    /// Several changes and look-ups at once. The request id and each item's own make a repetition harmless.
    Batch(&'a [BatchItem], &'a str),
}

impl CallError {
    /// Whether the token does not belong to the company (fault 3100, or 3200 for a token of this minute).
    pub fn is_mismatch(&self) -> bool {
        matches!(
            self,
            Self::Refused(
                Failure::Unauthorized { .. }
                    | Failure::Forbidden {
                        missing: MissingPermission::Grant,
                        ..
                    }
            )
        )
    }
}

impl ApiRequest<'_> {
    pub fn is_batch(self) -> bool {
        matches!(self, Self::Batch(..))
    }

    /// How many reads Intuit may count it as.
    pub fn reads(self) -> u32 {
        match self {
            Self::Write(..) => 0,
            Self::Batch(items, _) => {
                let looks =
                    |item: &&BatchItem| matches!(item.operation, batch::BatchOperation::Query(_));
                u32::try_from(items.iter().filter(looks).count()).unwrap_or(u32::MAX)
            }
            Self::CompanyInfo
            | Self::Preferences
            | Self::Read(..)
            | Self::Query(_)
            | Self::Changes(..) => 1,
        }
    }

    /// Whether it may be carried out in part.
    pub fn changes_several(self) -> bool {
        let writes = |item: &BatchItem| matches!(item.operation, batch::BatchOperation::Write(_));
        matches!(self, Self::Batch(items, _) if items.iter().any(writes))
    }

    fn of(self, company: &Company<'_>) -> Result<http::Request<Bytes>, Unsendable> {
        match self {
            Self::CompanyInfo => request::company_info(company),
            Self::Preferences => request::preferences(company),
            Self::Read(kind, id) => request::read(company, kind, id),
            Self::Query(query) => request::query(company, query),
            Self::Changes(kinds, since) => cdc::request(company, kinds, since),
            Self::Write(change, request_id) => request::write(company, change, request_id),
            Self::Batch(items, request_id) => batch::request(company, items, request_id),
        }
    }
}

impl<H: Http> CompanyClient<'_, H> {
    pub async fn ask(&self, ask: ApiRequest<'_>) -> Result<Answer, CallError> {
        let mut request = ask.of(&self.company())?;
        request.extensions_mut().insert(self.patience);
        let response = self.http.send(request).await?;
        Ok(Answer::of(&response)?)
    }

    fn company(&self) -> Company<'_> {
        Company {
            api_origin: self.api_origin,
            realm_id: &self.realm_id,
            access_token: &self.access_token,
        }
    }
}

/// The failure with Intuit's trace id, which their support asks for.
pub fn described(failure: &Failure) -> String {
    match failure.tid() {
        Some(tid) => format!("{failure} (intuit_tid {tid})"),
        None => failure.to_string(),
    }
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        if failure.may_have_happened() {
            Self::Unknown(described(&failure))
        } else {
            Self::Refused(failure)
        }
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
