//! What happens in the company to what posting rests on: its preferences, the accounts that were chosen, and the lists.

use super::round::Round;
use crate::choices::Purpose;
use crate::inbox::Inbox;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::Hold;
use quickbooks::cdc::Deleted;
use quickbooks::entity::Listed;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};

impl<H: Http, R: Records> Office<'_, H, R> {
    /// Looks at the preferences and the chosen accounts if the company told of them.
    pub(super) async fn look_at_settings(&mut self, inbox: &Inbox) -> Result<(), Halt> {
        let told = |kind: Kind| inbox.waiting.iter().filter(move |told| told.kind == kind);
        let of_the_company = [Kind::Preferences, Kind::CompanyInfo];
        if of_the_company
            .into_iter()
            .any(|kind| told(kind).next().is_some())
        {
            self.read_preferences().await?;
        }
        let chosen: Vec<&str> = told(Kind::Account)
            .map(|told| told.id.as_str())
            .filter(|id| self.purposes(id).next().is_some())
            .collect();
        if chosen.is_empty() {
            return Ok(());
        }
        let query = Query::from(Kind::Account).active_and_inactive();
        let query = query.filter(Field::Id.is_in(chosen.clone()));
        let accounts = self.listed(&query, self.now()).await?;
        let is_gone = |id: &&&str| accounts.iter().all(|account| account.id != **id);
        let gone = chosen.iter().filter(is_gone).map(|id| Deleted {
            id: (*id).to_owned(),
            at: None,
        });
        let gone: Vec<Deleted> = gone.collect();
        self.look_at_accounts(&accounts, &gone).await
    }

    /// What waits for an entry of a list is tried again once something happened to an entry of that.
    pub(super) async fn look_at_lists(
        &mut self,
        round: &Round<'_>,
        inbox: &Inbox,
    ) -> Result<(), Halt> {
        let told = inbox.waiting.iter().map(|told| told.kind);
        let touched: Vec<Kind> = told.chain(round.lists.iter().copied()).collect();
        if !touched.iter().any(|kind| round.is_waited_for(*kind)) {
            return Ok(());
        }
        let cured = |hold: &Hold| hold.list().is_some_and(|list| touched.contains(&list));
        self.bridge.store.release_held(self.firm, cured).await?;
        Ok(())
    }

    /// The company is asked about itself again. What was held for books that are open now is released.
    pub(super) async fn read_preferences(&mut self) -> Result<(), Halt> {
        self.recheck(self.now()).await?;
        let through = self.books().book_close_date;
        let is_open = |hold: &Hold| matches!(hold, Hold::BooksClosed(on) if through.is_none_or(|through| *on > through));
        self.bridge.store.release_held(self.firm, is_open).await?;
        Ok(())
    }

    /// Notes which of the chosen accounts fit their purpose no longer, or do again.
    pub(super) async fn look_at_accounts(
        &mut self,
        accounts: &[Listed],
        gone: &[Deleted],
    ) -> Result<(), Halt> {
        let mut found: Vec<(&'static str, bool)> = Vec::new();
        for account in accounts {
            for purpose in self.purposes(&account.id) {
                let kind = account.account_type.as_deref();
                let fits = purpose.fits(kind, account.account_sub_type.as_deref());
                found.push((purpose.field(), account.active && fits));
            }
        }
        for account in gone {
            let lost = self.purposes(&account.id);
            found.extend(lost.map(|purpose| (purpose.field(), false)));
        }
        if found.is_empty() {
            return Ok(());
        }
        let store = &self.bridge.store;
        self.unfit = store.note_fitness(self.firm, &found).await?.unfit;
        if found.iter().any(|(_, fits)| *fits) {
            let cured = |hold: &Hold| matches!(hold, Hold::SettingsIncomplete(_));
            store.release_held(self.firm, cured).await?;
        }
        Ok(())
    }

    /// What an account was chosen for.
    fn purposes<'a>(&self, id: &'a str) -> impl Iterator<Item = Purpose> + use<'a, H, R> {
        let accounts = self.settings.accounts.clone();
        Purpose::ALL
            .into_iter()
            .filter(move |purpose| purpose.chosen(&accounts).is_some_and(|chosen| chosen == id))
    }
}
