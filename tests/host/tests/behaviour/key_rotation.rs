//! The rotation of the key that seals tokens, as the operator's documentation says, while firms bill and their tokens are refreshed.
//!
//! Two versions of the deployment at a time run on one store, as while the next one is rolled out: with the old key alone, with the new key
//! behind it, with the new key in front, and with the new key alone.

use std::sync::MutexGuard;
use std::time::Duration;

use bytes::Bytes;
use host::demo::deployment::Deployment;
use host::demo::firm::{Answer, Firm, parse_answer};
use host::demo::local_deployment::{
    DeploymentOptions, LocalDeployment, OPERATOR_SECRET, SCHEDULER_SECRET, TOKEN_KEY_ID, token_keys,
};
use host::demo::rivet::Rivet;
use host::{App, Logs, Storage};
use http::{Method, Request, Response};
use jiff::Timestamp;
use samples::billing::{Figures, Project};
use serde_json::{Value, json};
use simulator::{Company, Simulator};

use crate::erasure::on_empty_redis;
use crate::postgres::Database;
use crate::product;

/// The id of the new key.
const NEW_KEY_ID: &str = "k2";

/// The firms that bill. Another one only disconnects.
const FIRMS: [&str; 2] = ["firm_harbor", "firm_otter"];

/// The most requests of one kind until a state is reached.
const ATTEMPTS: usize = 20;

/// A version of the deployment.
struct Version<'a> {
    app: App,
    deployment: &'a LocalDeployment,
}

impl Deployment for Version<'_> {
    fn url(&self) -> &str {
        &self.deployment.url
    }

    fn rivet(&self) -> &Rivet {
        &self.deployment.rivet
    }

    fn now(&self) -> Timestamp {
        self.deployment.now()
    }

    fn simulator(&self) -> MutexGuard<'_, Simulator> {
        self.deployment.simulator()
    }

    async fn send(&self, request: Request<Bytes>) -> anyhow::Result<Response<Bytes>> {
        self.app.handle(request).await
    }
}

impl Version<'_> {
    async fn request(&self, method: Method, path: &str, secret: &str) -> Value {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", format!("Bearer {secret}"));
        let answer = parse_answer(
            self.send(request.body(Bytes::new()).unwrap())
                .await
                .unwrap(),
        );
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    async fn schedule(&self, job: &str) -> Value {
        let path = format!("/v1/scheduled/{job}");
        self.request(Method::POST, &path, SCHEDULER_SECRET).await
    }

    async fn rotate(&self) -> Value {
        let path = "/v1/operations/keys/rotate";
        self.request(Method::POST, path, OPERATOR_SECRET).await
    }

    /// Returns the number of records that a key opens.
    async fn records_of(&self, key: &str) -> u64 {
        let path = "/v1/operations/keys";
        let report = self.request(Method::GET, path, OPERATOR_SECRET).await;
        assert_eq!(report["complete"], true, "{report}");
        let keys = report["keys"].as_array().unwrap().iter();
        let uses = keys.filter(|used| used["id"] == key);
        uses.map(|used| used["records"].as_u64().unwrap()).sum()
    }
}

/// A firm that bills.
struct Biller {
    project: Project,
    realm: String,
}

impl Biller {
    /// Connects a firm through a version.
    async fn connect(version: &Version<'_>, id: &str) -> Self {
        let company = Company::new(&format!("{id} LLC"));
        let realm = version.simulator().add_company(company);
        let project = Project {
            firm: id.to_owned(),
            number: 0,
            customer: 0,
        };
        let biller = Self { project, realm };
        let firm = biller.at(version);
        assert_eq!(firm.connect().await.unwrap(), "connected");
        firm.map_accounts(|_| {}).await.unwrap();
        biller
    }

    /// Returns the firm as a client of a version.
    fn at<'a>(&self, deployment: &'a Version<'a>) -> Firm<'a, Version<'a>> {
        Firm {
            deployment,
            id: self.project.firm.clone(),
            realm: self.realm.clone(),
        }
    }

    /// Sends a pay app.
    async fn bill(&self, version: &Version<'_>, number: usize) {
        let figures = Figures::with_ten_percent_retainage(100_000);
        let event = self.project.pay_app_event(number, 1, figures);
        let id = format!("evt_{}_{number}", self.project.firm);
        let Answer { status, body, .. } = self.at(version).deliver(&id, &event).await.unwrap();
        assert_eq!(status, 202, "{body}");
    }

    /// Asserts that the pay apps up to this number are posted, each once.
    async fn assert_posted(&self, version: &Version<'_>, last: usize) {
        for number in 1..=last {
            let id = self.project.document_id("pa", number);
            let path = format!("/v1/quickbooks/documents/pay_app/{id}");
            let shown = self.at(version).call(Request::get(path), None).await;
            let shown = shown.unwrap().body;
            assert_eq!(shown["state"], "posted", "{shown}");
        }
        let simulator = version.simulator();
        assert_eq!(simulator.entities(&self.realm, "Invoice").count(), last);
    }
}

