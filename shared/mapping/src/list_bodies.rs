//! Bodies of the list objects that postings need: customers, classes, items.

use billing::{Address, Customer, Project};
use quickbooks::Reference;
use quickbooks::entity;

use crate::naming::{self, NAME, clipped};
use crate::posting::LineAccount;

/// Limits of a customer's e-mail address, phone number, and address line, city, state, country and postal code.
const EMAIL: usize = 100;
const PHONE: usize = 30;
const STREET: usize = 500;
const PLACE: usize = 255;
const POSTAL_CODE: usize = 30;

/// A customer to create. What QuickBooks would refuse the whole customer for (a faulty e-mail address, a phone number that is
/// too long) is left out.
#[must_use]
pub fn customer_body(customer: &Customer) -> entity::Customer {
    let email = customer.email.clone().filter(|email| is_address(email));
    let phone = customer.phone.clone().filter(|phone| fits(phone, PHONE));
    entity::Customer {
        display_name: Some(naming::customer_name(customer)),
        company_name: Some(customer.name.clone()).filter(|name| fits(name, NAME)),
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

/// The class of a project, to create.
#[must_use]
pub fn class_body(project: &Project) -> entity::Class {
    entity::Class {
        name: Some(naming::class_name(project)),
        ..entity::Class::default()
    }
}

/// The service item that posts to `account`, to create under `name`.
#[must_use]
pub fn item_body(account: &LineAccount, name: &str) -> entity::Item {
    entity::Item {
        name: Some(name.to_owned()),
        kind: Some(entity::ItemType::Service),
        income_account_ref: Some(Reference::to(&account.id)),
        ..entity::Item::default()
    }
}

fn address(address: &Address) -> entity::Address {
    let part = |text: &str, limit| Some(clipped(text, limit)).filter(|text| !text.is_empty());
    entity::Address {
        line1: part(&address.line1, STREET),
        line2: address.line2.as_deref().and_then(|line| part(line, STREET)),
        city: part(&address.city, PLACE),
        country_sub_division_code: part(&address.state, PLACE),
        postal_code: part(&address.postal_code, POSTAL_CODE),
        country: part(&address.country, PLACE),
    }
}

fn is_address(email: &str) -> bool {
    let plain = email
        .chars()
        .all(|c| c.is_ascii_graphic() && !matches!(c, ',' | ';' | '<' | '>' | '"' | '(' | ')'));
    let sound = |(name, domain): (&str, &str)| {
        !name.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    };
    plain
        && fits(email, EMAIL)
        && email.matches('@').count() == 1
        && email.split_once('@').is_some_and(sound)
}

fn fits(text: &str, limit: usize) -> bool {
    clipped(text, limit) == text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming::item_name;
    use crate::{Role, samples};
    use serde::Serialize;

    fn shown(body: &impl Serialize) -> String {
        serde_json::to_string_pretty(body).unwrap()
    }

    #[test]
    fn a_customer_is_sent_with_all_that_is_known() {
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
        insta::assert_snapshot!(shown(&customer_body(&customer)), @r#"
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
    fn what_quickbooks_would_refuse_the_customer_for_is_left_out() {
        let faulty = [
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
        for email in faulty
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
    fn empty_parts_of_an_address_are_not_sent() {
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
    fn a_class_is_sent_with_its_name() {
        insta::assert_snapshot!(serde_json::to_string(&class_body(&samples::project())).unwrap(), @r#"{"Name":"1042 Harbor Point Tower"}"#);
    }

    #[test]
    fn an_item_is_a_service_that_posts_to_the_account() {
        let account = LineAccount {
            role: Role::Retainage,
            id: "91".into(),
        };
        insta::assert_snapshot!(serde_json::to_string(&item_body(&account, item_name(account.role))).unwrap(), @r#"{"Name":"RIVET Retainage","Type":"Service","IncomeAccountRef":{"value":"91"}}"#);
    }
}
