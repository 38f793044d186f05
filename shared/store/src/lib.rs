//! The domain verbs over [`Records`]: each is one read, or one decision applied by compare-and-swap.

pub mod activity;
pub mod claimant;
pub mod connection;
pub mod document;
pub mod inbox;
pub mod object_index;
pub mod queue;
pub mod reason;
pub mod schedule;
pub mod settings;
pub mod sign_in_attempt;

use crate::queue::pages::PAGE_CAPACITY;
use crate::settings::{
    CustomerDetails, CustomerMatch, ItemCatalogue, MatchSelector, ProjectRecord, SettingsRecord,
};
use crate::sign_in_attempt::{LinkOpening, SignInAttempt, SignInRefusal};
use billing::{Customer, FirmId, Id};
use jiff::Timestamp;
use mapping::Settings;
use ports::records::{Change, Record, Records, StoreError};

pub use crate::claimant::Claimant;
pub use crate::connection::company_claim::Claimed;
pub use crate::connection::operations::Established;
pub use crate::connection::refresh_claim::RefreshTurn;
pub use crate::queue::completion::WorkResult;
pub use crate::queue::lease::{EnqueueResult, LeaseResult, NewEntry};

/// The records of all firms. Whatever belongs to a firm is named by it, so nothing crosses firms.
pub struct Store<R> {
    records: R,
    /// How many documents a shelf of a desk has room for.
    shelf: usize,
}

impl<R: Records> Store<R> {
    /// The verbs over these records.
    pub fn new(records: R) -> Self {
        Self {
            records,
            shelf: PAGE_CAPACITY,
        }
    }

    /// The same with room for so many documents on each shelf of a desk: in tests a short desk has shelves too.
    #[must_use]
    pub fn with_page_capacity(self, documents: usize) -> Self {
        Self {
            shelf: documents,
            ..self
        }
    }

    /// Keeps a new consent.
    pub async fn save_sign_in_attempt(&self, consent: &SignInAttempt) -> Result<(), StoreError> {
        self.records.save(&consent.id, consent).await
    }

    /// Opens a consent by its ticket, once.
    pub async fn open_link(
        &self,
        (id, ticket): (&str, &str),
        opening: &LinkOpening,
        now: Timestamp,
    ) -> Result<Result<SignInAttempt, SignInRefusal>, StoreError> {
        self.update_sign_in_attempt(id, |consent| consent.open(ticket, opening, now))
            .await
    }

    /// Takes a consent by its state and browser, once.
    pub async fn take_sign_in_attempt(
        &self,
        (id, state): (&str, &str),
        browser: Option<&str>,
        now: Timestamp,
    ) -> Result<Result<SignInAttempt, SignInRefusal>, StoreError> {
        self.update_sign_in_attempt(id, |consent| consent.take(state, browser, now))
            .await
    }

    async fn update_sign_in_attempt(
        &self,
        id: &str,
        step: impl Fn(&SignInAttempt) -> Result<SignInAttempt, SignInRefusal>,
    ) -> Result<Result<SignInAttempt, SignInRefusal>, StoreError> {
        let mut taken = Err(SignInRefusal::Unknown);
        let take = &mut |consent: &mut SignInAttempt| {
            taken = step(consent);
            if let Ok(next) = &taken {
                consent.clone_from(next);
            }
            taken.is_ok()
        };
        self.update(id, take).await?;
        Ok(taken)
    }

    /// A firm's settings; the defaults if it made none.
    pub async fn settings(&self, firm: &FirmId) -> Result<SettingsRecord, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Replaces the settings if `version` is still the latest. Gives the new record, or none if not.
    pub async fn replace_settings(
        &self,
        firm: &FirmId,
        version: u64,
        settings: &Settings,
    ) -> Result<Option<SettingsRecord>, StoreError> {
        let mut replaced = false;
        let replace = &mut |current: &mut SettingsRecord| {
            replaced = current.version == version;
            if replaced {
                current.version += 1;
                current.settings.clone_from(settings);
                // They were checked.
                current.unfit_accounts.clear();
            }
            replaced
        };
        let now = self.update_or_create(firm.as_ref(), replace).await?;
        Ok(replaced.then_some(now))
    }

    /// Notes of chosen accounts whether they still fit.
    pub async fn set_account_fitness(
        &self,
        firm: &FirmId,
        found: &[(&str, bool)],
    ) -> Result<SettingsRecord, StoreError> {
        let note = &mut |current: &mut SettingsRecord| current.set_account_fitness(found);
        self.update_or_create(firm.as_ref(), note).await
    }

