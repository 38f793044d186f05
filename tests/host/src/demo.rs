//! Plays the sample firm's half year against a simulated QuickBooks: connect, map accounts, post, tie out.

pub mod deployment;
pub mod firm;
pub mod notification_receiver;
pub mod intuit_webhooks;
mod year;
mod report;
mod reports;
pub mod session_hand_over;
pub mod rivet;
pub(crate) mod simulated_intuit;
pub mod local_deployment;

use crate::store_arguments::{StoreArguments, StoreChoice};
use crate::{Manifest, Storage, build};
use anyhow::Context as _;
use firm::Firm;
use http::Request;
use local_deployment::{DeploymentOptions, LocalDeployment};
use report::{Costs, EventResult};
use rust_decimal::Decimal;
use samples::story::{self, Balances, Step};
use samples::tie_out;
use simulator::{ClassTracking, Company};
use std::net::SocketAddr;
use std::path::Path;

/// A way to book retainage, and the sample firm that uses it.
struct Method {
    /// The value of the setting `retainage_method`.
    retainage_method: &'static str,
    /// RIVET's id of the firm.
    firm: &'static str,
    /// The words that the demo prints.
    title: &'static str,
}

impl Method {
    /// Returns the balances after an event by this method.
    fn expected(&self, step: &Step) -> Balances {
        let expected = step.expected.clone();
        if self.retainage_method == BILLED_ON_RELEASE {
            expected.billed_on_release()
        } else {
            expected
        }
    }
}

/// The method whose books have nothing of what is held.
const BILLED_ON_RELEASE: &str = "billed_on_release";

const METHODS: [Method; 3] = [
    Method {
        retainage_method: "journal_entry",
        firm: "firm_harbor",
        title: "retainage by journal entry",
    },
    Method {
        retainage_method: "invoice_line",
        firm: "firm_harbor_by_line",
        title: "retainage by invoice line",
    },
    Method {
        retainage_method: BILLED_ON_RELEASE,
        firm: "firm_harbor_on_release",
        title: "retainage billed on release",
    },
];

/// Plays the sample firm's half year once for each retainage method. Returns whether every balance tied out.
///
/// The store must be empty, and is empty afterwards.
///
/// # Errors
/// Fails if a component cannot be built, started or reached, or the store is not empty.
pub fn play_once(store: &StoreArguments) -> anyhow::Result<bool> {
    let folder = std::env::temp_dir().join(format!("rivet-books-demo-{}", std::process::id()));
    let storage = store.storage(StoreChoice::Memory, &folder);
    let tied_out = runtime()?.block_on(async {
        let deployment = start(([127, 0, 0, 1], 0).into(), storage).await?;
        deployment.app.stores().require_empty()?;
        let tied_out = play(&deployment).await?;
        let app = deployment.app.clone();
        deployment.stop().await;
        app.stores().remove_records()?;
        anyhow::Ok(tied_out)
    })?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(tied_out)
}

/// Plays the half year, then serves until Ctrl-C. Returns whether every balance tied out.
///
/// # Errors
/// Fails if a component cannot be built, started or reached.
pub fn play_and_serve(listen: SocketAddr) -> anyhow::Result<bool> {
    runtime()?.block_on(async {
        let deployment = start(listen, Storage::Memory).await?;
        let tied_out = play(&deployment).await?;
        report::print_address(&deployment, METHODS[0].firm);
        tokio::signal::ctrl_c()
            .await
            .context("cannot wait for Ctrl-C")?;
        deployment.stop().await;
        Ok(tied_out)
    })
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Runtime::new().context("cannot start threads")
}

/// Builds the components of the workspace and starts them on a store, with a simulated QuickBooks.
///
/// # Errors
/// Fails if a component cannot be built or started.
pub async fn start(listen: SocketAddr, storage: Storage) -> anyhow::Result<LocalDeployment> {
    println!("Building the components and starting a simulated QuickBooks Online …");
    let options = DeploymentOptions {
        listen,
        storage,
        signed_in_firm: Some(METHODS[0].firm.to_owned()),
        ..DeploymentOptions::default()
    };
    let manifest = build_workspace(&options.storage)?;
    LocalDeployment::start(&manifest, options).await
}

/// Builds the components of the workspace that keep records in this place, and returns their manifest.
///
/// # Errors
/// Fails if a component cannot be built.
pub fn build_workspace(storage: &Storage) -> anyhow::Result<Manifest> {
    let manifest = Manifest::read(Path::new(storage.manifest()))?;
    build::components(&manifest)?;
    Ok(manifest)
}

async fn play(deployment: &LocalDeployment) -> anyhow::Result<bool> {
    let mut tied_out = true;
    for method in &METHODS {
        let company = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
        let realm = deployment.simulator().add_company(company);
        let firm = Firm {
            deployment,
            id: method.firm.to_owned(),
            realm,
        };
        tied_out &= play_half_year(&firm, method).await?;
    }
    for method in &METHODS {
        tied_out &= year::play(deployment, method).await?;
    }
    Ok(tied_out)
}

async fn play_half_year(firm: &Firm<'_>, method: &Method) -> anyhow::Result<bool> {
    println!("\nHarbor Electric LLC, {}", method.title);
    println!("  {}", firm.connect().await?);
    let accounts = firm
        .map_accounts(|settings| {
            settings["retainage_method"] = method.retainage_method.into();
            settings["class_tracking"]["mode"] = "auto_create".into();
        })
        .await?;
    let names = story::names()?;
    let (mut differing, mut held) = (Vec::new(), Decimal::ZERO);
    for step in story::harbor_point()? {
        let body = step.body.replace("firm_harbor", &firm.id);
        deliver(firm, step.name, &body).await?;
        let simulator = firm.deployment.simulator();
        let company = tie_out::Company {
            simulator: &simulator,
            realm: &firm.realm,
            accounts: &accounts,
            names: &names,
            tracks_classes: true,
        };
        let rows = company.tie_out(&method.expected(&step));
        differing.extend(
            rows.iter()
                .filter(|row| !row.difference().is_zero())
                .cloned(),
        );
        held = step.expected.totals.retainage;
        if step.name.starts_with("14") {
            report::print_balances(&rows);
        }
    }
    let is_tied_out = reports::print(firm, held).await?;
    report::print_result(&differing, "14 events");
    Ok(differing.is_empty() && is_tied_out)
}

/// Delivers an event and prints what became of its document.
async fn deliver(firm: &Firm<'_>, name: &str, body: &str) -> anyhow::Result<()> {
    let before = Costs::so_far(firm.deployment);
    let answer = firm
        .deliver(&format!("evt_{}_{name}", firm.id), body)
        .await?;
    let costs = Costs::so_far(firm.deployment) - before;
    let key = &answer.body["document"];
    let path = format!(
        "/v1/quickbooks/documents/{}/{}",
        key["kind"].as_str().unwrap_or_default(),
        key["id"].as_str().unwrap_or_default(),
    );
    let document = firm.call(Request::get(path), None).await?;
    report::print_event(
        firm,
        &EventResult {
            name,
            outcome: answer.body["outcome"].as_str().unwrap_or("refused"),
            document: &document.body,
            costs,
        },
    );
    Ok(())
}
