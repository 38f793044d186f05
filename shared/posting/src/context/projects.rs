//! Reads and changes project records in a run.

use crate::context::WorkerContext;
use billing::Id;
use mapping::Held;
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::document::DocumentRecord;
use store::matches::{OwnShares, ProjectRecord};

impl<H: Http, R: Records> WorkerContext<'_, H, R> {
    /// Returns a project's record.
    pub async fn project(&mut self, id: &Id) -> Result<&ProjectRecord, StoreError> {
        let at = self.projects.load(self.store, self.firm, id).await?;
        Ok(&self.projects.0[at].project)
    }

    /// Changes a project's record and saves it at once, because the next call to QuickBooks depends on it.
    pub async fn update_project(
        &mut self,
        id: &Id,
        change: &mut dyn FnMut(&mut ProjectRecord),
    ) -> Result<(), StoreError> {
        let at = self.projects.load(self.store, self.firm, id).await?;
        change(&mut self.projects.0[at].project);
        self.save_project(at).await
    }

    /// Sets a document's share of its project's retainage. [`WorkerContext::save_projects`] saves the share. Until then the document stays
    /// in the queue, and a later worker that finds it there sets the share again.
    pub async fn set_retainage(&mut self, record: &DocumentRecord) -> Result<(), StoreError> {
        let Some(id) = &record.project else {
            return Ok(());
        };
        let at = self.projects.load(self.store, self.firm, id).await?;
        let has_opening = !self.settings.opening(id).is_zero();
        let cached = &mut self.projects.0[at];
        let shares = record.retainage_shares();
        let holder = self.settings.retainage_holder();
        let opening_holder = holder.filter(|_| has_opening && !shares.is_empty());
        cached.is_changed |= cached.project.set_retainage(&record.reference, shares);
        let billed = record.billed_object();
        let customer = billed.map(|posted| posted.posting.customer());
        if customer.is_some() && cached.project.customer.as_ref() != customer {
            cached.project.customer = customer.cloned();
            cached.is_changed = true;
        }
        if let Some(holder) = opening_holder {
            cached.is_changed |= cached.project.set_opening_holder(holder);
        }
        Ok(())
    }

    /// Returns the retainage of a document's project, for the plan of the document. A document without a project has none.
    pub async fn held(
        &mut self,
        project: Option<&Id>,
        record: &DocumentRecord,
    ) -> Result<Held, StoreError> {
        let Some(id) = project else {
            return Ok(Held::default());
        };
        let opening = self.settings.opening(id);
        let own = OwnShares {
            document: &record.reference,
            shares: record.retainage_shares(),
        };
        Ok(self.project(id).await?.held(opening, own))
    }

    /// Changes a project's record if `change` says so. [`WorkerContext::save_projects`] saves the change.
    pub(crate) async fn change_project(
        &mut self,
        id: &Id,
        change: impl FnOnce(&mut ProjectRecord) -> bool,
    ) -> Result<(), StoreError> {
        let at = self.projects.load(self.store, self.firm, id).await?;
        let cached = &mut self.projects.0[at];
        cached.is_changed |= change(&mut cached.project);
        Ok(())
    }

    /// Saves the changed records of projects and of customers' payments. The save comes before the release of the lease.
    pub async fn save_projects(&mut self) -> Result<(), StoreError> {
        for at in 0..self.projects.0.len() {
            if self.projects.0[at].is_changed {
                self.save_project(at).await?;
            }
        }
        self.save_payments().await
    }

    async fn save_project(&mut self, at: usize) -> Result<(), StoreError> {
        self.ensure_lease()?;
        let cached = &mut self.projects.0[at];
        self.store
            .save_project(self.firm, &cached.id, &mut cached.project)
            .await?;
        cached.is_changed = false;
        Ok(())
    }
}
