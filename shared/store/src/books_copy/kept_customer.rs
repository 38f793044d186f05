//! A customer or job of the copy of a company's books.

use crate::line::{Line, stored_as_line};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A customer or job with its balance. Stored as one line, `58 24 43650.00`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeptCustomer {
    /// The id of the customer or job.
    pub id: String,
    /// The id of the customer or job above it. Empty for a customer.
    pub parent: String,
    /// The amount that it owes, without its jobs.
    pub balance: Decimal,
}

impl Line for KeptCustomer {
    const EXPECTED: &'static str = "must be a customer with a balance";

    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        Some(Self {
            id: words.next()?.to_owned(),
            parent: words.next()?.trim_matches('-').to_owned(),
            balance: words.next()?.parse().ok()?,
        })
    }

    fn write(&self) -> String {
        let parent = if self.parent.is_empty() {
            "-"
        } else {
            &self.parent
        };
        format!("{} {parent} {:.2}", self.id, self.balance)
    }
}

stored_as_line!(KeptCustomer);
