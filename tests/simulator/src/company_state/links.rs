use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::CompanyState;
use crate::json;
use crate::kind::Kind;

/// The amounts that payments settle of the open items of customers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    /// The amount by open item, then by payment.
    by_target: BTreeMap<Target, BTreeMap<String, Decimal>>,
    by_payment: BTreeMap<String, Vec<Target>>,
}

/// An open item: the part of a transaction that is in A/R for one customer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) customer: String,
}

/// The part of a payment that settles one target. The amount is positive, also for credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Application {
    pub(crate) target: Target,
    pub(crate) amount: Decimal,
}

impl Links {
    /// Replaces the applications of a payment and returns the targets whose settled amount changed.
    pub(crate) fn replace(&mut self, payment: &str, applications: Vec<Application>) -> Vec<Target> {
        let before = self.take(payment);
        let mut after: BTreeMap<Target, Decimal> = BTreeMap::new();
        for application in applications {
            *after.entry(application.target).or_default() += application.amount;
        }
        let mut changed: Vec<Target> = before
            .keys()
            .chain(after.keys())
            .filter(|target| before.get(*target) != after.get(*target))
            .cloned()
            .collect();
        changed.sort();
        changed.dedup();
        self.put(payment, after);
        changed
    }

    /// Returns the amount of the target that payments other than `except` settle.
    pub(crate) fn applied_amount(&self, target: &Target, except: &str) -> Decimal {
        let payments = self.by_target.get(target).into_iter().flatten();
        payments
            .filter(|(payment, _)| *payment != except)
            .map(|(_, amount)| *amount)
            .sum()
    }

    /// Returns the ids of the payments that settle part of the transaction.
    pub(crate) fn payments(&self, kind: Kind, id: &str) -> impl Iterator<Item = &str> {
        self.targets(kind, id)
            .flat_map(|(_, payments)| payments.keys().map(String::as_str))
    }

    /// Returns the settled parts of the transaction with their amounts.
    pub(crate) fn settled_parts(
        &self,
        kind: Kind,
        id: &str,
    ) -> impl Iterator<Item = (&Target, Decimal)> {
        self.targets(kind, id)
            .map(|(target, payments)| (target, payments.values().sum()))
    }

    /// Returns the applications of a payment.
    pub(crate) fn applications(&self, payment: &str) -> Vec<Application> {
        let targets = self.by_payment.get(payment).into_iter().flatten();
        targets
            .filter_map(|target| {
                let amount = self.by_target.get(target)?.get(payment)?;
                Some(Application {
                    target: target.clone(),
                    amount: *amount,
                })
            })
            .collect()
    }

    /// Moves the links of one customer to another, as a merge does.
    pub(crate) fn move_customer(&mut self, from: &str, to: &str) {
        let move_target = |mut target: Target| {
            if target.customer == from {
                target.customer = to.to_owned();
            }
            target
        };
        let applied = std::mem::take(&mut self.by_target);
        for (target, payments) in applied {
            let slot = self.by_target.entry(move_target(target)).or_default();
            for (payment, amount) in payments {
                *slot.entry(payment).or_default() += amount;
            }
        }
        for targets in self.by_payment.values_mut() {
            *targets = std::mem::take(targets)
                .into_iter()
                .map(move_target)
                .collect();
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
        self.by_target
            .range(first..)
            .take_while(move |(target, _)| target.kind == kind && target.id == id)
            .filter(|(_, payments)| !payments.is_empty())
    }

    fn take(&mut self, payment: &str) -> BTreeMap<Target, Decimal> {
        let targets = self.by_payment.remove(payment).unwrap_or_default();
        let mut taken = BTreeMap::new();
        for target in targets {
            if let Some(amount) = self
                .by_target
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
            let payments = self.by_target.entry(target).or_default();
            payments.insert(payment.to_owned(), amount);
        }
        if !targets.is_empty() {
            self.by_payment.insert(payment.to_owned(), targets);
        }
    }
}

impl CompanyState {
    /// Returns the amount of a transaction in A/R by customer: positive for a debt, negative for a credit.
    pub(crate) fn receivable(&self, kind: Kind, id: &str) -> BTreeMap<String, Decimal> {
        let mut sums = BTreeMap::new();
        for line in self.ledger.lines_of(kind.name(), id) {
            if let Some(customer) = &line.entry.customer
                && self.is_receivable(&line.entry.account)
            {
                *sums.entry(customer.clone()).or_default() += line.entry.amount;
            }
        }
        sums
    }

    /// Returns the open amount of a target before the payment `except`. It is positive for debts and for credits.
    pub(crate) fn open_amount(&self, target: &Target, except: &str) -> Decimal {
        let gross = self.receivable(target.kind, &target.id);
        let gross = gross.get(&target.customer).copied().unwrap_or_default();
        gross.abs() - self.links.applied_amount(target, except)
    }

    /// Returns whether a deposit contains the payment.
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

    fn application(id: &str, cents: i64) -> Application {
        Application {
            target: invoice(id),
            amount: Decimal::new(cents, 2),
        }
    }

    #[test]
    fn applied_amount_leaves_out_the_given_payment() {
        let mut links = Links::default();
        links.replace("7", vec![application("1", 500), application("1", 100)]);
        links.replace("8", vec![application("1", 250)]);
        assert_eq!(
            links.applied_amount(&invoice("1"), ""),
            Decimal::new(850, 2)
        );
        assert_eq!(
            links.applied_amount(&invoice("1"), "7"),
            Decimal::new(250, 2)
        );
        assert_eq!(
            links.payments(Kind::Invoice, "1").collect::<Vec<_>>(),
            ["7", "8"]
        );
    }

    #[test]
    fn replace_returns_only_changed_targets() {
        let mut links = Links::default();
        assert_eq!(
            links.replace("7", vec![application("1", 500), application("2", 100)]),
            [invoice("1"), invoice("2")]
        );
        let again = vec![application("1", 500), application("3", 100)];
        assert_eq!(links.replace("7", again), [invoice("2"), invoice("3")]);
        assert_eq!(links.replace("7", Vec::new()), [invoice("1"), invoice("3")]);
        assert_eq!(links.payments(Kind::Invoice, "1").count(), 0);
    }

    #[test]
    fn ids_with_a_common_prefix_are_distinct() {
        let mut links = Links::default();
        links.replace("7", vec![application("11", 500)]);
        assert_eq!(links.payments(Kind::Invoice, "1").count(), 0);
        assert_eq!(links.settled_parts(Kind::Invoice, "11").count(), 1);
    }

    #[test]
    fn merge_moves_links_to_the_customer() {
        let mut links = Links::default();
        links.replace("7", vec![application("1", 500)]);
        links.move_customer("24", "25");
        let moved = Target {
            customer: "25".to_owned(),
            ..invoice("1")
        };
        assert_eq!(links.applied_amount(&moved, ""), Decimal::new(500, 2));
        assert_eq!(links.replace("7", Vec::new()), [moved]);
    }
}
