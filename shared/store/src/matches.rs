//! The QuickBooks objects that match RIVET's customers, projects and accounts. The records save repeated calls.

// Top first: a module uses only modules below it.
pub mod operations;
pub mod number_look;
pub mod customer_payments;
pub mod document_shares;
pub mod item_catalogue;
pub mod sent_creation;

pub use crate::matches::customer_payments::{
    CustomerPayments, OtherPayment, PaidShare, PaymentLook, ReturnedAmounts, ReturnedShare,
};
pub use crate::matches::document_shares::DocumentShares;
pub use crate::matches::item_catalogue::ItemCatalogue;
pub use crate::matches::number_look::NumberLook;
pub use crate::matches::sent_creation::SentCreation;

use crate::subledger::{FigureLog, ProjectFacts};
use billing::{Customer, DocumentRef, Id};
use jiff::Timestamp;
use mapping::{Held, Holder, RetainageShare, UNKNOWN_DAY};
use ports::records::Record;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The QuickBooks customer that matches a customer of RIVET's. Workers write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerMatch {
    /// The QuickBooks id. `None` until the first document needs it.
    pub quickbooks_id: Option<String>,
    /// The creations whose request id led to no customer. The number is part of the next request id.
    #[serde(default)]
    pub creations: u32,
    /// ISO 4217 code of the customer's currency in QuickBooks. Only in companies that use several currencies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The creation of a customer that QuickBooks perhaps carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<SentCreation>,
}

/// The latest details of a customer that RIVET sent without a document.
///
/// The details are a record of their own, because events write them and workers write the match.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerDetails {
    /// The customer as RIVET sent it.
    #[serde(flatten)]
    pub customer: Option<Customer>,
    /// The time of the event that told of them.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub told_at: Option<Timestamp>,
}

/// The class of a project, and the retainage that its documents hold in QuickBooks. Workers write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProjectRecord {
    /// The class that was found or created for the project.
    pub class_id: Option<String>,
    /// The creations of a class whose request id led to no class. The number is part of the next request id.
    #[serde(default)]
    pub creations: u32,
    /// The creation of a class that QuickBooks perhaps carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<SentCreation>,
    /// The customer of the project's documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Id>,
    /// The job that was found or created for the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobMatch>,
    /// Retainage by posted document, as its `kind/id`: withheld is positive, released negative. The record keeps no sum, so a document
    /// that is saved twice counts once.
    pub retainage: BTreeMap<String, DocumentShares>,
    /// The holder of the retainage from before RIVET, since a document of the project was posted beside it. Until then the mapped account
    /// holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening_holder: Option<Holder>,
    /// The looks at the company by the numbers of the project.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<NumberLook>,
    /// The project's name and customer. `None` until the list of the firm has the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<ProjectFacts>,
    /// The figures of the project's documents.
    #[serde(default, skip_serializing_if = "FigureLog::is_empty")]
    pub figures: FigureLog,
}

/// The job of a project: the customer, job or project in QuickBooks that its documents name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobMatch {
    /// The job that was found or created by the project's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quickbooks_id: Option<String>,
    /// The entry that the firm chose and that was seen to belong to the project's customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<String>,
    /// The creations whose request id led to no job. The number is part of the next request id.
    pub creations: u32,
    /// The creation of a job that QuickBooks perhaps carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<SentCreation>,
}

/// The shares of a project's retainage that one document holds now.
pub struct OwnShares<'a> {
    /// The document.
    pub document: &'a DocumentRef,
    /// The shares of the document.
    pub shares: Vec<RetainageShare>,
}

impl ProjectRecord {
    /// Returns the retainage that the project holds, for the plan of a document that holds shares itself.
    pub fn held(&self, opening: Decimal, own: OwnShares<'_>) -> Held {
        let key = own.document.to_string();
        let others = self.retainage.iter().filter(|(other, _)| **other != key);
        let others = others.flat_map(|(_, shares)| shares.0.clone());
        Held {
            others: self.opening(opening).into_iter().chain(others).collect(),
            own: own.shares,
        }
    }

    /// Returns the document that withheld the oldest retainage that is not released yet. `None` if no document holds any.
    pub fn oldest_holder(&self) -> Option<DocumentRef> {
        let totals = self
            .retainage
            .iter()
            .map(|(key, shares)| (key, shares, shares.total()));
        let (withheld, released): (Vec<_>, Vec<_>) =
            totals.partition(|(_, _, total)| total.is_sign_positive());
        let mut released: Decimal = released.iter().map(|(_, _, total)| -total).sum();
        let mut withheld: Vec<_> = withheld
            .iter()
            .map(|(key, shares, total)| {
                (shares.0.iter().map(|share| share.date).min(), *key, total)
            })
            .collect();
        withheld.sort();
        let left = withheld.into_iter().find(|(_, _, total)| {
            released -= **total;
            released.is_sign_negative() && !released.is_zero()
        });
        let (kind, id) = left?.1.split_once('/')?;
        Some(DocumentRef {
            kind: kind.parse().ok()?,
            id: id.parse().ok()?,
        })
    }

    /// Returns the share of the retainage from before RIVET. `None` if there was none.
    pub fn opening(&self, amount: Decimal) -> Option<RetainageShare> {
        let holder = self.opening_holder.clone().unwrap_or(Holder::Mapped);
        let share = RetainageShare {
            date: UNKNOWN_DAY,
            holder,
            amount,
        };
        (!amount.is_zero()).then_some(share)
    }

