//! Keeps the figures of documents in the records of their projects and of customers' payments.

use crate::context::WorkerContext;
use billing::{Document, Id};
use mapping::{JournalRole, Posting, Role};
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::document::DocumentRecord;
use store::subledger::facts::ListedPostings;
use store::subledger::{AccountUse, CustomerFacts, DocumentFigures, Party, ProjectFacts, Standing};

/// Sets the figures of a document. [`WorkerContext::save_projects`] saves them. Until then the document stays in the queue, and a later
/// worker that finds it there sets them again.
pub async fn set_figures<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> Result<(), StoreError> {
    let Some(mut figures) = DocumentFigures::of(&record.reference, &record.posted) else {
        return Ok(());
    };
    let observed = record.observed.as_ref();
    figures.paid_by_others = observed.map(|seen| seen.paid_by_others).unwrap_or_default();
    if record.is_left_alone() {
        figures.accept_all();
    }
    let postings = compared_postings(record, &figures);
    match project_of(record) {
        Some(project) => list_project(ctx, project, record, &postings).await?,
        None => list_customer(ctx, &figures.customer, record, &postings).await?,
    }
    add_figures(ctx, record, figures).await
}

/// Returns the postings that are compared with the books: those that no person accepted as they are.
fn compared_postings<'a>(
    record: &'a DocumentRecord,
    figures: &DocumentFigures,
) -> Vec<&'a Posting> {
    let posted = record.posted.iter().zip(&figures.transactions);
    let compared = posted.filter(|(_, figures)| figures.standing != Standing::Accepted);
    compared.map(|(posted, _)| &posted.posting).collect()
}

/// Returns the project of the posted objects of a document. Those of a payment have none.
fn project_of(record: &DocumentRecord) -> Option<&Id> {
    let mut posted = record.posted.iter();
    posted.find_map(|posted| posted.posting.project())
}

/// Puts a project on the list of the firm, if the list does not cover these postings.
async fn list_project<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    id: &Id,
    record: &DocumentRecord,
    postings: &[&Posting],
) -> Result<(), StoreError> {
    let mut facts = match ctx.project(id).await?.facts.clone() {
        Some(facts) => facts,
        None => project_facts(ctx, id, record).await?,
    };
    if add_postings(&mut facts.listed, postings) || ctx.project(id).await?.facts.is_none() {
        list_party(ctx, &Party::Project(id.clone()), &facts.listed).await?;
        ctx.change_project(id, |project| {
            project.facts = Some(facts);
            true
        })
        .await?;
    }
    Ok(())
}

/// Puts a customer on the list of the firm, if the list does not cover these payments.
async fn list_customer<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    id: &Id,
    record: &DocumentRecord,
    postings: &[&Posting],
) -> Result<(), StoreError> {
    let known = ctx.customer_payments(id).await?.facts.clone();
    let is_new = known.is_none();
    let mut facts = match known {
        Some(facts) => facts,
        None => customer_facts(ctx, id, record).await?,
    };
    if add_postings(&mut facts.listed, postings) || is_new {
        list_party(ctx, &Party::Customer(id.clone()), &facts.listed).await?;
        ctx.change_payments(id, |payments| {
            payments.facts = Some(facts);
            true
        })
        .await?;
    }
    Ok(())
}

/// Puts a project or customer on the list of the firm, which is saved at once.
async fn list_party<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    party: &Party,
    listed: &ListedPostings,
) -> Result<(), StoreError> {
    ctx.ensure_lease()?;
    ctx.store.list_party(ctx.firm, party, listed).await
}

async fn add_figures<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    figures: DocumentFigures,
) -> Result<(), StoreError> {
    match project_of(record) {
        Some(project) => {
            ctx.change_project(project, |known| known.figures.set(figures))
                .await
        }
        None => {
            let customer = figures.customer.clone();
            ctx.change_payments(&customer, |known| known.figures.set(figures))
                .await
        }
    }
}

async fn project_facts<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    id: &Id,
    record: &DocumentRecord,
) -> Result<ProjectFacts, StoreError> {
    let received = received(ctx, record).await?;
    let facts = received.as_ref().and_then(|document| {
        let project = document.project()?;
        Some(ProjectFacts::of(project, document.customer()))
    });
    let mut customers = record.posted.iter().map(|posted| posted.posting.customer());
    let customer = customers.next().unwrap_or(id);
    Ok(facts.unwrap_or_else(|| ProjectFacts {
        number: String::new(),
        name: id.to_string(),
        customer: customer.clone(),
        customer_name: customer.to_string(),
        listed: ListedPostings::default(),
    }))
}

async fn customer_facts<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    id: &Id,
    record: &DocumentRecord,
) -> Result<CustomerFacts, StoreError> {
    let received = received(ctx, record).await?;
    let name = received.map(|document| document.customer().name.clone());
    Ok(CustomerFacts {
        name: name.unwrap_or_else(|| id.to_string()),
        listed: ListedPostings::default(),
    })
}

async fn received<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> Result<Option<Document>, StoreError> {
    let (document, revision) = (&record.reference, record.revision);
    ctx.store
        .received_revision(ctx.firm, document, revision)
        .await
}

/// Adds the days and accounts of postings to those that are listed. Returns whether one was not.
fn add_postings(listed: &mut ListedPostings, postings: &[&Posting]) -> bool {
    let mut is_new = false;
    for posting in postings {
        is_new |= listed.add(posting.date(), &accounts_of(posting));
    }
    is_new
}

/// Returns the accounts on which a posting names lines.
fn accounts_of(posting: &Posting) -> Vec<(AccountUse, String)> {
    match posting {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => {
            let lines = sale.lines.iter();
            let accounts =
                lines.map(|line| (use_of_line(line.account.role), line.account.id.clone()));
            accounts.collect()
        }
        Posting::JournalEntry(journal) => {
            let lines = journal.lines.iter();
            let accounts =
                lines.filter_map(|line| Some((use_of_entry(line.role)?, line.account.clone())));
            accounts.collect()
        }
        Posting::Payment(_) => Vec::new(),
    }
}

fn use_of_line(role: Role) -> AccountUse {
    match role {
        Role::Revenue => AccountUse::Revenue,
        Role::Retainage => AccountUse::Retainage,
    }
}

/// Returns the use of the account of a line, `None` for the account that a payment was deposited to.
fn use_of_entry(role: JournalRole) -> Option<AccountUse> {
    match role {
        JournalRole::Revenue => Some(AccountUse::Revenue),
        JournalRole::Retainage => Some(AccountUse::Retainage),
        JournalRole::Receivable => Some(AccountUse::Receivable),
        JournalRole::Deposit => None,
    }
}
