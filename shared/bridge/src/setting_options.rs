//! What a person may choose from in the settings: only what fits is offered.

use crate::error::Error;
use billing::FirmId;
use connection::call_outcome::Setback;
use connection::client::deadlines::Deadlines;
use connection::services::Services;
use jiff::{SignedDuration, Timestamp};
use mapping::AccountPurpose;
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use posting::context::WorkerContext;
use posting::error::Halt;
use quickbooks::entity::{Account, Class, Customer, Resource};
use quickbooks::query::{Field, Order};
use quickbooks::{Kind, Query};
use serde::Serialize;

/// An account, class or customer that may be chosen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SettingOption {
    /// Its QuickBooks id.
    pub id: String,
    /// Its full name.
    pub name: String,
    /// Its account number, if the company uses them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its account type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

fn fits(purpose: AccountPurpose, account: &Account) -> bool {
    let detail = account.account_sub_type.as_deref();
    purpose.fits(account.account_type.as_deref(), detail)
}

/// The active accounts that fit a purpose.
pub async fn accounts<H: Http, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    purpose: AccountPurpose,
    (owner, now): (&str, Timestamp),
) -> Result<Vec<SettingOption>, Error> {
    let query = Query::from(Kind::Account)
        .filter(Field::AccountType.is_in(purpose.account_types().iter().copied()));
    let found: Vec<Account> = list(bridge, firm, &query, (owner, now)).await?;
    Ok(found
        .into_iter()
        .filter(|account| fits(purpose, account))
        .filter_map(account)
        .collect())
}

/// The active classes.
pub async fn classes<H: Http, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    (owner, now): (&str, Timestamp),
) -> Result<Vec<SettingOption>, Error> {
    let query = Query::from(Kind::Class).order_by(Field::Name, Order::Ascending);
    let found: Vec<Class> = list(bridge, firm, &query, (owner, now)).await?;
    let choice = |class: Class| choice(class.id, class.fully_qualified_name.or(class.name));
    Ok(found.into_iter().filter_map(choice).collect())
}

/// The active customers whose name contains `part`.
pub async fn customers<H: Http, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    part: &str,
    (owner, now): (&str, Timestamp),
) -> Result<Vec<SettingOption>, Error> {
    let mut query = Query::from(Kind::Customer).order_by(Field::DisplayName, Order::Ascending);
    if !part.is_empty() {
        query = query.filter(Field::DisplayName.contains(part));
    }
    let found: Vec<Customer> = list(bridge, firm, &query.max_results(100), (owner, now)).await?;
    let choice = |c: Customer| choice(c.id, c.fully_qualified_name.or(c.display_name));
    Ok(found.into_iter().filter_map(choice).collect())
}

async fn list<T: Resource, H: Http, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    query: &Query,
    (owner, now): (&str, Timestamp),
) -> Result<Vec<T>, Error> {
    let clock = || now;
    let until = after(now, SignedDuration::from_mins(1));
    let hours = Deadlines {
        until,
        end: until,
        clock: &clock,
    };
    let mut office = WorkerContext::open(bridge, (firm, owner), None, hours).await?;
    office.query(query, now).await.map_err(|halt| match halt {
        Halt::Broken(error) => error.into(),
        Halt::Setback(Setback::Lost(standing)) => Error::NotConnected(standing),
        Halt::Setback(Setback::Later(at)) => {
            let seconds = at.duration_since(now).as_secs().clamp(1, 3600);
            Error::Throttled(u32::try_from(seconds).unwrap_or(60))
        }
        Halt::Setback(Setback::Settle(state)) => Error::QuickBooks(
            state
                .reason()
                .map(|reason| reason.message)
                .unwrap_or_default(),
        ),
        Halt::Setback(setback) => Error::QuickBooks(format!("{setback:?}")),
    })
}

fn account(account: Account) -> Option<SettingOption> {
    let name = account.fully_qualified_name.or(account.name);
    let choice = choice(account.id, name)?;
    Some(SettingOption {
        number: account.acct_num,
        kind: account.account_type,
        ..choice
    })
}

fn choice(id: Option<String>, name: Option<String>) -> Option<SettingOption> {
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
        let fits = |account| AccountPurpose::ALL.map(|purpose| fits(purpose, account));
        assert_eq!(fits(&undeposited), [false, false, false, true]);
        assert_eq!(fits(&retainage), [false, false, true, false]);
        assert_eq!(fits(&income), [true, false, false, false]);
        assert_eq!(fits(&account_of("Other Income", "x")), [false; 4]);
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
