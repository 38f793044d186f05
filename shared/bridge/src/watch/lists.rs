//! What happens to the entries of lists that documents name: customers that are merged.

use super::round::Round;
use crate::document::DocumentRecord;
use crate::inbox::{Fate, Inbox};
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::register::{About, Entry};
use billing::Id;
use jiff::Timestamp;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};

impl<H: Http, R: Records> Office<'_, H, R> {
    /// Matches with customers that were merged into others follow them.
    pub(super) async fn follow_merges(
        &mut self,
        round: &Round<'_>,
        inbox: &Inbox,
    ) -> Result<(), Halt> {
        let told = inbox.waiting.iter();
        let told = told.filter(|notice| notice.kind == Kind::Customer);
        let merged: Vec<(String, &String)> = told
            .filter_map(|notice| match &notice.fate {
                Fate::MergedInto(into) => Some((notice.id.clone(), into)),
                _ => None,
            })
            .collect();
        let gone: Vec<_> = merged
            .iter()
            .map(|(gone, _)| (Kind::Customer, gone.clone()))
            .collect();
        let store = &self.bridge.store;
        let entries = store.entries_of(self.firm, round.register, &gone).await?;
        for (gone, into) in merged {
            for entry in entries.iter().filter(|entry| entry.id == gone) {
                if let About::Customer(customer) = &entry.about {
                    self.rematch(customer, (&gone, into)).await?;
                }
            }
        }
        Ok(())
    }

    /// A customer that was matched with one that is gone is matched with another from now on.
    async fn rematch(&mut self, customer: &Id, (gone, into): (&str, &str)) -> Result<(), Halt> {
        let store = &self.bridge.store;
        let mut known = store.customer_match(self.firm, customer).await?;
        if known.quickbooks_id.as_deref() == Some(gone) {
            known.quickbooks_id = Some(into.to_owned());
            store
                .keep_customer_match(self.firm, customer, &known)
                .await?;
            self.note_match(customer, into);
        }
        let matches = &self.settings.customers.matches;
        if matches.get(customer.as_ref()).map(String::as_str) == Some(gone) {
            let settings = store.rematch(self.firm, customer, (gone, into)).await?;
            self.settings = settings.settings;
        }
        Ok(())
    }

    /// Has the register know what a customer is matched with.
    pub(crate) fn note_match(&mut self, customer: &Id, id: &str) {
        self.matched.push(Entry {
            kind: Kind::Customer,
            id: id.to_owned(),
            about: About::Customer(customer.clone()),
            version: String::from("0"),
            at: self.now().as_second(),
        });
    }

    /// A document's customer may be another because the one that it was posted for is gone, merged into that: then its match follows,
    /// and that is no difference. So it is if RIVET's customer is matched with that one anyway.
    pub(super) async fn follow_merge(
        &mut self,
        round: &Round<'_>,
        record: &mut DocumentRecord,
    ) -> Result<(), Halt> {
        let seen = record.live().find_map(|posted| {
            let sighting = round.sighting(posted.kind.kind()?, &posted.id)?;
            let customer = sighting.found.as_ref()?.customer.as_ref()?;
            let is_another = customer.value != posted.ids.customer;
            is_another.then(|| (posted.ids.customer.clone(), customer.value.clone()))
        });
        let Some((ours, theirs)) = seen else {
            return Ok(());
        };
        let store = &self.bridge.store;
        let received = store
            .received(self.firm, &record.reference, record.revision)
            .await?;
        let Some(customer) = received.map(|document| document.customer().id.clone()) else {
            return Ok(());
        };
        let chosen = self
            .settings
            .customers
            .matches
            .get(customer.as_ref())
            .cloned();
        let known = store.customer_match(self.firm, &customer).await?;
        let matched = chosen.or(known.quickbooks_id);
        if matched.as_ref() != Some(&theirs) {
            if !self.is_merged(&ours, self.now()).await? {
                return Ok(());
            }
            self.rematch(&customer, (&ours, &theirs)).await?;
        }
        for posted in &mut record.posted {
            if posted.ids.customer == ours {
                posted.ids.customer.clone_from(&theirs);
            }
        }
        Ok(())
    }

    /// Whether a customer is gone: one is never deleted, only merged into another.
    async fn is_merged(&mut self, id: &str, now: Timestamp) -> Result<bool, Halt> {
        let query = Query::from(Kind::Customer).active_and_inactive();
        let query = query.filter(Field::Id.equals(id));
        Ok(self.listed(&query, now).await?.is_empty())
    }
}
