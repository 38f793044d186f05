use jiff::civil::Date;

use super::Person;
use crate::ClassTracking;
use crate::books::Books;

/// What is decided for the whole company.
impl Person<'_> {
    /// Closes the books up to and including this date, or opens them.
    pub fn close_books(&mut self, until: Option<Date>) {
        self.settings(|books| books.closed_until = until);
    }

    pub fn set_class_tracking(&mut self, tracking: ClassTracking) {
        self.settings(|books| books.company.class_tracking = tracking);
    }

    pub fn set_custom_numbers(&mut self, on: bool) {
        self.settings(|books| books.company.custom_numbers = on);
    }

    pub fn set_warn_duplicate_numbers(&mut self, on: bool) {
        self.settings(|books| books.company.warn_duplicate_numbers = on);
    }

    pub fn set_auto_apply_credit(&mut self, on: bool) {
        self.settings(|books| books.company.auto_apply_credit = on);
    }

    /// Gives the company another name.
    pub fn rename_company(&mut self, name: &str) {
        self.settings(|books| name.clone_into(&mut books.company.name));
    }

    /// Disconnects the app from inside QuickBooks: every token for the company is dead.
    pub fn disconnect_app(&mut self) {
        self.simulator.oauth.end_company(&self.realm);
    }

    /// Takes the admin rights of the person who connected away, or gives them back.
    pub fn set_admin(&mut self, admin: bool) {
        self.settings(|books| books.admin = admin);
    }

    /// Lets the subscription end, or renews it.
    pub fn set_subscribed(&mut self, subscribed: bool) {
        self.settings(|books| books.subscribed = subscribed);
    }

    /// QuickBooks forgets all `requestid`s of the company.
    pub fn forget_request_ids(&mut self) {
        self.settings(|books| books.replays.forget());
    }

    fn settings(&mut self, change: impl FnOnce(&mut Books)) {
        let now = self.simulator.now;
        if let Some(books) = self.books() {
            change(books);
            books.write_settings(now);
        }
        self.simulator.note_changes(&self.realm);
    }
}
