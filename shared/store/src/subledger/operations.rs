//! Operations on the list of a firm's projects and customers, and on pages of figures.

use crate::Store;
use crate::subledger::document_figures::DocumentFigures;
use crate::subledger::facts::ListedPostings;
use crate::subledger::figure_log::{FigureLog, FigurePage, NewFigurePage};
use crate::subledger::{Party, PartyPage, Subledger};
use billing::FirmId;
use ports::records::{Records, StoreError};
use ports::side_by_side::side_by_side;

impl<R: Records> Store<R> {
    /// Loads the list of a firm's projects and customers with figures.
    pub async fn subledger(&self, firm: &FirmId) -> Result<Subledger, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Adds a party, and the day and accounts of its postings, to the list of its firm. Only the worker that holds the queue lease calls it.
    pub async fn list_party(
        &self,
        firm: &FirmId,
        party: &Party,
        postings: &ListedPostings,
    ) -> Result<(), StoreError> {
        let before = self.subledger(firm).await?;
        let mut subledger = before.clone();
        let is_listed = self.parties(firm, &before).await?.contains(party);
        if !is_listed {
            subledger.add(party);
        }
        postings
            .since
            .iter()
            .for_each(|day| subledger.add_day(*day));
        let accounts = postings.accounts.clone();
        subledger.accounts.extend(accounts);
        let number = subledger.pages;
        if let Some(page) = subledger.take_page() {
            self.records
                .save(&format!("{firm}:{number}"), &page)
                .await?;
        }
        if subledger != before {
            self.records.save(firm.as_ref(), &subledger).await?;
        }
        Ok(())
    }

    /// Returns all projects and customers on the list, oldest first.
    pub async fn parties(
        &self,
        firm: &FirmId,
        subledger: &Subledger,
    ) -> Result<Vec<Party>, StoreError> {
        let load = async |number: u32| {
            let key = format!("{firm}:{number}");
            self.records.load::<PartyPage>(&key).await
        };
        let pages = side_by_side((0..subledger.pages).map(load)).await?;
        let pages = pages.into_iter().flatten();
        let mut parties: Vec<Party> = pages.flat_map(|PartyPage(parties)| parties).collect();
        parties.extend(subledger.parties.iter().cloned());
        Ok(parties)
    }

    /// Saves a page of figures that its owner's record names already.
    pub(crate) async fn save_figures(
        &self,
        firm: &FirmId,
        owner: &Party,
        new: &NewFigurePage,
    ) -> Result<(), StoreError> {
        let name = page_key(firm, owner, &new.name);
        self.records.save(&name, &new.page).await
    }

    /// Returns the newest figures of each document of a log.
    pub async fn all_figures(
        &self,
        firm: &FirmId,
        owner: &Party,
        log: FigureLog,
    ) -> Result<Vec<DocumentFigures>, StoreError> {
        let load = async |name: &String| {
            let key = page_key(firm, owner, name);
            self.records.load::<FigurePage>(&key).await
        };
        let pages = side_by_side(log.pages().iter().map(load)).await?;
        let pages = pages.into_iter().flatten().collect();
        Ok(log.with_pages(pages))
    }
}

fn page_key(firm: &FirmId, owner: &Party, name: &str) -> String {
    match owner {
        Party::Project(id) => format!("{firm}:project:{id}:{name}"),
        Party::Customer(id) => format!("{firm}:customer:{id}:{name}"),
    }
}
