//! Reads of single objects.

use crate::call_outcome::CallError;
use crate::client::CompanyClient;
use crate::client::api::ApiRequest;
use crate::client::exchange::unread;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::{ListEntry, ObjectSnapshot};
use quickbooks::query::Field;
use quickbooks::{Kind, Query};

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

    /// Reads one object that must exist.
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
}

/// Reads customers, classes, items or accounts by their ids, active or not. Those that were merged into others are missing.
///
/// A query does not list a new entry yet. So an entry that the query lacks is read by its id.
///
/// # Errors
/// [`CallError`] if QuickBooks did not answer.
pub async fn find_entries<H: Http, R: Records>(
    client: &mut CompanyClient<'_, H, R>,
    kind: Kind,
    ids: &[&str],
    now: Timestamp,
) -> Result<Vec<ListEntry>, CallError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Query::from(kind).active_and_inactive();
    let query = query.filter(Field::Id.is_in(ids.iter().copied()));
    let mut found = client.query_list(&query, now).await?;
    for id in ids {
        if found.iter().all(|entry| entry.id != *id) {
            found.extend(find_entry(client, kind, id, now).await?);
        }
    }
    Ok(found)
}

/// Reads one entry by its id. `None` if it was merged into another.
async fn find_entry<H: Http, R: Records>(
    client: &mut CompanyClient<'_, H, R>,
    kind: Kind,
    id: &str,
    now: Timestamp,
) -> Result<Option<ListEntry>, CallError> {
    match client.read(ApiRequest::Read { kind, id }, now).await {
        Ok(answer) => {
            let entry = answer.list_entry(kind);
            entry.map(Some).map_err(|failure| unread(failure, now))
        }
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error),
    }
}
