//! From RIVET's names to QuickBooks ids: remembered, matched, or created; in this order.
//!
//! What a whole round of documents needs is looked for together, so that it takes a few calls and not a few for each. Creating is
//! safe to repeat: every attempt looks the name up first, and QuickBooks lets no name be taken twice.

mod ask;
mod matching;
mod missing;
mod search;
mod want;

use crate::catalogue::Setback;
use crate::document::State;
use crate::error::Error;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::{Action, Hold, Reason};
use billing::{Customer, Document, DocumentRef, Project};
use jiff::Timestamp;
use mapping::{ClassMode, Ids, Plan};
use quickbooks::entity;
use std::collections::BTreeMap;

/// The transactions that the payments of a plan are applied to.
pub(crate) type Targets = BTreeMap<DocumentRef, (entity::TxnType, String)>;

/// A document and its plan: what is to be looked for.
pub(crate) type Wanting<'a> = (&'a Document, &'a Plan);

impl<H: Http, R: Records> Office<'_, H, R> {
    /// Looks for all customers, classes and items that plans need and that are not known yet. What is found is remembered; what is
    /// not is told by [`Office::resolve`]. `creates`: customers may be made.
    pub(crate) async fn acquaint(
        &mut self,
        wanting: &[Wanting<'_>],
        creates: bool,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut searches = Vec::new();
        for (document, plan) in wanting {
            self.want_customer(&mut searches, (document.customer(), plan), creates)
                .await?;
            if let Some(project) = document.project().filter(|_| plan.class().is_some()) {
                self.want_class(&mut searches, project).await?;
            }
            for account in plan.items() {
                self.want_item(&mut searches, account);
            }
        }
        let asked = self.ask_all(&mut searches, now).await;
        for search in searches {
            self.remember(search).await?;
        }
        asked
    }

    /// The ids that a plan needs, of what [`Office::acquaint`] looked for.
    pub(crate) fn resolve(
        &self,
        (document, plan): Wanting<'_>,
        targets: Targets,
    ) -> Result<Ids, Halt> {
        let customer = self.found_as(&customer_key(document.customer()))?;
        let project = document.project().filter(|_| plan.class().is_some());
        let class = match project {
            Some(project) => self.class(project)?,
            None => None,
        };
        let mut items = BTreeMap::new();
        for account in plan.items() {
            let id = match self.items.by_account.get(&account.id) {
                Some(id) => id.clone(),
                None => self.found_as(&item_key(&account.id))?,
            };
            items.insert(account.id, id);
        }
        Ok(Ids {
            customer,
            class,
            items,
            targets,
        })
    }

    fn found_as(&self, key: &str) -> Result<String, Halt> {
        let mut found = self.found.iter();
        match found.find(|(named, _)| named == key) {
            Some((_, Ok(id))) => Ok(id.clone()),
            Some((_, Err(setback))) => Err(Halt::Setback(setback.clone())),
            None => Err(unresolved(key)),
        }
    }

    fn class(&self, project: &Project) -> Result<Option<String>, Halt> {
        let tracking = &self.settings.class_tracking;
        if tracking.mode == ClassMode::Off {
            return Ok(None);
        }
        if let Some(chosen) = tracking.projects.get(project.id.as_ref()) {
            return Ok(Some(chosen.clone()));
        }
        if tracking.mode == ClassMode::Manual {
            let field = format!("class_tracking.projects.{}", project.id);
            return Err(held(Hold::SettingsIncomplete(vec![field])));
        }
        self.found_as(&class_key(project)).map(Some)
    }

    /// What the payments of a plan are applied to.
    pub(crate) async fn targets(&self, plan: &Plan) -> Result<Targets, Halt> {
        let mut targets = Targets::new();
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

fn customer_key(customer: &Customer) -> String {
    format!("customer {}", customer.id)
}

fn class_key(project: &Project) -> String {
    format!("class {}", project.id)
}

fn item_key(account: &str) -> String {
    format!("item {account}")
}

fn held(hold: Hold) -> Halt {
    Halt::Setback(Setback::Settle(State::Held(hold)))
}

/// The calls ended before it was looked for.
fn unresolved(key: &str) -> Halt {
    let message = format!("The {key} could not be looked for.");
    let reason = Reason::new("unresolved", Action::ContactSupport, message);
    Halt::Setback(Setback::Settle(State::Failed(reason)))
}

fn nothing_owed(document: &DocumentRef) -> Halt {
    let message = format!("{document} has nothing in QuickBooks that a payment can be applied to.");
    let reason = Reason::new("nothing_owed", Action::FixDocument, message);
    Halt::Setback(Setback::Settle(State::Failed(reason)))
}
