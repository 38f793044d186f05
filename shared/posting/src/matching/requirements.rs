//! Adds the searches for unknown parties, and saves their results.

use crate::context::{PartyKey, WorkerContext};
use crate::matching::search::{Creation, CreationKey, Party, Search, SoughtJob};
use crate::planned::PlannedDocument;
use billing::Project;
use mapping::{ClassMode, LineAccount};
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Reference;
use store::matches::{CustomerMatch, ProjectRecord, SentCreation};
use store::object_index::entry::Subject;

fn is_known<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    searches: &[Search],
    key: &PartyKey,
) -> bool {
    ctx.parties.get(key).is_some() || searches.iter().any(|search| search.key == *key)
}

/// Adds a search for the customer of a document, unless RIVET knows the customer.
pub async fn require_customer<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    searches: &mut Vec<Search>,
    planned: &PlannedDocument,
    creation: Creation,
) -> Result<(), StoreError> {
    let (customer, plan) = (planned.document.customer(), &planned.plan);
    let key = PartyKey::Customer(customer.id.clone());
    if is_known(ctx, searches, &key) {
        return Ok(());
    }
    let chosen = ctx.settings.customers.matches.get(customer.id.as_ref());
    if let Some(id) = chosen.cloned() {
        ctx.parties.add(key, Ok(id));
        if plan.currency.is_some() {
            let posted = ctx.customer_payments(&customer.id).await?.currency.clone();
            ctx.parties.add_currency_of(&customer.id, posted);
        }
        return Ok(());
    }
    let known = ctx.store.customer_match(ctx.firm, &customer.id).await?;
    if let Some(id) = known.quickbooks_id {
        ctx.parties.add(key, Ok(id));
        ctx.parties.add_currency_of(&customer.id, known.currency);
        return Ok(());
    }
    let details = ctx.store.customer_details(ctx.firm, &customer.id).await?;
    let details = details.as_ref().unwrap_or(customer);
    let mut body = mapping::customer_body(details);
    body.currency_ref = plan.currency.as_deref().map(Reference::to);
    let creation_key = CreationKey {
        of: customer.id.to_string(),
        earlier_creations: known.creations,
        sent: known.sent,
    };
    let party = Party::Customer(Box::new((details.clone(), body)));
    let creation = if ctx.settings.customers.auto_create {
        creation
    } else {
        Creation::Forbidden
    };
    searches.push(Search::new(key, party, creation_key, creation));
    Ok(())
}

/// Adds a search for the job of a document's project, unless RIVET knows the job or the document needs none. An entry that the firm chose is
/// looked at once, because its documents must belong to the customer.
pub async fn require_job<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    searches: &mut Vec<Search>,
    planned: &PlannedDocument,
    creation: Creation,
) -> Result<(), StoreError> {
    let Some(project) = planned.project_of_job() else {
        return Ok(());
    };
    let key = PartyKey::Job(project.id.clone());
    if is_known(ctx, searches, &key) {
        return Ok(());
    }
    let known = ctx.project(&project.id).await?.job.clone();
    let known = known.unwrap_or_default();
    let chosen = &ctx.settings.customers.projects;
    let chosen = chosen.get(project.id.as_ref()).cloned();
    let settled = match &chosen {
        Some(chosen) => known.checked.clone().filter(|checked| checked == chosen),
        None => known.quickbooks_id.clone(),
    };
    if let Some(id) = settled {
        ctx.parties.add(key, Ok(id));
        return Ok(());
    }
    let creation_key = CreationKey {
        of: project.id.to_string(),
        earlier_creations: known.creations,
        sent: known.sent.filter(|_| chosen.is_none()),
    };
    let customer = planned.document.customer();
    let job = SoughtJob {
        project: project.clone(),
        customer: PartyKey::Customer(customer.id.clone()),
        customer_name: mapping::customer_name(customer),
        currency: planned.plan.currency.clone(),
        parent: None,
        chosen,
    };
    let party = Party::Job(Box::new(job));
    searches.push(Search::new(key, party, creation_key, creation));
    Ok(())
}

/// Adds a search for the class of a project, if RIVET creates classes and does not know this one.
pub async fn require_class<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    searches: &mut Vec<Search>,
    project: &Project,
) -> Result<(), StoreError> {
    let key = PartyKey::Class(project.id.clone());
    let tracking = &ctx.settings.class_tracking;
    let is_required = tracking.mode == ClassMode::AutoCreate
        && !tracking.projects.contains_key(project.id.as_ref());
    if !is_required || is_known(ctx, searches, &key) {
        return Ok(());
    }
    let record = ctx.project(&project.id).await?;
    let (earlier_creations, sent) = (record.creations, record.sent.clone());
    if let Some(id) = record.class_id.clone() {
        ctx.parties.add(key, Ok(id));
        return Ok(());
    }
    let creation_key = CreationKey {
        of: project.id.to_string(),
        earlier_creations,
        sent,
    };
    let party = Party::Class(project.clone());
    searches.push(Search::new(key, party, creation_key, Creation::Allowed));
    Ok(())
}

