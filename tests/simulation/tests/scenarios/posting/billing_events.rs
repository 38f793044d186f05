//! The billing of both firms. A seed draws it first, so that the expected balances are known before anything is sent.

mod generator;

use crate::posting::given::Given;
use billing::SubscriptionPlan;
use jiff::{SignedDuration, Timestamp};
use mapping::settings::OpeningAmount;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulation::firms::FIRMS;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The retainage that a project held before RIVET, in the seeds with openings.
const OPENING: Decimal = Decimal::from_parts(75_050, 0, 0, false, 2);

/// The ledger effect of a document on A/R, retainage, revenue and deposits.
pub type Effect = [Decimal; 4];

/// All that the firms bill in one run.
pub struct Billing {
    /// The events, in business order.
    pub events: Vec<Event>,
    /// The expected balances of each firm.
    pub expected: BTreeMap<&'static str, Balances>,
    /// The expected ledger effect of each document that is not void.
    pub documents: BTreeMap<String, Effect>,
    /// The plan of each firm as its last event says.
    pub plans: BTreeMap<&'static str, SubscriptionPlan>,
}

/// An event as RIVET sends it.
#[derive(Clone)]
pub struct Event {
    /// For the trace.
    pub name: String,
    /// The body.
    pub body: String,
}

/// Balances by RIVET's names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// Owed, by customer.
    pub receivable: BTreeMap<String, Decimal>,
    /// Held back on the retainage account, by project.
    pub retainage: BTreeMap<String, Decimal>,
    /// Held back, by project, whether or not it lies on an account.
    pub held: BTreeMap<String, Decimal>,
    /// Earned, by project.
    pub revenue: BTreeMap<String, Decimal>,
    /// Paid in.
    pub deposits: Decimal,
}

/// A pay app's figures.
#[derive(Clone, Copy)]
struct Figures {
    billed: Decimal,
    retainage: Decimal,
}

impl Figures {
    fn net(self) -> Decimal {
        self.billed - self.retainage
    }
}

/// A project that bills.
struct Project {
    firm: &'static str,
    number: usize,
    customer: usize,
    /// The names of project and customer have characters beyond Latin-1. Their ids say so.
    has_wide_name: bool,
}

struct BillingGenerator<'a> {
    chance: &'a mut fastrand::Rng,
    /// Names have characters beyond Latin-1.
    has_wide_names: bool,
    /// Retainage lies on no account, and is earned when it is released.
    is_billed_on_release: bool,
    /// The retainage that each project held before RIVET.
    opening: Decimal,
    /// Firms leave the plan that includes QuickBooks, and come back.
    plans_change: bool,
    /// The number of pay apps of a project.
    apps: RangeInclusive<usize>,
    billing: Billing,
}

/// Draws a run's billing: one or two firms, a project or two each.
pub fn draw(chance: &mut fastrand::Rng, given: Given) -> Billing {
    let billing = Billing {
        events: Vec::new(),
        expected: FIRMS.map(|firm| (firm, Balances::default())).into(),
        documents: BTreeMap::new(),
        plans: FIRMS.map(|firm| (firm, SubscriptionPlan::Pro)).into(),
    };
    let mut generator = BillingGenerator {
        chance,
        has_wide_names: given.customs.has_wide_names,
        is_billed_on_release: given.methods.is_billed_on_release,
        opening: match given.methods.has_opening {
            true => OPENING,
            false => Decimal::ZERO,
        },
        plans_change: given.has_firm_actions,
        apps: match (given.has_backlog, given.is_small) {
            (true, _) => 4..=9,
            (_, true) => 1..=2,
            _ => 1..=3,
        },
        billing,
    };
    let most = if given.is_small { 1 } else { 2 };
    let firms = generator.chance.usize(1..=2);
    for firm in &FIRMS[..firms] {
        let customers = generator.chance.usize(1..=2);
        for number in 0..generator.chance.usize(1..=most) {
            let has_wide_name = generator.has_wide_names;
            generator.project(&Project {
                firm,
                number,
                customer: number % customers,
                has_wide_name,
            });
        }
    }
    generator.billing
}

/// Returns what every project held before RIVET, as a firm tells it, for the seeds with openings.
pub fn openings() -> BTreeMap<String, OpeningAmount> {
    let ids = ["prj_0", "prj_1", "prj_w0", "prj_w1"].map(str::to_owned);
    ids.map(|project| (project, OpeningAmount(OPENING))).into()
}

/// Returns an event that reports an eligible plan: a new project, after all other events.
pub fn upgrade(billing: &Billing, firm: &'static str) -> Event {
    let project = Project {
        firm,
        number: 9,
        customer: 0,
        has_wide_name: false,
    };
    let data = json!({ "project": of_project(&project), "customer": of_customer(&project) });
    let about = (firm, SubscriptionPlan::Pro, billing.events.len());
    event(
        &format!("upgrade of {firm}"),
        "project.created",
        about,
        data,
    )
}

/// Returns an event. Its number sets its time: a minute after the event before.
fn event(
    name: &str,
    kind: &str,
    (firm, plan, number): (&'static str, SubscriptionPlan, usize),
    mut data: Value,
) -> Event {
    data["firm_id"] = firm.into();
    data["plan"] = match plan {
        SubscriptionPlan::Starter => "starter".into(),
        _ => "pro".into(),
    };
    let began: Timestamp = "2026-06-01T15:00:00Z".parse().unwrap();
    let at = began + SignedDuration::from_mins(number as i64);
    let event = json!({ "type": kind, "timestamp": at.to_string(), "data": data });
    let name = format!("{name} ({})", event["data"]["plan"]);
    Event {
        name,
        body: event.to_string(),
    }
}

fn project_id(project: &Project) -> String {
    let wide = if project.has_wide_name { WIDE } else { "" };
    format!("prj_{wide}{}", project.number)
}

fn customer(project: &Project) -> String {
    let wide = if project.has_wide_name { WIDE } else { "" };
    format!("gc_{wide}{}", project.customer)
}

/// The part of an id that says that its name has characters beyond Latin-1.
const WIDE: &str = "w";

fn id(project: &Project, kind: &str, number: usize) -> String {
    format!("{kind}_{}_{number}", project.number)
}

/// Returns the name of the class of a project.
pub fn class_name(project: &str) -> String {
    let number = project.trim_start_matches("prj_");
    let (number, name) = project_name(number);
    format!("10{number} {name} {number}")
}

/// Returns the name of a customer.
pub fn customer_name(customer: &str) -> String {
    match customer.trim_start_matches("gc_") {
        number if number.starts_with(WIDE) => {
            format!(
                "O’Łódź & Søns “Builders” {}",
                number.trim_start_matches(WIDE)
            )
        }
        number => format!("Contractor {number}"),
    }
}

/// Returns the number and the name of a project, by the end of its id.
fn project_name(number: &str) -> (&str, &'static str) {
    match number.strip_prefix(WIDE) {
        Some(number) => (number, "Pier – Wschód"),
        None => (number, "Tower"),
    }
}

fn of_project(project: &Project) -> Value {
    let (id, number) = (project_id(project), project.number);
    let name = match project.has_wide_name {
        true => project_name(WIDE).1,
        false => project_name("").1,
    };
    json!({ "id": id, "number": format!("10{number}"), "name": format!("{name} {number}") })
}

fn of_customer(project: &Project) -> Value {
    let id = customer(project);
    // General contractors share the address of a payment portal.
    json!({ "id": id, "name": customer_name(&id), "email": "invoices@portal.example" })
}

fn text(amount: Decimal) -> String {
    format!("{amount:.2}")
}
