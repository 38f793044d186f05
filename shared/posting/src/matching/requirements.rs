//! Adds the searches for unknown parties.

use crate::context::{PartyKey, WorkerContext};
use crate::party_search::{Creation, CreationKey, Party, Search, SoughtJob};
use crate::planned::PlannedDocument;
use billing::Project;
use mapping::{ClassMode, LineAccount};
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Reference;
use store::matches::SentCreation;

fn is_known<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    searches: &[Search],
    key: &PartyKey,
) -> bool {
    ctx.parties.get(key).is_some() || searches.iter().any(|search| search.key == *key)
}

/// Returns a creation in doubt with the latest time at which it may have been sent. If the store was set back since, RIVET may have sent the
/// creation again until then.
fn sent_at_latest<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    sent: Option<SentCreation>,
) -> Option<SentCreation> {
    let mut sent = sent?;
    let restored_at = ctx.restore.map(|restore| restore.at);
    sent.at = restored_at.map_or(sent.at, |at| at.max(sent.at));
    Some(sent)
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
        sent: sent_at_latest(ctx, known.sent),
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
        sent: sent_at_latest(ctx, known.sent.filter(|_| chosen.is_none())),
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
        sent: sent_at_latest(ctx, sent),
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
        sent: sent_at_latest(ctx, ctx.items.sent.get(&account.id).cloned()),
    };
    let party = Party::Item(account);
    searches.push(Search::new(key, party, creation_key, Creation::Allowed));
}
