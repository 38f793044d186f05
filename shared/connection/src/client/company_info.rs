//! Who is at the other end: the company's name and edition, and how it keeps its books.

use crate::client::{ApiRequest, CallError, CompanyClient};
use jiff::Timestamp;
use mapping::CompanyPreferences;
use ports::http::Http;
use quickbooks::answer::Answer;
use quickbooks::entity::{CompanyInfo, Preferences};
use store::connection::Company;

/// Asks the company about itself. That it answers at all is the proof that the token is for it and
/// that the person who signed in may administer it.
pub async fn check<H: Http>(
    calls: &CompanyClient<'_, H>,
    now: Timestamp,
) -> Result<Company, CallError> {
    let info = calls.ask(ApiRequest::CompanyInfo).await?;
    let preferences = calls.ask(ApiRequest::Preferences).await?;
    company(&calls.realm_id, (&info, &preferences), now)
}

/// What the company's two answers about itself tell.
pub fn company(
    realm_id: &str,
    (info, preferences): (&Answer, &Answer),
    now: Timestamp,
) -> Result<Company, CallError> {
    let info: CompanyInfo = info.one()?;
    let preferences: Preferences = preferences.one()?;
    let name = info.company_name.clone().or(info.legal_name.clone());
    Ok(Company {
        realm_id: realm_id.to_owned(),
        name: name.unwrap_or_default(),
        country: info.country.clone(),
        edition: info.offering_sku().map(edition),
        books: CompanyPreferences::from(&preferences),
        checked_at: now,
    })
}

/// `QuickBooks Online Plus` is told as `Plus`.
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
