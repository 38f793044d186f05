//! The facts about a project or customer that a comparison shows beside its figures.

use crate::subledger::AccountUse;
use billing::{Customer, Id, Project};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The facts about a project with figures. A project whose record has them is on the list of the firm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectFacts {
    /// The firm's own project number.
    pub number: String,
    /// The name of the project.
    pub name: String,
    /// The customer that was billed first.
    pub customer: Id,
    /// The name of that customer.
    pub customer_name: String,
    /// The postings of the project, as the list of the firm knows them.
    #[serde(default)]
    pub listed: ListedPostings,
}

/// The facts about a customer with payments. A customer whose record has them is on the list of the firm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerFacts {
    /// The name of the customer.
    pub name: String,
    /// The payments of the customer, as the list of the firm knows them.
    #[serde(default)]
    pub listed: ListedPostings,
}

/// The earliest day and the accounts of the postings that the list of the firm covers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPostings {
    /// The earliest day.
    #[serde(default, deserialize_with = "json::optional_day")]
    pub since: Option<Date>,
    /// The accounts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub accounts: BTreeMap<String, AccountUse>,
}

impl ProjectFacts {
    /// Returns the facts about a project that is billed to a customer.
    pub fn of(project: &Project, customer: &Customer) -> Self {
        Self {
            number: project.number.clone(),
            name: project.name.clone(),
            customer: customer.id.clone(),
            customer_name: customer.name.clone(),
            listed: ListedPostings::default(),
        }
    }
}

impl ListedPostings {
    /// Adds the day and accounts of a posting. Returns whether they were not covered.
    pub fn add(&mut self, day: Date, accounts: &[(AccountUse, String)]) -> bool {
        let is_earlier = self.since.is_none_or(|since| day < since);
        if is_earlier {
            self.since = Some(day);
        }
        let mut is_new = is_earlier;
        for (account_use, account) in accounts {
            let known = self.accounts.insert(account.clone(), *account_use);
            is_new |= known != Some(*account_use);
        }
        is_new
    }
}