/// Lets both firms bill twice, through both versions, while both refresh tokens and the newer one rotates the key. The tokens are due then.
async fn work(old: &Version<'_>, new: &Version<'_>, billers: &[Biller; 2], last: &mut usize) {
    let [one, two] = billers;
    let (next, second) = (*last + 1, *last + 2);
    old.deployment.advance(Duration::from_secs(50 * 60));
    tokio::join!(
        one.bill(old, next),
        new.rotate(),
        two.bill(new, next),
        old.schedule("token-refresh"),
        one.bill(new, second),
        new.schedule("token-refresh"),
        two.bill(old, second),
        old.schedule("sync"),
        new.rotate(),
    );
    *last = second;
}

/// Runs the schedule until nothing is left to be done.
async fn finish_work(version: &Version<'_>) {
    for _ in 0..ATTEMPTS {
        version.deployment.advance(Duration::from_secs(61));
        if version.schedule("sync").await["remaining"] == 0 {
            return;
        }
    }
    panic!("the queues are never empty");
}

/// Rotates the key as the operator does: until nothing needs the old one.
async fn rotate_all(version: &Version<'_>) {
    for _ in 0..ATTEMPTS {
        let report = version.rotate().await;
        if report["complete"] == true && report["remaining"] == 0 {
            return;
        }
    }
    panic!("records still need the old key");
}

async fn rotate_on(storage: Storage) {
    let manifest = product(storage.manifest());
    let options = DeploymentOptions {
        storage,
        logs: Logs::in_memory(),
        ..DeploymentOptions::default()
    };
    let deployment = LocalDeployment::start(&manifest, options).await.unwrap();
    let new_key = format!("{NEW_KEY_ID}:{}=", "A".repeat(43));
    let version = |token_keys: &str| {
        let variables = [("token_keys".to_owned(), token_keys.to_owned())];
        let app = deployment.app.load_beside(&manifest, variables.into());
        Version {
            app: app.unwrap(),
            deployment: &deployment,
        }
    };
    let old = version(&token_keys());
    let billers = [
        Biller::connect(&old, FIRMS[0]).await,
        Biller::connect(&old, FIRMS[1]).await,
    ];
    let left = Biller::connect(&old, "firm_left").await;
    let disconnect = Request::post("/v1/quickbooks/disconnect");
    let body = json!({ "confirm": true });
    let ended = left.at(&old).call(disconnect, Some(&body)).await.unwrap();
    assert_eq!(ended.body["status"], "disconnected");
    assert_eq!(old.records_of(TOKEN_KEY_ID).await, 3);

    let aware = version(&format!("{},{new_key}", token_keys()));
    let new = version(&format!("{new_key},{}", token_keys()));
    let mut last = 0;
    work(&old, &aware, &billers, &mut last).await;
    assert_eq!(aware.records_of(TOKEN_KEY_ID).await, 3);
    for _ in 0..3 {
        work(&aware, &new, &billers, &mut last).await;
    }
    // The last instance that seals with the old key has stopped.
    work(&new, &new, &billers, &mut last).await;
    rotate_all(&new).await;
    assert_eq!(new.records_of(TOKEN_KEY_ID).await, 0);
    assert_eq!(new.records_of(NEW_KEY_ID).await, 3);

    let retired = version(&new_key);
    work(&retired, &retired, &billers, &mut last).await;
    finish_work(&retired).await;
    for biller in &billers {
        biller.assert_posted(&retired, last).await;
    }
    for (firm, status) in billers
        .iter()
        .zip(["connected"; 2])
        .chain([(&left, "disconnected")])
    {
        let path = Request::get("/v1/quickbooks/status");
        let shown = firm.at(&retired).call(path, None).await.unwrap().body;
        assert_eq!(shown["status"], status, "{shown}");
    }
    assert_eq!(
        left.at(&retired).connect().await.unwrap(),
        "quickbooks=reconnected"
    );
    deployment.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn key_rotates_under_load_on_sqlite() {
    rotate_on(Storage::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn key_rotates_under_load_on_redis() {
    on_empty_redis(12, rotate_on).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn key_rotates_under_load_on_postgres() {
    let Some(database) = Database::create() else {
        return;
    };
    rotate_on(database.storage()).await;
}
