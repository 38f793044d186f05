//! The firms of a run, and the state of each at the last check.

use std::sync::Arc;

use anyhow::Context as _;
use http::Request;
use http::request::Builder;
use serde_json::Value;
use simulator::Company;

use super::world::World;
use crate::demo::deployment::Deployment as _;
use crate::demo::firm::{Answer, Firm};

/// A firm, and the company that its owner connects.
#[derive(Clone, Debug)]
pub(super) struct TrackedFirm {
    pub id: String,
    pub company: TestCompany,
    /// True if the firm was connected at the last check or has signed in since.
    pub is_connected: bool,
    /// True if the last sign-in since the last check got no answer or failed.
    pub is_interrupted: bool,
    /// The number of notifications at the last check that the firm must sign in again.
    pub notified_reauthorizations: usize,
}

/// A company of the simulated QuickBooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TestCompany {
    pub realm: String,
    /// The name of an account that no other company has.
    pub account: String,
}

/// The firms that take part at present.
#[derive(Default)]
pub(super) struct Firms {
    pub tracked: Vec<TrackedFirm>,
    firms_added: usize,
    companies_added: usize,
}

impl Firms {
    /// Adds a firm that will connect this company, and returns its index.
    pub fn add_firm(&mut self, company: TestCompany) -> usize {
        self.firms_added += 1;
        self.tracked.push(TrackedFirm {
            id: format!("firm_{}", self.firms_added),
            company,
            is_connected: false,
            is_interrupted: false,
            notified_reauthorizations: 0,
        });
        self.tracked.len() - 1
    }

    /// Adds a company to the simulated QuickBooks.
    pub fn add_company(&mut self, world: &World) -> TestCompany {
        self.companies_added += 1;
        let account = format!("Revenue of company {}", self.companies_added);
        let company = Company::new(&format!("Company {}", self.companies_added));
        let company = company.account(&account, "Income", "SalesOfProductIncome");
        TestCompany {
            realm: world.simulator().add_company(company),
            account,
        }
    }
}

impl TrackedFirm {
    /// Signs in, confirms a new company, and returns the outcome.
    pub async fn connect(&self, world: &Arc<World>) -> anyhow::Result<String> {
        self.firm(world).connect().await
    }

    /// Ends the connection.
    pub async fn disconnect(&self, world: &Arc<World>) -> anyhow::Result<Answer> {
        let confirmation = serde_json::json!({"confirm": true});
        let request = Request::post("/v1/quickbooks/disconnect");
        self.firm(world).call(request, Some(&confirmation)).await
    }

    /// Returns the status that the firm's page shows.
    pub async fn status(&self, world: &Arc<World>) -> anyhow::Result<Value> {
        let answer = self
            .get(world, Request::get("/v1/quickbooks/status"))
            .await?;
        anyhow::ensure!(
            answer.status == 200,
            "the status was answered {}: {}",
            answer.status,
            answer.body
        );
        Ok(answer.body)
    }

    /// Reads the company's accounts. Fails if QuickBooks does not answer, or answers with another company's accounts.
    pub async fn check_connection(&self, world: &Arc<World>) -> anyhow::Result<()> {
        let request = Request::get("/v1/quickbooks/accounts?for=contract_revenue");
        let answer = self.get(world, request).await?;
        let accounts = answer.body["accounts"].as_array().with_context(|| {
            format!(
                "the accounts were answered {}: {}",
                answer.status, answer.body
            )
        })?;
        let is_own = accounts
            .iter()
            .any(|account| account["name"] == self.company.account);
        anyhow::ensure!(is_own, "accounts of another company: {}", answer.body);
        Ok(())
    }

    async fn get(&self, world: &Arc<World>, request: Builder) -> anyhow::Result<Answer> {
        self.firm(world).call(request, None).await
    }

    fn firm<'a>(&self, world: &'a Arc<World>) -> Firm<'a, World> {
        Firm {
            deployment: world,
            id: self.id.clone(),
            realm: self.company.realm.clone(),
        }
    }
}
