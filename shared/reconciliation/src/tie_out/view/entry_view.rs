//! The entries of a tie-out that differ, and the figures beside each other, as shown.

use crate::comparison::{Entry, Pair};
use billing::{DocumentRef, Id};
use jiff::civil::Date;
use mapping::money_text;
use rust_decimal::Decimal;
use serde::Serialize;
use store::reason::{Reason, page, place};
use store::subledger::Balances;

/// A figure of RIVET beside that of QuickBooks. Amounts are text with two decimals.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Compared")
)]
pub(super) struct ComparedView {
    rivet: String,
    quickbooks: String,
    difference: String,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "ComparedBalances")
)]
pub(super) struct BalancesView {
    receivable: ComparedView,
    retainage: ComparedView,
    revenue: ComparedView,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "TieOutReason")
)]
struct ReasonView {
    code: String,
    message: String,
}

/// An entry that differs.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "TieOutEntry")
)]
pub(super) struct EntryView {
    document: Option<DocumentRef>,
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    id: Option<String>,
    number: Option<String>,
    date: Option<Date>,
    link: Option<String>,
    customer: Option<Id>,
    project: Option<Id>,
    state: Option<&'static str>,
    reason: Option<ReasonView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<String>,
    amount: ComparedView,
    #[serde(flatten)]
    compared: BalancesView,
    sentence: String,
}

impl ComparedView {
    /// Returns the value as shown.
    pub(super) fn of(pair: Pair<Decimal>) -> Self {
        Self {
            rivet: text(pair.rivet),
            quickbooks: text(pair.quickbooks),
            difference: text(pair.difference()),
        }
    }
}

/// Returns an amount as text. Zero has no sign.
fn text(amount: Decimal) -> String {
    money_text(if amount.is_zero() {
        Decimal::ZERO
    } else {
        amount
    })
}

impl BalancesView {
    /// Returns the value as shown.
    pub(super) fn of(pair: &Pair<Balances>) -> Self {
        Self {
            receivable: ComparedView::of(pair.of(|sums| sums.receivable)),
            retainage: ComparedView::of(pair.of(|sums| sums.retainage)),
            revenue: ComparedView::of(pair.of(|sums| sums.revenue)),
        }
    }
}

impl ReasonView {
    fn of(reason: &Reason) -> Self {
        Self {
            code: reason.code.clone(),
            message: reason.message.clone(),
        }
    }
}

impl EntryView {
    /// Returns the value as shown.
    pub(super) fn of(entry: &Entry, currency: Option<String>) -> Self {
        let transaction = entry.transaction.as_ref();
        let place_of = transaction.map(|known| place(known.kind, &known.id));
        let reason = entry.state.as_ref().and_then(|state| state.reason.as_ref());
        Self {
            document: entry.document.clone(),
            kind: transaction.map(|known| known.kind_name()),
            id: transaction.map(|known| known.id.clone()),
            number: Some(entry.number.clone()).filter(|number| !number.is_empty()),
            date: entry.date,
            link: place_of.or(entry.place.clone()).map(|place| page(&place)),
            customer: entry.customer.clone(),
            project: entry.project.clone(),
            state: entry.state.as_ref().map(|state| state.name),
            reason: reason.map(ReasonView::of),
            currency,
            rate: entry.rate.map(|rate| rate.normalize().to_string()),
            amount: ComparedView::of(entry.amount),
            compared: BalancesView::of(&entry.balances),
            sentence: entry.sentence.clone(),
        }
    }
}
