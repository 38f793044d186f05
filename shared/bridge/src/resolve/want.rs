//! What is not known yet and has to be looked for, and what is remembered of it afterwards.

use super::search::{Made, Party, Search};
use super::{class_key, customer_key, item_key};
use crate::books::CustomerMatch;
use crate::catalogue::Setback;
use crate::error::Error;
use crate::office::Office;
use crate::ports::{Http, Records};
use billing::{Customer, Project};
use mapping::{ClassMode, LineAccount, Plan};
use quickbooks::Reference;

impl<H: Http, R: Records> Office<'_, H, R> {
    fn is_found(&self, searches: &[Search], key: &str) -> bool {
        self.found.iter().any(|(named, _)| named == key)
            || searches.iter().any(|search| search.key == key)
    }

    pub(super) async fn want_customer(
        &mut self,
        searches: &mut Vec<Search>,
        (customer, plan): (&Customer, &Plan),
        creates: bool,
    ) -> Result<(), Error> {
        let key = customer_key(customer);
        if self.is_found(searches, &key) {
            return Ok(());
        }
        let store = &self.bridge.store;
        let chosen = self.settings.customers.matches.get(customer.id.as_ref());
        if let Some(id) = chosen.cloned() {
            self.found.push((key, Ok(id)));
            return Ok(());
        }
        let known = store.customer_match(self.firm, &customer.id).await?;
        if let Some(id) = known.quickbooks_id {
            self.found.push((key, Ok(id)));
            return Ok(());
        }
        let details = store.customer_details(self.firm, &customer.id).await?;
        let details = details.as_ref().unwrap_or(customer);
        let mut body = mapping::customer_body(details);
        body.currency_ref = plan.currency.as_deref().map(Reference::to);
        let made = Made {
            of: customer.id.to_string(),
            times: known.creations,
        };
        let party = Party::Customer(Box::new((details.clone(), body)));
        let creates = creates && self.settings.customers.auto_create;
        searches.push(Search::new(key, party, (made, creates)));
        Ok(())
    }

    pub(super) async fn want_class(
        &mut self,
        searches: &mut Vec<Search>,
        project: &Project,
    ) -> Result<(), Error> {
        let key = class_key(project);
        let tracking = &self.settings.class_tracking;
        let wanted = tracking.mode == ClassMode::AutoCreate
            && !tracking.projects.contains_key(project.id.as_ref());
        if !wanted || self.is_found(searches, &key) {
            return Ok(());
        }
        let book = self.project(&project.id).await?;
        let (known, times) = (book.class_id.clone(), book.creations);
        if let Some(id) = known {
            self.found.push((key, Ok(id)));
            return Ok(());
        }
        let of = project.id.to_string();
        let party = Party::Class(project.clone());
        searches.push(Search::new(key, party, (Made { of, times }, true)));
        Ok(())
    }

    pub(super) fn want_item(&self, searches: &mut Vec<Search>, account: LineAccount) {
        let key = item_key(&account.id);
        if self.items.by_account.contains_key(&account.id) || self.is_found(searches, &key) {
            return;
        }
        let made = Made {
            of: account.id.clone(),
            times: self.items.creations,
        };
        searches.push(Search::new(key, Party::Item(account), (made, true)));
    }

    /// Keeps what a search came to, for this stay and, if it is an id, for later ones. A request id that led to nothing is news too:
    /// the next attempt needs another.
    pub(super) async fn remember(&mut self, search: Search) -> Result<(), Error> {
        let Some(result) = search.result else {
            return Ok(());
        };
        let spent = u32::from(matches!(result, Err(Setback::Repeated(_))));
        let id = result.as_ref().ok().cloned();
        self.found.push((search.key, result));
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
                let store = &self.bridge.store;
                store
                    .keep_customer_match(self.firm, &customer.0.id, &known)
                    .await?;
                if let Some(id) = known.quickbooks_id {
                    self.note_match(&customer.0.id, &id);
                }
            }
            Party::Class(project) => {
                self.keep_project(&project.id, &mut |book| {
                    book.class_id.clone_from(&id);
                    book.creations = creations;
                })
                .await?;
            }
            Party::Item(account) => {
                if let Some(id) = id {
                    self.items.by_account.insert(account.id, id);
                }
                self.items.creations = self.items.creations.max(creations);
                self.bridge.store.keep_items(self.firm, &self.items).await?;
            }
        }
        Ok(())
    }
}
