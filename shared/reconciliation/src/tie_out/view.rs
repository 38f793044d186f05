//! The tie-out, as shown.

mod entry_view;

use self::entry_view::{BalancesView, ComparedView, EntryView};
use crate::comparison::company_books::CompanyBooks;
use crate::comparison::{Comparison, Entry, Pair, Pile, ProjectTotals};
use crate::named_view::{NamedView, NumberedView};
use crate::rivet_side::RivetSide;
use billing::Id;
use jiff::Timestamp;
use jiff::civil::Date;
use mapping::{AccountPurpose, Settings, money_text};
use rust_decimal::Decimal;
use serde::Serialize;
use store::reason::page;
use store::subledger::Balances;

/// The tie-out of a firm, as shown.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "TieOut")
)]
pub struct TieOutView {
    checked_at: Option<Timestamp>,
    currency: String,
    tied_out: bool,
    reads: u32,
    since: Option<Date>,
    accounts: Vec<AccountView>,
    customers: Vec<CustomerView>,
    projects: Vec<ProjectView>,
    only_in_quickbooks: Vec<EntryView>,
    only_in_rivet: Vec<EntryView>,
    different: Vec<EntryView>,
}

/// The facts that a view needs beside the comparison.
pub(super) struct Viewed<'a> {
    pub(super) rivet: &'a RivetSide,
    pub(super) books: &'a CompanyBooks<'a>,
    pub(super) settings: &'a Settings,
    pub(super) home: &'a str,
    pub(super) reads: u32,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "TieOutAccount")
)]
struct AccountView {
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["accounts_receivable", "retainage", "contract_revenue"])))]
    purpose: &'static str,
    account: Option<NamedView>,
    #[serde(flatten)]
    compared: ComparedView,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "LinkedCustomer")
)]
struct LinkedCustomerView {
    id: String,
    name: String,
    quickbooks_id: Option<String>,
    link: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "TieOutCustomer")
)]
struct CustomerView {
    customer: LinkedCustomerView,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(flatten)]
    compared: BalancesView,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "TieOutProject")
)]
struct ProjectView {
    project: NumberedView,
    customer: Option<NamedView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    billed: String,
    paid: String,
    retained: String,
    retainage: ComparedView,
    revenue: ComparedView,
}

impl TieOutView {
    /// Returns a comparison as shown.
    pub(super) fn of(comparison: &Comparison, viewed: &Viewed<'_>) -> Self {
        let copy = &viewed.books.loaded.copy;
        let entry =
            |entry: &Entry| EntryView::of(entry, viewed.currency_of(entry.customer.as_ref()));
        let pile = |pile| comparison.pile(pile).map(entry).collect();
        let totals = &comparison.totals;
        Self {
            checked_at: copy.read_at,
            currency: viewed.home.to_owned(),
            tied_out: comparison.is_tied_out(),
            reads: viewed.reads,
            since: viewed.rivet.since,
            accounts: viewed.accounts(&totals.accounts),
            customers: totals
                .customers
                .iter()
                .map(|(id, sums)| viewed.customer(id, sums))
                .collect(),
            projects: totals
                .projects
                .iter()
                .map(|(id, sums)| viewed.project(id, sums))
                .collect(),
            only_in_quickbooks: pile(Pile::OnlyInQuickbooks),
            only_in_rivet: pile(Pile::OnlyInRivet),
            different: pile(Pile::Different),
        }
    }
}

impl Viewed<'_> {
    fn accounts(&self, sums: &Pair<Balances>) -> Vec<AccountView> {
        let view = |purpose: AccountPurpose, figure: fn(&Balances) -> Decimal| AccountView {
            purpose: purpose.name(),
            account: self.account(purpose),
            compared: ComparedView::of(sums.of(figure)),
        };
        vec![
            view(AccountPurpose::AccountsReceivable, |sums| sums.receivable),
            view(AccountPurpose::Retainage, |sums| sums.retainage),
            view(AccountPurpose::ContractRevenue, |sums| sums.revenue),
        ]
    }

    fn account(&self, purpose: AccountPurpose) -> Option<NamedView> {
        let id = purpose.chosen_account(&self.settings.accounts)?;
        let mut known = self.books.loaded.copy.accounts.iter();
        let known = known.find(|account| account.id == *id);
        Some(NamedView {
            id: id.clone(),
            name: known
                .map(|account| account.name.clone())
                .unwrap_or_default(),
        })
    }

    fn customer(&self, id: &Id, sums: &Pair<Balances>) -> CustomerView {
        let known = self.rivet.customers.get(id);
        let quickbooks_id = known.and_then(|known| known.quickbooks_id.clone());
        let link = quickbooks_id
            .as_ref()
            .map(|id| page(&["customerdetail?nameId=", id].concat()));
        CustomerView {
            customer: LinkedCustomerView {
                id: id.to_string(),
                name: self.customer_name(id),
                quickbooks_id,
                link,
            },
            currency: self.currency_of(Some(id)),
            compared: BalancesView::of(sums),
        }
    }

    /// Returns the currency of a customer that is billed in another one than the company's own.
    fn currency_of(&self, customer: Option<&Id>) -> Option<String> {
        let known = customer.and_then(|id| self.rivet.customers.get(id));
        known.and_then(|known| known.currency.clone())
    }

    fn customer_name(&self, id: &Id) -> String {
        let known = self.rivet.customers.get(id);
        known.map(|known| known.name.clone()).unwrap_or_default()
    }

    fn project(&self, id: &Id, sums: &ProjectTotals) -> ProjectView {
        let known = self.rivet.projects.get(id).cloned().unwrap_or_default();
        let currency = self.currency_of(known.customer.as_ref());
        let customer = known.customer.map(|customer| NamedView {
            name: self.customer_name(&customer),
            id: customer.to_string(),
        });
        ProjectView {
            project: NumberedView {
                id: id.to_string(),
                number: known.number,
                name: known.name,
            },
            customer,
            currency,
            billed: money_text(sums.billed),
            paid: money_text(sums.paid),
            retained: money_text(sums.retained),
            retainage: ComparedView::of(sums.balances.of(|sums| sums.retainage)),
            revenue: ComparedView::of(sums.balances.of(|sums| sums.revenue)),
        }
    }
}
