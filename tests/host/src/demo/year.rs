//! Plays a contractor's year: jobs, an opening balance, a netted credit, closed periods, a void after closing, a returned check and a
//! final release.

use super::firm::Firm;
use super::intuit_webhooks::{ChangedObject, cloud_event, signed_delivery};
use super::local_deployment::{LocalDeployment, SCHEDULER_SECRET};
use super::{BILLED_ON_RELEASE, Method, deliver, report, reports};
use anyhow::ensure;
use bytes::Bytes;
use http::Request;
use jiff::civil::Date;
use samples::story::Names;
use samples::tie_out::{self, Accounts, Row};
use samples::year::{self, Act, Step, Year, contractor_year};
use serde_json::json;
use simulator::{ClassTracking, Company};

/// The name of the firm and of its company.
const NAME: &str = "Summit Mechanical LLC";

/// The firm of the year, with what its books are compared with.
struct YearFirm<'a> {
    firm: Firm<'a>,
    accounts: Accounts,
    names: Names,
}

/// Plays the year of a firm with this method. Returns whether every balance tied out.
pub(super) async fn play(deployment: &LocalDeployment, method: &Method) -> anyhow::Result<bool> {
    println!("\n{NAME}, {}: a year with closed periods", method.title);
    let year = contractor_year(method.retainage_method)?;
    let played = open(deployment, method, &year).await?;
    let mut differing = Vec::new();
    let mut last = Vec::new();
    for step in &year.steps {
        act(&played.firm, step).await?;
        last = played.tie_out(step);
        differing.extend(
            last.iter()
                .filter(|row| !row.difference().is_zero())
                .cloned(),
        );
    }
    report::print_balances(&last);
    let held = year.steps.last().map(|step| step.held.values().sum());
    let is_tied_out = reports::print(&played.firm, held.unwrap_or_default()).await?;
    report::print_result(&differing, "21 acts");
    Ok(differing.is_empty() && is_tied_out)
}

/// Connects the firm and makes its settings. Its books hold the opening retainage, unless the method keeps it out of the books.
async fn open<'a>(
    deployment: &'a LocalDeployment,
    method: &Method,
    year: &Year,
) -> anyhow::Result<YearFirm<'a>> {
    let company = Company::new(NAME).class_tracking(ClassTracking::PerLine);
    let realm = deployment.simulator().add_company(company);
    if method.retainage_method != BILLED_ON_RELEASE {
        year::enter_opening(&mut deployment.simulator(), &realm)?;
    }
    let id = method.firm.replace("harbor", "summit");
    let firm = Firm {
        deployment,
        id,
        realm,
    };
    println!("  {}", firm.connect().await?);
    let accounts = firm
        .map_accounts(|settings| {
            settings["retainage_method"] = method.retainage_method.into();
            settings["class_tracking"]["mode"] = "auto_create".into();
            settings["customers"]["jobs"] = "auto_create".into();
            settings["sync"]["closed_books"] = "first_open_day".into();
            settings["retainage_opening"] = json!(year.opening);
        })
        .await?;
    let names = year::names()?;
    Ok(YearFirm {
        firm,
        accounts,
        names,
    })
}

async fn act(firm: &Firm<'_>, step: &Step) -> anyhow::Result<()> {
    match step.act {
        Act::Event(body) => {
            let body = body.replace("firm_summit", &firm.id);
            deliver(firm, &step.name, &body).await
        }
        Act::CloseBooks(through) => close_books(firm, through).await,
    }
}

/// Closes the books in QuickBooks. Intuit announces it, and the next scheduled run reads the closing date.
async fn close_books(firm: &Firm<'_>, through: Date) -> anyhow::Result<()> {
    println!("  The bookkeeper closes the books through {through}.");
    let deployment = firm.deployment;
    set_closing_date(firm, through)?;
    let changed = ChangedObject {
        realm: &firm.realm,
        kind: "preferences",
        id: "1".to_owned(),
    };
    let id = format!("evt_{}_{through}", firm.id);
    let event = json!([cloud_event(&id, &changed, deployment.now())]);
    let delivery = signed_delivery(Bytes::from(event.to_string()));
    let answer = deployment.send(delivery).await?;
    ensure!(answer.status() == 200, "the delivery was not accepted");
    let run = format!("/v1/scheduled/sync?key={SCHEDULER_SECRET}");
    let answer = deployment
        .send(Request::get(run).body(Bytes::new())?)
        .await?;
    ensure!(answer.status() == 200, "the scheduled run failed");
    Ok(())
}

fn set_closing_date(firm: &Firm<'_>, through: Date) -> anyhow::Result<()> {
    let mut simulator = firm.deployment.simulator();
    let person = simulator.person(&firm.realm);
    person
        .map_err(anyhow::Error::msg)?
        .close_books(Some(through));
    Ok(())
}

impl YearFirm<'_> {
    fn tie_out(&self, step: &Step) -> Vec<Row> {
        let simulator = self.firm.deployment.simulator();
        let company = tie_out::Company {
            simulator: &simulator,
            realm: &self.firm.realm,
            accounts: &self.accounts,
            names: &self.names,
            tracks_classes: true,
        };
        company.tie_out(&step.expected)
    }
}
