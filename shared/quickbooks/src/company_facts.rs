//! The company's own facts: its name and edition, and the settings of its books. RIVET only reads them.

// Top first: a module uses only modules below it.
mod company_info;
mod preferences;
mod name_value;

pub use company_info::CompanyInfo;
pub use name_value::NameValue;
pub use preferences::{
    AccountingPrefs, CurrencyPrefs, OtherPrefs, Preferences, ReportPrefs, SalesFormsPrefs, TaxPrefs,
};
