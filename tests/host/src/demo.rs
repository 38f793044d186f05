//! The main job, told with a sample firm and a simulated QuickBooks: connect, map, post, tie out.

pub mod firm;
pub mod inbox;
pub mod intuit;
mod report;
pub mod rivet;
pub mod site;
pub mod stage;
pub mod story;
pub mod tie_out;

use crate::{Manifest, build};
use anyhow::Context as _;
use firm::Firm;
use http::Request;
use report::Costs;
use simulator::{ClassTracking, Company};
use stage::{Setting, Stage};
use std::net::SocketAddr;
use std::path::Path;
use story::Step;

/// The two ways to book retainage: the setting's value, the firm that chose it, and how it is told.
const METHODS: [(&str, &str, &str); 2] = [
    ("journal_entry", "firm_harbor", "retainage by journal entry"),
    (
        "invoice_line",
        "firm_harbor_by_line",
        "retainage by invoice line",
    ),
];

/// Plays the sample firm's half year once for each retainage method. Says whether everything tied out.
///
/// # Errors
/// If something cannot be built, started or reached.
pub fn demo() -> anyhow::Result<bool> {
    runtime()?.block_on(async {
        let stage = raise(([127, 0, 0, 1], 0).into()).await?;
        let tied = play(&stage).await?;
        stage.stop().await;
        Ok(tied)
    })
}

/// Plays it and then keeps serving until interrupted. Says whether everything tied out.
///
/// # Errors
/// If something cannot be built, started or reached.
pub fn show(listen: SocketAddr) -> anyhow::Result<bool> {
    runtime()?.block_on(async {
        let stage = raise(listen).await?;
        let tied = play(&stage).await?;
        report::invitation(&stage, METHODS[0].1);
        tokio::signal::ctrl_c()
            .await
            .context("cannot wait for Ctrl-C")?;
        stage.stop().await;
        Ok(tied)
    })
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Runtime::new().context("cannot start threads")
}

/// The components of the workspace, built and up beside a simulated QuickBooks.
///
/// # Errors
/// If something cannot be built or started.
pub async fn raise(listen: SocketAddr) -> anyhow::Result<Stage> {
    println!("Building the components and starting a simulated QuickBooks Online …");
    let setting = Setting {
        listen,
        ..Setting::default()
    };
    Stage::set(&built()?, setting).await
}

/// The workspace's manifest, with its components built.
///
/// # Errors
/// If they cannot be built.
pub fn built() -> anyhow::Result<Manifest> {
    let manifest = Manifest::read(Path::new("spin.toml"))?;
    build::components(&manifest)?;
    Ok(manifest)
}

/// Connects a firm to a company of its own and makes its choices.
///
/// # Errors
/// If a step answers something else than the way on.
pub async fn open_office(stage: &Stage, id: &str) -> anyhow::Result<()> {
    let realm = stage
        .simulator()
        .add_company(Company::new("Harbor Electric LLC"));
    let firm = Firm {
        stage,
        id: id.to_owned(),
        realm,
    };
    firm.connect().await?;
    firm.choose(|_| {}).await.map(drop)
}

async fn play(stage: &Stage) -> anyhow::Result<bool> {
    let mut tied = true;
    for (method, firm, told) in METHODS {
        let company = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
        let realm = stage.simulator().add_company(company);
        let firm = Firm {
            stage,
            id: firm.to_owned(),
            realm,
        };
        tied &= half_year(&firm, (method, told)).await?;
    }
    Ok(tied)
}

async fn half_year(firm: &Firm<'_>, (method, told): (&str, &str)) -> anyhow::Result<bool> {
    println!("\nHarbor Electric LLC, {told}");
    println!("  {}", firm.connect().await?);
    let accounts = firm
        .choose(|settings| {
            settings["retainage_method"] = method.into();
            settings["class_tracking"]["mode"] = "auto_create".into();
        })
        .await?;
    let names = story::names()?;
    let mut off = Vec::new();
    for step in story::harbor_point()? {
        deliver(firm, &step).await?;
        let simulator = firm.stage.simulator();
        let company = tie_out::Company {
            simulator: &simulator,
            realm: &firm.realm,
            accounts: &accounts,
            names: &names,
            classes: true,
        };
        let rows = company.tie_out(&step.expected);
        off.extend(
            rows.iter()
                .filter(|row| !row.difference().is_zero())
                .cloned(),
        );
        if step.name.starts_with("14") {
            report::table(&rows);
        }
    }
    report::verdict(&off);
    Ok(off.is_empty())
}

async fn deliver(firm: &Firm<'_>, step: &Step) -> anyhow::Result<()> {
    let body = step.body.replace("firm_harbor", &firm.id);
    let before = Costs::of(firm.stage);
    let told = firm
        .deliver(&format!("evt_{}_{}", firm.id, step.name), &body)
        .await?;
    let costs = Costs::of(firm.stage) - before;
    let about = &told.body["document"];
    let path = format!(
        "/v1/quickbooks/documents/{}/{}",
        about["kind"].as_str().unwrap_or_default(),
        about["id"].as_str().unwrap_or_default(),
    );
    let document = firm.call(Request::get(path), None).await?;
    report::event(firm, (step.name, &told), &document.body, costs);
    Ok(())
}
