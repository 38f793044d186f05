//! What is not known yet and has to be looked for, and what is remembered of it afterwards.

use crate::context::WorkerContext;
use crate::matching::search::{Made, Party, Search};
use crate::matching::{class_key, customer_key, item_key};
use billing::{Customer, Project};
use connection::call_outcome::Setback;
use mapping::{ClassMode, LineAccount, PostingPlan};
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use quickbooks::Reference;
use store::matches::CustomerMatch;

fn is_found<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    searches: &[Search],
    key: &str,
) -> bool {
    office.found.iter().any(|(named, _)| named == key)
        || searches.iter().any(|search| search.key == key)
}

pub async fn want_customer<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    searches: &mut Vec<Search>,
    (customer, plan): (&Customer, &PostingPlan),
    creates: bool,
) -> Result<(), StoreError> {
    let key = customer_key(customer);
    if is_found(office, searches, &key) {
        return Ok(());
    }
    let store = &office.bridge.store;
    let chosen = office.settings.customers.matches.get(customer.id.as_ref());
    if let Some(id) = chosen.cloned() {
        office.found.push((key, Ok(id)));
        return Ok(());
    }
    let known = store.customer_match(office.firm, &customer.id).await?;
    if let Some(id) = known.quickbooks_id {
        office.found.push((key, Ok(id)));
        return Ok(());
    }
    let details = store.customer_details(office.firm, &customer.id).await?;
    let details = details.as_ref().unwrap_or(customer);
    let mut body = mapping::customer_body(details);
    body.currency_ref = plan.currency.as_deref().map(Reference::to);
    let made = Made {
        of: customer.id.to_string(),
        times: known.creations,
    };
    let party = Party::Customer(Box::new((details.clone(), body)));
    let creates = creates && office.settings.customers.auto_create;
    searches.push(Search::new(key, party, (made, creates)));
    Ok(())
}

pub async fn want_class<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    searches: &mut Vec<Search>,
    project: &Project,
) -> Result<(), StoreError> {
    let key = class_key(project);
    let tracking = &office.settings.class_tracking;
    let wanted = tracking.mode == ClassMode::AutoCreate
        && !tracking.projects.contains_key(project.id.as_ref());
    if !wanted || is_found(office, searches, &key) {
        return Ok(());
    }
    let book = office.project(&project.id).await?;
    let (known, times) = (book.class_id.clone(), book.creations);
    if let Some(id) = known {
        office.found.push((key, Ok(id)));
        return Ok(());
    }
    let of = project.id.to_string();
    let party = Party::Class(project.clone());
    searches.push(Search::new(key, party, (Made { of, times }, true)));
    Ok(())
}

pub fn want_item<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    searches: &mut Vec<Search>,
    account: LineAccount,
) {
    let key = item_key(&account.id);
    if office.items.by_account.contains_key(&account.id) || is_found(office, searches, &key) {
        return;
    }
    let made = Made {
        of: account.id.clone(),
        times: office.items.creations,
    };
    searches.push(Search::new(key, Party::Item(account), (made, true)));
}

/// Keeps what a search came to, for this stay and, if it is an id, for later ones. A request id that led to nothing is news too:
/// the next attempt needs another.
pub async fn remember<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    search: Search,
) -> Result<(), StoreError> {
    let Some(result) = search.result else {
        return Ok(());
    };
    let spent = u32::from(matches!(result, Err(Setback::Repeated(_))));
    let id = result.as_ref().ok().cloned();
    office.found.push((search.key, result));
    if spent == 0 && id.is_none() {
        return Ok(());
    }
    let creations = search.made.times + spent;
    match search.party {
        Party::Customer(customer) => {
            let known = CustomerMatch {
                quickbooks_id: id,
                creations,
            };
            let store = &office.bridge.store;
            store
                .save_customer_match(office.firm, &customer.0.id, &known)
                .await?;
            if let Some(id) = known.quickbooks_id {
                crate::matching::note_match(office, &customer.0.id, &id);
            }
        }
        Party::Class(project) => {
            office
                .keep_project(&project.id, &mut |book| {
                    book.class_id.clone_from(&id);
                    book.creations = creations;
                })
                .await?;
        }
        Party::Item(account) => {
            if let Some(id) = id {
                office.items.by_account.insert(account.id, id);
            }
            office.items.creations = office.items.creations.max(creations);
            office
                .bridge
                .store
                .save_items(office.firm, &office.items)
                .await?;
        }
    }
    Ok(())
}
