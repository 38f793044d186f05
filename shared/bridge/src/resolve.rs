//! From RIVET's names to QuickBooks ids: remembered, matched, or created; in this order.
//!
//! Creating is safe to repeat without a record of its own: names are unique in QuickBooks, and every
//! attempt looks the name up first.

use crate::books::CustomerMatch;
use crate::catalogue::Setback;
use crate::clock::after;
use crate::document::State;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::{Action, Hold, Reason};
use crate::saga::request_id;
use billing::{Customer, DocumentRef, Project};
use jiff::Timestamp;
use jiff::civil::Date;
use mapping::{ClassMode, Ids, LineAccount, Plan};
use quickbooks::entity::{Class, Item, ItemType};
use quickbooks::query::Field;
use quickbooks::request::Write;
use quickbooks::{Kind, Object, Query, Reference, entity};
use std::collections::BTreeMap;

/// Who and what a document concerns.
pub(crate) struct Parties<'a> {
    pub customer: &'a Customer,
    pub project: Option<&'a Project>,
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

    async fn customer(
        &mut self,
        customer: &Customer,
        (plan, now): (&Plan, Timestamp),
    ) -> Result<String, Halt> {
        if let Some(chosen) = self.settings.customers.matches.get(customer.id.as_ref()) {
            return Ok(chosen.clone());
        }
        let store = &self.bridge.store;
        let known = store.customer_match(self.firm, &customer.id).await?;
        if let Some(id) = known.quickbooks_id {
            return Ok(id);
        }
        let details = store.customer_details(self.firm, &customer.id).await?;
        let details = details.as_ref().unwrap_or(customer);
        let id = self.find_or_create_customer(details, (plan, now)).await?;
        let found = CustomerMatch {
            quickbooks_id: Some(id.clone()),
        };
        store
            .keep_customer_match(self.firm, &customer.id, &found)
            .await?;
        Ok(id)
    }

    async fn find_or_create_customer(
        &mut self,
        customer: &Customer,
        (plan, now): (&Plan, Timestamp),
    ) -> Result<String, Halt> {
        let mut body = mapping::customer_body(customer);
        body.currency_ref = plan.currency.as_deref().map(Reference::to);
        let name = body.display_name.clone().unwrap_or_default();
        if let Some(id) = self.customer_named(&name, now).await? {
            return Ok(id);
        }
        if !self.settings.customers.auto_create {
            return Err(held(Hold::CustomerUnmatched(customer.name.clone())));
        }
        match self.create(body.clone(), (&name, now)).await {
            Err(Halt::Setback(Setback::Settle(State::Failed(reason)))) if is_name(&reason) => {}
            created => return created,
        }
        // A vendor, an employee or an inactive customer has the name (fault 6240).
        let suffixed = mapping::suffixed_name(&name, " (Customer)");
        if let Some(id) = self.customer_named(&suffixed, now).await? {
            return Ok(id);
        }
        body.display_name = Some(suffixed.clone());
        self.create(body, (&suffixed, now)).await
    }

    async fn customer_named(&mut self, name: &str, now: Timestamp) -> Result<Option<String>, Halt> {
        let query = Query::from(Kind::Customer).filter(Field::DisplayName.equals(name));
        let found = self.standings(&query, now).await?;
        Ok(found.into_iter().next().map(|customer| customer.id))
    }

    async fn class(&mut self, project: &Project, now: Timestamp) -> Result<Option<String>, Halt> {
        let tracking = &self.settings.class_tracking;
        match tracking.mode {
            ClassMode::Off => return Ok(None),
            ClassMode::Manual => {
                let field = || vec![format!("class_tracking.projects.{}", project.id)];
                let chosen = tracking.projects.get(project.id.as_ref()).cloned();
                return chosen
                    .map(Some)
                    .ok_or_else(|| held(Hold::SettingsIncomplete(field())));
            }
            ClassMode::AutoCreate => {}
        }
        let store = &self.bridge.store;
        let mut book = store.project(self.firm, &project.id).await?;
        if book.class_id.is_none() {
            book.class_id = Some(
                self.find_or_create_class(&mapping::class_name(project), now)
                    .await?,
            );
            store.keep_project(self.firm, &project.id, &book).await?;
        }
        Ok(book.class_id)
    }

    async fn find_or_create_class(&mut self, name: &str, now: Timestamp) -> Result<String, Halt> {
        let query = Query::from(Kind::Class).filter(Field::Name.equals(name));
        let found = self.standings(&query, now).await?;
        match found.into_iter().next() {
            Some(class) => Ok(class.id),
            None => {
                let class = Class {
                    name: Some(name.to_owned()),
                    ..Class::default()
                };
                self.create(class, (name, now)).await
            }
        }
    }

    /// The service item that posts to an account. One that carries our name but posts elsewhere is
    /// left alone: old postings stand on it.
    async fn item(&mut self, account: &LineAccount, now: Timestamp) -> Result<String, Halt> {
        if let Some(id) = self.items.by_account.get(&account.id) {
            return Ok(id.clone());
        }
        let base = mapping::item_name(account.role);
        let query = Query::from(Kind::Item).filter(Field::Name.starts_with(base));
        let found: Vec<Item> = self.query(&query.active_and_inactive(), now).await?;
        let ours = found
            .iter()
            .find(|item| posts_to(item, &account.id))
            .and_then(|i| i.id.clone());
        let id = match ours {
            Some(id) => id,
            None => {
                let name = free_name(base, &found);
                self.create(service(&name, &account.id), (&name, now))
                    .await?
            }
        };
        self.items.by_account.insert(account.id.clone(), id.clone());
        self.bridge.store.keep_items(self.firm, &self.items).await?;
        Ok(id)
    }

    async fn create(
        &mut self,
        object: impl Into<Object>,
        (name, now): (&str, Timestamp),
    ) -> Result<String, Halt> {
        let object = object.into();
        let key = request_id(&[self.realm(), object.kind().name(), name]);
        let made = self
            .write((&Write::Create(object), &key), Date::default(), now)
            .await;
        let made = match made {
            // It is looked up by its name next time.
            Err(Halt::Setback(Setback::Unknown(_) | Setback::Repeated(_))) => {
                return Err(Halt::Setback(Setback::Later(after(
                    now,
                    crate::catalogue::SETTLE,
                ))));
            }
            made => made?,
        };
        Ok(made.id)
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

fn is_name(reason: &Reason) -> bool {
    reason.code == "duplicate_name"
}

fn service(name: &str, account: &str) -> Item {
    Item {
        name: Some(name.to_owned()),
        kind: Some(ItemType::Service),
        income_account_ref: Some(Reference::to(account)),
        ..Item::default()
    }
}

fn posts_to(item: &Item, account: &str) -> bool {
    let active = item.active != Some(false);
    active
        && item
            .income_account_ref
            .as_ref()
            .is_some_and(|reference| reference.value == account)
}

/// `RIVET Retainage`, or with the first free number behind it.
fn free_name(base: &str, taken: &[Item]) -> String {
    let is_taken = |name: &str| taken.iter().any(|item| item.name.as_deref() == Some(name));
    let numbered = (2..).map(|n| format!("{base} {n}"));
    let mut names = std::iter::once(base.to_owned()).chain(numbered);
    names
        .find(|name| !is_taken(name))
        .unwrap_or_else(|| base.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, account: &str) -> Item {
        Item {
            id: Some("1".into()),
            ..service(name, account)
        }
    }

    #[test]
    fn an_item_of_ours_that_posts_elsewhere_is_not_used_and_its_name_is_not_taken_twice() {
        let there = [
            item("RIVET Retainage", "91"),
            item("RIVET Retainage 2", "92"),
        ];
        assert!(posts_to(&there[0], "91") && !posts_to(&there[0], "93"));
        assert_eq!(free_name("RIVET Retainage", &there), "RIVET Retainage 3");
        assert_eq!(free_name("RIVET Retainage", &[]), "RIVET Retainage");
    }

    #[test]
    fn an_inactive_item_is_not_used() {
        let inactive = Item {
            active: Some(false),
            ..item("RIVET Retainage", "91")
        };
        assert!(!posts_to(&inactive, "91"));
    }
}
