//! Which of the things that a refused write pointed to is gone: QuickBooks does not say (610, 2500), and a person has to know.

use crate::books::ItemCatalogue;
use crate::desk::Waiting;
use crate::document::{DocumentRecord, State};
use crate::error::Error;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::{Hold, Reason};
use billing::{Customer, Project};
use jiff::Timestamp;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};

impl<H: Http, R: Records> Office<'_, H, R> {
    /// What becomes of a document whose write was refused so: it waits and names what is missing, or fails with `reason`.
    pub(crate) async fn missing(
        &mut self,
        (record, waiting): (&DocumentRecord, &Waiting),
        reason: Reason,
        now: Timestamp,
    ) -> Result<State, Error> {
        let revision = waiting.revision.max(record.revision);
        let store = &self.bridge.store;
        let received = store
            .received(self.firm, &waiting.document, revision)
            .await?;
        let Some(document) = received else {
            return Ok(State::Failed(reason));
        };
        let parties = (document.customer(), document.project());
        match self.who_is_missing(parties, now).await {
            Ok(Some(hold)) => Ok(State::Held(hold)),
            Err(Halt::Broken(error)) => Err(error),
            Ok(None) | Err(Halt::Setback(_)) => Ok(State::Failed(reason)),
        }
    }

    async fn who_is_missing(
        &mut self,
        (customer, project): (&Customer, Option<&Project>),
        now: Timestamp,
    ) -> Result<Option<Hold>, Halt> {
        let store = &self.bridge.store;
        let matches = &self.settings.customers.matches;
        let chosen = matches.get(customer.id.as_ref()).cloned();
        let known = store.customer_match(self.firm, &customer.id).await?;
        let id = chosen.or(known.quickbooks_id);
        if self.is_gone(Kind::Customer, id, now).await? {
            return Ok(Some(Hold::CustomerInactive(customer.name.clone())));
        }
        if let Some(project) = project {
            let chosen = &self.settings.class_tracking.projects;
            let chosen = chosen.get(project.id.as_ref()).cloned();
            let known = self.project(&project.id).await?.class_id.clone();
            if self.is_gone(Kind::Class, chosen.or(known), now).await? {
                return Ok(Some(Hold::ClassInactive(mapping::class_name(project))));
            }
        }
        self.missing_item(now).await
    }

    /// If an item is gone all are forgotten, as nobody chooses items: the next attempt finds those that are there and makes another.
    async fn missing_item(&mut self, now: Timestamp) -> Result<Option<Hold>, Halt> {
        let ids: Vec<&str> = self.items.by_account.values().map(String::as_str).collect();
        if ids.is_empty() {
            return Ok(None);
        }
        let query = Query::from(Kind::Item).filter(Field::Id.is_in(ids));
        if self.listed(&query, now).await?.len() >= self.items.by_account.len() {
            return Ok(None);
        }
        self.items = ItemCatalogue {
            creations: self.items.creations + 1,
            ..ItemCatalogue::default()
        };
        self.found.retain(|(key, _)| !key.starts_with("item "));
        self.bridge.store.keep_items(self.firm, &self.items).await?;
        Ok(Some(Hold::ItemInactive))
    }

    async fn is_gone(
        &mut self,
        kind: Kind,
        id: Option<String>,
        now: Timestamp,
    ) -> Result<bool, Halt> {
        let Some(id) = id else {
            return Ok(false);
        };
        let query = Query::from(kind).filter(Field::Id.equals(&id));
        Ok(self.listed(&query, now).await?.is_empty())
    }
}
