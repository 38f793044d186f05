//! A firm of RIVET before a browser: the real components, a simulated QuickBooks, and the page with the owner signed in.

use crate::manifest;
use browser::browser::Browser;
use browser::page::Page;
use bytes::Bytes;
use host::demo::firm::Firm;
use host::demo::local_deployment::{DeploymentOptions, LocalDeployment};
use http::Request;
use samples::story::harbor_point;
use serde_json::Value;
use simulator::{ClassTracking, Company};

/// The firm whose users the host signs in.
const FIRM: &str = "firm_harbor";

/// The name of the firm's company in QuickBooks.
pub const COMPANY: &str = "Harbor Electric LLC";

/// The components, the simulated Intuit and the browser of a walk.
pub struct Stage {
    /// The components and the parties around them.
    pub deployment: LocalDeployment,
    /// QuickBooks' id of the company.
    pub realm: String,
    browser: Browser,
}

impl Stage {
    /// Opens the page of a firm that is not connected. `None` without a browser.
    pub async fn open() -> Option<Self> {
        Self::open_with(Company::new(COMPANY).class_tracking(ClassTracking::PerLine)).await
    }

    /// Opens the page of a firm with this company, which is not connected. `None` without a browser.
    pub async fn open_with(company: Company) -> Option<Self> {
        let browser = Browser::start().await.unwrap()?;
        let options = DeploymentOptions {
            signed_in_firm: Some(FIRM.into()),
            ..DeploymentOptions::default()
        };
        let deployment = LocalDeployment::start(manifest(), options).await.unwrap();
        let realm = deployment.simulator().add_company(company);
        let stage = Self {
            deployment,
            realm,
            browser,
        };
        stage.visit("").await;
        Some(stage)
    }

    /// Opens the page of a connected firm whose accounts are mapped. `change` changes the settings.
    pub async fn connected(company: Company, change: impl FnOnce(&mut Value)) -> Option<Self> {
        let stage = Self::open_with(company).await?;
        stage.firm().connect().await.unwrap();
        stage.firm().map_accounts(change).await.unwrap();
        stage.visit("").await;
        Some(stage)
    }

    /// Returns the firm, to act without the page.
    pub fn firm(&self) -> Firm<'_> {
        Firm {
            deployment: &self.deployment,
            id: FIRM.into(),
            realm: self.realm.clone(),
        }
    }

    /// Returns the page in the current tab.
    pub fn page(&self) -> Page<'_> {
        Page(&self.browser)
    }

    /// Opens an address below the components' own.
    pub async fn visit(&self, path: &str) {
        let address = format!("{}/{path}", self.deployment.url);
        self.page().open(&address).await.unwrap();
    }

    /// Opens a view of the page, such as `tie-out`.
    pub async fn view(&self, name: &str) {
        self.visit("").await;
        self.click(&format!("#tab-{name}")).await;
    }

    /// Waits until the page shows a text.
    pub async fn shows(&self, text: &str) {
        self.page().shows(text).await.unwrap();
    }

    /// Clicks what a selector finds.
    pub async fn click(&self, selector: &str) {
        self.page().click(selector).await.unwrap();
    }

    /// Signs in at the simulated Intuit, in the tab that the page opened, and chooses `decision` there.
    pub async fn sign_in(&self, decision: &str) {
        self.page().switch_to_tab(2).await.unwrap();
        self.click(&format!("button[value={decision}]")).await;
    }

    /// Lets RIVET bill an event of the sample story, counted from 1.
    pub async fn bill(&self, number: usize) {
        let event = &harbor_point().unwrap()[number - 1];
        let id = format!("evt_{}", event.name);
        let answer = self.firm().deliver(&id, event.body).await.unwrap();
        assert_eq!(answer.status, 202, "{}", answer.body);
    }

    /// Runs the schedule of posting.
    pub async fn run_schedule(&self) {
        let run = Request::get("/v1/scheduled/sync?key=scheduler-secret-of-the-demo");
        let run = run.body(Bytes::new()).unwrap();
        let answer = self.deployment.send(run).await.unwrap();
        assert_eq!(answer.status(), 200);
    }

    /// Ends the walk. The page must not have reported an error.
    pub async fn close(self) {
        let complaints = self.page().complaints().await.unwrap();
        self.browser.close().await.unwrap();
        self.deployment.stop().await;
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }
}
