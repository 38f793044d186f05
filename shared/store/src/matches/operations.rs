//! Operations on the matches of RIVET's customers, projects and accounts.

use crate::Store;
use crate::matches::{
    CustomerDetails, CustomerMatch, CustomerPayments, ItemCatalogue, ProjectRecord,
};
use crate::subledger::Party;
use billing::{Customer, FirmId, Id};
use ports::records::{Records, StoreError};

impl<R: Records> Store<R> {
    /// Loads the match of a customer.
    pub async fn customer_match(
        &self,
        firm: &FirmId,
        customer: &Id,
    ) -> Result<CustomerMatch, StoreError> {
        self.load_or_default(&format!("{firm}:{customer}")).await
    }

    /// Saves the match of a customer.
    pub async fn save_customer_match(
        &self,
        firm: &FirmId,
        customer: &Id,
        found: &CustomerMatch,
    ) -> Result<(), StoreError> {
        self.records
            .save(&format!("{firm}:{customer}"), found)
            .await
    }

    /// Loads the details of a customer as RIVET last sent them without a document.
    pub async fn customer_details(
        &self,
        firm: &FirmId,
        customer: &Id,
    ) -> Result<Option<Customer>, StoreError> {
        let details: CustomerDetails = self.load_or_default(&format!("{firm}:{customer}")).await?;
        Ok(details.customer)
    }

    /// Saves the details of a customer, which is listed first, unless those of a later event are known.
    pub async fn save_customer_details(
        &self,
        firm: &FirmId,
        told: &CustomerDetails,
    ) -> Result<(), StoreError> {
        let Some(Customer { id, .. }) = &told.customer else {
            return Ok(());
        };
        self.list_customer(firm, id).await?;
        let save = &mut |known: &mut CustomerDetails| {
            let is_newer = known.told_at <= told.told_at && known != told;
            if is_newer {
                known.clone_from(told);
            }
            is_newer
        };
        self.update_or_create(&format!("{firm}:{id}"), save).await?;
        Ok(())
    }

    /// Loads the payments of a customer.
    pub async fn customer_payments(
        &self,
        firm: &FirmId,
        customer: &Id,
    ) -> Result<CustomerPayments, StoreError> {
        self.load_or_default(&format!("{firm}:{customer}")).await
    }

    /// Saves the payments of a customer. Figures that are too long for the record move to a page, which the record names before it exists.
    pub async fn save_customer_payments(
        &self,
        firm: &FirmId,
        customer: &Id,
        payments: &mut CustomerPayments,
    ) -> Result<(), StoreError> {
        let name = format!("{firm}:{customer}");
        let owner = Party::Customer(customer.clone());
        if let Some(new) = payments.figures.take_page() {
            let mut before = self.customer_payments(firm, customer).await?;
            before.figures.name_page(&new.name);
            self.records.save(&name, &before).await?;
            self.save_figures(firm, &owner, &new).await?;
        }
        self.records.save(&name, payments).await
    }

    /// Loads the class and retainage of a project.
    pub async fn project(&self, firm: &FirmId, project: &Id) -> Result<ProjectRecord, StoreError> {
        self.load_or_default(&format!("{firm}:{project}")).await
    }

    /// Saves the class and retainage of a project. Figures that are too long for the record move to a page, which the record names before
    /// it exists.
    pub async fn save_project(
        &self,
        firm: &FirmId,
        project: &Id,
        record: &mut ProjectRecord,
    ) -> Result<(), StoreError> {
        let name = format!("{firm}:{project}");
        let owner = Party::Project(project.clone());
        if let Some(new) = record.figures.take_page() {
            let mut before = self.project(firm, project).await?;
            before.figures.name_page(&new.name);
            self.records.save(&name, &before).await?;
            self.save_figures(firm, &owner, &new).await?;
        }
        self.records.save(&name, record).await
    }

    /// Loads the service items of a firm.
    pub async fn items(&self, firm: &FirmId) -> Result<ItemCatalogue, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Saves the service items of a firm.
    pub async fn save_items(&self, firm: &FirmId, items: &ItemCatalogue) -> Result<(), StoreError> {
        self.records.save(firm.as_ref(), items).await
    }
}
