//! The company. It is only read.

use super::name_value::NameValue;
use crate::entity::{Kind, Resource};
use serde::{Deserialize, Serialize};

/// The company (Intuit: API reference, CompanyInfo).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CompanyInfo {
    /// The company's name.
    pub company_name: Option<String>,
    /// The company's legal name.
    pub legal_name: Option<String>,
    /// The company's country, as an ISO 3166 code or in words.
    pub country: Option<String>,
    /// Further properties, such as `OfferingSku`, `SubscriptionStatus` and `IndustryType`.
    pub name_value: Vec<NameValue>,
}

impl Resource for CompanyInfo {
    const KIND: Kind = Kind::CompanyInfo;
}

impl CompanyInfo {
    /// Returns the product that the company pays for, such as `QuickBooks Online Plus`.
    pub fn offering_sku(&self) -> Option<&str> {
        NameValue::find(&self.name_value, "OfferingSku")
    }

    /// Returns whether the subscription has ended or was not paid, as far as the company says.
    pub fn has_lapsed(&self) -> bool {
        let ended = ["SUSPENDED", "EXPIRED", "CANCELLED", "CANCELED"];
        self.subscription_status()
            .is_some_and(|status| ended.contains(&status))
    }

    /// Returns the state of the subscription, such as `PAID`, `TRIAL`, `SUSPENDED` or `EXPIRED`.
    pub fn subscription_status(&self) -> Option<&str> {
        NameValue::find(&self.name_value, "SubscriptionStatus")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edition_is_found_among_named_values() {
        let company: CompanyInfo = serde_json::from_str(
            r#"{"CompanyName":"Harbor Electric LLC","Country":"US","NameValue":[{"Name":"NeoEnabled","Value":"true"},
                {"Name":"OfferingSku","Value":"QuickBooks Online Plus"},{"Name":"SubscriptionStatus","Value":"PAID"}]}"#,
        )
        .unwrap();
        assert_eq!(company.offering_sku(), Some("QuickBooks Online Plus"));
        assert_eq!(company.subscription_status(), Some("PAID"));
        assert!(!company.has_lapsed());
        assert_eq!(CompanyInfo::default().offering_sku(), None);
    }
}
