//! The retainage that a project holds: by day, and by the account that holds it.

// Top first: a module uses only modules below it.
mod share;

pub use share::{Holder, RetainageShare};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::money::cents;

/// The day of amounts whose day is not known. It is older than every other.
pub const UNKNOWN_DAY: Date = Date::constant(1970, 1, 1);

/// The retainage of a project, as it stands when a document of the project is planned.
///
/// A document takes retainage from the accounts that hold it, oldest first. A document that stands in QuickBooks already keeps the
/// accounts that it took from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The shares of the project's other documents, and the opening amount.
    pub others: Vec<RetainageShare>,
    /// The shares of the planned document, as it stands in QuickBooks.
    pub own: Vec<RetainageShare>,
}

/// An amount that a document takes from one holder. It is negative if the document puts right what was taken before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// The holder.
    pub holder: Holder,
    /// The amount, with two decimals.
    pub amount: Decimal,
}

impl Held {
    /// Returns the retainage that the project holds without the planned document.
    #[must_use]
    pub fn without_document(&self) -> Decimal {
        sum(&self.others)
    }

    /// Returns the retainage that the project holds, the planned document included.
    #[must_use]
    pub fn total(&self) -> Decimal {
        sum(&self.others) + sum(&self.own)
    }

    /// Divides an amount among its holders, oldest first. What nobody holds is taken from `rest`. RIVET's own share comes last.
    ///
    /// An amount of all that is held empties every holder, whatever was taken from which before.
    pub(crate) fn take(&self, amount: Decimal, rest: &Holder) -> Vec<Taken> {
        let mut taken = Taking {
            parts: Vec::new(),
            mapped: rest,
        };
        if sum(&self.own) == -amount {
            let own = self.own.iter();
            own.for_each(|share| taken.add(&share.holder, -share.amount));
            return taken.finish();
        }
        let total = self.without_document();
        let mut open = amount;
        if total > Decimal::ZERO && amount >= total {
            let others = self.others.iter();
            others.for_each(|share| taken.add(&share.holder, share.amount));
            open -= total;
        } else if total > Decimal::ZERO {
            for lot in self.lots() {
                let part = lot.amount.min(open);
                taken.add(&lot.holder, part);
                open -= part;
            }
        }
        taken.add(rest, open);
        taken.finish()
    }

    /// Returns what is left of each withheld share, oldest first. Within a holder, what was released came from the oldest shares.
    fn lots(&self) -> Vec<RetainageShare> {
        let mut lots: Vec<_> = self
            .others
            .iter()
            .filter(|share| share.amount > Decimal::ZERO)
            .cloned()
            .collect();
        lots.sort_by_key(|lot| lot.date);
        let mut released: Vec<_> = self
            .others
            .iter()
            .filter(|share| share.amount < Decimal::ZERO)
            .cloned()
            .collect();
        for lot in &mut lots {
            for share in released
                .iter_mut()
                .filter(|share| share.holder == lot.holder)
            {
                let part = lot.amount.min(-share.amount);
                lot.amount -= part;
                share.amount += part;
            }
        }
        lots.retain(|lot| !lot.amount.is_zero());
        lots
    }
}

/// The amounts taken so far, one for each holder, in the order of the first.
struct Taking<'a> {
    parts: Vec<Taken>,
    /// The holder that is mapped now.
    mapped: &'a Holder,
}

impl Taking<'_> {
    fn add(&mut self, holder: &Holder, amount: Decimal) {
        let holder = match holder {
            Holder::Mapped => self.mapped,
            holder => holder,
        };
        match self.parts.iter_mut().find(|taken| taken.holder == *holder) {
            Some(taken) => taken.amount += amount,
            None => self.parts.push(Taken {
                holder: holder.clone(),
                amount,
            }),
        }
    }

    fn finish(self) -> Vec<Taken> {
        let (by_rivet, mut taken): (Vec<_>, Vec<_>) = self
            .parts
            .into_iter()
            .filter(|taken| !taken.amount.is_zero())
            .partition(|taken| taken.holder == Holder::Rivet);
        taken.extend(by_rivet);
        for part in &mut taken {
            part.amount = cents(part.amount);
        }
        taken
    }
}

/// Adds up shares of the same day and holder, and leaves out those that come to nothing.
#[must_use]
pub(crate) fn merged(shares: Vec<RetainageShare>) -> Vec<RetainageShare> {
    let mut merged: Vec<RetainageShare> = Vec::new();
    for share in shares {
        let same = |known: &&mut RetainageShare| {
            (known.date, &known.holder) == (share.date, &share.holder)
        };
        match merged.iter_mut().find(same) {
            Some(known) => known.amount += share.amount,
            None => merged.push(share),
        }
    }
    merged.retain(|share| !share.amount.is_zero());
    merged
}

fn sum(shares: &[RetainageShare]) -> Decimal {
    shares.iter().map(|share| share.amount).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn share(day: i8, holder: &str, amount: i64) -> RetainageShare {
        RetainageShare {
            date: date(2026, 3, day),
            holder: holder.parse().unwrap(),
            amount: amount.into(),
        }
    }

    fn taken(held: &Held, amount: i64) -> Vec<String> {
        let rest = Holder::Account("92".into());
        let taken = held.take(amount.into(), &rest);
        taken
            .iter()
            .map(|part| format!("{} {}", part.holder, part.amount))
            .collect()
    }

    fn held(others: &[RetainageShare]) -> Held {
        Held {
            others: others.to_vec(),
            own: Vec::new(),
        }
    }

    #[test]
    fn release_takes_the_oldest_retainage_first() {
        let held = held(&[
            share(20, "91", 50),
            share(10, "rivet", 30),
            share(1, "92", 20),
        ]);
        assert_eq!(taken(&held, 15), ["92 15.00"]);
        assert_eq!(taken(&held, 35), ["92 20.00", "rivet 15.00"]);
        assert_eq!(taken(&held, 60), ["92 20.00", "91 10.00", "rivet 30.00"]);
    }

    #[test]
    fn earlier_releases_used_the_oldest_shares() {
        let held = held(&[
            share(1, "91", 20),
            share(2, "92", 20),
            share(3, "91", 20),
            share(4, "91", -25),
        ]);
        assert_eq!(taken(&held, 25), ["92 20.00", "91 5.00"]);
    }

    #[test]
    fn final_release_empties_every_account() {
        let held = held(&[share(1, "92", 50), share(2, "91", -20)]);
        assert_eq!(held.without_document(), 30.into());
        assert_eq!(taken(&held, 30), ["92 50.00", "91 -20.00"]);
    }

    #[test]
    fn more_than_is_held_comes_from_the_mapped_account() {
        let held = held(&[share(1, "91", 20)]);
        assert_eq!(taken(&held, 25), ["91 20.00", "92 5.00"]);
        assert_eq!(taken(&Held::default(), 25), ["92 25.00"]);
    }

    #[test]
    fn standing_release_keeps_its_accounts() {
        let held = Held {
            others: vec![share(1, "92", 100)],
            own: vec![share(5, "91", -25)],
        };
        assert_eq!(taken(&held, 25), ["91 25.00"]);
        assert_eq!(taken(&held, 20), ["92 20.00"]);
        assert_eq!(held.total(), 75.into());
    }

    #[test]
    fn shares_of_one_day_and_holder_are_one() {
        let shares = vec![
            share(1, "91", 5),
            share(1, "92", 5),
            share(1, "91", 2),
            share(1, "92", -5),
        ];
        assert_eq!(merged(shares), [share(1, "91", 7)]);
    }
}
