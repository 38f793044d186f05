//! Who is billed, and for which contract.

use serde::{Deserialize, Serialize};

use crate::{Id, text};

/// The general contractor or owner who is billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// RIVET's id.
    pub id: Id,
    /// Name as people know it; any characters except control ones, 1–500 of them.
    #[serde(deserialize_with = "text::name::<_, 500>")]
    pub name: String,
    /// Where bills are sent, as typed.
    #[serde(
        default,
        deserialize_with = "text::optional::<_, 254>",
        skip_serializing_if = "Option::is_none"
    )]
    pub email: Option<String>,
    /// Telephone, as typed.
    #[serde(
        default,
        deserialize_with = "text::optional::<_, 100>",
        skip_serializing_if = "Option::is_none"
    )]
    pub phone: Option<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

/// A postal address. Parts may be empty, as RIVET does not require them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and number.
    #[serde(deserialize_with = "text::label::<_, 500>")]
    pub line1: String,
    /// Suite, floor and the like.
    #[serde(
        default,
        deserialize_with = "text::optional::<_, 500>",
        skip_serializing_if = "Option::is_none"
    )]
    pub line2: Option<String>,
    /// City.
    #[serde(deserialize_with = "text::label::<_, 255>")]
    pub city: String,
    /// State or province, usually as its abbreviation.
    #[serde(deserialize_with = "text::label::<_, 255>")]
    pub state: String,
    /// ZIP or postal code.
    #[serde(deserialize_with = "text::label::<_, 30>")]
    pub postal_code: String,
    /// Country, usually as its ISO 3166 code.
    #[serde(deserialize_with = "text::label::<_, 255>")]
    pub country: String,
}

/// One contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// RIVET's id.
    pub id: Id,
    /// The firm's own project number, a label of 1–100 characters.
    #[serde(deserialize_with = "text::name::<_, 100>")]
    pub number: String,
    /// What the project is called, 1–500 characters.
    #[serde(deserialize_with = "text::name::<_, 500>")]
    pub name: String,
}

/// A contract was set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectCreated {
    /// The contract.
    pub project: Project,
    /// Who will be billed for it.
    pub customer: Customer,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_customer_needs_only_an_id_and_a_name() {
        let value = json!({"id": "gc_1", "name": "O'Neil & Sons: \"GC\" 🏗️"});
        let customer: Customer = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&customer).unwrap(), value);
    }

    #[test]
    fn empty_optional_fields_and_unknown_ones_are_dropped() {
        let value = json!({"id": "gc_1", "name": "N", "email": "", "phone": null, "address": null, "vip": true});
        let customer: Customer = serde_json::from_value(value).unwrap();
        assert_eq!(
            (customer.email, customer.phone, customer.address),
            (None, None, None)
        );
    }

    #[test]
    fn a_customer_without_a_name_is_refused() {
        assert!(serde_json::from_value::<Customer>(json!({"id": "gc_1", "name": " \t"})).is_err());
    }
}
