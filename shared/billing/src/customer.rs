//! Customers and the projects that they are billed for.

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::text;

/// The general contractor or owner that is billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// RIVET's id of the customer.
    pub id: Id,
    /// Name as people know the customer: 1–500 characters, no control characters.
    #[serde(deserialize_with = "text::name::<_, 500>")]
    pub name: String,
    /// E-mail address for bills, as typed: up to 254 characters.
    #[serde(
        default,
        deserialize_with = "text::optional::<_, 254>",
        skip_serializing_if = "Option::is_none"
    )]
    pub email: Option<String>,
    /// Telephone number, as typed: up to 100 characters.
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

/// A postal address. RIVET requires none of the parts, so each may be empty.
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

/// A contract of the firm with a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// RIVET's id of the project.
    pub id: Id,
    /// The firm's own project number, a label of 1–100 characters.
    #[serde(deserialize_with = "text::name::<_, 100>")]
    pub number: String,
    /// Name of the project, 1–500 characters.
    #[serde(deserialize_with = "text::name::<_, 500>")]
    pub name: String,
}

/// The content of the event `project.created`: a new project with its customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectCreated {
    /// The new project.
    pub project: Project,
    /// The customer that will be billed for the project.
    pub customer: Customer,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn customer_needs_only_id_and_name() {
        let value = json!({"id": "gc_1", "name": "O'Neil & Sons: \"GC\" 🏗️"});
        let customer: Customer = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&customer).unwrap(), value);
    }

    #[test]
    fn empty_and_unknown_fields_are_dropped() {
        let value = json!({"id": "gc_1", "name": "N", "email": "", "phone": null, "address": null, "vip": true});
        let customer: Customer = serde_json::from_value(value).unwrap();
        assert_eq!(
            (customer.email, customer.phone, customer.address),
            (None, None, None)
        );
    }

    #[test]
    fn customer_without_name_is_refused() {
        assert!(serde_json::from_value::<Customer>(json!({"id": "gc_1", "name": " \t"})).is_err());
    }
}
