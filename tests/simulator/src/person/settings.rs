use jiff::civil::Date;

use super::Person;
use crate::ClassTracking;
use crate::company_state::CompanyState;

/// What is decided for the whole company.
impl Person<'_> {
    /// Closes the books up to and including this date, or opens them.
    pub fn close_books(&mut self, until: Option<Date>) {
        self.settings(|company| company.closed_until = until);
    }

    pub fn set_class_tracking(&mut self, tracking: ClassTracking) {
        self.settings(|company| company.settings.class_tracking = tracking);
    }

    pub fn set_custom_numbers(&mut self, on: bool) {
        self.settings(|company| company.settings.custom_numbers = on);
    }

    pub fn set_warn_duplicate_numbers(&mut self, on: bool) {
        self.settings(|company| company.settings.warn_duplicate_numbers = on);
    }

    pub fn set_auto_apply_credit(&mut self, on: bool) {
        self.settings(|company| company.settings.auto_apply_credit = on);
    }

    /// Gives the company another name.
    pub fn rename_company(&mut self, name: &str) {
        self.settings(|company| name.clone_into(&mut company.settings.name));
    }

    /// Disconnects the app from inside QuickBooks: every token for the company is dead.
    pub fn disconnect_app(&mut self) {
        self.simulator.oauth.end_company(&self.realm);
    }

    /// Takes the admin rights of the person who connected away, or gives them back.
    pub fn set_admin(&mut self, admin: bool) {
        self.settings(|company| company.is_admin = admin);
    }

    /// Lets the subscription end, or renews it.
    pub fn set_subscribed(&mut self, subscribed: bool) {
        self.settings(|company| company.is_subscribed = subscribed);
    }

    /// QuickBooks forgets all `requestid`s of the company.
    pub fn forget_request_ids(&mut self) {
        self.settings(|company| company.idempotency_cache.clear());
    }

    fn settings(&mut self, change: impl FnOnce(&mut CompanyState)) {
        let now = self.simulator.now;
        if let Some(company) = self.company() {
            change(company);
            company.write_settings(now);
        }
        self.simulator.note_changes(&self.realm);
    }
}
