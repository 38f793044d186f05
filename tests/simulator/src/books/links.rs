use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Books;
use crate::json;
use crate::kind::Kind;

/// What payments settle: the open items of customers, and how much of each is settled by which payment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    applied: BTreeMap<Target, BTreeMap<String, Decimal>>,
    by_payment: BTreeMap<String, Vec<Target>>,
}

/// The part of a transaction that stands in A/R for one customer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) customer: String,
}

/// A part of a payment that settles a target; always positive, also for credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Application {
    pub(crate) target: Target,
    pub(crate) amount: Decimal,
}

impl Links {
    /// Replaces what a payment settles, and gives the targets for which that made a difference.
    pub(crate) fn replace(&mut self, payment: &str, applications: Vec<Application>) -> Vec<Target> {
        let before = self.take(payment);
        let mut after: BTreeMap<Target, Decimal> = BTreeMap::new();
        for application in applications {
            *after.entry(application.target).or_default() += application.amount;
        }
        let mut touched: Vec<Target> = before
            .keys()
            .chain(after.keys())
            .filter(|target| before.get(*target) != after.get(*target))
            .cloned()
            .collect();
        touched.sort();
        touched.dedup();
        self.put(payment, after);
        touched
    }

    /// How much of the target is settled by payments other than `except`.
    pub(crate) fn applied(&self, target: &Target, except: &str) -> Decimal {
        let payments = self.applied.get(target).into_iter().flatten();
        payments
            .filter(|(payment, _)| *payment != except)
            .map(|(_, amount)| *amount)
            .sum()
    }

    /// The payments that settle part of the transaction.
    pub(crate) fn payments(&self, kind: Kind, id: &str) -> impl Iterator<Item = &str> {
        self.targets(kind, id)
            .flat_map(|(_, payments)| payments.keys().map(String::as_str))
    }

    /// The settled parts of the transaction, with the amounts.
    pub(crate) fn settled(&self, kind: Kind, id: &str) -> impl Iterator<Item = (&Target, Decimal)> {
        self.targets(kind, id)
            .map(|(target, payments)| (target, payments.values().sum()))
    }

    /// Moves everything of one customer to another, as a merge does.
    pub(crate) fn move_customer(&mut self, from: &str, to: &str) {
        let moved = |mut target: Target| {
            if target.customer == from {
                target.customer = to.to_owned();
            }
            target
        };
        let applied = std::mem::take(&mut self.applied);
        for (target, payments) in applied {
            let slot = self.applied.entry(moved(target)).or_default();
            for (payment, amount) in payments {
                *slot.entry(payment).or_default() += amount;
            }
        }
        for targets in self.by_payment.values_mut() {
            *targets = std::mem::take(targets).into_iter().map(moved).collect();
        }
    }

    fn targets<'a>(
        &'a self,
        kind: Kind,
        id: &str,
    ) -> impl Iterator<Item = (&'a Target, &'a BTreeMap<String, Decimal>)> {
        let first = Target {
            kind,
            id: id.to_owned(),
            customer: String::new(),
        };
        let id = id.to_owned();
        self.applied
            .range(first..)
            .take_while(move |(target, _)| target.kind == kind && target.id == id)
            .filter(|(_, payments)| !payments.is_empty())
    }

    fn take(&mut self, payment: &str) -> BTreeMap<Target, Decimal> {
        let targets = self.by_payment.remove(payment).unwrap_or_default();
        let mut taken = BTreeMap::new();
        for target in targets {
            if let Some(amount) = self
                .applied
                .get_mut(&target)
                .and_then(|payments| payments.remove(payment))
            {
                taken.insert(target, amount);
            }
        }
        taken
    }

    fn put(&mut self, payment: &str, applications: BTreeMap<Target, Decimal>) {
        let targets: Vec<Target> = applications.keys().cloned().collect();
        for (target, amount) in applications {
            let payments = self.applied.entry(target).or_default();
            payments.insert(payment.to_owned(), amount);
        }
        if !targets.is_empty() {
            self.by_payment.insert(payment.to_owned(), targets);
        }
    }
}

impl Books {
    /// What a transaction stands for in A/R with each customer: positive for a debt, negative for a credit.
    pub(crate) fn receivable(&self, kind: Kind, id: &str) -> BTreeMap<String, Decimal> {
        let mut sums = BTreeMap::new();
        for line in self.ledger.of(kind.name(), id) {
            if let Some(customer) = &line.entry.customer
                && self.is_receivable(&line.entry.account)
            {
                *sums.entry(customer.clone()).or_default() += line.entry.amount;
            }
        }
        sums
    }

    /// The open amount of a target, positive for debts and credits alike, without what `except` settles.
    pub(crate) fn open_amount(&self, target: &Target, except: &str) -> Decimal {
        let gross = self.receivable(target.kind, &target.id);
        let gross = gross.get(&target.customer).copied().unwrap_or_default();
        gross.abs() - self.links.applied(target, except)
    }

    /// Whether a deposit has taken the payment to the bank.
    pub(crate) fn is_deposited(&self, payment: &str) -> bool {
        self.records
            .objects(Kind::Deposit)
            .flat_map(|deposit| json::list(deposit, "Line"))
            .flat_map(|line| json::list(line, "LinkedTxn"))
            .any(|link| json::text(link, "TxnId") == Some(payment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invoice(id: &str) -> Target {
        Target {
            kind: Kind::Invoice,
            id: id.to_owned(),
            customer: "24".to_owned(),
        }
    }

    fn applied(id: &str, cents: i64) -> Application {
        Application {
            target: invoice(id),
            amount: Decimal::new(cents, 2),
        }
    }

    #[test]
    fn several_payments_add_up_and_one_can_be_left_out() {
        let mut links = Links::default();
        links.replace("7", vec![applied("1", 500), applied("1", 100)]);
        links.replace("8", vec![applied("1", 250)]);
        assert_eq!(links.applied(&invoice("1"), ""), Decimal::new(850, 2));
        assert_eq!(links.applied(&invoice("1"), "7"), Decimal::new(250, 2));
        assert_eq!(
            links.payments(Kind::Invoice, "1").collect::<Vec<_>>(),
            ["7", "8"]
        );
    }

    #[test]
    fn only_targets_with_a_difference_are_touched() {
        let mut links = Links::default();
        assert_eq!(
            links.replace("7", vec![applied("1", 500), applied("2", 100)]),
            [invoice("1"), invoice("2")]
        );
        let again = vec![applied("1", 500), applied("3", 100)];
        assert_eq!(links.replace("7", again), [invoice("2"), invoice("3")]);
        assert_eq!(links.replace("7", Vec::new()), [invoice("1"), invoice("3")]);
        assert_eq!(links.payments(Kind::Invoice, "1").count(), 0);
    }

    #[test]
    fn ids_that_share_a_beginning_are_told_apart() {
        let mut links = Links::default();
        links.replace("7", vec![applied("11", 500)]);
        assert_eq!(links.payments(Kind::Invoice, "1").count(), 0);
        assert_eq!(links.settled(Kind::Invoice, "11").count(), 1);
    }

    #[test]
    fn a_merge_moves_what_is_settled() {
        let mut links = Links::default();
        links.replace("7", vec![applied("1", 500)]);
        links.move_customer("24", "25");
        let moved = Target {
            customer: "25".to_owned(),
            ..invoice("1")
        };
        assert_eq!(links.applied(&moved, ""), Decimal::new(500, 2));
        assert_eq!(links.replace("7", Vec::new()), [moved]);
    }
}
