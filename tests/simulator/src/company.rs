mod chart;
mod information;
mod preferences;

pub(crate) use chart::{CHART, PAYMENT_METHODS, TERMS};
pub(crate) use information::information;
pub(crate) use preferences::preferences;

/// A company to be opened in the simulator, with the accounts that a contractor's books start with.
#[derive(Clone, Debug)]
pub struct Company {
    pub(crate) name: String,
    pub(crate) edition: Edition,
    pub(crate) country: String,
    pub(crate) currency: String,
    pub(crate) class_tracking: ClassTracking,
    pub(crate) multicurrency: bool,
    pub(crate) custom_numbers: bool,
    pub(crate) warn_duplicate_numbers: bool,
    pub(crate) auto_apply_credit: bool,
    pub(crate) realm: Option<String>,
    pub(crate) accounts: Vec<Account>,
}

/// An account of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    /// As Intuit spells it, such as `Other Current Asset`.
    pub kind: String,
    /// As Intuit spells it, such as `Retainage`.
    pub subtype: String,
}

/// What the company pays for; it decides which features exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    SimpleStart,
    Essentials,
    Plus,
    Advanced,
}

/// Where a class may be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassTracking {
    Off,
    PerTransaction,
    PerLine,
}

impl Company {
    /// A US company on Plus: no classes, custom transaction numbers, the usual accounts, and *Retainage Receivable*.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            edition: Edition::Plus,
            country: "US".to_owned(),
            currency: "USD".to_owned(),
            class_tracking: ClassTracking::Off,
            multicurrency: false,
            custom_numbers: true,
            warn_duplicate_numbers: false,
            auto_apply_credit: false,
            realm: None,
            accounts: CHART.iter().map(Account::from).collect(),
        }
    }

    pub fn edition(mut self, edition: Edition) -> Self {
        self.edition = edition;
        self
    }

    /// Two letters, such as `US`.
    pub fn country(mut self, country: &str) -> Self {
        self.country = country.to_owned();
        self
    }

    /// Home currency, three letters.
    pub fn currency(mut self, currency: &str) -> Self {
        self.currency = currency.to_owned();
        self
    }

    pub fn class_tracking(mut self, tracking: ClassTracking) -> Self {
        self.class_tracking = tracking;
        self
    }

    pub fn multicurrency(mut self, on: bool) -> Self {
        self.multicurrency = on;
        self
    }

    /// Off: QuickBooks numbers sales forms itself and drops the numbers that are sent.
    pub fn custom_numbers(mut self, on: bool) -> Self {
        self.custom_numbers = on;
        self
    }

    /// On: a number that is taken is fault 6140.
    pub fn warn_duplicate_numbers(mut self, on: bool) -> Self {
        self.warn_duplicate_numbers = on;
        self
    }

    /// On: open credits are put on the next invoice without asking.
    pub fn auto_apply_credit(mut self, on: bool) -> Self {
        self.auto_apply_credit = on;
        self
    }

    /// A fixed realm id instead of one of 16 digits from the seed.
    pub fn realm(mut self, realm: &str) -> Self {
        self.realm = Some(realm.to_owned());
        self
    }

    /// One more account.
    pub fn account(mut self, name: &str, kind: &str, subtype: &str) -> Self {
        self.accounts.push(Account::new(name, kind, subtype));
        self
    }

    /// Without one of the usual accounts.
    pub fn without_account(mut self, name: &str) -> Self {
        self.accounts.retain(|account| account.name != name);
        self
    }
}

impl Account {
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
    /// The `OfferingSku` that `CompanyInfo` carries.
    pub fn sku(self) -> &'static str {
        match self {
            Self::SimpleStart => "QuickBooks Online Simple Start",
            Self::Essentials => "QuickBooks Online Essentials",
            Self::Plus => "QuickBooks Online Plus",
            Self::Advanced => "QuickBooks Online Advanced",
        }
    }

    /// How many classes fit; `None` is no limit.
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
    fn a_new_company_has_what_a_contractor_needs() {
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
    fn accounts_can_be_added_and_left_out() {
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
