//! Reads of lists and changes.

use crate::call_outcome::CallError;
use crate::client::CompanyClient;
use crate::client::api::ApiRequest;
use crate::client::exchange::unread;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::cdc::Changes;
use quickbooks::entity::{ListEntry, ObjectSnapshot, Resource};
use quickbooks::{Kind, Query};

impl<H: Http, R: Records> CompanyClient<'_, H, R> {
    /// Reads whole resources.
    pub async fn query_resources<T: Resource>(
        &mut self,
        query: &Query,
        now: Timestamp,
    ) -> Result<Vec<T>, CallError> {
        let answer = self.read(ApiRequest::Query(query), now).await?;
        answer.list().map_err(|failure| unread(failure, now))
    }

    /// Reads the transactions that a query finds.
    pub async fn query(
        &mut self,
        query: &Query,
        now: Timestamp,
    ) -> Result<Vec<ObjectSnapshot>, CallError> {
        let answer = self.read(ApiRequest::Query(query), now).await?;
        answer
            .snapshots(query.kind())
            .map_err(|failure| unread(failure, now))
    }

    /// Reads the entries of a list that a query finds.
    pub async fn query_list(
        &mut self,
        query: &Query,
        now: Timestamp,
    ) -> Result<Vec<ListEntry>, CallError> {
        let answer = self.read(ApiRequest::Query(query), now).await?;
        answer
            .list_entries(query.kind())
            .map_err(|failure| unread(failure, now))
    }

    /// Reads the changed objects of the given kinds since a time.
    pub async fn changes(
        &mut self,
        kinds: &[Kind],
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Changes, CallError> {
        let answer = self.read(ApiRequest::Changes { kinds, since }, now).await?;
        Changes::of(&answer).map_err(|failure| unread(failure, now))
    }
}
