//! The retainage schedule of a firm: what its customers hold back at the end of a day.

// Top first: a module uses only modules below it.
pub mod view;
mod csv;
mod ageing;

use crate::home_currency::HomeCurrency;
use crate::retainage_schedule::ageing::Lot;
use crate::retainage_schedule::view::{ScheduleView, Scheduled};
use crate::rivet_side::{RivetDocument, loading};
use billing::{DocumentKind, FirmId};
use bridge::error::Error;
use jiff::civil::Date;
use ports::records::Records;
use rust_decimal::Decimal;
use store::Store;
use store::subledger::{Standing, TransactionFigures};

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
    let home = HomeCurrency::of(&store.connection(firm).await?);
    let rivet = loading::load(store, firm, &settings, &home).await?;
    let mut schedule = Scheduled::default();
    for (id, project) in &rivet.projects {
        let own = rivet
            .documents
            .iter()
            .filter(|document| document.project.as_ref() == Some(id));
        let lots: Vec<Lot> = own.flat_map(lots).filter(|lot| lot.date <= as_of).collect();
        schedule.add(&rivet, id, ageing::aged(project.opening, &lots, as_of));
    }
    Ok(schedule.view(as_of, home.code))
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
    let posted = |date, amount| Lot {
        date,
        amount,
        is_release,
        is_posted: true,
    };
    let shares = document.shares.iter();
    let mut lots: Vec<Lot> = shares
        .map(|share| posted(share.date, share.amount))
        .collect();
    lots.extend(
        taken_back(document).map(|figures| posted(figures.date, figures.balances.retainage)),
    );
    lots
}

/// Returns the transactions of a document that stand and come to nothing together. Before the day of the reversal they count.
fn taken_back(document: &RivetDocument) -> impl Iterator<Item = &TransactionFigures> {
    let is_counted = !document.shares.is_empty();
    let transactions = document.figures.transactions.iter();
    let standing = transactions.filter(move |figures| match figures.standing {
        Standing::Inactive => true,
        Standing::Active | Standing::Accepted => !is_counted,
        Standing::Void => false,
    });
    let rest: Decimal = standing
        .clone()
        .map(|figures| figures.balances.retainage)
        .sum();
    standing.filter(move |_| rest.is_zero())
}
