//! Previews the posting plan of a document without posting it.

use billing::{Document, FirmId};
use mapping::{Held, PlanInputs, PostingPlan, Refusal};
use ports::records::{Records, StoreError};
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
    let held = held(store, firm, document).await?;
    let inputs = PlanInputs {
        settings: &settings,
        preferences: &preferences,
        held: &held,
        has_several_receivables: false,
    };
    let planned = mapping::plan(document, &inputs);
    Ok(
        planned.map_or_else(Preview::Refused, |plan| Preview::Planned {
            plan_hash: plan.hash(),
            plan,
        }),
    )
}

/// Returns the retainage of the document's project.
async fn held<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    document: &Document,
) -> Result<Held, StoreError> {
    let Some(project) = document.project() else {
        return Ok(Held::default());
    };
    let reference = document.reference();
    let record = store.document(firm, &reference).await?;
    let own = record.map(|record| record.retainage_shares());
    let project = store.project(firm, &project.id).await?;
    Ok(project.held(&reference, own.unwrap_or_default()))
}
