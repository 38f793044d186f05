//! The settings of a company: edition, preferences, chart of accounts.

mod chart;
mod information;
mod preferences;

use rust_decimal::Decimal;

pub(crate) use chart::{CHART, PAYMENT_METHODS, TERMS};
pub(crate) use information::information;
pub(crate) use preferences::preferences;

/// The settings of a company, given to [`Simulator::add_company`](crate::Simulator::add_company).
///
/// A new company starts with the accounts that a contractor needs.
#[derive(Clone, Debug)]
pub struct Company {
    pub(crate) name: String,
    pub(crate) edition: Edition,
    pub(crate) country: String,
    pub(crate) currency: String,
    pub(crate) class_tracking: ClassTracking,
    pub(crate) multicurrency: bool,
    pub(crate) exchange_rate: Decimal,
    pub(crate) custom_numbers: bool,
    pub(crate) warn_duplicate_numbers: bool,
    pub(crate) auto_apply_credit: bool,
    pub(crate) auto_apply_payments: bool,
    pub(crate) report_basis: ReportBasis,
    pub(crate) locations: bool,
    pub(crate) sales_tax: Option<Decimal>,
    pub(crate) projects: bool,
    pub(crate) realm: Option<String>,
    pub(crate) accounts: Vec<Account>,
}

/// An account of the chart of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name, unique in the chart.
    pub name: String,
    /// The account type in Intuit's spelling, such as `Other Current Asset`.
    pub kind: String,
    /// The account subtype in Intuit's spelling, such as `Retainage`.
    pub subtype: String,
}

/// The edition of QuickBooks Online that the company pays for. The edition decides which features exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// No classes.
    SimpleStart,
    /// No classes.
    Essentials,
    /// At most 40 classes.
    Plus,
    /// Any number of classes.
    Advanced,
}

/// The accounting method of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportBasis {
    /// Income counts when it is billed.
    Accrual,
    /// Income counts when it is paid.
    Cash,
}

/// The place where a transaction may name classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassTracking {
    /// Classes are not used.
    Off,
    /// A class for a whole sales form.
    PerTransaction,
    /// A class for each line.
    PerLine,
}

impl Company {
    /// Returns a US company on Plus without class tracking.
    ///
    /// The company uses custom transaction numbers and has the usual accounts, with *Retainage Receivable* among them.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            edition: Edition::Plus,
            country: "US".to_owned(),
            currency: "USD".to_owned(),
            class_tracking: ClassTracking::Off,
            multicurrency: false,
            exchange_rate: Decimal::ONE,
            custom_numbers: true,
            warn_duplicate_numbers: false,
            auto_apply_credit: false,
            auto_apply_payments: false,
            report_basis: ReportBasis::Accrual,
            locations: false,
            sales_tax: None,
            projects: false,
            realm: None,
            accounts: CHART.iter().map(Account::from).collect(),
        }
    }

    /// Sets the edition.
    pub fn edition(mut self, edition: Edition) -> Self {
        self.edition = edition;
        self
    }

    /// Sets the country: two letters, such as `US`.
    pub fn country(mut self, country: &str) -> Self {
        self.country = country.to_owned();
        self
    }

    /// Sets the home currency: three letters, such as `USD`.
    pub fn currency(mut self, currency: &str) -> Self {
        self.currency = currency.to_owned();
        self
    }

    /// Sets the place where classes are tracked.
    pub fn class_tracking(mut self, tracking: ClassTracking) -> Self {
        self.class_tracking = tracking;
        self
    }

    /// Allows customers in other currencies than the home currency.
    pub fn multicurrency(mut self, on: bool) -> Self {
        self.multicurrency = on;
        self
    }

    /// Allows customers in another currency, which has a receivable account of its own.
    pub fn foreign_currency(self, currency: &str) -> Self {
        let name = format!("Accounts Receivable (A/R) - {currency}");
        self.multicurrency(true)
            .account(&name, "Accounts Receivable", "AccountsReceivable")
    }

    /// Sets the value of one unit of each other currency in the home currency.
    pub fn exchange_rate(mut self, rate: Decimal) -> Self {
        self.exchange_rate = rate;
        self
    }

    /// Keeps the document numbers that are sent. If off, QuickBooks numbers sales forms and ignores the numbers sent.
    pub fn custom_numbers(mut self, on: bool) -> Self {
        self.custom_numbers = on;
        self
    }

    /// Refuses a document number that is taken, with fault 6140.
    pub fn warn_duplicate_numbers(mut self, on: bool) -> Self {
        self.warn_duplicate_numbers = on;
        self
    }

    /// Applies open credits to the next invoice automatically.
    pub fn auto_apply_credit(mut self, on: bool) -> Self {
        self.auto_apply_credit = on;
        self
    }

    /// Applies what is left of a new payment to other open invoices of the customer and its jobs automatically.
    pub fn auto_apply_payments(mut self) -> Self {
        self.auto_apply_payments = true;
        self
    }

    /// Sets the accounting method with which reports open.
    pub fn report_basis(mut self, basis: ReportBasis) -> Self {
        self.report_basis = basis;
        self
    }

    /// Turns locations on.
    pub fn locations(mut self) -> Self {
        self.locations = true;
        self
    }

    /// Turns automated sales tax on. The rate is a per cent of the taxed lines, such as 8.25.
    pub fn sales_tax(mut self, rate: Decimal) -> Self {
        self.sales_tax = Some(rate);
        self.account(
            "Sales Tax Payable",
            "Other Current Liability",
            "SalesTaxPayable",
        )
    }

    /// Turns projects on.
    pub fn projects(mut self) -> Self {
        self.projects = true;
        self
    }

    /// Sets the realm id. Without it the seed gives one of 16 digits.
    pub fn realm(mut self, realm: &str) -> Self {
        self.realm = Some(realm.to_owned());
        self
    }

    /// Adds an account.
    pub fn account(mut self, name: &str, kind: &str, subtype: &str) -> Self {
        self.accounts.push(Account::new(name, kind, subtype));
        self
    }

    /// Removes one of the usual accounts, by name.
    pub fn without_account(mut self, name: &str) -> Self {
        self.accounts.retain(|account| account.name != name);
        self
    }
}

