//! Watches that no write of the app changes a balance of closed books, whatever QuickBooks makes of the write.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::WriteRequest;
use crate::changes::Actor;
use crate::company_state::CompanyState;
use crate::ledger::Entry;

/// The balances of closed books before a write of the app.
pub(super) struct ClosedBooks {
    through: Date,
    balances: Balances,
}

/// Balances by account, customer and class.
type Balances = BTreeMap<(String, Option<String>, Option<String>), Decimal>;

impl ClosedBooks {
    /// Returns the balances, or `None` if no books are closed or a person writes.
    pub(super) fn before(company: &CompanyState, request: &WriteRequest) -> Option<Self> {
        let through = company.closed_until?;
        (request.by == Actor::Api).then(|| Self {
            through,
            balances: balances(company, through),
        })
    }

    /// Notes the balances that the write changed.
    pub(super) fn note_changes(self, company: &mut CompanyState, request: &WriteRequest) {
        let after = balances(company, self.through);
        if after != self.balances {
            let kind = request.kind.name();
            let (through, before) = (self.through, self.balances);
            company.closed_balances_moved.push(format!(
                "a {kind} of the app changed the books closed through {through}: {before:?} became {after:?}"
            ));
        }
    }
}

fn balances(company: &CompanyState, through: Date) -> Balances {
    let mut balances = Balances::new();
    for line in company.ledger.lines().filter(|line| line.date <= through) {
        let Entry {
            account,
            amount,
            customer,
            class,
        } = &line.entry;
        let key = (account.clone(), customer.clone(), class.clone());
        *balances.entry(key).or_default() += *amount;
    }
    balances.retain(|_, balance| !balance.is_zero());
    balances
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::ledger::Transaction;
    use crate::test_company::TestCompany;

    /// Posts a line of closed books during a write, and returns what was noted.
    fn noted(by: Actor) -> Vec<String> {
        let mut company = TestCompany::new().state;
        company.closed_until = Some("2026-03-31".parse().unwrap());
        let request = WriteRequest::new_save(Kind::JournalEntry, Default::default(), by);
        let before = ClosedBooks::before(&company, &request);
        let transaction = Transaction {
            kind: "JournalEntry",
            id: "7".to_owned(),
        };
        let entry = Entry {
            account: "1".to_owned(),
            amount: Decimal::ONE,
            ..Entry::default()
        };
        let day = "2026-03-31".parse().unwrap();
        company.ledger.post(&transaction, day, vec![entry]);
        if let Some(before) = before {
            before.note_changes(&mut company, &request);
        }
        company.closed_balances_moved
    }

    #[test]
    fn moved_balance_of_closed_books_is_noted() {
        assert_eq!(noted(Actor::Api).len(), 1);
    }

    #[test]
    fn person_may_move_closed_balances() {
        assert!(noted(Actor::Person).is_empty());
    }
}
