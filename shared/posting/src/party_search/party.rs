//! The parties that a search finds or creates, and its questions.

use crate::context::PartyKey;
use crate::names::with_email;
use billing::{Customer, FirmId, Project};
use mapping::LineAccount;
use quickbooks::entity::{self, ListEntry};
use quickbooks::query::MAX_RESULTS;
use quickbooks::request::Write;
use quickbooks::{Object, Query, Reference};
use store::matches::SentCreation;

/// The party that a search finds or creates.
pub enum Party {
    /// A customer, with the body for its creation.
    Customer(Box<(Customer, entity::Customer)>),
    /// A project's job.
    Job(Box<SoughtJob>),
    /// A project's class.
    Class(Project),
    /// The service item that posts to an account.
    Item(LineAccount),
}

/// The job that a search finds or creates.
pub struct SoughtJob {
    /// The project.
    pub project: Project,
    /// The key of the customer above.
    pub customer: PartyKey,
    /// The display name of that customer.
    pub customer_name: String,
    /// The currency of a new job.
    pub currency: Option<String>,
    /// The id of the customer above. `None` until it is found.
    pub parent: Option<String>,
    /// The entry that the firm chose for the project.
    pub chosen: Option<String>,
}

impl SoughtJob {
    /// Returns the body of the job's creation under a name.
    fn body(&self, name: &str) -> entity::Customer {
        let parent = self.parent.as_deref().unwrap_or_default();
        entity::Customer {
            display_name: Some(name.to_owned()),
            currency_ref: self.currency.as_deref().map(Reference::to),
            ..mapping::job_body(&self.project, parent)
        }
    }
}

impl Party {
    /// Returns the body of the party's creation under a name.
    pub fn body(&self, name: &str) -> Object {
        match self {
            Self::Customer(customer) => {
                let mut body = customer.1.clone();
                body.display_name = Some(name.to_owned());
                body.into()
            }
            Self::Job(job) => job.body(name).into(),
            Self::Class(project) => mapping::class_body(project).into(),
            Self::Item(account) => mapping::item_body(account, name).into(),
        }
    }

    /// Returns the name of the only customer with the e-mail address. RIVET compares addresses itself, because QuickBooks' filter fails on
    /// special characters. Only a complete list proves that one customer alone has the address, so a longer list gives `None`.
    pub fn with_email(&self, rows: &[ListEntry]) -> Option<String> {
        let Self::Customer(customer) = self else {
            return None;
        };
        let complete = rows.len() < MAX_RESULTS as usize;
        let found = with_email(customer.0.email.as_deref()?, rows).filter(|_| complete);
        found.map(|row| row.name.clone())
    }
}

/// The company that a creation is for, and the firm that the company serves.
#[derive(Clone, Copy)]
pub struct FirmCompany<'a> {
    /// The firm. A company may serve another firm later, and the ids of two firms may be equal.
    pub firm: &'a FirmId,
    /// The company's id.
    pub realm_id: &'a str,
}

/// The key that distinguishes one creation from another. Party and number are part of the request id: QuickBooks must not answer a later
/// creation with the object of an earlier one.
pub struct CreationKey {
    /// The RIVET id of the party, or the account of the item.
    pub of: String,
    /// The number of creations for the party that led to no object.
    pub earlier_creations: u32,
    /// The creation that QuickBooks perhaps carried out.
    pub sent: Option<SentCreation>,
}

/// The next question of a search.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Reads a list.
    Query(Query),
    /// Creates the party.
    Create(Write),
}

/// The permission to create a party that is not found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Creation {
    /// RIVET creates the party.
    Allowed,
    /// The document waits for a person to choose or create it.
    Forbidden,
}
