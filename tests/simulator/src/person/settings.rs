use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::Person;
use crate::company_state::CompanyState;
use crate::{ClassTracking, ReportBasis};

/// Settings of the whole company.
impl Person<'_> {
    /// Closes the books up to and including the date, or opens them.
    pub fn close_books(&mut self, until: Option<Date>) {
        self.change_settings(|company| company.closed_until = until);
    }

    /// Changes where classes may be set: nowhere, on transactions or on lines.
    pub fn set_class_tracking(&mut self, tracking: ClassTracking) {
        self.change_settings(|company| company.settings.class_tracking = tracking);
    }

    /// Lets transactions have numbers of their own, or numbers them automatically.
    pub fn set_custom_numbers(&mut self, on: bool) {
        self.change_settings(|company| company.settings.custom_numbers = on);
    }

    /// Refuses numbers that are taken, or accepts them.
    pub fn set_warn_duplicate_numbers(&mut self, on: bool) {
        self.change_settings(|company| company.settings.warn_duplicate_numbers = on);
    }

    /// Applies open credits to new invoices automatically, or leaves them open.
    pub fn set_auto_apply_credit(&mut self, on: bool) {
        self.change_settings(|company| company.settings.auto_apply_credit = on);
    }

    /// Applies what is left of new payments to other open invoices automatically.
    pub fn apply_payments_automatically(&mut self) {
        self.change_settings(|company| company.settings.auto_apply_payments = true);
    }

    /// Lets reports open with an accounting method.
    pub fn set_report_basis(&mut self, basis: ReportBasis) {
        self.change_settings(|company| company.settings.report_basis = basis);
    }

    /// Turns automated sales tax on, at a per cent of the taxed lines, or off.
    pub fn set_sales_tax(&mut self, rate: Option<Decimal>) {
        let account = json!({
            "Name": "Sales Tax Payable", "AccountType": "Other Current Liability",
            "AccountSubType": "SalesTaxPayable",
        });
        // The account of an earlier time stays: the second one of its name is refused.
        let _ = self.create("Account", account);
        self.change_settings(|company| company.settings.sales_tax = rate);
    }

    /// Gives the company another country: two letters, such as `CA`.
    pub fn set_country(&mut self, country: &str) {
        self.change_settings(|company| country.clone_into(&mut company.settings.country));
    }

    /// Gives the company another name.
    pub fn rename_company(&mut self, name: &str) {
        self.change_settings(|company| name.clone_into(&mut company.settings.name));
    }

    /// Disconnects the app from inside QuickBooks and ends every token for the company.
    pub fn disconnect_app(&mut self) {
        self.simulator.oauth.end_grants(&self.realm);
    }

    /// Takes away the admin rights of the person who connected the app, or gives them back.
    pub fn set_admin(&mut self, admin: bool) {
        self.change_settings(|company| company.is_admin = admin);
    }

    /// Ends the QuickBooks subscription of the company, or renews it.
    pub fn set_subscribed(&mut self, subscribed: bool) {
        self.change_settings(|company| company.is_subscribed = subscribed);
    }

    /// Makes QuickBooks forget every `requestid` of the company.
    pub fn forget_request_ids(&mut self) {
        self.change_settings(|company| company.idempotency_cache.clear());
    }

    /// Spoils a row: each query that would show it fails, and reads by id show it.
    pub fn break_row(&mut self, id: &str) {
        self.change_settings(|company| company.broken_rows.extend([id.to_owned()]));
    }

    /// Mends a row, so that queries show it again.
    pub fn mend_row(&mut self, id: &str) {
        self.change_settings(|company| company.broken_rows.retain(|broken| broken != id));
    }

    fn change_settings(&mut self, change: impl FnOnce(&mut CompanyState)) {
        let now = self.simulator.now;
        if let Some(company) = self.company() {
            change(company);
            company.write_settings(now);
        }
        self.simulator.queue_change_events(&self.realm);
    }
}
