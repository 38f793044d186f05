//! The accounts, classes and customers that a person can choose in the settings.
//!
//! A settings page asks often, and anybody at the firm may open it. Its lists are therefore kept for a minute, and QuickBooks is asked at a
//! pace that leaves room for posting. Checks of new settings ask anew.

// Top first: a module uses only modules below it.
mod customers;
pub mod list_reader;

pub use crate::setting_options::customers::{customers, present_customers};
pub use store::setting_lists::SettingOption;

use billing::FirmId;
use connection::services::Services;
use mapping::AccountPurpose;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::{Account, Class};
use quickbooks::query::{Field, Order};
use quickbooks::{Kind, Query};
use store::Claimant;
use store::setting_lists::SettingList;

use crate::error::Error;
use crate::setting_options::list_reader::{ListReader, Use};

/// Returns the active accounts that fit a purpose, for a settings page.
///
/// # Errors
/// [`Error::NotConnected`], [`Error::TooManyRequests`], [`Error::Throttled`], [`Error::QuickBooks`], or the store fails.
pub async fn accounts<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    purpose: AccountPurpose,
    claimant: Claimant<'_>,
) -> Result<Vec<SettingOption>, Error> {
    let mut reader = ListReader::open(services, firm, Use::Page, claimant).await?;
    let name = accounts_list(purpose);
    if let Some(kept) = reader.kept_or_permit(&name).await? {
        return Ok(kept);
    }
    let found = all_accounts(&mut reader).await?;
    let lists = AccountPurpose::ALL.map(|purpose| SettingList {
        name: accounts_list(purpose),
        at: claimant.now,
        options: suitable(&found, purpose),
    });
    reader.keep(&lists).await?;
    Ok(suitable(&found, purpose))
}

fn accounts_list(purpose: AccountPurpose) -> String {
    ["accounts ", purpose.name()].concat()
}

/// Returns all active accounts of the types that settings name, as QuickBooks has them now.
///
/// # Errors
/// As [`accounts`].
pub async fn present_accounts<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    claimant: Claimant<'_>,
) -> Result<Vec<Account>, Error> {
    let mut reader = ListReader::open(services, firm, Use::Check, claimant).await?;
    all_accounts(&mut reader).await
}

async fn all_accounts<H: Http, R: Records>(
    reader: &mut ListReader<'_, H, R>,
) -> Result<Vec<Account>, Error> {
    let mut types: Vec<&str> = Vec::new();
    for kind in AccountPurpose::ALL
        .iter()
        .flat_map(|purpose| purpose.account_types())
    {
        if !types.contains(kind) {
            types.push(kind);
        }
    }
    let query = Query::from(Kind::Account)
        .filter(Field::AccountType.is_in(types))
        .order_by(Field::Name, Order::Ascending);
    reader.read_all(&query, |_| true).await
}

/// Returns the accounts that fit a purpose. Those that are made for it come first.
pub fn suitable(accounts: &[Account], purpose: AccountPurpose) -> Vec<SettingOption> {
    let fitting = accounts.iter();
    let fitting = fitting.filter(|account| is_suitable(account, purpose));
    let (first, others): (Vec<&Account>, Vec<&Account>) =
        fitting.partition(|account| purpose.prefers(account.account_sub_type.as_deref()));
    let all = first.into_iter().chain(others);
    all.filter_map(account_option).collect()
}

/// Returns the active classes by name, for a settings page.
///
/// # Errors
/// As [`accounts`].
pub async fn classes<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    claimant: Claimant<'_>,
) -> Result<Vec<SettingOption>, Error> {
    let mut reader = ListReader::open(services, firm, Use::Page, claimant).await?;
    if let Some(kept) = reader.kept_or_permit("classes").await? {
        return Ok(kept);
    }
    let options = all_classes(&mut reader).await?;
    let list = SettingList {
        name: "classes".into(),
        at: claimant.now,
        options,
    };
    reader.keep(std::slice::from_ref(&list)).await?;
    Ok(list.options)
}

/// Returns the active classes as QuickBooks has them now.
///
/// # Errors
/// As [`accounts`].
pub async fn present_classes<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    claimant: Claimant<'_>,
) -> Result<Vec<SettingOption>, Error> {
    let mut reader = ListReader::open(services, firm, Use::Check, claimant).await?;
    all_classes(&mut reader).await
}

async fn all_classes<H: Http, R: Records>(
    reader: &mut ListReader<'_, H, R>,
) -> Result<Vec<SettingOption>, Error> {
    let query = Query::from(Kind::Class).order_by(Field::Name, Order::Ascending);
    let found: Vec<Class> = reader.read_all(&query, |_| true).await?;
    let options = found.into_iter();
    Ok(options
        .filter_map(|class| option(class.id, class.fully_qualified_name.or(class.name)))
        .collect())
}

fn is_suitable(account: &Account, purpose: AccountPurpose) -> bool {
    let sub_type = account.account_sub_type.as_deref();
    purpose.fits(account.account_type.as_deref(), sub_type)
}

fn account_option(account: &Account) -> Option<SettingOption> {
    let name = account
        .fully_qualified_name
        .as_ref()
        .or(account.name.as_ref());
    Some(SettingOption {
        number: account.acct_num.clone(),
        kind: account.account_type.clone(),
        ..option(account.id.clone(), name.cloned())?
    })
}

fn option(id: Option<String>, name: Option<String>) -> Option<SettingOption> {
    Some(SettingOption {
        id: id?,
        name: name.unwrap_or_default(),
        number: None,
        kind: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account_of(kind: &str, sub_type: &str) -> Account {
        Account {
            account_type: Some(kind.into()),
            account_sub_type: Some(sub_type.into()),
            ..Account::default()
        }
    }

    #[test]
    fn account_options_include_only_suitable_accounts() {
        let undeposited = account_of("Other Current Asset", "UndepositedFunds");
        let retainage = account_of("Other Current Asset", "Retainage");
        let income = account_of("Income", "ServiceFeeIncome");
        let suits = |account| AccountPurpose::ALL.map(|purpose| is_suitable(account, purpose));
        assert_eq!(suits(&undeposited), [false, false, false, true]);
        assert_eq!(suits(&retainage), [false, false, true, false]);
        assert_eq!(suits(&income), [true, false, false, false]);
        assert_eq!(suits(&account_of("Other Income", "x")), [false; 4]);
    }

    #[test]
    fn retainage_accounts_are_offered_first() {
        let account = |id: &str, sub_type| Account {
            id: Some(id.into()),
            ..account_of("Other Current Asset", sub_type)
        };
        let accounts = [
            account("1", "PrepaidExpenses"),
            account("2", "Retainage"),
            account("3", "OtherCurrentAssets"),
        ];
        let offered = suitable(&accounts, AccountPurpose::Retainage);
        let ids: Vec<_> = offered.iter().map(|account| account.id.as_str()).collect();
        assert_eq!(ids, ["2", "1", "3"]);
    }

    #[test]
    fn account_purpose_names_match_settings_fields() {
        for purpose in AccountPurpose::ALL {
            assert_eq!(AccountPurpose::from_name(purpose.name()), Some(purpose));
            assert_eq!(
                purpose.settings_path(),
                format!("accounts.{}", purpose.name())
            );
        }
        assert_eq!(AccountPurpose::from_name("expenses"), None);
    }
}
