//! `bench --reports`: the tie-out, the retainage schedule and the check-up of a firm with 1 000 pay apps.

use super::posting::{COLUMNS, connect_firm, deliver, measure_part, post_all};
use crate::Storage;
use crate::demo;
use crate::demo::firm::Firm;
use crate::demo::local_deployment::{DeploymentOptions, LocalDeployment};
use anyhow::ensure;
use http::Request;
use std::time::Duration;

const TIE_OUT: &str = "/v1/quickbooks/tie-out";
const RETAINAGE: &str = "/v1/quickbooks/retainage";
const CHECK_UP: &str = "/v1/quickbooks/checkup";

/// The pay apps with retainage, each an invoice and a journal entry.
const DOCUMENTS: usize = 1_000;

/// The answers that are measured, with the time that passes before each.
const ANSWERS: [(&str, &str, Duration); 7] = [
    ("first tie-out", TIE_OUT, Duration::from_secs(3_600)),
    ("kept tie-out", TIE_OUT, Duration::ZERO),
    ("tie-out a minute later", TIE_OUT, Duration::from_secs(61)),
    ("tie-out an hour later", TIE_OUT, Duration::from_secs(3_600)),
    ("retainage schedule", RETAINAGE, Duration::ZERO),
    ("first check-up", CHECK_UP, Duration::ZERO),
    ("kept check-up", CHECK_UP, Duration::ZERO),
];

/// Posts the pay apps, measures each answer and prints its cost.
///
/// # Errors
/// Fails if the components cannot be started, a document is not posted, or the books do not tie out.
pub async fn measure() -> anyhow::Result<()> {
    let manifest = demo::build_workspace(&Storage::Memory)?;
    let deployment = LocalDeployment::start(&manifest, DeploymentOptions::default()).await?;
    let firm = connect_firm(&deployment).await?;
    firm.map_accounts(|settings| settings["sync"]["mode"] = "manual".into())
        .await?;
    deliver(&firm, 1..DOCUMENTS + 1).await?;
    post_all(&deployment, &firm).await?;
    println!("Reports of a firm with {DOCUMENTS} pay apps, with the store in memory:\n{COLUMNS}");
    for (name, path, before) in ANSWERS {
        deployment.advance(before);
        let cost = measure_part(&deployment, ask(&firm, path)).await?;
        println!("{}", cost.line(name, 1));
    }
    deployment.stop().await;
    Ok(())
}

async fn ask(firm: &Firm<'_>, path: &str) -> anyhow::Result<()> {
    let answer = firm.call(Request::get(path), None).await?;
    ensure!(answer.status == 200, "{path}: {}", answer.body);
    let is_tied_out = path != TIE_OUT || answer.body["tied_out"] == true;
    ensure!(is_tied_out, "the books do not tie out: {}", answer.body);
    Ok(())
}
