//! The facts that a plan depends on, beside the document.

use billing::Project;

use crate::company_preferences::{ClassUse, CompanyPreferences};
use crate::held::{Held, Holder};
use crate::parties::{BilledSide, Parties};
use crate::payment_facts::PaymentFacts;
use crate::refusal::Refusal;
use crate::settings::{ClassMode, JobMode, RetainageMethod, Settings};

/// The facts that a plan depends on, beside the document.
#[derive(Clone, Copy, Debug)]
pub struct PlanInputs<'a> {
    /// The firm's settings.
    pub settings: &'a Settings,
    /// The company's preferences.
    pub preferences: &'a CompanyPreferences,
    /// The retainage of the document's project. A document without a project has an empty one.
    pub held: &'a Held,
    /// The kind of transaction that a release becomes.
    pub release_form: ReleaseForm,
    /// The knowledge about the customers and jobs that the plan names.
    pub parties: &'a Parties,
    /// The facts about the targets of a payment.
    pub payment: &'a PaymentFacts,
}

/// The kind of transaction that a release becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReleaseForm {
    /// The retainage method decides.
    #[default]
    ByMethod,
    /// An invoice. It lies where all sales forms post, if the company has several Accounts Receivable accounts.
    Invoice,
    /// A journal entry.
    JournalEntry,
}

/// QuickBooks ids of the accounts without which nothing can be posted.
pub(crate) struct RequiredAccounts<'a> {
    /// Contract revenue.
    pub revenue: &'a str,
    /// Accounts Receivable.
    pub receivable: &'a str,
    /// The holder of what is withheld now.
    pub holder: Holder,
}

impl<'a> PlanInputs<'a> {
    /// Returns whether a release becomes a journal entry.
    pub(crate) fn releases_by_entry(&self) -> bool {
        match self.release_form {
            ReleaseForm::ByMethod => {
                self.settings.retainage_method == RetainageMethod::JournalEntry
            }
            ReleaseForm::Invoice => false,
            ReleaseForm::JournalEntry => true,
        }
    }

    /// Returns the required accounts, or a refusal that names the missing ones.
    pub(crate) fn required_accounts(&self) -> Result<RequiredAccounts<'a>, Refusal> {
        let accounts = &self.settings.accounts;
        match (
            &accounts.contract_revenue,
            &accounts.accounts_receivable,
            self.settings.retainage_holder(),
        ) {
            (Some(revenue), Some(receivable), Some(holder)) => Ok(RequiredAccounts {
                revenue,
                receivable,
                holder,
            }),
            _ => {
                let missing = self.settings.missing_accounts().into_iter();
                let missing = missing.map(str::to_owned).collect();
                Err(Refusal::Incomplete { missing })
            }
        }
    }

    /// Returns whether postings of the project carry its class. A class that the firm still has to choose is a refusal.
    pub(crate) fn is_classed(&self, project: &Project) -> Result<bool, Refusal> {
        let tracking = &self.settings.class_tracking;
        match (self.preferences.classes, tracking.mode) {
            (ClassUse::None, _) | (_, ClassMode::Off) => Ok(false),
            (_, ClassMode::AutoCreate) => Ok(true),
            (_, ClassMode::Manual) if tracking.projects.contains_key(project.id.as_ref()) => {
                Ok(true)
            }
            (_, ClassMode::Manual) => Err(Refusal::Incomplete {
                missing: vec![format!("class_tracking.projects.{}", project.id)],
            }),
        }
    }

    /// Returns the currency to name on a transaction in `currency`: `None` in a company with one currency.
    pub(crate) fn currency(&self, currency: &str) -> Result<Option<String>, Refusal> {
        match &self.preferences.home_currency {
            _ if self.preferences.is_multicurrency => Ok(Some(currency.to_owned())),
            Some(home) if home != currency => Err(Refusal::Currency {
                document: currency.to_owned(),
                company: home.clone(),
            }),
            _ => Ok(None),
        }
    }

    /// Returns whether transactions of the project name its job. What was posted for one side of the customer stays there.
    pub(crate) fn is_for_job(&self, project: &Project) -> bool {
        let customers = &self.settings.customers;
        match self.parties.posted_for {
            Some(side) => side == BilledSide::Job,
            None => {
                customers.jobs == JobMode::AutoCreate
                    || customers.projects.contains_key(project.id.as_ref())
            }
        }
    }

    /// Returns whether a transaction is in another currency than the home currency.
    pub(crate) fn is_foreign(&self, currency: Option<&str>) -> bool {
        currency.is_some_and(|currency| Some(currency) != self.preferences.home_currency.as_deref())
    }

    /// Returns the currency to name on a transaction whose document has none, if the company uses several: that of the customer, or else the
    /// home currency.
    pub(crate) fn customer_currency(&self) -> Option<String> {
        let known = self.parties.currency.clone();
        let known = known.filter(|_| self.preferences.is_multicurrency);
        known.or_else(|| self.home_currency())
    }

    /// Returns the home currency, if the company uses several.
    fn home_currency(&self) -> Option<String> {
        self.preferences
            .home_currency
            .clone()
            .filter(|_| self.preferences.is_multicurrency)
    }
}
