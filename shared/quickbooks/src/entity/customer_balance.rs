//! The amounts that customers and jobs owe.

use super::kind::Kind;
use super::reference::Reference;
use super::resource::Resource;
use rust_decimal::Decimal;
use serde::Deserialize;

/// The amount that a customer or job owes, without its jobs (Intuit: API reference, Customer). It is only read.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CustomerBalance {
    /// The id of the customer or job.
    pub id: String,
    /// The customer or job above it. A customer has none.
    pub parent_ref: Option<Reference>,
    /// The amount that it owes.
    #[serde(with = "rust_decimal::serde::arbitrary_precision_option")]
    pub balance: Option<Decimal>,
}

impl Resource for CustomerBalance {
    const KIND: Kind = Kind::Customer;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_has_parent_and_own_balance() {
        let read = r#"{"Id":"58","SyncToken":"3","Job":true,"ParentRef":{"value":"24"},"Balance":43650.00,"BalanceWithJobs":43650.00}"#;
        let job: CustomerBalance = serde_json::from_str(read).unwrap();
        assert_eq!(job.parent_ref, Some(Reference::to("24")));
        assert_eq!(job.balance, Some(Decimal::new(4_365_000, 2)));
    }
}
