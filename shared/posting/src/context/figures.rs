//! Keeps the figures of documents in the records of their projects and of customers' payments.

use crate::context::WorkerContext;
use billing::{Customer, Document, Id};
use mapping::{JournalRole, Posting, Role};
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::document::DocumentRecord;
use store::subledger::facts::ListedPostings;
use store::subledger::{AccountUse, CustomerFacts, DocumentFigures, Party, ProjectFacts, Standing};

impl<H: Http, R: Records> WorkerContext<'_, H, R> {
    /// Sets the figures of a document. [`WorkerContext::save_projects`] saves them. Until then the document stays in the queue, and a later
    /// worker that finds it there sets them again.
    pub async fn set_figures(&mut self, record: &DocumentRecord) -> Result<(), StoreError> {
        let Some(mut figures) = DocumentFigures::of(&record.reference, &record.posted) else {
            return Ok(());
        };
        let observed = record.observed.as_ref();
        figures.paid_by_others = observed.map(|seen| seen.paid_by_others).unwrap_or_default();
        if record.is_left_alone() {
            figures.accept_all();
        }
        let mut postings = Vec::new();
        for (posted, figures) in record.posted.iter().zip(&figures.transactions) {
            if figures.standing != Standing::Accepted {
                postings.push(&posted.posting);
            }
        }
        let mut projects = record.posted.iter();
        match projects.find_map(|posted| posted.posting.project()) {
            Some(project) => self.list_project(project, record, &postings).await?,
            None => {
                self.list_customer(&figures.customer, record, &postings)
                    .await?
            }
        }
        self.add_figures(record, figures).await
    }

    /// Puts a project on the list of the firm, if the list does not cover these postings.
    async fn list_project(
        &mut self,
        id: &Id,
        record: &DocumentRecord,
        postings: &[&Posting],
    ) -> Result<(), StoreError> {
        let mut facts = match self.project(id).await?.facts.clone() {
            Some(facts) => facts,
            None => self.project_facts(id, record).await?,
        };
        if add_postings(&mut facts.listed, postings) || self.project(id).await?.facts.is_none() {
            let party = Party::Project(id.clone());
            self.ensure_lease()?;
            self.store
                .list_party(self.firm, &party, &facts.listed)
                .await?;
            self.change_project(id, |project| project.facts = Some(facts))
                .await?;
        }
        Ok(())
    }

    /// Puts a customer on the list of the firm, if the list does not cover these payments.
    async fn list_customer(
        &mut self,
        id: &Id,
        record: &DocumentRecord,
        postings: &[&Posting],
    ) -> Result<(), StoreError> {
        let known = self.customer_payments(id).await?.facts.clone();
        let is_new = known.is_none();
        let mut facts = match known {
            Some(facts) => facts,
            None => CustomerFacts {
                name: self
                    .received_customer(record)
                    .await?
                    .map_or_else(|| id.to_string(), |known| known.name),
                listed: ListedPostings::default(),
            },
        };
        if add_postings(&mut facts.listed, postings) || is_new {
            let party = Party::Customer(id.clone());
            self.ensure_lease()?;
            self.store
                .list_party(self.firm, &party, &facts.listed)
                .await?;
            self.change_payments(id, |payments| {
                payments.facts = Some(facts);
                true
            })
            .await?;
        }
        Ok(())
    }

    async fn add_figures(
        &mut self,
        record: &DocumentRecord,
        figures: DocumentFigures,
    ) -> Result<(), StoreError> {
        let mut projects = record.posted.iter();
        match projects.find_map(|posted| posted.posting.project()) {
            Some(project) => {
                self.change_project_if(project, |known| known.figures.set(figures))
                    .await
            }
            None => {
                let customer = figures.customer.clone();
                self.change_payments(&customer, |known| known.figures.set(figures))
                    .await
            }
        }
    }

    async fn project_facts(
        &self,
        id: &Id,
        record: &DocumentRecord,
    ) -> Result<ProjectFacts, StoreError> {
        let received = self.received(record).await?;
        let facts = received.as_ref().and_then(|document| {
            let project = document.project()?;
            Some(ProjectFacts::of(project, document.customer()))
        });
        let mut customers = record.posted.iter().map(|posted| posted.posting.customer());
        let customer = customers.next().unwrap_or(id);
        Ok(facts.unwrap_or_else(|| ProjectFacts {
            number: String::new(),
            name: id.to_string(),
            customer: customer.clone(),
            customer_name: customer.to_string(),
            listed: ListedPostings::default(),
        }))
    }

    async fn received_customer(
        &self,
        record: &DocumentRecord,
    ) -> Result<Option<Customer>, StoreError> {
        let received = self.received(record).await?;
        Ok(received.map(|document| document.customer().clone()))
    }

    async fn received(&self, record: &DocumentRecord) -> Result<Option<Document>, StoreError> {
        let (document, revision) = (&record.reference, record.revision);
        self.store
            .received_revision(self.firm, document, revision)
            .await
    }
}

/// Adds the days and accounts of postings to those that are listed. Returns whether one was not.
fn add_postings(listed: &mut ListedPostings, postings: &[&Posting]) -> bool {
    let mut is_new = false;
    for posting in postings {
        is_new |= listed.add(posting.date(), &accounts_of(posting));
    }
    is_new
}

/// Returns the accounts on which a posting names lines.
fn accounts_of(posting: &Posting) -> Vec<(AccountUse, String)> {
    match posting {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => {
            let lines = sale.lines.iter();
            let accounts =
                lines.map(|line| (use_of_line(line.account.role), line.account.id.clone()));
            accounts.collect()
        }
        Posting::JournalEntry(journal) => {
            let lines = journal.lines.iter();
            let accounts =
                lines.filter_map(|line| Some((use_of_entry(line.role)?, line.account.clone())));
            accounts.collect()
        }
        Posting::Payment(_) => Vec::new(),
    }
}

fn use_of_line(role: Role) -> AccountUse {
    match role {
        Role::Revenue => AccountUse::Revenue,
        Role::Retainage => AccountUse::Retainage,
    }
}

/// Returns the use of the account of a line, `None` for the account that a payment was deposited to.
fn use_of_entry(role: JournalRole) -> Option<AccountUse> {
    match role {
        JournalRole::Revenue => Some(AccountUse::Revenue),
        JournalRole::Retainage => Some(AccountUse::Retainage),
        JournalRole::Receivable => Some(AccountUse::Receivable),
        JournalRole::Deposit => None,
    }
}
