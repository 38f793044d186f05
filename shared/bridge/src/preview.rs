//! Previews the posting plan of a document without posting it.

use billing::{Document, FirmId};
use mapping::{
    BilledSide, ClosedBooks, Held, NO_PAYMENT, Parties, PlanInputs, PostedObject, PostingPlan,
    Refusal, Settings,
};
use ports::records::{Records, StoreError};
use store::Store;
use store::document::DocumentRecord;
use store::matches::OwnShares;
use store::settings::release_form;

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
    let record = store.settings(firm).await?;
    let settings = record.settings;
    let connection = store.connection_summary(firm).await?;
    let preferences = connection
        .company
        .map(|company| company.preferences)
        .unwrap_or_default();
    let subject = Subject { firm, document };
    let held = held(store, &settings, subject).await?;
    let parties = Parties {
        posted_for: posted_for(store, firm, document).await?,
        ..Parties::default()
    };
    let inputs = PlanInputs {
        settings: &settings,
        preferences: &preferences,
        held: &held,
        release_form: release_form(&record.receivables),
        parties: &parties,
        payment: &NO_PAYMENT,
    };
    let planned = mapping::plan(document, &inputs);
    let closing = preferences.closing_date();
    let planned = planned.map(|plan| match plan.day() {
        Some(day)
            if closing.covers(day) && settings.sync.closed_books == ClosedBooks::FirstOpenDay =>
        {
            plan.moved_to(closing.first_open_day(day))
        }
        _ => plan,
    });
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

/// A document of a firm.
struct Subject<'a> {
    firm: &'a FirmId,
    document: &'a Document,
}

/// Returns the retainage of the document's project.
async fn held<R: Records>(
    store: &Store<R>,
    settings: &Settings,
    subject: Subject<'_>,
) -> Result<Held, StoreError> {
    let Subject { firm, document } = subject;
    let Some(project) = document.project() else {
        return Ok(Held::default());
    };
    let reference = document.reference();
    let record = store.document(firm, &reference).await?;
    let shares = record.map(|record| record.retainage_shares());
    let own = OwnShares {
        document: &reference,
        shares: shares.unwrap_or_default(),
    };
    let opening = settings.opening(&project.id);
    Ok(store.project(firm, &project.id).await?.held(opening, own))
}
