//! Single calls to one company, as sign-in makes them: no rate limit, no token renewal, no stored connection.

use crate::call_outcome::CallError;
use bytes::Bytes;
use jiff::Timestamp;
use oauth2::AccessToken;
use ports::http::{CallTimeout, Http};
use quickbooks::answer::Answer;
use quickbooks::batch::{self, BatchItem, BatchOperation};
use quickbooks::request::{self, Unsendable, Write};
use quickbooks::{Company, Kind, Query, cdc};

/// A company with the token that opens it.
pub struct CompanyApi<'a, H> {
    /// The network.
    pub http: &'a H,
    /// Origin of the accounting API, no trailing slash.
    pub api_origin: &'a str,
    /// The company.
    pub realm_id: String,
    /// A token for it.
    pub access_token: AccessToken,
    /// The longest wait for an answer.
    pub timeout: CallTimeout,
}

/// A change, with the id that makes a repetition harmless.
#[derive(Clone, Copy)]
pub struct IdempotentWrite<'a> {
    /// The change.
    pub write: &'a Write,
    /// Intuit's `requestid`.
    pub request_id: &'a str,
}

/// Several changes and queries in one call. The request id and each item's own make a repetition harmless.
#[derive(Clone, Copy)]
pub struct IdempotentBatch<'a> {
    /// The changes and queries.
    pub items: &'a [BatchItem],
    /// Intuit's `requestid`.
    pub request_id: &'a str,
}

/// A request to a company.
#[derive(Clone, Copy)]
pub enum ApiRequest<'a> {
    /// Reads the name and edition of the company.
    CompanyInfo,
    /// Reads how the company keeps its books.
    Preferences,
    /// Reads one object.
    Read {
        /// The kind of the object.
        kind: Kind,
        /// The id of the object.
        id: &'a str,
    },
    /// Reads what a query finds.
    Query(&'a Query),
    /// Reads what of these kinds changed since then.
    Changes {
        /// The kinds.
        kinds: &'a [Kind],
        /// The time since which changes are read.
        since: Timestamp,
    },
    /// Makes a change.
    Write(IdempotentWrite<'a>),
    /// Makes several changes and queries.
    Batch(IdempotentBatch<'a>),
}

impl ApiRequest<'_> {
    /// Returns whether it is a batch, which has a limit of its own.
    pub fn is_batch(self) -> bool {
        matches!(self, Self::Batch(_))
    }

    /// Returns how many reads Intuit may count it as.
    pub fn reads(self) -> u32 {
        match self {
            Self::Write(_) => 0,
            Self::Batch(batch) => {
                let is_query =
                    |item: &&BatchItem| matches!(item.operation, BatchOperation::Query(_));
                u32::try_from(batch.items.iter().filter(is_query).count()).unwrap_or(u32::MAX)
            }
            Self::CompanyInfo
            | Self::Preferences
            | Self::Read { .. }
            | Self::Query(_)
            | Self::Changes { .. } => 1,
        }
    }

    /// Returns whether it may be carried out in part.
    pub fn has_several_writes(self) -> bool {
        let is_write = |item: &BatchItem| matches!(item.operation, BatchOperation::Write(_));
        matches!(self, Self::Batch(batch) if batch.items.iter().any(is_write))
    }

    fn build(self, company: &Company<'_>) -> Result<http::Request<Bytes>, Unsendable> {
        match self {
            Self::CompanyInfo => request::company_info(company),
            Self::Preferences => request::preferences(company),
            Self::Read { kind, id } => request::read(company, kind, id),
            Self::Query(query) => request::query(company, query),
            Self::Changes { kinds, since } => cdc::request(company, kinds, since),
            Self::Write(change) => request::write(company, change.write, change.request_id),
            Self::Batch(batch) => batch::request(company, batch.items, batch.request_id),
        }
    }
}

impl<H: Http> CompanyApi<'_, H> {
    /// Sends one request. `now` is when a wait after a refusal begins.
    pub async fn send(&self, request: ApiRequest<'_>, now: Timestamp) -> Result<Answer, CallError> {
        let company = Company {
            api_origin: self.api_origin,
            realm_id: &self.realm_id,
            access_token: &self.access_token,
        };
        let built = request.build(&company);
        let mut request = built.map_err(|error| CallError::from_unsendable(&error, now))?;
        request.extensions_mut().insert(self.timeout);
        let response = self.http.send(request).await;
        let response = response.map_err(|error| CallError::from_http(error, now))?;
        Answer::of(&response).map_err(|failure| CallError::from_failure(failure, now))
    }
}
