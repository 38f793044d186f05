//! Customers and their addresses.

use super::kind::Kind;
use super::reference::Reference;
use super::resource::Resource;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A customer (Intuit: API reference, Customer).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Customer {
    /// The id, which QuickBooks assigns. A change sends it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` in an update keeps the fields that are left out.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// The name: up to 500 characters without colon, tab or newline, unique over customers, vendors and employees in any
    /// case (fault 6240).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The customer above, of a job or project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_ref: Option<Reference>,
    /// `true` for a job or project. It goes together with the customer above (fault 6150).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<bool>,
    /// `true` if the customer above gets the bills. It cannot be changed once there are transactions (fault 6130).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_with_parent: Option<bool>,
    /// The company's name, up to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// The e-mail address, up to 100 characters (fault 2210 if malformed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_email_addr: Option<EmailAddress>,
    /// The phone number, up to 30 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_phone: Option<PhoneNumber>,
    /// The billing address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_addr: Option<Address>,
    /// The currency, which cannot be changed later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<Reference>,
    /// The notes that only the firm sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// `false` hides the customer and frees its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The name with those of its parents, `Parent:Child`. Never sent.
    #[serde(skip_serializing)]
    pub fully_qualified_name: Option<String>,
    /// The amount that the customer owes. Never sent.
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
    /// The number in any form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_form_number: Option<String>,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Address {
    /// The first line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line1: Option<String>,
    /// The second line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// The city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The state or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_sub_division_code: Option<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// The country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_customer_is_sent_without_unset_fields() {
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
    fn customer_is_read_without_missing_fields() {
        let read = r#"{"Id":"24","SyncToken":"3","DisplayName":"Turner Construction","FullyQualifiedName":"Turner Construction",
            "Job":false,"Balance":43650.00,"BalanceWithJobs":43650.00,"Active":true,"PrimaryPhone":{}}"#;
        let customer: Customer = serde_json::from_str(read).unwrap();
        assert_eq!(customer.balance.unwrap().to_string(), "43650.00");
        assert_eq!(customer.primary_phone, Some(PhoneNumber::default()));
        assert_eq!(customer.bill_addr, None);
    }
}
