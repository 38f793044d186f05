//! The retainage schedule of a firm: what its customers hold back at the end of a day.

// Top first: a module uses only modules below it.
mod csv;
pub mod view;
mod ageing;

use crate::retainage_schedule::ageing::Lot;
use crate::retainage_schedule::view::{ScheduleView, Scheduled};
use crate::rivet_side::{RivetDocument, loading};
use billing::{DocumentKind, FirmId};
use bridge::error::Error;
use jiff::civil::Date;
use ports::records::Records;
use store::Store;

/// Returns what the customers of a firm hold back at the end of a day.
///
/// # Errors
/// The store fails.
pub async fn retainage_schedule<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    as_of: Date,
) -> Result<ScheduleView, Error> {
    let settings = store.settings(firm).await?.settings;
    let rivet = loading::load(store, firm, &settings).await?;
    let connection = store.connection(firm).await?;
    let company = connection.company.as_ref();
    let currency = company.and_then(|company| company.preferences.home_currency.clone());
    let mut schedule = Scheduled::default();
    for (id, project) in &rivet.projects {
        let own = rivet
            .documents
            .iter()
            .filter(|document| document.project.as_ref() == Some(id));
        let lots: Vec<Lot> = own.flat_map(lots).filter(|lot| lot.date <= as_of).collect();
        schedule.add(&rivet, id, ageing::aged(project.opening, &lots, as_of));
    }
    Ok(schedule.view(as_of, currency.unwrap_or_else(|| "USD".to_owned())))
}

/// Returns the amounts that a document withholds, or releases.
fn lots(document: &RivetDocument) -> Vec<Lot> {
    let is_release = document.figures.document.kind == DocumentKind::RetainageRelease;
    if let Some(unposted) = &document.unposted {
        let lot = unposted.date.map(|date| Lot {
            date,
            amount: unposted.withheld,
            is_release,
            is_posted: false,
        });
        return lot.into_iter().collect();
    }
    let shares = document.shares.iter();
    let lots = shares.map(|share| Lot {
        date: share.date,
        amount: share.amount,
        is_release,
        is_posted: true,
    });
    lots.collect()
}
