//! Reads of several queries in one call.

use crate::call_outcome::CallError;
use crate::client::exchange::unread;
use crate::client::{CompanyClient, READ_DELAY};
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::Query;
use quickbooks::batch::{BatchAnswers, BatchItem};
use quickbooks::entity::ObjectSnapshot;

impl<H: Http, R: Records> CompanyClient<'_, H, R> {
    /// Reads what 1 to 30 queries find, in one call.
    pub async fn read_together(
        &mut self,
        items: &[BatchItem<Query>],
        now: Timestamp,
    ) -> Result<BatchAnswers, CallError> {
        let answers = self.query_together(items, now).await;
        answers.map_err(|error| error.of_read(now, READ_DELAY))
    }

    /// Reads what each of the queries finds, in as few calls as the limiter allows.
    pub async fn query_all(
        &mut self,
        queries: &[Query],
        now: Timestamp,
    ) -> Result<Vec<Vec<ObjectSnapshot>>, CallError> {
        let found = self.query_each(queries, now).await;
        found.into_iter().collect()
    }

    /// Reads what each of the queries finds, each with an error of its own: one broken row makes only one query fail.
    pub async fn query_each(
        &mut self,
        queries: &[Query],
        now: Timestamp,
    ) -> Vec<Result<Vec<ObjectSnapshot>, CallError>> {
        let mut found = Vec::new();
        let mut rest = queries;
        while !rest.is_empty() {
            let (some, more) = rest.split_at(rest.len().min(self.limiter.batch_size()));
            match some {
                [one] => found.push(self.query(one, now).await),
                several => match query_several(self, several, now).await {
                    Ok(rows) => found.extend(rows),
                    Err(error) => found.extend(several.iter().map(|_| Err(error.clone()))),
                },
            }
            rest = more;
        }
        found
    }
}

/// Reads what each of several queries finds, in one call.
async fn query_several<H: Http, R: Records>(
    client: &mut CompanyClient<'_, H, R>,
    queries: &[Query],
    now: Timestamp,
) -> Result<Vec<Result<Vec<ObjectSnapshot>, CallError>>, CallError> {
    let items = batch_items(queries);
    let answers = client.read_together(&items, now).await?;
    let rows = items.iter().zip(queries).map(|(item, query)| {
        let rows = answers.snapshots(&item.id, query.kind());
        rows.map_err(|failure| unread(failure, now))
    });
    Ok(rows.collect())
}

/// Returns the items of a batch of queries, each with its position as its id.
fn batch_items(queries: &[Query]) -> Vec<BatchItem<Query>> {
    let items = (0..).zip(queries).map(|(at, query): (usize, _)| BatchItem {
        id: at.to_string(),
        operation: query.clone(),
    });
    items.collect()
}
