//! The connected company.

use jiff::Timestamp;
use mapping::CompanyPreferences;
use serde::{Deserialize, Serialize};

/// The connected company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Company {
    /// The id of the company at Intuit, always text.
    pub realm_id: String,
    /// The name in QuickBooks.
    pub name: String,
    /// The two-letter country code, if QuickBooks names one.
    pub country: Option<String>,
    /// `Simple Start`, `Essentials`, `Plus` or `Advanced`, if QuickBooks names the edition.
    pub edition: Option<String>,
    /// The preferences that matter for posting.
    #[serde(rename = "books")]
    pub preferences: CompanyPreferences,
    /// The time at which the preferences were read last.
    #[serde(deserialize_with = "json::instant")]
    pub checked_at: Timestamp,
}

impl Company {
    /// Returns the country if it is [not supported](unsupported_country).
    pub fn unsupported_country(&self) -> Option<&str> {
        unsupported_country(self.country.as_deref()?)
    }
}

/// Returns the country if it is not the United States. Elsewhere each line needs a tax code, and QuickBooks refuses RIVET's invoices but
/// not its journal entries. A company that names no country counts as one of the United States.
pub fn unsupported_country(country: &str) -> Option<&str> {
    let country = country.trim();
    let is_known = SUPPORTED
        .iter()
        .any(|name| name.eq_ignore_ascii_case(country));
    (!is_known && !country.is_empty()).then_some(country)
}

/// The names of the United States, of which Intuit uses more than one.
const SUPPORTED: [&str; 4] = ["US", "USA", "United States", "United States of America"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_united_states_are_supported() {
        let of = |country: Option<&str>| Company {
            realm_id: "1".into(),
            name: "Harbor".into(),
            country: country.map(str::to_owned),
            edition: None,
            preferences: CompanyPreferences::default(),
            checked_at: Timestamp::UNIX_EPOCH,
        };
        for supported in [
            None,
            Some(""),
            Some("US"),
            Some("USA"),
            Some("us "),
            Some("United States"),
        ] {
            assert_eq!(of(supported).unsupported_country(), None);
        }
        for other in ["CA", "CAN", "GB", "Canada", "AU"] {
            assert_eq!(of(Some(other)).unsupported_country(), Some(other));
        }
    }
}
