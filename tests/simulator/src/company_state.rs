//! The state of one company: its settings, its entities, its ledger, and the calls of the app.

mod idempotency;
mod links;
mod open;
mod rate_limiter;

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::changes::Change;
use crate::company::Company;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::Ledger;
use crate::records::Records;

pub(crate) use idempotency::{IdempotencyCache, IdempotencyKey, Scope};
pub(crate) use links::{Application, Links, Target};
pub(crate) use rate_limiter::RateLimiter;

/// The state of one company. It lives as long as the simulator.
#[derive(Clone, Debug)]
pub(crate) struct CompanyState {
    pub(crate) realm: String,
    pub(crate) settings: Company,
    /// The closing date: the app cannot change transactions up to and including this day.
    pub(crate) closed_until: Option<Date>,
    /// `false` once the company's QuickBooks subscription has ended.
    pub(crate) is_subscribed: bool,
    /// `false` once the person who connected has lost admin rights.
    pub(crate) is_admin: bool,
    pub(crate) records: Records,
    /// The ids of the rows that no query can show.
    pub(crate) broken_rows: BTreeSet<String>,
    pub(crate) ledger: Ledger,
    pub(crate) links: Links,
    /// Every change since the company was opened, oldest first.
    pub(crate) changes: Vec<Change>,
    pub(crate) idempotency_cache: IdempotencyCache,
    pub(crate) rate_limiter: RateLimiter,
    /// The writes of the app that changed a balance of closed books. There should be none.
    pub(crate) closed_balances_moved: Vec<String>,
    last_id: u64,
    last_class: u64,
    last_number: u64,
}

/// The id before the first class id. Class ids have 19 digits; other ids count from 1.
const FIRST_CLASS: u64 = 5_000_000_000_000_007_280;
/// The number before the first document number that QuickBooks assigns.
const FIRST_NUMBER: u64 = 1000;

impl CompanyState {
    /// Returns the id that the next new entity of the kind gets.
    pub(crate) fn next_id(&self, kind: Kind) -> String {
        match kind {
            Kind::Class => (self.last_class + 1).to_string(),
            _ => (self.last_id + 1).to_string(),
        }
    }

    /// Marks the next id of the kind as used.
    pub(crate) fn take_id(&mut self, kind: Kind) {
        match kind {
            Kind::Class => self.last_class += 1,
            _ => self.last_id += 1,
        }
    }

    /// Returns the document number that QuickBooks assigns next.
    pub(crate) fn next_number(&self) -> String {
        (self.last_number + 1).to_string()
    }

    /// Marks the next document number as used if the number of a transaction is that one.
    pub(crate) fn take_number(&mut self, number: Option<&str>) {
        if number == Some(self.next_number().as_str()) {
            self.last_number += 1;
        }
    }

    pub(crate) fn account_type(&self, account: &str) -> Option<&str> {
        json::text(self.records.get(Kind::Account, account)?, "AccountType")
    }

    pub(crate) fn is_receivable(&self, account: &str) -> bool {
        self.account_type(account) == Some("Accounts Receivable")
    }

    /// Returns the id of the first active account that matches.
    pub(crate) fn default_account(&self, matches: impl Fn(&Object) -> bool) -> Option<String> {
        self.records
            .objects(Kind::Account)
            .filter(|account| json::flag(account, "Active") == Some(true))
            .find(|account| matches(account))
            .and_then(|account| json::text(account, "Id"))
            .map(str::to_owned)
    }

    /// Returns the customer and the customers above it, nearest first.
    pub(crate) fn lineage(&self, customer: &str) -> Vec<String> {
        let mut line = vec![customer.to_owned()];
        let parent = |id: &str| {
            let customer = self.records.get(Kind::Customer, id)?;
            json::reference(customer, "ParentRef")
        };
        while let Some(next) = line.last().and_then(|id| parent(id)) {
            if line.iter().any(|id| id == next) {
                break;
            }
            line.push(next.to_owned());
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use serde_json::json;

    pub(super) fn company() -> CompanyState {
        CompanyState::open(
            "1".to_owned(),
            Company::new("Harbor"),
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn ids_count_up_and_class_ids_are_long() {
        let mut company = company();
        assert_eq!(company.next_id(Kind::Class).len(), 19);
        let first: u64 = company.next_id(Kind::Invoice).parse().unwrap();
        company.take_id(Kind::Invoice);
        assert_eq!(company.next_id(Kind::Payment), (first + 1).to_string());
    }

    #[test]
    fn custom_number_does_not_use_the_next_number() {
        let mut company = company();
        company.take_number(Some("1042-1"));
        assert_eq!(company.next_number(), "1001");
        company.take_number(Some("1001"));
        assert_eq!(company.next_number(), "1002");
    }

    #[test]
    fn lineage_of_a_job_ends_at_its_customer() {
        let mut company = company();
        for (id, parent) in [("91", None), ("92", Some("91")), ("93", Some("92"))] {
            let parent = parent.map(|id| json!({ "value": id }));
            let body = json!({"Id": id, "ParentRef": parent});
            company
                .records
                .put(Kind::Customer, id, body.as_object().unwrap().clone());
        }
        assert_eq!(company.lineage("93"), ["93", "92", "91"]);
        assert_eq!(company.lineage("91"), ["91"]);
    }
}
