//! `bench --cold`: the time that a new instance costs.

use std::time::Duration;

use super::firms::connect_firms;
use super::side_by_side::status_requests;
use crate::demo::build_workspace;
use crate::demo::local_deployment::{DeploymentOptions, LocalDeployment};
use crate::load::{COLUMNS, Load, Subject, compare};
use crate::{Manifest, Reuse, Storage};

/// One request at a time, so that no request waits for another one.
const LOAD: Load = Load {
    connections: 1,
    requests: 200,
};

/// Instances that stay until the host stops.
const WARM: Reuse = Reuse {
    requests: usize::MAX,
    concurrent: 16,
    idle: Duration::from_secs(3_600),
};

/// Instances that answer one request.
const COLD: Reuse = Reuse {
    requests: 1,
    ..WARM
};

/// Compares the status of new instances with that of an instance that stays.
///
/// # Errors
/// Fails if the components cannot be started, or an answer has no 2xx status.
pub(super) async fn run() -> anyhow::Result<()> {
    let manifest = build_workspace(&Storage::Memory)?;
    let (warm, cold) = (start(&manifest, WARM).await?, start(&manifest, COLD).await?);
    let base = status("warm instance", &warm).await?;
    let subject = status("cold instance", &cold).await?;
    let compared = compare(&base, &subject, LOAD).await?;
    println!("{COLUMNS}\n{}", compared.lines(&base, &subject));
    let more = compared.subject.p50.saturating_sub(compared.base.p50);
    println!(
        "A new instance costs {:.2} ms.",
        more.as_secs_f64() * 1_000.0
    );
    warm.stop().await;
    cold.stop().await;
    Ok(())
}

async fn start(manifest: &Manifest, reuse: Reuse) -> anyhow::Result<LocalDeployment> {
    let options = DeploymentOptions {
        reuse,
        ..DeploymentOptions::default()
    };
    LocalDeployment::start(manifest, options).await
}

async fn status(name: &'static str, deployment: &LocalDeployment) -> anyhow::Result<Subject> {
    let firms = connect_firms(deployment).await?;
    Ok(Subject {
        name,
        app: deployment.app.clone(),
        requests: status_requests(deployment, &firms),
    })
}
