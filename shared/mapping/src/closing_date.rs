//! The closing date of a company's books.

use jiff::civil::Date;

/// The last day of the closed books, if any are closed. Nothing may be posted on or before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClosingDate(pub Option<Date>);

impl ClosingDate {
    /// Returns whether the books are closed on a day.
    #[must_use]
    pub fn covers(self, day: Date) -> bool {
        self.0.is_some_and(|through| day <= through)
    }

    /// Returns the day itself if the books are open on it, else the first open day.
    #[must_use]
    pub fn first_open_day(self, day: Date) -> Date {
        match self.0 {
            Some(through) if day <= through => through.tomorrow().unwrap_or(through),
            _ => day,
        }
    }

    /// Returns whether a day is the first open one after closed books.
    pub(crate) fn is_followed_by(self, day: Date) -> bool {
        self.0.and_then(|through| through.tomorrow().ok()) == Some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn closed_day_gives_way_to_first_open_day() {
        let closing = ClosingDate(Some(date(2026, 6, 30)));
        assert!(closing.covers(date(2026, 6, 30)) && !closing.covers(date(2026, 7, 1)));
        assert_eq!(closing.first_open_day(date(2026, 3, 31)), date(2026, 7, 1));
        assert_eq!(closing.first_open_day(date(2026, 7, 4)), date(2026, 7, 4));
        assert!(closing.is_followed_by(date(2026, 7, 1)));
    }

    #[test]
    fn open_books_cover_no_day() {
        let open = ClosingDate::default();
        assert!(!open.covers(date(1999, 1, 1)));
        assert_eq!(open.first_open_day(date(1999, 1, 1)), date(1999, 1, 1));
    }
}
