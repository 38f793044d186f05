//! The customers, jobs and projects that a person can choose in the settings.

use std::collections::BTreeSet;

use billing::FirmId;
use connection::services::Services;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::Customer;
use quickbooks::query::{Field, Order, TextMatch};
use quickbooks::{Kind, Query};
use store::Claimant;
use store::setting_lists::{SettingList, SettingOption};

use super::option;
use crate::error::Error;
use crate::setting_options::list_reader::{ListReader, Use};

/// The most customers that one answer lists.
const MAX_CUSTOMERS: usize = 100;

/// The most characters of a name that customers are looked for by.
const MAX_WORDS: usize = 100;

/// Returns the active customers, jobs and projects whose full name contains `name_part`, by full name, for a settings page. White space in
/// `name_part` is collapsed.
///
/// # Errors
/// As [`accounts`](super::accounts).
pub async fn customers<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    name_part: &str,
    claimant: Claimant<'_>,
) -> Result<Vec<SettingOption>, Error> {
    let words: Vec<&str> = name_part.split_whitespace().collect();
    let words: String = words.join(" ").to_lowercase();
    let words: String = words.chars().take(MAX_WORDS).collect();
    let mut reader = ListReader::open(services, firm, Use::Page, claimant).await?;
    let name = ["customers ", &words].concat();
    if let Some(kept) = reader.kept_or_permit(&name).await? {
        return Ok(kept);
    }
    let list = SettingList {
        name,
        at: claimant.now,
        options: named_customers(&mut reader, &words).await?,
    };
    reader.keep(std::slice::from_ref(&list)).await?;
    Ok(list.options)
}

/// Returns the active customers, jobs and projects with these ids, as QuickBooks has them now, each with its full name.
///
/// # Errors
/// As [`accounts`](super::accounts).
pub async fn present_customers<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    ids: &BTreeSet<&str>,
    claimant: Claimant<'_>,
) -> Result<Vec<SettingOption>, Error> {
    let mut reader = ListReader::open(services, firm, Use::Check, claimant).await?;
    let mut found = Vec::new();
    let ids: Vec<&str> = ids.iter().copied().collect();
    for some in ids.chunks(MAX_CUSTOMERS) {
        let query = Query::from(Kind::Customer).filter(Field::Id.is_in(some.iter().copied()));
        let rows: Vec<Customer> = reader.read_page(&query).await?;
        found.extend(rows.into_iter().filter_map(customer_option));
    }
    Ok(found)
}

async fn named_customers<H: Http, R: Records>(
    reader: &mut ListReader<'_, H, R>,
    words: &str,
) -> Result<Vec<SettingOption>, Error> {
    let wanted = TextMatch::contains(Field::FullyQualifiedName, words);
    let by_name = Query::from(Kind::Customer);
    let mut query = by_name.order_by(Field::FullyQualifiedName, Order::Ascending);
    if !words.is_empty() {
        query = query.filter(wanted.condition());
    }
    let is_wanted = |customer: &Customer| wanted.is_met_by(full_name(customer));
    let found: Vec<Customer> = if wanted.is_exact() {
        let query = query.max_results(MAX_CUSTOMERS as u32);
        reader.read_page(&query).await?
    } else {
        reader.read_all(&query, is_wanted).await?
    };
    let options = found.into_iter().filter(is_wanted).take(MAX_CUSTOMERS);
    Ok(options.filter_map(customer_option).collect())
}

/// Returns the name with those of the customers above.
fn full_name(customer: &Customer) -> &str {
    let full_name = customer.fully_qualified_name.as_deref();
    let name = full_name.or(customer.display_name.as_deref());
    name.unwrap_or_default()
}

fn customer_option(customer: Customer) -> Option<SettingOption> {
    let name = customer.fully_qualified_name.or(customer.display_name);
    option(customer.id, name)
}