/// Adds a search for the item of an account, unless RIVET knows the item.
pub fn require_item<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    searches: &mut Vec<Search>,
    account: LineAccount,
) {
    let key = PartyKey::Item(account.id.clone());
    if ctx.items.by_account.contains_key(&account.id) || is_known(ctx, searches, &key) {
        return;
    }
    let creation_key = CreationKey {
        of: account.id.clone(),
        earlier_creations: ctx.items.creations,
        sent: ctx.items.sent.get(&account.id).cloned(),
    };
    let party = Party::Item(account);
    searches.push(Search::new(key, party, creation_key, Creation::Allowed));
}

/// Saves the result of a search for this run, and an id for later runs. Request ids that led to no object are counted too, because the next
/// attempt needs another. A creation in doubt is saved, because the next search looks for it first.
pub async fn save_match<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    search: Search,
) -> Result<(), StoreError> {
    let Some(result) = search.result else {
        return Ok(());
    };
    let used_up = search.refused_creations;
    let id = result.as_ref().ok().cloned();
    ctx.parties.add(search.key, result);
    if used_up == 0 && id.is_none() && search.lost.is_none() {
        return Ok(());
    }
    let sent = search.lost.or(search.creation_key.sent);
    // An id settles what was sent.
    let sent = sent.filter(|_| id.is_none());
    let creations = search.creation_key.earlier_creations + used_up;
    match search.party {
        Party::Customer(customer) => {
            let of_several = customer.1.currency_ref.is_some();
            let known = CustomerMatch {
                quickbooks_id: id,
                creations,
                currency: search.currency.filter(|_| of_several),
                sent,
            };
            ctx.parties
                .add_currency_of(&customer.0.id, known.currency.clone());
            if let Some(suggestion) = search.suggestion {
                ctx.parties.add_suggestion(&customer.0.id, suggestion);
            }
            save_customer(ctx, &customer.0.id, known).await?;
        }
        Party::Job(job) => {
            save_job(
                ctx,
                &job,
                FoundJob {
                    id,
                    sent,
                    creations,
                },
            )
            .await?
        }
        Party::Class(project) => {
            let change = &mut |record: &mut ProjectRecord| {
                record.class_id.clone_from(&id);
                (record.creations, record.sent) = (creations, sent.clone());
            };
            ctx.update_project(&project.id, change).await?;
        }
        Party::Item(account) => {
            let found = ItemResult {
                id,
                sent,
                creations,
            };
            save_item(ctx, &account.id, found).await?;
        }
    }
    Ok(())
}

async fn save_customer<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    customer: &billing::Id,
    known: CustomerMatch,
) -> Result<(), StoreError> {
    let store = ctx.store;
    store
        .save_customer_match(ctx.firm, customer, &known)
        .await?;
    if let Some(id) = known.quickbooks_id {
        let subject = Subject::Customer(customer.clone());
        ctx.parties.add_match(subject, &id, ctx.client.now());
    }
    Ok(())
}

/// The result of the search for the job of a project.
struct FoundJob {
    id: Option<String>,
    sent: Option<SentCreation>,
    creations: u32,
}

async fn save_job<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    job: &SoughtJob,
    found: FoundJob,
) -> Result<(), StoreError> {
    let change = &mut |record: &mut ProjectRecord| {
        let known = record.job.get_or_insert_default();
        if job.chosen.is_some() {
            known.checked.clone_from(&found.id);
            return;
        }
        known.quickbooks_id.clone_from(&found.id);
        (known.creations, known.sent) = (found.creations, found.sent.clone());
    };
    ctx.update_project(&job.project.id, change).await?;
    if let Some(id) = found.id {
        let subject = Subject::Project(job.project.id.clone());
        ctx.parties.add_match(subject, &id, ctx.client.now());
    }
    Ok(())
}

/// The result of the search for the item of an account.
struct ItemResult {
    id: Option<String>,
    sent: Option<SentCreation>,
    creations: u32,
}

async fn save_item<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    account: &str,
    found: ItemResult,
) -> Result<(), StoreError> {
    let second = ctx.now().as_second();
    let items = &mut ctx.items;
    match found.sent {
        Some(sent) => items.sent.insert(account.to_owned(), sent),
        None => items.sent.remove(account),
    };
    if let Some(id) = found.id {
        items.set_known_at(&id, second);
        items.by_account.insert(account.to_owned(), id);
    }
    items.creations = items.creations.max(found.creations);
    ctx.store.save_items(ctx.firm, &ctx.items).await
}
