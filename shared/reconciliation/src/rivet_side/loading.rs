//! Loads RIVET's side from the records of a firm.

mod chosen;
mod stored;
mod stored_entry;

use self::stored::{LoadedCustomer, LoadedParty, LoadedProject, load_party};
use self::stored_entry::{LoadedEntry, load_unfinished};

use crate::home_currency::HomeCurrency;
use crate::rivet_side::unfinished::{is_posted, unfinished};
use crate::rivet_side::{RivetDocument, RivetProject, RivetSide, unposted};
use billing::{Customer, Document, DocumentKind, FirmId, Id, Project};
use futures::future::try_join;
use mapping::{Holder, Settings};
use ports::records::{Records, StoreError};
use ports::side_by_side::side_by_side;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use store::Store;
use store::matches::ProjectRecord;
use store::queue::effective_status::effective_status;
use store::subledger::{DocumentFigures, Party};

/// Loads what the documents of a firm come to. Unfinished documents count as their queue entries and records say.
pub(crate) async fn load<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    settings: &Settings,
    home: &HomeCurrency,
) -> Result<RivetSide, StoreError> {
    let (queue, subledger) = try_join(store.queue(firm), store.subledger(firm)).await?;
    let parties: BTreeSet<Party> = store.parties(firm, &subledger).await?.into_iter().collect();
    let mut loader = Loader {
        store,
        firm,
        settings,
        side: RivetSide {
            since: subledger.since,
            accounts: subledger.accounts,
            ..RivetSide::default()
        },
    };
    let parties = parties.iter().map(|party| load_party(store, firm, party));
    for party in side_by_side(parties).await? {
        loader.add(party);
    }
    let entries = queue.entries.iter();
    let entries = entries.filter(|entry| entry.document.kind != DocumentKind::Project);
    let unfinished = entries.map(|entry| load_unfinished(store, firm, entry));
    for unfinished in side_by_side(unfinished).await? {
        loader.add_unfinished(unfinished);
    }
    loader.add_openings().await?;
    loader.add_accounts();
    loader.match_customers().await?;
    loader.add_currencies(home).await?;
    Ok(loader.side)
}

/// Loads RIVET's side, record by record.
struct Loader<'a, R> {
    store: &'a Store<R>,
    firm: &'a FirmId,
    settings: &'a Settings,
    side: RivetSide,
}

impl<R: Records> Loader<'_, R> {
    /// Adds a project or customer with the figures of its documents.
    fn add(&mut self, loaded: LoadedParty) {
        match loaded {
            LoadedParty::Project(project) => self.add_project(*project),
            LoadedParty::Customer(customer) => self.add_customer(*customer),
        }
    }

    fn add_project(&mut self, loaded: LoadedProject) {
        let LoadedProject {
            id,
            record,
            figures,
        } = loaded;
        for figures in figures {
            let shares = record.retainage.get(&figures.document.to_string());
            self.side.documents.push(RivetDocument {
                project: Some(id.clone()),
                shares: shares.map(|shares| shares.0.clone()).unwrap_or_default(),
                figures,
                state: None,
                unposted: None,
            });
        }
        self.add_facts(id, record);
    }

    fn add_facts(&mut self, id: Id, record: ProjectRecord) {
        let mut project = RivetProject {
            class: record.class_id,
            ..RivetProject::default()
        };
        if let Some(facts) = record.facts {
            self.name_customer(&facts.customer, &facts.customer_name);
            project.customer = Some(facts.customer);
            (project.number, project.name) = (facts.number, facts.name);
        }
        self.side.projects.insert(id, project);
    }

    fn add_customer(&mut self, loaded: LoadedCustomer) {
        if let Some(facts) = &loaded.facts {
            self.name_customer(&loaded.id, &facts.name);
        }
        let documents = loaded.figures.into_iter().map(|figures| RivetDocument {
            figures,
            project: None,
            shares: Vec::new(),
            state: None,
            unposted: None,
        });
        self.side.documents.extend(documents);
    }

    /// Adds an unfinished document, in place of what the figures say of it.
    fn add_unfinished(&mut self, loaded: LoadedEntry<'_>) {
        let LoadedEntry {
            entry,
            record,
            received,
        } = loaded;
        let status = effective_status(&record, Some(entry));
        let posted = DocumentFigures::of(&entry.document, &record.posted);
        let customer = received
            .as_ref()
            .map(|document| document.customer().id.clone());
        let posted = posted.or_else(|| {
            Some(DocumentFigures {
                document: entry.document.clone(),
                customer: customer?,
                paid_by_others: Decimal::ZERO,
                transactions: Vec::new(),
            })
        });
        // A void of a document that never arrived comes to nothing.
        let Some(figures) = posted else {
            return;
        };
        let mut document = unfinished(&record, figures, &status);
        if let Some(received) = &received {
            self.name_parties(received);
            document.project = received.project().map(|project| project.id.clone());
        }
        if !is_posted(&record, entry, &status) {
            let on_accounts = self.held_on_accounts(document.project.as_ref());
            let newest = received.filter(|_| entry.pending_void().is_none());
            let newest = newest.map(|newest| unposted::of(&newest, self.settings, on_accounts));
            document.unposted = Some(newest.unwrap_or_default());
        }
        self.replace(document);
    }

    fn replace(&mut self, document: RivetDocument) {
        let documents = &mut self.side.documents;
        documents.retain(|known| known.figures.document != document.figures.document);
        documents.push(document);
    }

    /// Returns the retainage of a project that accounts hold.
    fn held_on_accounts(&self, project: Option<&Id>) -> Decimal {
        let documents = self
            .side
            .documents
            .iter()
            .filter(|known| known.project.as_ref() == project);
        let held = documents.map(|known| match &known.unposted {
            Some(unposted) => unposted.balances.retainage,
            None => {
                let on_accounts = known
                    .shares
                    .iter()
                    .filter(|share| share.holder != Holder::Rivet);
                on_accounts.map(|share| share.amount).sum()
            }
        });
        held.sum()
    }

    fn name_parties(&mut self, document: &Document) {
        let Customer { id, name, .. } = document.customer();
        self.name_customer(id, name);
        if let Some(Project {
            id: project,
            number,
            name,
        }) = document.project()
        {
            let known = self.side.projects.entry(project.clone()).or_default();
            (known.number, known.name) = (number.clone(), name.clone());
            known.customer.get_or_insert_with(|| id.clone());
        }
    }

    fn name_customer(&mut self, id: &Id, name: &str) {
        let known = self.side.customers.entry(id.clone()).or_default();
        name.clone_into(&mut known.name);
    }
}
