//! The purposes for which a firm chooses accounts.

use crate::settings::{Accounts, Settings};

/// A purpose for which a firm chooses one QuickBooks account in its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountPurpose {
    /// Contract revenue: billed work is credited here.
    ContractRevenue,
    /// Accounts Receivable: invoices and releases are debited here.
    AccountsReceivable,
    /// Retainage Receivable: the amounts that customers hold back.
    Retainage,
    /// The account that payments are deposited to.
    Deposit,
}

impl AccountPurpose {
    /// All purposes, in the order of the settings.
    pub const ALL: [Self; 4] = [
        Self::ContractRevenue,
        Self::AccountsReceivable,
        Self::Retainage,
        Self::Deposit,
    ];

    /// Returns the purpose of that [name](Self::name), `None` if no purpose has it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }

    /// Returns the name that requests and the settings document use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ContractRevenue => "contract_revenue",
            Self::AccountsReceivable => "accounts_receivable",
            Self::Retainage => "retainage",
            Self::Deposit => "deposit",
        }
    }

    /// Returns the path of the purpose's field in the settings document.
    #[must_use]
    pub fn settings_path(self) -> &'static str {
        match self {
            Self::ContractRevenue => "accounts.contract_revenue",
            Self::AccountsReceivable => "accounts.accounts_receivable",
            Self::Retainage => "accounts.retainage",
            Self::Deposit => "accounts.deposit",
        }
    }

    /// Returns the QuickBooks id of the account that the firm chose, `None` if it chose none.
    #[must_use]
    pub fn chosen_account(self, accounts: &Accounts) -> Option<&String> {
        match self {
            Self::ContractRevenue => accounts.contract_revenue.as_ref(),
            Self::AccountsReceivable => accounts.accounts_receivable.as_ref(),
            Self::Retainage => accounts.retainage.as_ref(),
            Self::Deposit => accounts.deposit.as_ref(),
        }
    }

    /// Returns whether no document can be posted without an account for this purpose. Payments alone need a deposit account.
    #[must_use]
    pub fn is_required(self, settings: &Settings) -> bool {
        match self {
            Self::ContractRevenue | Self::AccountsReceivable => true,
            Self::Retainage => settings.needs_retainage_account(),
            Self::Deposit => false,
        }
    }

    /// Returns the account types to query for. A found account must still [fit](Self::fits).
    ///
    /// Intuit: `Account.AccountType`.
    #[must_use]
    pub fn account_types(self) -> &'static [&'static str] {
        match self {
            Self::ContractRevenue => &["Income"],
            Self::AccountsReceivable => &["Accounts Receivable"],
            Self::Retainage => &["Other Current Asset"],
            Self::Deposit => &["Bank", "Other Current Asset"],
        }
    }

    /// Returns the account types that fit, in words for people.
    #[must_use]
    pub fn account_types_text(self) -> &'static str {
        match self {
            Self::ContractRevenue => "Income",
            Self::AccountsReceivable => "Accounts Receivable",
            Self::Retainage => "Other Current Asset",
            Self::Deposit => "Bank, or Undeposited Funds",
        }
    }

    /// Returns whether an account of this sub-type is made for the purpose, so that it is offered first.
    ///
    /// Intuit: `Account.AccountSubType`.
    #[must_use]
    pub fn prefers(self, account_sub_type: Option<&str>) -> bool {
        self == Self::Retainage && account_sub_type == Some("Retainage")
    }

    /// Returns whether an account of this type and sub-type can serve the purpose.
    ///
    /// Intuit: `Account.AccountType` and `Account.AccountSubType`; Undeposited Funds has the type Other Current Asset.
    #[must_use]
    pub fn fits(self, account_type: Option<&str>, account_sub_type: Option<&str>) -> bool {
        let is_undeposited_funds = account_sub_type == Some("UndepositedFunds");
        match self {
            Self::ContractRevenue => account_type == Some("Income"),
            Self::AccountsReceivable => account_type == Some("Accounts Receivable"),
            Self::Retainage => account_type == Some("Other Current Asset") && !is_undeposited_funds,
            Self::Deposit => account_type == Some("Bank") || is_undeposited_funds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(account_type: &str, account_sub_type: &str) -> [bool; 4] {
        AccountPurpose::ALL.map(|purpose| purpose.fits(Some(account_type), Some(account_sub_type)))
    }

    #[test]
    fn account_type_decides_which_purpose_fits() {
        assert_eq!(
            fits("Other Current Asset", "UndepositedFunds"),
            [false, false, false, true]
        );
        assert_eq!(
            fits("Other Current Asset", "Retainage"),
            [false, false, true, false]
        );
        assert_eq!(
            fits("Income", "ServiceFeeIncome"),
            [true, false, false, false]
        );
        assert_eq!(
            fits("Accounts Receivable", "AccountsReceivable"),
            [false, true, false, false]
        );
        assert_eq!(fits("Bank", "Checking"), [false, false, false, true]);
        assert_eq!(fits("Other Income", "x"), [false; 4]);
        assert!(
            AccountPurpose::ALL
                .iter()
                .all(|purpose| !purpose.fits(None, None))
        );
    }

    #[test]
    fn fitting_account_types_are_queried() {
        for purpose in AccountPurpose::ALL {
            let types = [
                "Income",
                "Accounts Receivable",
                "Other Current Asset",
                "Bank",
            ];
            let fitting = types
                .iter()
                .filter(|account_type| purpose.fits(Some(account_type), None));
            for account_type in fitting {
                assert!(purpose.account_types().contains(account_type));
                assert!(purpose.account_types_text().contains(account_type));
            }
        }
        let deposit = AccountPurpose::Deposit;
        assert!(deposit.account_types().contains(&"Other Current Asset"));
    }

    #[test]
    fn purpose_names_match_the_settings() {
        for purpose in AccountPurpose::ALL {
            assert_eq!(AccountPurpose::from_name(purpose.name()), Some(purpose));
            assert_eq!(
                purpose.settings_path(),
                format!("accounts.{}", purpose.name())
            );
        }
        assert_eq!(AccountPurpose::from_name("expenses"), None);
    }

    #[test]
    fn chosen_account_is_the_one_in_the_settings() {
        let accounts = Accounts {
            contract_revenue: Some("1".into()),
            accounts_receivable: Some("2".into()),
            retainage: Some("3".into()),
            deposit: Some("4".into()),
        };
        let chosen = AccountPurpose::ALL.map(|purpose| purpose.chosen_account(&accounts));
        let chosen = chosen.map(|id| id.unwrap().as_str());
        assert_eq!(chosen, ["1", "2", "3", "4"]);
        let unchosen = Accounts::default();
        let mut all = AccountPurpose::ALL.into_iter();
        assert!(all.all(|purpose| purpose.chosen_account(&unchosen).is_none()));
    }
}
