//! Documents, voids and payments around the closing date of the books.

mod documents;
mod payments;
mod voids;

use crate::support::world::World;
use jiff::civil::Date;
use mapping::ClosedBooks;
use rust_decimal::Decimal;

impl World {
    /// Closes the books through a day as a person, and lets RIVET read the closing date.
    pub fn close_books(&self, through: &str) {
        self.set_closing_date(Some(through));
        self.press_sync_now();
    }

    /// Opens the books as a person, and lets RIVET read it.
    pub fn open_books(&self) {
        self.set_closing_date(None);
        self.press_sync_now();
    }

    /// Closes or opens the books as a person. RIVET does not know yet.
    pub fn set_closing_date(&self, through: Option<&str>) {
        let through: Option<Date> = through.map(|day| day.parse().unwrap());
        self.person(|person| person.close_books(through));
    }

    /// Chooses the treatment of documents that are dated in closed books.
    pub fn treat_closed_books(&self, treatment: ClosedBooks) {
        self.save_settings(|settings| settings.sync.closed_books = treatment);
    }

    /// Returns what is open of the newest object of a kind.
    pub fn open_amount(&self, kind: &str) -> String {
        self.last(kind)["Balance"].to_string()
    }

    /// Returns the balance that the lines of one month add up to.
    pub fn month_balance(&self, account: &str, month: &str) -> Decimal {
        let simulator = self.simulator();
        let lines = simulator.ledger(&self.realm).lines();
        let of_month = lines.filter(|line| {
            line.entry.account == account && line.date.to_string().starts_with(month)
        });
        of_month.map(|line| line.entry.amount).sum()
    }
}
