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
