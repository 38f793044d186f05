//! Bodies of the list entities that postings need: customers, classes and service items.

use billing::{Address, Customer, Project};
use quickbooks::{Reference, entity};

use crate::naming::{self, NAME_LIMIT, clip};
use crate::posting::LineAccount;

/// Limit of a customer's e-mail address in UTF-16 units. Intuit: `Customer.PrimaryEmailAddr`.
const EMAIL_LIMIT: usize = 100;
/// Limit of a phone number. Intuit: `TelephoneNumber.FreeFormNumber`.
const PHONE_LIMIT: usize = 30;
/// Limit of an address line. Intuit: `PhysicalAddress.Line1`.
const STREET_LIMIT: usize = 500;
/// Limit of city, state and country. Intuit: `PhysicalAddress.City`.
const PLACE_LIMIT: usize = 255;
/// Limit of a postal code. Intuit: `PhysicalAddress.PostalCode`.
const POSTAL_CODE_LIMIT: usize = 30;

/// Returns the body that creates a customer.
///
/// Fields for which QuickBooks would refuse the whole customer are left out: an invalid e-mail address, a phone number or company name
/// that is too long.
#[must_use]
pub fn customer_body(customer: &Customer) -> entity::Customer {
    let email = customer
        .email
        .clone()
        .filter(|email| is_email_address(email));
    let phone = customer
        .phone
        .clone()
        .filter(|phone| fits(phone, PHONE_LIMIT));
    entity::Customer {
        display_name: Some(naming::customer_name(customer)),
        company_name: Some(customer.name.clone()).filter(|name| fits(name, NAME_LIMIT)),
        primary_email_addr: email.map(|email| entity::EmailAddress {
            address: Some(email),
        }),
        primary_phone: phone.map(|phone| entity::PhoneNumber {
            free_form_number: Some(phone),
        }),
        bill_addr: customer.address.as_ref().map(address),
        ..entity::Customer::default()
    }
}

/// Returns the body that creates the job of a project below the customer with the QuickBooks id `parent`. The parent gets the bills.
#[must_use]
pub fn job_body(project: &Project, parent: &str) -> entity::Customer {
    entity::Customer {
        display_name: Some(naming::job_name(project)),
        parent_ref: Some(Reference::to(parent)),
        job: Some(true),
        bill_with_parent: Some(true),
        ..entity::Customer::default()
    }
}

/// Returns the body that creates the class of a project.
#[must_use]
pub fn class_body(project: &Project) -> entity::Class {
    entity::Class {
        name: Some(naming::class_name(project)),
        ..entity::Class::default()
    }
}

/// Returns the body that creates, under `name`, the service item that posts to `account`. A pay application states the whole claim, so
/// sales tax never applies to the item.
#[must_use]
pub fn item_body(account: &LineAccount, name: &str) -> entity::Item {
    entity::Item {
        name: Some(name.to_owned()),
        kind: Some(entity::ItemType::Service),
        income_account_ref: Some(Reference::to(&account.id)),
        taxable: Some(false),
        ..entity::Item::default()
    }
}

fn address(address: &Address) -> entity::Address {
    let part = |text: &str, limit| Some(clip(text, limit)).filter(|text| !text.is_empty());
    entity::Address {
        line1: part(&address.line1, STREET_LIMIT),
        line2: address
            .line2
            .as_deref()
            .and_then(|line| part(line, STREET_LIMIT)),
        city: part(&address.city, PLACE_LIMIT),
        country_sub_division_code: part(&address.state, PLACE_LIMIT),
        postal_code: part(&address.postal_code, POSTAL_CODE_LIMIT),
        country: part(&address.country, PLACE_LIMIT),
    }
}

/// Returns whether QuickBooks accepts the text as one plain e-mail address.
fn is_email_address(email: &str) -> bool {
    let is_plain = email
        .chars()
        .all(|c| c.is_ascii_graphic() && !matches!(c, ',' | ';' | '<' | '>' | '"' | '(' | ')'));
    let is_complete = |(name, domain): (&str, &str)| {
        !name.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    };
    is_plain
        && fits(email, EMAIL_LIMIT)
        && email.matches('@').count() == 1
        && email.split_once('@').is_some_and(is_complete)
}

