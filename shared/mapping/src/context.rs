//! What a plan depends on besides the document.

use billing::Project;

use crate::company_preferences::{Books, ClassUse};
use crate::refusal::Refusal;
use crate::settings::{ClassMode, Settings};

/// Settings and books together.
pub(crate) struct Context<'a> {
    pub settings: &'a Settings,
    pub books: &'a Books,
}

/// The accounts that every firm must have chosen.
pub(crate) struct Chosen<'a> {
    pub revenue: &'a str,
    pub receivable: &'a str,
    pub retainage: &'a str,
}

impl<'a> Context<'a> {
    pub fn accounts(&self) -> Result<Chosen<'a>, Refusal> {
        let accounts = &self.settings.accounts;
        match (
            &accounts.contract_revenue,
            &accounts.accounts_receivable,
            &accounts.retainage,
        ) {
            (Some(revenue), Some(receivable), Some(retainage)) => Ok(Chosen {
                revenue,
                receivable,
                retainage,
            }),
            _ => {
                let missing = self
                    .settings
                    .missing()
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                Err(Refusal::Incomplete { missing })
            }
        }
    }

    /// Whether postings of the project carry its class. A class that the firm has yet to pick is missing.
    pub fn classed(&self, project: &Project) -> Result<bool, Refusal> {
        let tracking = &self.settings.class_tracking;
        match (self.books.classes, tracking.mode) {
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

    /// The currency to name on a transaction in `currency`: none where the company has only one.
    pub fn currency(&self, currency: &str) -> Result<Option<String>, Refusal> {
        match &self.books.home_currency {
            _ if self.books.multicurrency => Ok(Some(currency.to_owned())),
            Some(home) if home != currency => Err(Refusal::Currency {
                document: currency.to_owned(),
                company: home.clone(),
            }),
            _ => Ok(None),
        }
    }

    /// The currency to name on a transaction whose document has none: the company's own.
    pub fn home_currency(&self) -> Option<String> {
        self.books
            .home_currency
            .clone()
            .filter(|_| self.books.multicurrency)
    }
}
