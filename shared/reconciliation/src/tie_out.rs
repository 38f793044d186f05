//! The tie-out of a firm: RIVET's documents beside the books of the company.

// Top first: a module uses only modules below it.
pub mod view;

use crate::books::{self, Needed};
use crate::comparison::company_books::CompanyBooks;
use crate::comparison::compare;
use crate::home_currency::HomeCurrency;
use crate::rivet_side::{RivetSide, loading};
use crate::tie_out::view::{TieOutView, Viewed};
use billing::{FirmId, Id};
use bridge::error::Error;
use connection::services::Services;
use jiff::tz::Offset;
use mapping::Settings;
use ports::http::Http;
use ports::records::Records;
use std::collections::{BTreeMap, BTreeSet};
use store::Claimant;
use store::books_copy::KeptCustomer;

/// Compares the firm's documents with the books of its company.
///
/// # Errors
/// [`Error::NotConnected`], [`Error::TooManyRequests`], [`Error::Throttled`], [`Error::QuickBooks`], or the store fails.
pub async fn tie_out<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    claimant: Claimant<'_>,
) -> Result<TieOutView, Error> {
    let store = &services.store;
    let connection = store.connection(firm).await?;
    if connection.usable_grant().is_none() {
        return Err(Error::NotConnected(connection.status));
    }
    let settings = store.settings(firm).await?.settings;
    let home = HomeCurrency::of(&connection);
    let mut rivet = loading::load(store, firm, &settings, &home).await?;
    let today = Offset::UTC.to_datetime(claimant.now).date();
    let needed = Needed {
        since: rivet.since.unwrap_or(today),
        accounts: rivet.accounts.keys().cloned().collect(),
        customers: quickbooks_customers(&rivet),
        own: rivet
            .documents
            .iter()
            .flat_map(|document| &document.figures.transactions)
            .collect(),
    };
    let present = books::present(services, firm, &needed, claimant).await?;
    if present.reads > 0 {
        // Documents may have been posted while the books were read.
        rivet = loading::load(store, firm, &settings, &home).await?;
    }
    let mut books = CompanyBooks::of(&present.loaded, rivet.accounts.clone());
    books.owners = owners(&rivet, &present.loaded.copy.customers);
    add_projects(&mut books, &rivet, &settings);
    let comparison = compare(&rivet, &books);
    let viewed = Viewed {
        rivet: &rivet,
        books: &books,
        settings: &settings,
        home: &home.code,
        reads: present.reads,
    };
    Ok(TieOutView::of(&comparison, &viewed))
}

/// Returns the ids of all customers and jobs that RIVET posted to or matched.
fn quickbooks_customers(rivet: &RivetSide) -> BTreeSet<String> {
    let documents = rivet.documents.iter();
    let posted = documents.flat_map(|document| &document.figures.transactions);
    let posted = posted.map(|figures| figures.customer.clone());
    let matched = rivet.customers.values();
    let matched = matched.filter_map(|customer| customer.quickbooks_id.clone());
    let all = posted.chain(matched);
    all.filter(|id| !id.is_empty()).collect()
}

/// Returns the customers of RIVET's by their customers and jobs in QuickBooks.
fn owners(rivet: &RivetSide, known: &[KeptCustomer]) -> BTreeMap<String, Id> {
    let mut owners = BTreeMap::new();
    for (id, customer) in &rivet.customers {
        if let Some(matched) = &customer.quickbooks_id {
            owners
                .entry(matched.clone())
                .or_insert_with(|| rivet.canonical(id));
        }
    }
    for document in &rivet.documents {
        let owner = rivet.canonical(&document.figures.customer);
        for figures in &document.figures.transactions {
            let id = figures.customer.clone();
            owners.entry(id).or_insert_with(|| owner.clone());
        }
    }
    let parents: BTreeMap<&str, &str> = known
        .iter()
        .map(|known| (known.id.as_str(), known.parent.as_str()))
        .collect();
    for job in known.iter().filter(|known| !known.parent.is_empty()) {
        if let Some(owner) = nearest_owner(&owners, &parents, &job.id) {
            owners.insert(job.id.clone(), owner);
        }
    }
    owners
}

/// Returns the owner of a job, or of the nearest customer above it.
fn nearest_owner(
    owners: &BTreeMap<String, Id>,
    parents: &BTreeMap<&str, &str>,
    job: &str,
) -> Option<Id> {
    let mut at = job;
    for _ in 0..=parents.len() {
        if let Some(owner) = owners.get(at) {
            return Some(owner.clone());
        }
        at = parents.get(at)?;
    }
    None
}

/// Adds the classes and jobs of projects. A job of several projects tells none of them.
fn add_projects(books: &mut CompanyBooks<'_>, rivet: &RivetSide, settings: &Settings) {
    for (id, project) in &rivet.projects {
        let chosen = settings.class_tracking.projects.get(&id.to_string());
        for class in project.class.iter().chain(chosen) {
            books.classes.insert(class.clone(), id.clone());
        }
    }
    let customers = books.loaded.copy.customers.iter();
    let jobs: BTreeSet<&String> = customers
        .filter(|known| !known.parent.is_empty())
        .map(|known| &known.id)
        .collect();
    let mut shared = BTreeSet::new();
    for document in &rivet.documents {
        let Some(project) = &document.project else {
            continue;
        };
        for figures in document
            .figures
            .transactions
            .iter()
            .filter(|figures| jobs.contains(&figures.customer))
        {
            let known = books.jobs.insert(figures.customer.clone(), project.clone());
            if known.is_some_and(|known| known != *project) {
                shared.insert(figures.customer.clone());
            }
        }
    }
    books.jobs.retain(|job, _| !shared.contains(job));
}
