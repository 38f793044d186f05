//! Customers and how to reach them.

use super::kind::Kind;
use super::reference::Reference;
use super::resource::Resource;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Who is billed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Customer {
    /// Set by QuickBooks; sent back with a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` on an update keeps the fields that are left out.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// ≤ 500 characters, no colon, tab or newline; unique over customers, vendors and employees, whatever the case (6240).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// ≤ 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// ≤ 100 characters (2210 if it is not an address).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_email_addr: Option<EmailAddress>,
    /// ≤ 30 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_phone: Option<PhoneNumber>,
    /// Where bills go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_addr: Option<Address>,
    /// Cannot be changed later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<Reference>,
    /// Seen by the firm only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// `false` hides it and frees its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// `Parent:Child`; never sent.
    #[serde(skip_serializing)]
    pub fully_qualified_name: Option<String>,
    /// What is owed; never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub balance: Option<Decimal>,
}

impl Resource for Customer {
    const KIND: Kind = Kind::Customer;
}

/// An e-mail address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EmailAddress {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// A phone number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PhoneNumber {
    /// As people write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_form_number: Option<String>,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Address {
    /// First line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line1: Option<String>,
    /// Second line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_sub_division_code: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_sent_with_only_what_is_known() {
        let customer = Customer {
            display_name: Some("Turner Construction".to_owned()),
            primary_email_addr: Some(EmailAddress {
                address: Some("ap@turner.example".to_owned()),
            }),
            primary_phone: Some(PhoneNumber {
                free_form_number: Some("555-0100".to_owned()),
            }),
            bill_addr: Some(Address {
                line1: Some("1 Pier Rd".to_owned()),
                city: Some("Oakland".to_owned()),
                country_sub_division_code: Some("CA".to_owned()),
                ..Address::default()
            }),
            ..Customer::default()
        };
        insta::assert_snapshot!(serde_json::to_string(&customer).unwrap(), @r#"{"DisplayName":"Turner Construction","PrimaryEmailAddr":{"Address":"ap@turner.example"},"PrimaryPhone":{"FreeFormNumber":"555-0100"},"BillAddr":{"Line1":"1 Pier Rd","City":"Oakland","CountrySubDivisionCode":"CA"}}"#);
    }

    #[test]
    fn a_customer_is_read_without_the_fields_that_it_does_not_have() {
        let read = r#"{"Id":"24","SyncToken":"3","DisplayName":"Turner Construction","FullyQualifiedName":"Turner Construction",
            "Job":false,"Balance":43650.00,"BalanceWithJobs":43650.00,"Active":true,"PrimaryPhone":{}}"#;
        let customer: Customer = serde_json::from_str(read).unwrap();
        assert_eq!(customer.balance.unwrap().to_string(), "43650.00");
        assert_eq!(customer.primary_phone, Some(PhoneNumber::default()));
        assert_eq!(customer.bill_addr, None);
    }
}
