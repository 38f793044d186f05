//! The names of all records of a firm.

use crate::Store;
use crate::activity::ActivityPage;
use crate::batch_log::BatchLog;
use crate::books_copy::{BooksCopy, KeptPage};
use crate::company_facts::KeptFacts;
use crate::connection::Connection;
use crate::connection::company_claim::CompanyOwner;
use crate::customer_list::{self, CustomerList};
use crate::document::{DocumentRecord, Received};
use crate::firm_records::RecordName;
use crate::firm_records::documents::FirmDocuments;
use crate::inbox::Inbox;
use crate::matches::{
    CustomerDetails, CustomerMatch, CustomerPayments, ItemCatalogue, ProjectRecord,
};
use crate::object_index::IndexPage;
use crate::queue::{Queue, QueuePage};
use crate::setting_lists::SettingLists;
use crate::settings::SettingsRecord;
use crate::sign_in_attempt::SignInAttempt;
use crate::sign_in_list::SignInList;
use crate::subledger::figure_log::FigurePage;
use crate::subledger::{Party, PartyPage, Subledger};
use crate::unconfirmed_sign_in::UnconfirmedSignIn;
use billing::{DocumentRef, FirmId};
use ports::entropy::digest;
use ports::records::{Record, Records, StoreError};

/// The names found so far, in the order in which the records are removed.
struct Names<'a> {
    firm: &'a FirmId,
    found: Vec<RecordName>,
}

impl Names<'_> {
    /// Adds a record whose name is the firm.
    fn add_own<T: Record>(&mut self) {
        let name = self.firm.to_string();
        self.add_named::<T>(name);
    }

    /// Adds a record whose name begins with the firm.
    fn add<T: Record>(&mut self, rest: impl std::fmt::Display) {
        let name = format!("{}:{rest}", self.firm);
        self.add_named::<T>(name);
    }

    fn add_named<T: Record>(&mut self, name: String) {
        let kind = T::KIND;
        self.found.push(RecordName { kind, name });
    }
}

impl<R: Records> Store<R> {
    /// Returns the names of all records of a firm. A name may be of a record that does not exist.
    ///
    /// A record that leads to others comes after them. So a removal in this order can stop anywhere, and a later call finds what is left.
    pub async fn firm_record_names(&self, firm: &FirmId) -> Result<Vec<RecordName>, StoreError> {
        let found = Vec::new();
        let mut names = Names { firm, found };
        self.add_documents(&mut names).await?;
        self.add_pages(&mut names).await?;
        self.add_company(&mut names).await?;
        names.add_own::<BatchLog>();
        names.add_own::<KeptFacts>();
        names.add_own::<SettingLists>();
        names.add_own::<ItemCatalogue>();
        names.add_own::<SignInList>();
        names.add_own::<Subledger>();
        names.add_own::<BooksCopy>();
        for name in customer_list::names(firm) {
            names.add_named::<CustomerList>(name);
        }
        names.add_own::<SettingsRecord>();
        names.add_own::<Queue>();
        names.add_own::<Connection>();
        Ok(names.found)
    }

    /// Adds the documents and their revisions, and before them the customers and projects, which the revisions name.
    async fn add_documents(&self, names: &mut Names<'_>) -> Result<(), StoreError> {
        let mut documents = self.firm_documents(names.firm).await?;
        self.add_listed_parties(names.firm, &mut documents).await?;
        for project in &documents.projects {
            let record = self.project(names.firm, project).await?;
            for page in record.figures.pages() {
                names.add::<FigurePage>(format_args!("project:{project}:{page}"));
            }
            names.add::<ProjectRecord>(project);
        }
        for customer in &documents.customers {
            let record = self.customer_payments(names.firm, customer).await?;
            for page in record.figures.pages() {
                names.add::<FigurePage>(format_args!("customer:{customer}:{page}"));
            }
            names.add::<CustomerPayments>(customer);
            names.add::<CustomerMatch>(customer);
            names.add::<CustomerDetails>(customer);
        }
        for received in documents.received {
            names.add_named::<Received>(received);
        }
        for document in documents.documents.keys() {
            let DocumentRef { kind, id } = document;
            names.add::<DocumentRecord>(format_args!("{kind}:{id}"));
        }
        Ok(())
    }

    /// Adds the projects and customers that the subledger, the list of customers and the settings name.
    async fn add_listed_parties(
        &self,
        firm: &FirmId,
        documents: &mut FirmDocuments,
    ) -> Result<(), StoreError> {
        let subledger = self.subledger(firm).await?;
        for party in self.parties(firm, &subledger).await? {
            match party {
                Party::Project(id) => documents.projects.insert(id),
                Party::Customer(id) => documents.customers.insert(id),
            };
        }
        let listed = self.listed_customers(firm).await?;
        documents.customers.extend(listed);
        let settings = self.settings(firm).await?.settings;
        let matched = settings.customers.matches.keys();
        documents
            .customers
            .extend(matched.filter_map(|id| id.parse().ok()));
        let jobs = settings.customers.projects.keys();
        let classes = settings.class_tracking.projects.keys();
        let projects = jobs.chain(classes).filter_map(|id| id.parse().ok());
        documents.projects.extend(projects);
        Ok(())
    }

    /// Adds the pages of the activity, the queue, the object index, the subledger and the books.
    async fn add_pages(&self, names: &mut Names<'_>) -> Result<(), StoreError> {
        let queue = self.queue_record(names.firm).await?;
        // A worker that crashed may have written the next page.
        for number in 0..=queue.activity_pages {
            names.add::<ActivityPage>(number);
        }
        for page in queue.overflow.written_pages() {
            names.add::<QueuePage>(page);
        }
        for page in self.written_pages(names.firm, &queue.object_index).await? {
            names.add::<IndexPage>(page);
        }
        let subledger = self.subledger(names.firm).await?;
        for number in 0..=subledger.page_count() {
            names.add::<PartyPage>(number);
        }
        let books: BooksCopy = self.load_or_default(names.firm.as_ref()).await?;
        for page in books.written_pages() {
            names.add::<KeptPage>(page);
        }
        Ok(())
    }

    /// Adds the sign-ins, the inbox of the company, and its owner unless it serves another firm now.
    async fn add_company(&self, names: &mut Names<'_>) -> Result<(), StoreError> {
        let connection = self.connection(names.firm).await?;
        let pending = connection.pending_sign_ins.into_iter();
        let mut sign_ins: Vec<String> = pending.map(|pending| pending.id).collect();
        let listed = self.sign_in_list(names.firm).await?.0.into_iter();
        sign_ins.extend(listed.map(|listed| listed.id));
        for id in sign_ins {
            names.add_named::<UnconfirmedSignIn>(id.clone());
            names.add_named::<SignInAttempt>(id);
        }
        let Some(company) = connection.company else {
            return Ok(());
        };
        let company = digest(&company.realm_id);
        names.add::<Inbox>(&company);
        let owner: CompanyOwner = self.load_or_default(&company).await?;
        let is_anothers = owner.firm.is_some_and(|firm| firm != *names.firm);
        if !is_anothers && owner.claim.is_none() {
            names.add_named::<CompanyOwner>(company);
        }
        Ok(())
    }
}