    /// Records the holder of the retainage from before RIVET, unless it is known. Returns whether the record changed.
    pub fn set_opening_holder(&mut self, holder: Holder) -> bool {
        let is_new = self.opening_holder.is_none();
        self.opening_holder.get_or_insert(holder);
        is_new
    }

    /// Sets the shares of the retainage that `document` holds. Returns whether the shares changed.
    pub fn set_retainage(&mut self, document: &DocumentRef, shares: Vec<RetainageShare>) -> bool {
        let key = document.to_string();
        let is_empty = shares.is_empty();
        let shares = DocumentShares(shares);
        if self
            .retainage
            .get(&key)
            .map_or(is_empty, |known| *known == shares)
        {
            return false;
        }
        if is_empty {
            self.retainage.remove(&key);
        } else {
            self.retainage.insert(key, shares);
        }
        true
    }
}

impl ProjectRecord {
    /// Adds a look at the company, in place of an earlier one with the same pattern.
    pub fn add_look(&mut self, look: NumberLook) {
        number_look::add(&mut self.looks, look);
    }

    /// Returns the last look with this pattern.
    pub fn look(&self, pattern: &str) -> Option<&NumberLook> {
        self.looks.iter().find(|look| look.pattern == pattern)
    }
}

impl Record for CustomerMatch {
    const KIND: &'static str = "customer";
}

impl Record for CustomerDetails {
    const KIND: &'static str = "customer-details";
}

impl Record for ProjectRecord {
    const KIND: &'static str = "project";
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing::DocumentKind;

    fn document(id: &str) -> DocumentRef {
        DocumentRef {
            kind: DocumentKind::PayApp,
            id: id.parse().unwrap(),
        }
    }

    fn shares(text: &str) -> Vec<RetainageShare> {
        vec![RetainageShare::try_from(text.to_owned()).unwrap()]
    }

    #[test]
    fn details_without_time_still_load() {
        let stored = r#"{"id":"c","name":"Turner","email":"ap@turner.example"}"#;
        let details: CustomerDetails = serde_json::from_str(stored).unwrap();
        let customer = details.customer.clone().unwrap();
        assert_eq!((customer.name.as_str(), details.told_at), ("Turner", None));
        let again = serde_json::to_string(&details).unwrap();
        assert_eq!(
            serde_json::from_str::<CustomerDetails>(&again).unwrap(),
            details
        );
    }

    #[test]
    fn document_retainage_set_twice_counts_once() {
        let mut project = ProjectRecord::default();
        let withheld = shares("2026-03-31 91 100.00");
        assert!(project.set_retainage(&document("a"), withheld.clone()));
        assert!(!project.set_retainage(&document("a"), withheld.clone()));
        assert!(project.set_retainage(&document("b"), shares("2026-04-30 91 -30.00")));
        let held = |project: &ProjectRecord, id| {
            let own = OwnShares {
                document: &document(id),
                shares: Vec::new(),
            };
            project.held(Decimal::ZERO, own)
        };
        assert_eq!(held(&project, "c").total(), 70.into());
        assert_eq!(held(&project, "b").others, withheld);
        assert!(project.set_retainage(&document("a"), Vec::new()));
        assert!(!project.set_retainage(&document("a"), Vec::new()));
        assert_eq!(held(&project, "c").total(), (-30).into());
    }

    #[test]
    fn oldest_holder_is_not_released_yet() {
        let mut project = ProjectRecord::default();
        assert_eq!(project.oldest_holder(), None);
        project.set_retainage(&document("a"), shares("2026-04-30 91 100.00"));
        project.set_retainage(&document("b"), shares("2026-03-31 91 50.00"));
        assert_eq!(project.oldest_holder(), Some(document("b")));
        project.set_retainage(&document("r"), shares("2026-05-31 91 -50.00"));
        assert_eq!(project.oldest_holder(), Some(document("a")));
        project.set_retainage(&document("s"), shares("2026-06-30 91 -100.00"));
        assert_eq!(project.oldest_holder(), None);
    }

    #[test]
    fn opening_stays_where_it_was_first_used() {
        let mut project = ProjectRecord::default();
        let opening = |project: &ProjectRecord| project.opening(500.into()).map(String::from);
        assert_eq!(opening(&project).unwrap(), "1970-01-01 mapped 500.00");
        assert!(project.set_opening_holder(Holder::Account("91".into())));
        assert!(!project.set_opening_holder(Holder::Rivet));
        assert_eq!(opening(&project).unwrap(), "1970-01-01 91 500.00");
        assert_eq!(project.opening(Decimal::ZERO), None);
        let stored = serde_json::to_value(&project).unwrap();
        assert_eq!(stored["opening_holder"], "91");
        assert_eq!(json::read::<ProjectRecord>(&stored).unwrap(), project);
    }

    #[test]
    fn sixty_pay_apps_fit_into_a_record() {
        let mut project = ProjectRecord::default();
        for nth in 0..60 {
            let id = format!("{nth:064}");
            let mut both = shares("2026-03-31 5000000000000007280 -123456789.01");
            both.extend(shares("2026-03-31 rivet -123456789.01"));
            project.set_retainage(&document(&id), both);
        }
        let stored = serde_json::to_string(&project).unwrap();
        assert!(stored.len() < 16 * 1024, "{}", stored.len());
    }
}
