//! Due dates of bills.

use jiff::SignedDuration;
use jiff::civil::Date;

/// The terms by which a bill is due.
pub(crate) struct Terms {
    /// The day of the bill.
    pub from: Date,
    /// The agreed day.
    pub due_date: Option<Date>,
    /// The agreed days after the day of the bill.
    pub days: Option<u32>,
}

impl Terms {
    /// Returns the agreed day, else the day of the bill plus the agreed days, else `None`.
    pub fn due_date(&self) -> Option<Date> {
        let by_days = |days: u32| {
            let days = SignedDuration::from_hours(24 * i64::from(days));
            self.from.saturating_add(days)
        };
        self.due_date.or(self.days.map(by_days))
    }
}
