//! From RIVET's names to QuickBooks ids: remembered, matched, or created; in this order.
//!
//! Creating is safe to repeat: every attempt looks the name up first, and sends the same request id until an answer came.

mod class;
mod customer;
mod item;
mod matching;
mod missing;

use crate::catalogue::{SETTLE, Setback};
use crate::clock::after;
use crate::document::State;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::{Action, Hold, Reason};
use crate::saga::request_id;
use billing::{Customer, DocumentRef, Project};
use jiff::Timestamp;
use jiff::civil::Date;
use mapping::{Ids, Plan};
use matching::Wanted;
use quickbooks::entity::Listed;
use quickbooks::query::{Field, MAX_RESULTS};
use quickbooks::request::Write;
use quickbooks::{Kind, Object, Query, entity};
use std::collections::BTreeMap;

/// Who and what a document concerns.
pub(crate) struct Parties<'a> {
    pub customer: &'a Customer,
    pub project: Option<&'a Project>,
}

/// For what of RIVET's something is created, and how many creations for it are over. Both are part of the request id: a later
/// creation, meant as such, must not be answered with what an earlier one made.
#[derive(Clone, Copy)]
struct Made<'a> {
    of: &'a str,
    times: u32,
}

impl<H: Http, R: Records> Office<'_, H, R> {
    /// The ids that a plan needs.
    pub(crate) async fn resolve(
        &mut self,
        plan: &Plan,
        parties: &Parties<'_>,
        now: Timestamp,
    ) -> Result<Ids, Halt> {
        // Whether it has to wait is told before anything is created for it.
        let targets = self.targets(plan).await?;
        let customer = self.customer(parties.customer, (plan, now)).await?;
        let class = match parties.project.filter(|_| plan.class().is_some()) {
            Some(project) => self.class(project, now).await?,
            None => None,
        };
        let mut items = BTreeMap::new();
        for account in plan.items() {
            items.insert(account.id.clone(), self.item(&account, now).await?);
        }
        Ok(Ids {
            customer,
            class,
            items,
            targets,
        })
    }

    /// What may be meant: all whose name begins alike, inactive ones too; if these are too many, those of exactly the name.
    async fn candidates(&mut self, wanted: &Wanted, now: Timestamp) -> Result<Vec<Listed>, Halt> {
        let field = match (&wanted.full_name, wanted.kind) {
            (Some(_), _) => Field::FullyQualifiedName,
            (None, Kind::Customer) => Field::DisplayName,
            (None, _) => Field::Name,
        };
        let query = |condition| {
            let query = Query::from(wanted.kind).filter(condition);
            query.active_and_inactive()
        };
        let alike = query(field.starts_with(wanted.beginning()));
        let rows = self.listed(&alike, now).await?;
        if rows.len() < MAX_RESULTS as usize {
            return Ok(rows);
        }
        let name = wanted.full_name.as_deref().unwrap_or(&wanted.name);
        let inactive = [name, " (deleted)"].concat();
        let exact = query(field.is_in(vec![name, &inactive, &wanted.name]));
        self.listed(&exact, now).await
    }

    async fn create(
        &mut self,
        object: Object,
        (name, made): (&str, Made<'_>),
        now: Timestamp,
    ) -> Result<String, Halt> {
        let (kind, times) = (object.kind(), made.times.to_string());
        let key = request_id(&[self.realm(), kind.name(), name, made.of, &times]);
        let account = posts_to(&object);
        let write = Write::Create(object);
        match self.write((&write, &key), Date::default(), now).await {
            // It is looked up by its name next time.
            Err(Halt::Setback(Setback::Unknown(_))) => {
                Err(Halt::Setback(Setback::Later(after(now, SETTLE))))
            }
            // Nothing had the name a moment ago. It may be ours, carried out after its answer was lost.
            Err(halt) if is_name(&halt) => {
                let field = match kind {
                    Kind::Customer => Field::DisplayName,
                    _ => Field::Name,
                };
                let query = Query::from(kind).filter(field.equals(name));
                let rows = self.listed(&query, now).await?;
                // A class of that name below another one is not in the way.
                let on_top = |row: &Listed| row.full_name.eq_ignore_ascii_case(name);
                let ours = rows
                    .into_iter()
                    .find(|row| row.account == account && (kind == Kind::Customer || on_top(row)));
                ours.map(|row| row.id).ok_or(halt)
            }
            made => Ok(made?.id),
        }
    }

    /// What the payments of a plan are applied to.
    async fn targets(
        &self,
        plan: &Plan,
    ) -> Result<BTreeMap<DocumentRef, (entity::TxnType, String)>, Halt> {
        let mut targets = BTreeMap::new();
        for document in plan.targets() {
            let record = self.bridge.store.document(self.firm, &document).await?;
            let waits = || held(Hold::WaitingFor(document.clone()));
            let record = record
                .filter(|record| record.state.is_final())
                .ok_or_else(waits)?;
            let receivable = record.live().find(|posted| posted.is_receivable());
            let target = receivable.ok_or_else(|| nothing_owed(&document))?;
            targets.insert(document, (target.kind, target.id.clone()));
        }
        Ok(targets)
    }
}

fn held(hold: Hold) -> Halt {
    Halt::Setback(Setback::Settle(State::Held(hold)))
}

fn nothing_owed(document: &DocumentRef) -> Halt {
    let message = format!("{document} has nothing in QuickBooks that a payment can be applied to.");
    let reason = Reason::new("nothing_owed", Action::FixDocument, message);
    Halt::Setback(Setback::Settle(State::Failed(reason)))
}

/// The account that an item posts to; nothing for what is no item.
fn posts_to(object: &Object) -> String {
    let Object::Item(item) = object else {
        return String::new();
    };
    let account = item.income_account_ref.as_ref();
    account
        .map(|account| account.value.clone())
        .unwrap_or_default()
}

/// Whether something else has the name.
fn is_name(halt: &Halt) -> bool {
    matches!(halt, Halt::Setback(Setback::Settle(State::Failed(reason))) if reason.code == "duplicate_name")
}

/// Whether there is anything to remember: an id, or that a request id led to nothing, so that the next attempt needs another.
fn is_news(found: &Result<String, Halt>, creations: &mut u32) -> bool {
    let spent = matches!(found, Err(Halt::Setback(Setback::Repeated(_))));
    *creations += u32::from(spent);
    spent || found.is_ok()
}