impl Account {
    /// Returns an account of a type and subtype in Intuit's spelling.
    pub fn new(name: &str, kind: &str, subtype: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            subtype: subtype.to_owned(),
        }
    }
}

impl From<&(&str, &str, &str)> for Account {
    fn from((name, kind, subtype): &(&str, &str, &str)) -> Self {
        Self::new(name, kind, subtype)
    }
}

impl Edition {
    /// Returns the `OfferingSku` of `CompanyInfo`.
    pub fn sku(self) -> &'static str {
        match self {
            Self::SimpleStart => "QuickBooks Online Simple Start",
            Self::Essentials => "QuickBooks Online Essentials",
            Self::Plus => "QuickBooks Online Plus",
            Self::Advanced => "QuickBooks Online Advanced",
        }
    }

    /// Returns the most classes that a company may have; `None` is no limit.
    pub(crate) fn class_limit(self) -> Option<usize> {
        match self {
            Self::SimpleStart | Self::Essentials => Some(0),
            Self::Plus => Some(40),
            Self::Advanced => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_company_has_a_contractors_accounts() {
        let company = Company::new("Harbor Electric LLC");
        for name in [
            "Checking",
            "Accounts Receivable (A/R)",
            "Undeposited Funds",
            "Retainage Receivable",
            "Contract Revenue",
        ] {
            assert!(
                company.accounts.iter().any(|account| account.name == name),
                "{name}"
            );
        }
    }

    #[test]
    fn accounts_can_be_added_and_removed() {
        let company = Company::new("X")
            .without_account("Retainage Receivable")
            .account("Holdback", "Other Current Asset", "Retainage");
        assert!(
            !company
                .accounts
                .iter()
                .any(|account| account.name == "Retainage Receivable")
        );
        assert!(
            company
                .accounts
                .iter()
                .any(|account| account.name == "Holdback")
        );
    }

    #[test]
    fn small_editions_have_no_classes() {
        assert_eq!(Edition::SimpleStart.class_limit(), Some(0));
        assert_eq!(Edition::Plus.class_limit(), Some(40));
        assert_eq!(Edition::Advanced.class_limit(), None);
    }
}
