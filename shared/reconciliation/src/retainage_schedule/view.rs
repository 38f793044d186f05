//! The retainage schedule, as shown.

use crate::named_view::{NamedView, NumberedView};
use crate::retainage_schedule::ageing::Aged;
use crate::retainage_schedule::csv;
use crate::rivet_side::RivetSide;
use billing::Id;
use jiff::civil::Date;
use mapping::money_text;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;

/// The retainage schedule of a firm, as shown. Amounts are text with two decimals, in the currency of their customer. The totals are of the
/// customers in the company's own currency.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "RetainageSchedule")
)]
pub struct ScheduleView {
    as_of: Date,
    currency: String,
    customers: Vec<CustomerView>,
    totals: AgedView,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "ScheduleCustomer")
)]
struct CustomerView {
    customer: NamedView,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    projects: Vec<ProjectView>,
    totals: AgedView,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "ScheduleProject")
)]
struct ProjectView {
    project: NumberedView,
    #[serde(flatten)]
    aged: AgedView,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Aged")
)]
struct AgedView {
    opening: String,
    withheld: String,
    released: String,
    held: String,
    not_posted: String,
    oldest_day: Option<Date>,
    ageing: AgeingView,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Ageing")
)]
struct AgeingView {
    days_0_30: String,
    days_31_60: String,
    days_61_90: String,
    over_90: String,
}

/// A schedule that is being made.
#[derive(Default)]
pub(super) struct Scheduled {
    customers: BTreeMap<Id, ScheduledCustomer>,
    totals: Aged,
}

#[derive(Default)]
struct ScheduledCustomer {
    name: String,
    /// The currency, if it is not the company's own.
    currency: Option<String>,
    projects: Vec<ProjectView>,
    totals: Aged,
}

impl Scheduled {
    /// Adds a project. A project that never held retainage is left out.
    pub(super) fn add(&mut self, rivet: &RivetSide, id: &Id, aged: Aged) {
        let Some(project) = rivet.projects.get(id).filter(|_| aged != Aged::default()) else {
            return;
        };
        let customer = project.customer.as_ref().unwrap_or(id);
        let known = rivet.customers.get(customer);
        let row = self.customers.entry(customer.clone()).or_default();
        row.name = known.map(|known| known.name.clone()).unwrap_or_default();
        row.currency = known.and_then(|known| known.currency.clone());
        row.projects.push(ProjectView {
            project: NumberedView {
                id: id.to_string(),
                number: project.number.clone(),
                name: project.name.clone(),
            },
            aged: AgedView::of(&aged),
        });
        row.totals.add(&aged);
        if row.currency.is_none() {
            self.totals.add(&aged);
        }
    }

    /// Returns the schedule as shown.
    pub(super) fn view(self, as_of: Date, home: String) -> ScheduleView {
        let customers = self.customers.into_iter();
        ScheduleView {
            as_of,
            currency: home,
            customers: customers
                .map(|(id, customer)| CustomerView {
                    customer: NamedView {
                        id: id.to_string(),
                        name: customer.name,
                    },
                    currency: customer.currency,
                    projects: customer.projects,
                    totals: AgedView::of(&customer.totals),
                })
                .collect(),
            totals: AgedView::of(&self.totals),
        }
    }
}

impl AgedView {
    fn of(aged: &Aged) -> Self {
        let [days_0_30, days_31_60, days_61_90, over_90] =
            aged.ages.map(|amount: Decimal| money_text(amount));
        Self {
            opening: money_text(aged.opening),
            withheld: money_text(aged.withheld),
            released: money_text(aged.released),
            held: money_text(aged.held()),
            not_posted: money_text(aged.not_posted),
            oldest_day: aged.oldest,
            ageing: AgeingView {
                days_0_30,
                days_31_60,
                days_61_90,
                over_90,
            },
        }
    }

    /// Returns the cells of a row with these names and this currency.
    fn row<'a>(&'a self, names: [&'a str; 3], currency: &'a str) -> Vec<csv::Cell<'a>> {
        let names = names.into_iter().map(csv::Cell::Text);
        let all = names.chain(self.cells());
        all.chain([csv::Cell::Text(currency)]).collect()
    }

    /// Returns the cells of a row after the names.
    fn cells(&self) -> Vec<csv::Cell<'_>> {
        let oldest = self
            .oldest_day
            .map(|day| day.to_string())
            .unwrap_or_default();
        let ageing = &self.ageing;
        vec![
            csv::Cell::Amount(&self.opening),
            csv::Cell::Amount(&self.withheld),
            csv::Cell::Amount(&self.released),
            csv::Cell::Amount(&self.held),
            csv::Cell::Amount(&self.not_posted),
            csv::Cell::Day(oldest),
            csv::Cell::Amount(&ageing.days_0_30),
            csv::Cell::Amount(&ageing.days_31_60),
            csv::Cell::Amount(&ageing.days_61_90),
            csv::Cell::Amount(&ageing.over_90),
        ]
    }
}

/// The heads of the columns.
const HEADS: [&str; 14] = [
    "Customer",
    "Project number",
    "Project",
    "Opening",
    "Withheld",
    "Released",
    "Held",
    "Not posted",
    "Oldest day",
    "0-30 days",
    "31-60 days",
    "61-90 days",
    "Over 90 days",
    "Currency",
];

impl ScheduleView {
    /// Returns the schedule as a table of comma-separated values (RFC 4180).
    pub fn to_csv(&self) -> String {
        let mut table = csv::Table::default();
        table.add(&HEADS.map(csv::Cell::Text));
        for customer in &self.customers {
            for project in &customer.projects {
                let NumberedView { number, name, .. } = &project.project;
                let names = [&customer.customer.name, number, name];
                let names = names.map(String::as_str);
                let currency = customer.currency.as_ref().unwrap_or(&self.currency);
                table.add(&project.aged.row(names, currency));
            }
        }
        table.add(&self.totals.row(["Total", "", ""], &self.currency));
        table.text()
    }
}
