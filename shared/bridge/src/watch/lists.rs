//! What happens to the entries of lists that documents name: those that are merged into others.

use super::round::Round;
use crate::books::{Chosen, ProjectBook};
use crate::document::DocumentRecord;
use crate::inbox::{Fate, Inbox};
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::Hold;
use crate::register::{About, Entry};
use billing::Id;
use jiff::Timestamp;
use mapping::Replaced;
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
            let of = (|settings| &mut settings.customers.matches) as Chosen;
            let settings = store.rematch(self.firm, (of, customer), (gone, into));
            self.settings = settings.await?.settings;
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

    /// A document may name another entry of a list because the one that it was posted with is gone, merged into that: then what RIVET
    /// knows follows, and that is no difference. So it is if RIVET knows of that one anyway.
    pub(super) async fn follow_merges_of(
        &mut self,
        round: &Round<'_>,
        record: &mut DocumentRecord,
    ) -> Result<(), Halt> {
        let mut all: Vec<Replaced> = Vec::new();
        for posted in record.live() {
            let sighting = posted.kind.kind();
            let sighting = sighting.and_then(|kind| round.sighting(kind, &posted.id));
            let found = sighting.and_then(|sighting| sighting.found.as_ref());
            for replaced in found.iter().flat_map(|found| posted.replaced(found)) {
                if !all.contains(&replaced) {
                    all.push(replaced);
                }
            }
        }
        for replaced in all {
            if self.follow(record, &replaced).await? {
                let posted = record.posted.iter_mut();
                posted.for_each(|posted| posted.follow(&replaced));
            }
        }
        Ok(())
    }

    /// Whether an entry of a list was merged into the one in its place. What RIVET knows follows.
    async fn follow(&mut self, record: &DocumentRecord, replaced: &Replaced) -> Result<bool, Halt> {
        let Replaced { kind, ours, theirs } = replaced;
        let known = self.known(record, replaced).await?;
        if known.as_ref() == Some(theirs) {
            return Ok(true);
        }
        if !self.is_merged((*kind, ours), self.now()).await? {
            return Ok(false);
        }
        match (kind, &record.project) {
            (Kind::Customer, _) => {
                if let Some(customer) = self.customer_of(record).await? {
                    self.rematch(&customer, (ours, theirs)).await?;
                }
            }
            (Kind::Class, Some(project)) => self.reclass(project, (ours, theirs)).await?,
            (Kind::Item, _) => {
                let items = self.items.by_account.values_mut();
                items
                    .filter(|item| *item == ours)
                    .for_each(|item| item.clone_from(theirs));
                self.bridge.store.keep_items(self.firm, &self.items).await?;
            }
            _ => {}
        }
        // What waited for the one that is gone goes on with the other.
        let cured = |hold: &Hold| hold.list() == Some(*kind);
        self.bridge.store.release_held(self.firm, cured).await?;
        Ok(true)
    }

    /// What RIVET would name there today.
    async fn known(
        &mut self,
        record: &DocumentRecord,
        replaced: &Replaced,
    ) -> Result<Option<String>, Halt> {
        let Replaced { kind, ours, .. } = replaced;
        match (kind, &record.project) {
            (Kind::Customer, _) => {
                let Some(customer) = self.customer_of(record).await? else {
                    return Ok(None);
                };
                let chosen = self.settings.customers.matches.get(customer.as_ref());
                let known = self
                    .bridge
                    .store
                    .customer_match(self.firm, &customer)
                    .await?;
                Ok(chosen.cloned().or(known.quickbooks_id))
            }
            (Kind::Class, Some(project)) => {
                let chosen = self.settings.class_tracking.projects.get(project.as_ref());
                match chosen.cloned() {
                    Some(chosen) => Ok(Some(chosen)),
                    None => Ok(self.project(project).await?.class_id.clone()),
                }
            }
            (Kind::Item, _) => {
                let mut items = record.live().flat_map(|posted| &posted.ids.items);
                let account = items
                    .find(|(_, item)| *item == ours)
                    .map(|(account, _)| account);
                Ok(account
                    .and_then(|account| self.items.by_account.get(account))
                    .cloned())
            }
            _ => Ok(None),
        }
    }

    /// A project's class is another from now on.
    async fn reclass(&mut self, project: &Id, (gone, into): (&str, &str)) -> Result<(), Halt> {
        let follow = &mut |book: &mut ProjectBook| {
            if book.class_id.as_deref() == Some(gone) {
                book.class_id = Some(into.to_owned());
            }
        };
        self.keep_project(project, follow).await?;
        let chosen = &self.settings.class_tracking.projects;
        if chosen.get(project.as_ref()).map(String::as_str) == Some(gone) {
            let of = (|settings| &mut settings.class_tracking.projects) as Chosen;
            let store = &self.bridge.store;
            let settings = store.rematch(self.firm, (of, project), (gone, into));
            self.settings = settings.await?.settings;
        }
        Ok(())
    }

    async fn customer_of(&self, record: &DocumentRecord) -> Result<Option<Id>, Halt> {
        let store = &self.bridge.store;
        let received = store.received(self.firm, &record.reference, record.revision);
        Ok(received
            .await?
            .map(|document| document.customer().id.clone()))
    }

    /// Whether an entry of a list is gone: one is never deleted, only merged into another.
    async fn is_merged(&mut self, (kind, id): (Kind, &str), now: Timestamp) -> Result<bool, Halt> {
        let query = Query::from(kind).active_and_inactive();
        let query = query.filter(Field::Id.equals(id));
        Ok(self.listed(&query, now).await?.is_empty())
    }
}
