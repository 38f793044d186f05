//! The accounts, classes and customers that a person can choose in the settings.

use billing::FirmId;
use connection::call_outcome::CallError;
use connection::call_outcome::fault_reasons::reason_for;
use connection::client::CompanyClient;
use connection::client::deadlines::Deadlines;
use connection::services::Services;
use jiff::SignedDuration;
use mapping::AccountPurpose;
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use quickbooks::entity::{Account, Class, Customer, Resource};
use quickbooks::query::{Field, Order};
use quickbooks::{Kind, Query};
use serde::Serialize;
use store::Claimant;

use crate::error::Error;

/// The most customers that one answer lists.
const MAX_CUSTOMERS: u32 = 100;

/// An account, class or customer that a person can choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingOption {
    /// The QuickBooks id.
    pub id: String,
    /// The full name, which includes the names of its parents.
    pub name: String,
    /// The account number, if the company uses account numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The account type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// Returns the active accounts that fit a purpose.
///
/// # Errors
/// [`Error::NotConnected`], [`Error::Throttled`], [`Error::QuickBooks`], or the store fails.
pub async fn accounts<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    purpose: AccountPurpose,
    claimant: Claimant<'_>,
) -> Result<Vec<SettingOption>, Error> {
    let query = Query::from(Kind::Account)
        .filter(Field::AccountType.is_in(purpose.account_types().iter().copied()));
    let found: Vec<Account> = query_all(services, firm, &query, claimant).await?;
    Ok(found
        .into_iter()
        .filter(|account| is_suitable(account, purpose))
        .filter_map(account_option)
        .collect())
}

/// Returns the active classes, by name.
///
/// # Errors
/// As [`accounts`].
pub async fn classes<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    claimant: Claimant<'_>,
) -> Result<Vec<SettingOption>, Error> {
    let query = Query::from(Kind::Class).order_by(Field::Name, Order::Ascending);
    let found: Vec<Class> = query_all(services, firm, &query, claimant).await?;
    Ok(found
        .into_iter()
        .filter_map(|class| option(class.id, class.fully_qualified_name.or(class.name)))
        .collect())
}

/// Returns the active customers whose name contains `name_part`, by name.
///
/// # Errors
/// As [`accounts`].
pub async fn customers<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    name_part: &str,
    claimant: Claimant<'_>,
) -> Result<Vec<SettingOption>, Error> {
    let mut query = Query::from(Kind::Customer).order_by(Field::DisplayName, Order::Ascending);
    if !name_part.is_empty() {
        query = query.filter(Field::DisplayName.contains(name_part));
    }
    let query = query.max_results(MAX_CUSTOMERS);
    let found: Vec<Customer> = query_all(services, firm, &query, claimant).await?;
    Ok(found
        .into_iter()
        .filter_map(|customer| {
            let name = customer.fully_qualified_name.or(customer.display_name);
            option(customer.id, name)
        })
        .collect())
}

/// Runs the query, in at most a minute.
async fn query_all<T: Resource, H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    query: &Query,
    claimant: Claimant<'_>,
) -> Result<Vec<T>, Error> {
    let Claimant { owner, now } = claimant;
    let clock = || now;
    let until = after(now, SignedDuration::from_mins(1));
    let deadlines = Deadlines {
        lease_ends_at: until,
        calls_end_at: until,
        clock: &clock,
    };
    let mut client = CompanyClient::open(services, firm, owner, deadlines).await?;
    let found = client.query_resources(query, now).await;
    found.map_err(|error| match error {
        CallError::Store(error) => error.into(),
        CallError::ConnectionLost(status) => Error::NotConnected(status),
        CallError::RetryAt(at) | CallError::Throttled(at) => {
            let seconds = at.duration_since(now).as_secs().clamp(1, 3600);
            Error::Throttled(u32::try_from(seconds).unwrap_or(60))
        }
        CallError::Refused(failure) => Error::QuickBooks(reason_for(&failure).message),
        error => Error::QuickBooks(error.to_string()),
    })
}

fn is_suitable(account: &Account, purpose: AccountPurpose) -> bool {
    let sub_type = account.account_sub_type.as_deref();
    purpose.fits(account.account_type.as_deref(), sub_type)
}

fn account_option(account: Account) -> Option<SettingOption> {
    let name = account.fully_qualified_name.or(account.name);
    Some(SettingOption {
        number: account.acct_num,
        kind: account.account_type,
        ..option(account.id, name)?
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