fn fits(text: &str, limit: usize) -> bool {
    clip(text, limit) == text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming::item_name;
    use crate::{Role, samples};
    use serde::Serialize;

    fn pretty(body: &impl Serialize) -> String {
        serde_json::to_string_pretty(body).unwrap()
    }

    #[test]
    fn customer_body_has_all_known_fields() {
        let customer = Customer {
            email: Some("ap@turnerbay.example".into()),
            phone: Some("+1 415 555 0134".into()),
            address: Some(Address {
                line1: "1 Ferry Plaza".into(),
                line2: Some("Suite 4".into()),
                city: "San Francisco".into(),
                state: "CA".into(),
                postal_code: "94111".into(),
                country: "US".into(),
            }),
            ..samples::customer()
        };
        insta::assert_snapshot!(pretty(&customer_body(&customer)), @r#"
        {
          "DisplayName": "Turner Bay Constructors",
          "CompanyName": "Turner Bay Constructors",
          "PrimaryEmailAddr": {
            "Address": "ap@turnerbay.example"
          },
          "PrimaryPhone": {
            "FreeFormNumber": "+1 415 555 0134"
          },
          "BillAddr": {
            "Line1": "1 Ferry Plaza",
            "Line2": "Suite 4",
            "City": "San Francisco",
            "CountrySubDivisionCode": "CA",
            "PostalCode": "94111",
            "Country": "US"
          }
        }
        "#);
    }

    #[test]
    fn customer_body_omits_fields_that_quickbooks_refuses() {
        let invalid = [
            "ap",
            "ap@",
            "@x.example",
            "a b@x.example",
            "a@b",
            "a@.b",
            "a@b.",
            "a@b.c, d@e.f",
            "a@b@c.d",
            "é@x.example",
        ];
        for email in invalid
            .map(str::to_owned)
            .into_iter()
            .chain([format!("{}@x.example", "a".repeat(95))])
        {
            let body = customer_body(&Customer {
                email: Some(email.clone()),
                ..samples::customer()
            });
            assert_eq!(body.primary_email_addr, None, "{email}");
        }
        let body = customer_body(&Customer {
            phone: Some("5".repeat(31)),
            ..samples::customer()
        });
        assert_eq!(body.primary_phone, None);
        let body = customer_body(&Customer {
            name: "N".repeat(101),
            ..samples::customer()
        });
        assert_eq!(
            (body.company_name, body.display_name),
            (None, Some("N".repeat(101)))
        );
    }

    #[test]
    fn address_body_omits_empty_parts() {
        let empty = || String::new();
        let bare = Address {
            line1: empty(),
            line2: None,
            city: "Reno".into(),
            state: empty(),
            postal_code: empty(),
            country: empty(),
        };
        let body = customer_body(&Customer {
            address: Some(bare),
            ..samples::customer()
        });
        assert_eq!(
            serde_json::to_string(&body.bill_addr).unwrap(),
            r#"{"City":"Reno"}"#
        );
    }

    #[test]
    fn job_body_is_below_its_customer() {
        let body = job_body(&samples::project(), "58");
        insta::assert_snapshot!(serde_json::to_string(&body).unwrap(), @r#"{"DisplayName":"1042 Harbor Point Tower","ParentRef":{"value":"58"},"Job":true,"BillWithParent":true}"#);
    }

    #[test]
    fn class_body_has_the_name() {
        insta::assert_snapshot!(serde_json::to_string(&class_body(&samples::project())).unwrap(), @r#"{"Name":"1042 Harbor Point Tower"}"#);
    }

    #[test]
    fn item_body_is_a_service_for_the_account() {
        let account = LineAccount {
            role: Role::Retainage,
            id: "91".into(),
        };
        insta::assert_snapshot!(serde_json::to_string(&item_body(&account, item_name(account.role))).unwrap(), @r#"{"Name":"RIVET Retainage","Type":"Service","IncomeAccountRef":{"value":"91"},"Taxable":false}"#);
    }
}
