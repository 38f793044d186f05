//! A document's customer: chosen in the settings, remembered, matched, or created.
//!
//! Matching costs one read if a name is known or alike, one more if the customer has an e-mail address that might be known, and
//! never more than three.

use super::matching::{Match, Wanted, with_email};
use super::{Made, held};
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::Hold;
use billing::Customer;
use jiff::Timestamp;
use mapping::Plan;
use quickbooks::query::MAX_RESULTS;
use quickbooks::{Kind, Query, Reference, entity};

impl<H: Http, R: Records> Office<'_, H, R> {
    pub(super) async fn customer(
        &mut self,
        customer: &Customer,
        (plan, now): (&Plan, Timestamp),
    ) -> Result<String, Halt> {
        if let Some(chosen) = self.settings.customers.matches.get(customer.id.as_ref()) {
            return Ok(chosen.clone());
        }
        let store = &self.bridge.store;
        let mut known = store.customer_match(self.firm, &customer.id).await?;
        if let Some(id) = known.quickbooks_id {
            return Ok(id);
        }
        let details = store.customer_details(self.firm, &customer.id).await?;
        let details = details.as_ref().unwrap_or(customer);
        let made = Made {
            of: customer.id.as_ref(),
            times: known.creations,
        };
        let found = self
            .find_or_create_customer(details, (plan, made), now)
            .await;
        known.quickbooks_id = found.as_ref().ok().cloned();
        if super::is_news(&found, &mut known.creations) {
            let store = &self.bridge.store;
            store
                .keep_customer_match(self.firm, &customer.id, &known)
                .await?;
        }
        found
    }

    async fn find_or_create_customer(
        &mut self,
        customer: &Customer,
        (plan, made): (&Plan, Made<'_>),
        now: Timestamp,
    ) -> Result<String, Halt> {
        let wanted = Wanted::customer(customer);
        let rows = self.candidates(&wanted, now).await?;
        let found = wanted.among(&rows);
        if let Match::Is(id) = found {
            return Ok(id);
        }
        if let Some(email) = &customer.email
            && let Some(id) = self.customer_with_email(email, now).await?
        {
            return Ok(id);
        }
        // A second customer of that name would part its history, and bar the first from coming back.
        if found == Match::Inactive {
            return Err(held(Hold::CustomerInactive(wanted.name)));
        }
        if !self.settings.customers.auto_create {
            return Err(held(Hold::CustomerUnmatched(customer.name.clone())));
        }
        let mut body = mapping::customer_body(customer);
        body.currency_ref = plan.currency.as_deref().map(Reference::to);
        let suffixed = mapping::suffixed_name(&wanted.name, " (Customer)");
        for name in [wanted.name, suffixed] {
            let wanted = Wanted {
                kind: Kind::Customer,
                name,
                full_name: None,
            };
            match wanted.among(&rows) {
                Match::Is(id) => return Ok(id),
                Match::Inactive => return Err(held(Hold::CustomerInactive(wanted.name))),
                Match::Nothing => {}
            }
            body.display_name = Some(wanted.name.clone());
            let created = self.create(body.clone().into(), (&wanted.name, made), now);
            match created.await {
                // A vendor or an employee has the name (fault 6240).
                Err(halt) if super::is_name(&halt) => {}
                created => return created,
            }
        }
        Err(held(Hold::CustomerUnmatched(customer.name.clone())))
    }

    /// Compared here and not by QuickBooks, whose filter on addresses stumbles over special characters. Whether a customer is the
    /// only one with an address can be told only of a list that is complete; in a longer one nobody is.
    async fn customer_with_email(
        &mut self,
        email: &str,
        now: Timestamp,
    ) -> Result<Option<String>, Halt> {
        let rows = self.listed(&Query::from(Kind::Customer), now).await?;
        let complete = rows.len() < MAX_RESULTS as usize;
        let found = with_email(email, &rows).filter(|_| complete);
        Ok(found.map(|row: &entity::Listed| row.id.clone()))
    }
}
