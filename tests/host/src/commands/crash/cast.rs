//! The firms, and what is known of each.

use std::sync::Arc;

use anyhow::Context as _;
use http::Request;
use http::request::Builder;
use serde_json::Value;
use simulator::Company;

use super::world::World;
use crate::demo::firm::{Firm, Told};
use crate::demo::site::Site as _;

/// A firm and the company that it wants.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub id: String,
    pub books: Books,
    /// It was connected when last looked at, or its browser has been told so since.
    pub established: bool,
    /// Its browser waits for an answer that never comes, or was told to try again.
    pub cut: bool,
    /// How often RIVET had been told that it needs a person, when last looked at.
    pub lapses: usize,
}

/// A company at QuickBooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Books {
    pub realm: String,
    /// An account that no other company has.
    pub account: String,
}

/// All firms that play at present, and how many there were.
#[derive(Default)]
pub(super) struct Cast {
    pub members: Vec<Member>,
    hired: usize,
    companies: usize,
}

impl Cast {
    /// A firm that wants `books`.
    pub fn hire(&mut self, books: Books) -> usize {
        self.hired += 1;
        self.members.push(Member {
            id: format!("firm_{}", self.hired),
            books,
            established: false,
            cut: false,
            lapses: 0,
        });
        self.members.len() - 1
    }

    /// A company that nobody had yet.
    pub fn found(&mut self, world: &World) -> Books {
        self.companies += 1;
        let account = format!("Revenue of company {}", self.companies);
        let company = Company::new(&format!("Company {}", self.companies));
        let company = company.account(&account, "Income", "SalesOfProductIncome");
        Books {
            realm: world.simulator().add_company(company),
            account,
        }
    }
}

impl Member {
    /// The whole way to Intuit and back: where the browser lands.
    pub async fn connect(&self, world: &Arc<World>) -> anyhow::Result<String> {
        self.firm(world).connect().await
    }

    /// Ends the connection.
    pub async fn disconnect(&self, world: &Arc<World>) -> anyhow::Result<Told> {
        let confirmed = serde_json::json!({"confirm": true});
        let request = Request::post("/v1/quickbooks/disconnect");
        self.firm(world).call(request, Some(&confirmed)).await
    }

    /// How the firm is told that it stands.
    pub async fn status(&self, world: &Arc<World>) -> anyhow::Result<Value> {
        let told = self
            .ask(world, Request::get("/v1/quickbooks/status"))
            .await?;
        anyhow::ensure!(told.status == 200, "status {}: {}", told.status, told.body);
        Ok(told.body)
    }

    /// Whether QuickBooks answers with this company's accounts; if not, what came instead.
    pub async fn works(&self, world: &Arc<World>) -> anyhow::Result<()> {
        let request = Request::get("/v1/quickbooks/accounts?for=contract_revenue");
        let told = self.ask(world, request).await?;
        let accounts = told.body["accounts"].as_array();
        let accounts =
            accounts.with_context(|| format!("accounts {}: {}", told.status, told.body))?;
        let ours = accounts
            .iter()
            .any(|account| account["name"] == self.books.account);
        anyhow::ensure!(ours, "accounts of another company: {}", told.body);
        Ok(())
    }

    async fn ask(&self, world: &Arc<World>, request: Builder) -> anyhow::Result<Told> {
        self.firm(world).call(request, None).await
    }

    fn firm<'a>(&self, world: &'a Arc<World>) -> Firm<'a, World> {
        Firm {
            stage: world,
            id: self.id.clone(),
            realm: self.books.realm.clone(),
        }
    }
}
