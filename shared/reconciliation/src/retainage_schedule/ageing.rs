//! The ages of retainage.

use jiff::civil::Date;
use rust_decimal::Decimal;

/// An amount that is withheld on a day, or released if negative.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lot {
    pub(super) date: Date,
    pub(super) amount: Decimal,
    /// True if the document is a release.
    pub(super) is_release: bool,
    /// True if QuickBooks has the document.
    pub(super) is_posted: bool,
}

/// The retainage of a project at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Aged {
    /// The amount held before RIVET.
    pub(super) opening: Decimal,
    /// The amount that pay apps withhold.
    pub(super) withheld: Decimal,
    /// The amount released.
    pub(super) released: Decimal,
    /// The part of what is held whose documents QuickBooks does not have.
    pub(super) not_posted: Decimal,
    /// The day of the oldest amount that is held. `None` if nothing is, or if it is from before RIVET.
    pub(super) oldest: Option<Date>,
    /// The amount held by age: up to 30 days, up to 60, up to 90, and older.
    pub(super) ages: [Decimal; 4],
}

impl Aged {
    /// Returns the amount held.
    pub(super) fn held(&self) -> Decimal {
        self.opening + self.withheld - self.released
    }

    /// Adds the retainage of another project.
    pub(super) fn add(&mut self, other: &Self) {
        self.opening += other.opening;
        self.withheld += other.withheld;
        self.released += other.released;
        self.not_posted += other.not_posted;
        self.oldest = match (self.oldest, other.oldest) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        for (own, other) in self.ages.iter_mut().zip(other.ages) {
            *own += other;
        }
    }
}

/// Returns the retainage of these lots by age. Releases, and amounts that are given back, use up the oldest amounts first.
pub(super) fn aged(opening: Decimal, lots: &[Lot], as_of: Date) -> Aged {
    let mut aged = Aged {
        opening,
        ..Aged::default()
    };
    let mut used = Decimal::ZERO;
    let mut withheld = Vec::new();
    for lot in lots {
        match lot.is_release {
            true => aged.released -= lot.amount,
            false => aged.withheld += lot.amount,
        }
        if !lot.is_posted {
            aged.not_posted += lot.amount;
        }
        match lot.amount.is_sign_negative() {
            true => used -= lot.amount,
            false => withheld.push(*lot),
        }
    }
    withheld.sort_by_key(|lot| lot.date);
    aged.ages[OVER_90] = left_of(opening, &mut used);
    let has_opening = !aged.ages[OVER_90].is_zero();
    for lot in withheld {
        let left = left_of(lot.amount, &mut used);
        if !left.is_zero() {
            aged.ages[age(lot.date, as_of)] += left;
            aged.oldest = aged.oldest.or((!has_opening).then_some(lot.date));
        }
    }
    // More was released than held: what is owed back is of today.
    aged.ages[0] -= used;
    aged
}

/// The place of the oldest amounts.
const OVER_90: usize = 3;

/// Returns what releases leave of an amount.
fn left_of(amount: Decimal, used: &mut Decimal) -> Decimal {
    let part = amount.min(*used);
    *used -= part;
    amount - part
}

/// Returns the place of an amount among the ages.
fn age(date: Date, as_of: Date) -> usize {
    let days = as_of.duration_since(date).as_hours() / 24;
    match days {
        ..=30 => 0,
        31..=60 => 1,
        61..=90 => 2,
        _ => OVER_90,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn lot(date: &str, amount: i64) -> Lot {
        Lot {
            date: day(date),
            amount: amount.into(),
            is_release: amount < 0,
            is_posted: true,
        }
    }

    fn ages(opening: i64, lots: &[Lot]) -> [i64; 4] {
        let aged = aged(opening.into(), lots, day("2026-06-30"));
        assert_eq!(aged.ages.iter().sum::<Decimal>(), aged.held());
        aged.ages.map(|amount| i64::try_from(amount).unwrap())
    }

    #[test]
    fn age_counts_days_from_the_pay_app() {
        let lots = [
            "2026-05-31",
            "2026-05-30",
            "2026-05-01",
            "2026-04-30",
            "2026-04-01",
            "2026-03-31",
        ];
        let lots: Vec<Lot> = lots.map(|date| lot(date, 1)).to_vec();
        assert_eq!(ages(0, &lots), [1, 2, 2, 1]);
    }

    #[test]
    fn release_uses_up_the_oldest_first() {
        let lots = [
            lot("2026-06-01", 50),
            lot("2026-03-01", 30),
            lot("2026-06-10", -40),
        ];
        assert_eq!(ages(0, &lots), [40, 0, 0, 0]);
        assert_eq!(ages(100, &lots), [50, 0, 0, 90]);
        let found = aged(0.into(), &lots, day("2026-06-30"));
        assert_eq!(found.oldest, Some(day("2026-06-01")));
        assert_eq!((found.withheld, found.released), (80.into(), 40.into()));
        assert_eq!(aged(100.into(), &lots, day("2026-06-30")).oldest, None);
    }

    #[test]
    fn amount_given_back_is_no_release() {
        let given_back = Lot {
            is_release: false,
            ..lot("2026-06-10", -10)
        };
        let lots = [lot("2026-03-01", 30), given_back];
        let found = aged(0.into(), &lots, day("2026-06-30"));
        assert_eq!((found.withheld, found.released), (20.into(), 0.into()));
        assert_eq!(ages(0, &lots), [0, 0, 0, 20]);
    }

    #[test]
    fn more_released_than_held_is_negative() {
        assert_eq!(
            ages(0, &[lot("2026-03-01", 30), lot("2026-06-10", -40)]),
            [-10, 0, 0, 0]
        );
    }
}
