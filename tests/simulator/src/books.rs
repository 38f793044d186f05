mod limits;
mod links;
mod open;
mod replay;

use jiff::civil::Date;

use crate::changes::Change;
use crate::company::Company;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::ledger::Ledger;
use crate::records::Records;

pub(crate) use limits::Limits;
pub(crate) use links::{Application, Links, Target};
pub(crate) use replay::Replays;

/// Everything about one company.
#[derive(Clone, Debug)]
pub(crate) struct Books {
    pub(crate) realm: String,
    pub(crate) company: Company,
    pub(crate) closed_until: Option<Date>,
    pub(crate) subscribed: bool,
    /// Whether the person who connected is an admin.
    pub(crate) admin: bool,
    pub(crate) records: Records,
    pub(crate) ledger: Ledger,
    pub(crate) links: Links,
    pub(crate) changes: Vec<Change>,
    pub(crate) replays: Replays,
    pub(crate) limits: Limits,
    last_id: u64,
    last_class: u64,
    last_number: u64,
}

/// Class ids are long; the others count from 1.
const FIRST_CLASS: u64 = 5_000_000_000_000_007_280;
/// The number before the first that QuickBooks gives by itself.
const FIRST_NUMBER: u64 = 1000;

impl Books {
    /// The id that the next new entity of the kind gets.
    pub(crate) fn next_id(&self, kind: Kind) -> String {
        match kind {
            Kind::Class => (self.last_class + 1).to_string(),
            _ => (self.last_id + 1).to_string(),
        }
    }

    pub(crate) fn take_id(&mut self, kind: Kind) {
        match kind {
            Kind::Class => self.last_class += 1,
            _ => self.last_id += 1,
        }
    }

    pub(crate) fn next_number(&self) -> String {
        (self.last_number + 1).to_string()
    }

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

    /// The first active account that fits; sales forms know no other receivable.
    pub(crate) fn default_account(&self, fits: impl Fn(&Object) -> bool) -> Option<String> {
        self.records
            .objects(Kind::Account)
            .filter(|account| json::flag(account, "Active") == Some(true))
            .find(|account| fits(account))
            .and_then(|account| json::text(account, "Id"))
            .map(str::to_owned)
    }

    /// The customer and the customers above it, nearest first.
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

    pub(super) fn books() -> Books {
        Books::open(
            "1".to_owned(),
            Company::new("Harbor"),
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn ids_count_up_and_class_ids_are_long() {
        let mut books = books();
        assert_eq!(books.next_id(Kind::Class).len(), 19);
        let first: u64 = books.next_id(Kind::Invoice).parse().unwrap();
        books.take_id(Kind::Invoice);
        assert_eq!(books.next_id(Kind::Payment), (first + 1).to_string());
    }

    #[test]
    fn a_number_of_ones_own_does_not_use_up_the_next_one() {
        let mut books = books();
        books.take_number(Some("1042-1"));
        assert_eq!(books.next_number(), "1001");
        books.take_number(Some("1001"));
        assert_eq!(books.next_number(), "1002");
    }

    #[test]
    fn the_lineage_of_a_job_ends_at_its_customer() {
        let mut books = books();
        for (id, parent) in [("91", None), ("92", Some("91")), ("93", Some("92"))] {
            let parent = parent.map(|id| json!({ "value": id }));
            let body = json!({"Id": id, "ParentRef": parent});
            books
                .records
                .put(Kind::Customer, id, body.as_object().unwrap().clone());
        }
        assert_eq!(books.lineage("93"), ["93", "92", "91"]);
        assert_eq!(books.lineage("91"), ["91"]);
    }
}
