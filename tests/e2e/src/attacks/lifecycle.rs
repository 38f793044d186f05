//! The life of a firm's connection from sign-in to disconnect, with a record of every answer.

use super::sign_in::{
    CONFIRM, CONNECT, SignIn, load_status, new_firm, open_link, read_confirmation, read_outcome,
};
use crate::{get, send};
use host::demo::firm::{Answer, Firm};
use host::demo::local_deployment::LocalDeployment;
use http::Request;
use samples::story::harbor_point;
use serde_json::{Value, json};
use std::time::Duration;

/// The secret of the scheduler.
pub const SCHEDULER_SECRET: &str = "the-schedulers-secret-of-this-life";

/// A firm with a record of its secrets and of every answer.
pub struct Recorder<'a> {
    pub firm: Firm<'a>,
    /// The secret halves of tickets and states, and the cookies.
    pub sign_in_secrets: Vec<String>,
    /// The answers that give these secrets to their receiver.
    pub secret_answers: Vec<Answer>,
    /// All other answers.
    pub answers: Vec<Answer>,
}

impl<'a> Recorder<'a> {
    pub fn new(firm: Firm<'a>) -> Self {
        let (sign_in_secrets, secret_answers, answers) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            firm,
            sign_in_secrets,
            secret_answers,
            answers,
        }
    }

    fn deployment(&self) -> &'a LocalDeployment {
        self.firm.deployment
    }

    async fn call(&mut self, request: http::request::Builder, body: Option<Value>) -> u16 {
        let answer = self.firm.call(request, body.as_ref()).await.unwrap();
        self.answers.push(answer);
        self.answers.last().unwrap().status
    }

    /// Starts a sign-in up to Intuit's answer.
    async fn start_sign_in(&mut self) -> SignIn {
        let issued = self.firm.call(Request::post(CONNECT), None).await.unwrap();
        let link = issued.body["connect_url"].as_str().unwrap().to_owned();
        let ticket = link.split_once("?ticket=").unwrap().1.to_owned();
        let opened = open_link(self.deployment(), &ticket).await;
        let sign_in = SignIn::continue_from(&self.firm, &self.firm.realm, ticket, &opened);
        let halves =
            [&sign_in.ticket, &sign_in.state].map(|token| token.split('.').next_back().unwrap());
        self.sign_in_secrets.extend(halves.map(str::to_owned));
        self.sign_in_secrets.push(sign_in.cookie.value.clone());
        self.secret_answers.extend([issued, opened]);
        sign_in
    }

    async fn connect(&mut self) {
        let callback = self.start_sign_in().await.callback();
        let landed = callback.send(self.deployment()).await;
        let outcome = read_outcome(self.deployment(), &landed);
        if let Some(confirmation) = read_confirmation(&outcome) {
            let secret = confirmation.split('.').next_back().unwrap();
            self.sign_in_secrets.push(secret.to_owned());
            let body = json!({ "confirmation": confirmation });
            assert_eq!(self.call(Request::post(CONFIRM), Some(body)).await, 200);
            self.secret_answers.push(landed);
        } else {
            self.answers.push(landed);
        }
        assert_eq!(load_status(&self.firm).await["status"], "connected");
    }

    /// Calls each scheduled run once, fifty minutes later.
    async fn run_schedule(&mut self) {
        self.deployment().advance(Duration::from_mins(50));
        for run in ["token-refresh", "sync"] {
            let run = get(&format!("/v1/scheduled/{run}?key={SCHEDULER_SECRET}"));
            let answer = send(self.deployment(), run, "").await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            self.answers.push(answer);
        }
    }

    async fn send_billing(&mut self) {
        for step in &harbor_point().unwrap()[..5] {
            let body = step.body.replace("firm_harbor", &self.firm.id);
            let answer = self.firm.deliver(step.name, &body).await.unwrap();
            assert_eq!(answer.body["outcome"], "posted", "{}", step.name);
            self.answers.push(answer);
        }
    }

    /// Makes five sign-ins that fail for different reasons.
    async fn fail_sign_ins(&mut self) {
        let deployment = self.deployment();
        let forged = self.start_sign_in().await.callback().with("state", "a.b");
        let foreign = self.start_sign_in().await.callback().with_cookies("");
        let refused = self.start_sign_in().await.callback().with("code", "AB11");
        let declined = self
            .start_sign_in()
            .await
            .callback()
            .with("error", "access_denied");
        let second = new_firm(deployment, "firm_other").realm;
        let other = self
            .start_sign_in()
            .await
            .callback()
            .with("realmId", second);
        for attempt in [forged, foreign, refused, declined, other] {
            self.answers.push(attempt.send(deployment).await);
        }
        self.call(get("/v1/quickbooks/status"), None).await;
    }

    /// Opens the firm's pages.
    async fn open_pages(&mut self) {
        for page in [
            "status",
            "settings",
            "activity",
            "customers",
            "tie-out",
            "retainage",
            "documents/pay_app/pa_1042_1",
        ] {
            self.call(get(&format!("/v1/quickbooks/{page}")), None)
                .await;
        }
    }
}

/// Connects, bills, refreshes, fails, loses the grant, reconnects and disconnects.
pub async fn run_lifecycle(recorder: &mut Recorder<'_>) {
    recorder.connect().await;
    recorder.firm.map_accounts(|_| {}).await.unwrap();
    recorder.send_billing().await;
    recorder.run_schedule().await;
    recorder.fail_sign_ins().await;
    let realm = recorder.firm.realm.clone();
    recorder
        .deployment()
        .simulator()
        .person(&realm)
        .unwrap()
        .disconnect_app();
    recorder.run_schedule().await;
    assert_eq!(
        load_status(&recorder.firm).await["status"],
        "needs_reauthorization"
    );
    recorder.connect().await;
    recorder.run_schedule().await;
    recorder.open_pages().await;
    let ending = Request::post("/v1/quickbooks/disconnect");
    assert_eq!(
        recorder
            .call(ending, Some(json!({ "confirm": true })))
            .await,
        200
    );
    recorder.open_pages().await;
}
