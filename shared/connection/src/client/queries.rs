//! Reads of objects, lists and changes.

use crate::call_outcome::CallError;
use crate::client::api::{ApiRequest, IdempotentBatch};
use crate::client::{CompanyClient, READ_DELAY};
use crate::idempotency_key::request_id;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::batch::{BatchItem, BatchOperation};
use quickbooks::cdc::Changes;
use quickbooks::entity::{ListEntry, ObjectSnapshot, Resource};
use quickbooks::{Failure, Kind, Query};

impl<H: Http, R: Records> CompanyClient<'_, H, R> {
    /// Reads one object. `None` if it was deleted.
    pub async fn get(
        &mut self,
        kind: Kind,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<ObjectSnapshot>, CallError> {
        match self.get_existing(kind, id, now).await {
            Err(error) if error.is_missing() => Ok(None),
            found => found.map(Some),
        }
    }

    /// Reads one object that must be there.
    ///
    /// # Errors
    /// A deleted object is a refusal.
    pub async fn get_existing(
        &mut self,
        kind: Kind,
        id: &str,
        now: Timestamp,
    ) -> Result<ObjectSnapshot, CallError> {
        let answer = self.read(ApiRequest::Read { kind, id }, now).await?;
        answer.snapshot().map_err(|failure| unread(failure, now))
    }

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

    /// Reads what each of the queries finds, in as few calls as the limiter allows.
    pub async fn query_all(
        &mut self,
        queries: &[Query],
        now: Timestamp,
    ) -> Result<Vec<Vec<ObjectSnapshot>>, CallError> {
        let mut found = Vec::new();
        let mut rest = queries;
        while !rest.is_empty() {
            let (some, more) = rest.split_at(rest.len().min(self.limiter.batch_size()));
            match some {
                [one] => found.push(self.query(one, now).await?),
                several => found.extend(self.query_together(several, now).await?),
            }
            rest = more;
        }
        Ok(found)
    }

    async fn query_together(
        &mut self,
        queries: &[Query],
        now: Timestamp,
    ) -> Result<Vec<Vec<ObjectSnapshot>>, CallError> {
        let items = (0..).zip(queries).map(|(at, query): (usize, _)| BatchItem {
            id: at.to_string(),
            operation: BatchOperation::Query(query.clone()),
        });
        let items: Vec<BatchItem> = items.collect();
        let texts: Vec<String> = queries.iter().map(ToString::to_string).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let batch = IdempotentBatch {
            items: &items,
            request_id: &request_id(&texts),
        };
        let answers = self.send_batch(batch, now).await;
        let answers = answers.map_err(|error| error.of_read(now, READ_DELAY))?;
        let rows = items.iter().zip(queries).map(|(item, query)| {
            let rows = answers.snapshots(&item.id, query.kind());
            rows.map_err(|failure| unread(failure, now))
        });
        rows.collect()
    }

    /// Reads what of these kinds changed since then.
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

/// Returns the error of a read whose answer lacks what was asked for.
fn unread(failure: Failure, now: Timestamp) -> CallError {
    CallError::from_failure(failure, now).of_read(now, READ_DELAY)
}
