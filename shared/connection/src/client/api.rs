//! Single calls to one company, as sign-in makes them: no rate limit, no token renewal, no stored connection.

// Top first: a module uses only modules below it.
mod request;

mod idempotent;

pub use crate::client::api::idempotent::{IdempotentBatch, IdempotentWrite};
pub use crate::client::api::request::ApiRequest;

use crate::call_outcome::CallError;
use bytes::Bytes;
use jiff::Timestamp;
use oauth2::AccessToken;
use ports::http::{CallTimeout, Http, MeteredReads};
use quickbooks::answer::Answer;
use quickbooks::request::Unsendable;
use quickbooks::{Company, batch, cdc, request as company_request};

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

impl<H: Http> CompanyApi<'_, H> {
    /// Sends one request. A wait after a refusal begins at `now`.
    pub async fn send(&self, request: ApiRequest<'_>, now: Timestamp) -> Result<Answer, CallError> {
        let company = Company {
            api_origin: self.api_origin,
            realm_id: &self.realm_id,
            access_token: &self.access_token,
        };
        let reads = MeteredReads(request.reads());
        let built = build(request, &company);
        let mut request = built.map_err(|error| CallError::from_unsendable(&error, now))?;
        request.extensions_mut().insert(self.timeout);
        request.extensions_mut().insert(reads);
        let response = self.http.send(request).await;
        let response = response.map_err(|error| CallError::from_http(error, now))?;
        Answer::of(&response).map_err(|failure| CallError::from_failure(failure, now))
    }
}

/// Returns the HTTP request to the company.
fn build(
    request: ApiRequest<'_>,
    company: &Company<'_>,
) -> Result<http::Request<Bytes>, Unsendable> {
    match request {
        ApiRequest::CompanyInfo => company_request::company_info(company),
        ApiRequest::Preferences => company_request::preferences(company),
        ApiRequest::Read { kind, id } => company_request::read(company, kind, id),
        ApiRequest::Query(query) => company_request::query(company, query),
        ApiRequest::Changes { kinds, since } => cdc::request(company, kinds, since),
        ApiRequest::Write(change) => {
            company_request::write(company, change.write, change.request_id)
        }
        ApiRequest::Writes(batch) => batch::writes(company, batch.items, batch.request_id),
        ApiRequest::Queries(items) => batch::queries(company, items),
    }
}
