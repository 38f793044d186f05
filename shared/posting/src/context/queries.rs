//! Questions to the company.

use crate::context::WorkerContext;
use crate::error::{Halt, unread};
use connection::client::ApiRequest;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::{self, Resource};
use quickbooks::{Kind, Query};

impl<H: Http, R: Records> WorkerContext<'_, H, R> {
    /// Looks objects up.
    pub async fn query<T: Resource>(
        &mut self,
        query: &Query,
        now: Timestamp,
    ) -> Result<Vec<T>, Halt> {
        let answer = self.read(ApiRequest::Query(query), now).await?;
        answer.list().map_err(|failure| unread(failure, now))
    }

    /// How one object stands now.
    pub async fn standing(
        &mut self,
        (kind, id): (Kind, &str),
        now: Timestamp,
    ) -> Result<entity::ObjectSnapshot, Halt> {
        let answer = self.read(ApiRequest::Read(kind, id), now).await?;
        answer.snapshot().map_err(|failure| unread(failure, now))
    }

    /// How the objects that a query finds stand now.
    pub async fn standings(
        &mut self,
        query: &Query,
        now: Timestamp,
    ) -> Result<Vec<entity::ObjectSnapshot>, Halt> {
        let answer = self.read(ApiRequest::Query(query), now).await?;
        answer
            .snapshots(query.kind())
            .map_err(|failure| unread(failure, now))
    }

    /// The entries of a list that a query finds.
    pub async fn listed(
        &mut self,
        query: &Query,
        now: Timestamp,
    ) -> Result<Vec<entity::ListEntry>, Halt> {
        let answer = self.read(ApiRequest::Query(query), now).await?;
        answer
            .list_entries(query.kind())
            .map_err(|failure| unread(failure, now))
    }
}
