//! Previews the posting plan of a document without posting it.

use billing::{Document, FirmId};
use mapping::{BilledSide, Held, Parties, PlanInputs, PostedObject, PostingPlan, Refusal};
use ports::records::{Records, StoreError};
use store::Store;
use store::document::DocumentRecord;

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
    let parties = Parties {
        posted_for: posted_for(store, firm, document).await?,
        ..Parties::default()
    };
    let inputs = PlanInputs {
        settings: &settings,
        preferences: &preferences,
        held: &held,
        has_several_receivables: false,
        parties: &parties,
    };
    let planned = mapping::plan(document, &inputs);
    Ok(
        planned.map_or_else(Preview::Refused, |plan| Preview::Planned {
            plan_hash: plan.hash(),
            plan,
        }),
    )
}

/// Returns the side of the customer that the document was posted for, or the pay app whose retainage it releases.
async fn posted_for<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    document: &Document,
) -> Result<Option<BilledSide>, StoreError> {
    let side = |record: &DocumentRecord| record.billed_object().map(PostedObject::billed_side);
    let own = store.document(firm, &document.reference()).await?;
    let own = own.as_ref().and_then(side);
    let (None, Document::RetainageRelease(release)) = (own, document) else {
        return Ok(own);
    };
    let project = store.project(firm, &release.project.id).await?;
    let Some(holder) = project.oldest_holder() else {
        return Ok(None);
    };
    let holder = store.document(firm, &holder).await?;
    Ok(holder.as_ref().and_then(side))
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
