//! A firm's whole life with QuickBooks, with somebody who keeps everything that was said.

use super::way::{CONNECT, Way, office, open, standing};
use crate::over_http::{get, send};
use host::demo::firm::{Answer, Firm};
use host::demo::local_deployment::LocalDeployment;
use host::demo::story::harbor_point;
use http::Request;
use serde_json::{Value, json};
use std::time::Duration;

/// What the scheduler shows.
pub const SCHEDULER: &str = "the-schedulers-secret-of-this-life";

/// Somebody who keeps everything that was said.
pub struct Witness<'a> {
    pub firm: Firm<'a>,
    /// What nobody but its one receiver may see: tickets, states and cookies.
    pub ours: Vec<String>,
    /// The answers that give those to their receiver.
    pub giving: Vec<Answer>,
    /// All other answers.
    pub answers: Vec<Answer>,
}

impl<'a> Witness<'a> {
    pub fn of(firm: Firm<'a>) -> Self {
        let (ours, giving, answers) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            firm,
            ours,
            giving,
            answers,
        }
    }

    fn deployment(&self) -> &'a LocalDeployment {
        self.firm.deployment
    }

    async fn call(&mut self, request: http::request::Builder, body: Option<Value>) -> u16 {
        let told = self.firm.call(request, body.as_ref()).await.unwrap();
        self.answers.push(told);
        self.answers.last().unwrap().status
    }

    /// One way through a sign-in up to Intuit's answer.
    async fn leave(&mut self) -> Way {
        let issued = self.firm.call(Request::post(CONNECT), None).await.unwrap();
        let link = issued.body["connect_url"].as_str().unwrap().to_owned();
        let ticket = link.split_once("?ticket=").unwrap().1.to_owned();
        let departed = open(self.deployment(), &ticket).await;
        let way = Way::from((&self.firm, &self.firm.realm), ticket, &departed);
        let halves = [&way.ticket, &way.state].map(|token| token.split('.').next_back().unwrap());
        self.ours.extend(halves.map(str::to_owned));
        self.ours.push(way.cookie.1.clone());
        self.giving.extend([issued, departed]);
        way
    }

    async fn connect(&mut self) {
        let landed = self.leave().await.answer().sent(self.deployment()).await;
        self.answers.push(landed);
        assert_eq!(standing(&self.firm).await["status"], "connected");
    }

    /// Each scheduled run once, fifty minutes later.
    async fn schedule(&mut self) {
        self.deployment().advance(Duration::from_mins(50));
        for run in ["token-refresh", "sync"] {
            let run = get(&format!("/v1/scheduled/{run}?key={SCHEDULER}"));
            let told = send(self.deployment(), run, "").await;
            assert_eq!(told.status, 200, "{}", told.body);
            self.answers.push(told);
        }
    }

    async fn bill(&mut self) {
        for step in &harbor_point().unwrap()[..5] {
            let body = step.body.replace("firm_harbor", &self.firm.id);
            let told = self.firm.deliver(step.name, &body).await.unwrap();
            assert_eq!(told.body["outcome"], "posted", "{}", step.name);
            self.answers.push(told);
        }
    }

    /// Attempts that fail in their own way each.
    async fn fail(&mut self) {
        let deployment = self.deployment();
        let forged = self.leave().await.answer().with("state", "a.b");
        let foreign = self.leave().await.answer().cookies("");
        let refused = self.leave().await.answer().with("code", "AB11");
        let declined = self.leave().await.answer().with("error", "access_denied");
        let second = office(deployment, "firm_other").realm;
        let other = self.leave().await.answer().with("realmId", second);
        for attempt in [forged, foreign, refused, declined, other] {
            self.answers.push(attempt.sent(deployment).await);
        }
        self.call(get("/v1/quickbooks/status"), None).await;
    }

    /// The firm's pages, one after the other.
    async fn look(&mut self) {
        for page in [
            "status",
            "settings",
            "activity",
            "customers",
            "documents/pay_app/pa_1042_1",
        ] {
            self.call(get(&format!("/v1/quickbooks/{page}")), None)
                .await;
        }
    }
}

/// Connect, bill, refresh, fail, lose the grant, reconnect, disconnect.
pub async fn live(witness: &mut Witness<'_>) {
    witness.connect().await;
    witness.firm.map_accounts(|_| {}).await.unwrap();
    witness.bill().await;
    witness.schedule().await;
    witness.fail().await;
    let realm = witness.firm.realm.clone();
    witness
        .deployment()
        .simulator()
        .person(&realm)
        .unwrap()
        .disconnect_app();
    witness.schedule().await;
    assert_eq!(
        standing(&witness.firm).await["status"],
        "needs_reauthorization"
    );
    witness.connect().await;
    witness.schedule().await;
    witness.look().await;
    let ending = Request::post("/v1/quickbooks/disconnect");
    assert_eq!(
        witness.call(ending, Some(json!({ "confirm": true }))).await,
        200
    );
    witness.look().await;
}
