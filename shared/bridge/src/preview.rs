//! What would be posted for a document, without posting it.

use crate::error::Error;
use billing::{Document, FirmId};
use mapping::{PostingPlan, Refusal};
use ports::records::Records;
use store::Store;

/// The plan under the firm's settings and its company's books, with its hash: what is posted later has
/// that hash as long as neither changes.
pub async fn preview<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    document: &Document,
) -> Result<Result<(PostingPlan, String), Refusal>, Error> {
    let settings = store.settings(firm).await?.settings;
    let connection = store.connection(firm).await?;
    let books = connection
        .company
        .map(|company| company.books)
        .unwrap_or_default();
    Ok(mapping::plan(document, &settings, &books).map(|plan| {
        let hash = plan.hash();
        (plan, hash)
    }))
}
