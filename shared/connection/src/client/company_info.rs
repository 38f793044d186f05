//! Reads the company's own facts: its name, its edition, and its preferences.

use crate::call_outcome::CallError;
use crate::client::api::{ApiRequest, CompanyApi};
use jiff::Timestamp;
use mapping::CompanyPreferences;
use ports::http::Http;
use quickbooks::Failure;
use quickbooks::answer::Answer;
use quickbooks::company_facts::{CompanyInfo, Preferences};
use store::connection::Company;

/// Reads the company's facts. An answer proves that the token is for the company and that the person may administer the company.
pub async fn check<H: Http>(api: &CompanyApi<'_, H>, now: Timestamp) -> Result<Company, CallError> {
    let info = api.send(ApiRequest::CompanyInfo, now).await?;
    let preferences = api.send(ApiRequest::Preferences, now).await?;
    let read = company(&api.realm_id, &info, &preferences, now);
    read.map_err(|failure| CallError::from_failure(failure, now))
}

/// Reads the company's two answers about itself.
pub fn company(
    realm_id: &str,
    info: &Answer,
    preferences: &Answer,
    now: Timestamp,
) -> Result<Company, Failure> {
    let info: CompanyInfo = info.one()?;
    let preferences: Preferences = preferences.one()?;
    let name = info.company_name.clone().or(info.legal_name.clone());
    Ok(Company {
        realm_id: realm_id.to_owned(),
        name: name.unwrap_or_default(),
        country: info.country.clone(),
        edition: info.offering_sku().map(edition),
        preferences: CompanyPreferences::from(&preferences),
        checked_at: now,
    })
}

/// Returns `Plus` for `QuickBooks Online Plus`.
fn edition(sku: &str) -> String {
    sku.trim()
        .trim_start_matches("QuickBooks Online")
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::edition;

    #[test]
    fn edition_name_omits_quickbooks_online_prefix() {
        assert_eq!(edition("QuickBooks Online Plus"), "Plus");
        assert_eq!(edition("QuickBooks Online Simple Start"), "Simple Start");
        assert_eq!(edition("Accountant"), "Accountant");
    }
}
