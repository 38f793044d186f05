//! Accounts of the chart of accounts.

use super::kind::Kind;
use super::resource::Resource;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An account of the chart of accounts (Intuit: API reference, Account). Accounts are only read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Account {
    /// The account's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name without those of its parents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name with those of its parents, `Parent:Child`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fully_qualified_name: Option<String>,
    /// The account number, if the company uses account numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acct_num: Option<String>,
    /// The type as Intuit spells it, such as `Income`, `Accounts Receivable`, `Other Current Asset` or `Bank`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_type: Option<String>,
    /// The detailed type, such as `Retainage` or `UndepositedFunds`. Intuit has some 300 of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_sub_type: Option<String>,
    /// `Asset`, `Equity`, `Expense`, `Liability` or `Revenue`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classification: Option<String>,
    /// `false` if the account is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The balance without those of sub-accounts.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub current_balance: Option<Decimal>,
}

impl Resource for Account {
    const KIND: Kind = Kind::Account;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_is_read_with_intuits_type() {
        let account: Account = serde_json::from_str(
            r#"{"Id":"91","Name":"Retainage Receivable","FullyQualifiedName":"Retainage Receivable","Active":true,
                "Classification":"Asset","AccountType":"Other Current Asset","AccountSubType":"Retainage","CurrentBalance":-4850.1}"#,
        )
        .unwrap();
        assert_eq!(account.account_type.as_deref(), Some("Other Current Asset"));
        assert_eq!(account.current_balance, Some(Decimal::new(-48501, 1)));
    }
}
