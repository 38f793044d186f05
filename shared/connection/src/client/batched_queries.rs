//! Reads of several queries in one call.

use crate::call_outcome::CallError;
use crate::client::exchange::unread;
use crate::client::{CompanyClient, READ_DELAY};
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::Query;
use quickbooks::batch::BatchItem;
use quickbooks::entity::ObjectSnapshot;

impl<H: Http, R: Records> CompanyClient<'_, H, R> {
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
                several => found.extend(self.query_several(several, now).await?),
            }
            rest = more;
        }
        Ok(found)
    }

    async fn query_several(
        &mut self,
        queries: &[Query],
        now: Timestamp,
    ) -> Result<Vec<Vec<ObjectSnapshot>>, CallError> {
        let items = batch_items(queries);
        let answers = self.query_together(&items, now).await;
        let answers = answers.map_err(|error| error.of_read(now, READ_DELAY))?;
        let rows = items.iter().zip(queries).map(|(item, query)| {
            let rows = answers.snapshots(&item.id, query.kind());
            rows.map_err(|failure| unread(failure, now))
        });
        rows.collect()
    }
}

/// Returns the items of a batch of queries, each with its position as its id.
fn batch_items(queries: &[Query]) -> Vec<BatchItem<Query>> {
    let items = (0..).zip(queries).map(|(at, query): (usize, _)| BatchItem {
        id: at.to_string(),
        operation: query.clone(),
    });
    items.collect()
}
