//! Previews the posting plan of a document without posting it.

use billing::{Document, FirmId};
use mapping::{PostingPlan, Refusal};
use ports::records::Records;
use store::Store;

use crate::error::Error;

/// The preview of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Preview {
    /// The document would be posted by this plan.
    Planned {
        /// The plan.
        plan: PostingPlan,
        /// The hash of the plan. The posting has the same hash while settings and company preferences stay the same.
        plan_hash: String,
    },
    /// The document cannot be planned.
    Refused(Refusal),
}

/// Plans the document under the firm's settings and its company's preferences.
///
/// # Errors
/// The store fails.
pub async fn preview<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    document: &Document,
) -> Result<Preview, Error> {
    let settings = store.settings(firm).await?.settings;
    let connection = store.connection(firm).await?;
    let preferences = connection
        .company
        .map(|company| company.preferences)
        .unwrap_or_default();
    let planned = mapping::plan(document, &settings, &preferences);
    Ok(
        planned.map_or_else(Preview::Refused, |plan| Preview::Planned {
            plan_hash: plan.hash(),
            plan,
        }),
    )
}
