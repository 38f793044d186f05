//! The places in QuickBooks Online that a finding links to, as [`store::reason::page`] takes them.

/// Account and settings, Company.
pub(super) const COMPANY: &str = "settings?panel=company";
/// Account and settings, Billing & subscription.
pub(super) const BILLING: &str = "settings?panel=billing";
/// Account and settings, Sales.
pub(super) const SALES: &str = "settings?panel=sales";
/// Account and settings, Advanced.
pub(super) const ADVANCED: &str = "settings?panel=advanced";
/// Manage users.
pub(super) const USERS: &str = "usermgt";
/// Chart of accounts.
pub(super) const CHART_OF_ACCOUNTS: &str = "chartofaccounts?jobId=accounting";
/// Products and services.
pub(super) const ITEMS: &str = "items";
/// Customers.
pub(super) const CUSTOMERS: &str = "customers";
/// Sales tax.
pub(super) const SALES_TAX: &str = "salestax";
/// Invoices.
pub(super) const INVOICES: &str = "invoices";

/// Returns the place of the register of an account.
pub(super) fn register(account: &str) -> String {
    ["register?accountId=", account].concat()
}
