//! Adds what the settings of a firm say of RIVET's side: the openings, the accounts and the customers.

use crate::home_currency::HomeCurrency;
use crate::rivet_side::loading::Loader;
use billing::Id;
use mapping::Holder;
use ports::records::{Records, StoreError};
use ports::side_by_side::side_by_side;
use store::subledger::AccountUse;

impl<R: Records> Loader<'_, R> {
    /// Adds the retainage that was held before RIVET.
    pub(super) async fn add_openings(&mut self) -> Result<(), StoreError> {
        for (id, amount) in &self.settings.retainage_opening {
            let Ok(id) = id.parse::<Id>() else {
                continue;
            };
            let record = self.store.project(self.firm, &id).await?;
            let is_on_account = match record.opening_holder.unwrap_or(Holder::Mapped) {
                Holder::Account(_) => true,
                Holder::Mapped => self.settings.needs_retainage_account(),
                Holder::Rivet => false,
            };
            let project = self.side.projects.entry(id).or_default();
            project.opening = amount.0;
            if is_on_account {
                project.opening_on_account = amount.0;
            }
        }
        Ok(())
    }

    /// Adds the accounts of the settings.
    pub(super) fn add_accounts(&mut self) {
        let accounts = &self.settings.accounts;
        let chosen = [
            (&accounts.accounts_receivable, AccountUse::Receivable),
            (&accounts.retainage, AccountUse::Retainage),
            (&accounts.contract_revenue, AccountUse::Revenue),
        ];
        for (account, account_use) in chosen {
            if let Some(account) = account {
                self.side
                    .accounts
                    .entry(account.clone())
                    .or_insert(account_use);
            }
        }
    }

    /// Finds the customers in QuickBooks: those that the settings choose, or those that RIVET matched.
    pub(super) async fn match_customers(&mut self) -> Result<(), StoreError> {
        let (store, firm) = (self.store, self.firm);
        let chosen = &self.settings.customers.matches;
        let find = async |id: &Id| match chosen.get(&id.to_string()) {
            Some(chosen) => Ok(Some(chosen.clone())),
            None => Ok(store.customer_match(firm, id).await?.quickbooks_id),
        };
        let found = side_by_side(self.side.customers.keys().map(find)).await?;
        for (known, found) in self.side.customers.values_mut().zip(found) {
            known.quickbooks_id = found;
        }
        Ok(())
    }

    /// Finds the currencies of customers that are billed in another one than the company's own.
    pub(super) async fn add_currencies(&mut self, home: &HomeCurrency) -> Result<(), StoreError> {
        if !home.has_others {
            return Ok(());
        }
        let (store, firm) = (self.store, self.firm);
        let load = |id| store.customer_payments(firm, id);
        let found = side_by_side(self.side.customers.keys().map(load)).await?;
        for (known, found) in self.side.customers.values_mut().zip(found) {
            known.currency = found.currency.filter(|currency| *currency != home.code);
        }
        Ok(())
    }
}