    /// What the user chose for `of`, and is gone, was merged into another: that is chosen now.
    pub async fn replace_match(
        &self,
        firm: &FirmId,
        (chosen, of): (MatchSelector, &Id),
        (gone, into): (&str, &str),
    ) -> Result<SettingsRecord, StoreError> {
        let follow = &mut |current: &mut SettingsRecord| {
            let matched = chosen(&mut current.settings).get_mut(of.as_ref());
            let Some(matched) = matched.filter(|matched| *matched == gone) else {
                return false;
            };
            into.clone_into(matched);
            current.version += 1;
            true
        };
        self.update_or_create(firm.as_ref(), follow).await
    }

    /// What a customer was matched with.
    pub async fn customer_match(
        &self,
        firm: &FirmId,
        customer: &Id,
    ) -> Result<CustomerMatch, StoreError> {
        self.load_or_default(&format!("{firm}/{customer}")).await
    }

    /// Keeps a customer's match.
    pub async fn save_customer_match(
        &self,
        firm: &FirmId,
        customer: &Id,
        found: &CustomerMatch,
    ) -> Result<(), StoreError> {
        self.records
            .save(&format!("{firm}/{customer}"), found)
            .await
    }

    /// A customer's details as RIVET last sent them without a document.
    pub async fn customer_details(
        &self,
        firm: &FirmId,
        customer: &Id,
    ) -> Result<Option<Customer>, StoreError> {
        let details = self.records.load(&format!("{firm}/{customer}")).await?;
        Ok(details.map(|CustomerDetails(customer)| customer))
    }

    /// Keeps a customer's details.
    pub async fn save_customer_details(
        &self,
        firm: &FirmId,
        customer: &Customer,
    ) -> Result<(), StoreError> {
        let details = CustomerDetails(customer.clone());
        self.records
            .save(&format!("{firm}/{}", customer.id), &details)
            .await
    }

    /// A project's class and retainage.
    pub async fn project(&self, firm: &FirmId, project: &Id) -> Result<ProjectRecord, StoreError> {
        self.load_or_default(&format!("{firm}/{project}")).await
    }

    /// Keeps a project's class and retainage.
    pub async fn save_project(
        &self,
        firm: &FirmId,
        project: &Id,
        book: &ProjectRecord,
    ) -> Result<(), StoreError> {
        self.records.save(&format!("{firm}/{project}"), book).await
    }

    /// A firm's service items.
    pub async fn items(&self, firm: &FirmId) -> Result<ItemCatalogue, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Keeps a firm's service items.
    pub async fn save_items(&self, firm: &FirmId, items: &ItemCatalogue) -> Result<(), StoreError> {
        self.records.save(firm.as_ref(), items).await
    }

    async fn load_or_default<T: Record + Default>(&self, name: &str) -> Result<T, StoreError> {
        Ok(self.records.load(name).await?.unwrap_or_default())
    }

    /// Alters a record that claims live in, after creating it if it is missing. Gives it as it is then.
    async fn update_or_create<T: Record + Default>(
        &self,
        name: &str,
        alter: Alter<'_, T>,
    ) -> Result<T, StoreError> {
        if let Some(record) = self.update(name, alter).await? {
            return Ok(record);
        }
        self.records.ensure::<T>(name).await?;
        let record = self.update(name, alter).await?;
        record.ok_or_else(|| StoreError::Busy(format!("{}/{name}", T::KIND)))
    }

    /// Alters a record if there is one. Gives it as it is then.
    async fn update<T: Record>(
        &self,
        name: &str,
        alter: Alter<'_, T>,
    ) -> Result<Option<T>, StoreError> {
        let decide = |mut record: T| {
            if alter(&mut record) {
                Change::write(record.clone(), record)
            } else {
                Change::Keep(record)
            }
        };
        self.records.change(name, decide).await
    }
}

/// What a verb does to a record: changes it in place and says whether it did. Done anew if another writer comes first.
///
/// Behind a pointer: the swap around it would otherwise be compiled once for every verb.
type Alter<'a, T> = &'a mut dyn FnMut(&mut T) -> bool;

pub fn busy(firm: &FirmId) -> StoreError {
    StoreError::Busy(format!("desk/{firm}"))
}
