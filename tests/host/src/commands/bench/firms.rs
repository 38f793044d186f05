//! The firms of a measurement.

use crate::demo::firm::Firm;
use crate::demo::local_deployment::LocalDeployment;
use simulator::Company;

/// The number of firms that requests are spread over.
pub(super) const FIRMS: usize = 20;

/// A firm with a connected company and mapped accounts.
pub(super) struct BenchFirm {
    /// RIVET's id of the firm.
    pub(super) id: String,
    /// QuickBooks' id of its company (`realmId`).
    pub(super) realm: String,
}

/// Connects the firms.
///
/// # Errors
/// Fails if a step of a sign-in or the settings is refused.
pub(super) async fn connect_firms(deployment: &LocalDeployment) -> anyhow::Result<Vec<BenchFirm>> {
    let mut firms = Vec::new();
    for number in 0..FIRMS {
        let company = Company::new("Harbor Electric LLC");
        let realm = deployment.simulator().add_company(company);
        let firm = Firm {
            deployment,
            id: format!("firm_bench_{number}"),
            realm,
        };
        firm.connect().await?;
        firm.map_accounts(|_| {}).await?;
        let Firm { id, realm, .. } = firm;
        firms.push(BenchFirm { id, realm });
    }
    Ok(firms)
}
