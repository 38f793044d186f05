//! The landing pages for Intuit's app store. Any browser can open them with any parameters, so a claim is checked with
//! Intuit and no answer reveals a company.

use super::sign_in::{connect, count_token_calls, has_access, load_status, new_firm, read_outcome};
use super::{Row, Scenario, run_scenarios};
use crate::{get, send};
use host::demo::firm::Firm;
use host::demo::local_deployment::LocalDeployment;
use http::Request;
use simulator::{Effect, Injection, RequestKind};
use std::time::Duration;

const DISCONNECTED: &str = "/v1/quickbooks/disconnected";
const RECONNECT: &str = "/v1/quickbooks/reconnect";

pub const ROWS: &[Row<Scenario>] = &[
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a visitor claims that a connected company was disconnected",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = connect_new_firm(deployment, id).await;
                let outcome = report_disconnect(&firm).await;
                format!(
                    "{outcome}; {}; works: {}",
                    load_status(&firm).await["status"],
                    has_access(&firm).await
                )
            })
        },
        expected: "disconnected; \"connected\"; works: true",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a visitor repeats the claim for most of an hour",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = connect_new_firm(deployment, id).await;
                let before = count_token_calls(deployment);
                for _ in 0..20 {
                    report_disconnect(&firm).await;
                    deployment.advance(Duration::from_secs(170));
                }
                let calls = count_token_calls(deployment) - before;
                format!("calls: {calls}; works: {}", has_access(&firm).await)
            })
        },
        expected: "calls: 1; works: true",
    },
    Row {
        rule: "contract 3",
        attempt: "the company was disconnected in QuickBooks",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = connect_new_firm(deployment, id).await;
                deployment
                    .simulator()
                    .person(&firm.realm)
                    .unwrap()
                    .disconnect_app();
                let outcome = report_disconnect(&firm).await;
                format!("{outcome}; {}", load_status(&firm).await["status"])
            })
        },
        expected: "disconnected; \"needs_reauthorization\"",
    },
    Row {
        rule: "contract 3",
        attempt: "a visitor claims so while Intuit is down",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = connect_new_firm(deployment, id).await;
                let down = Injection::new(Effect::Unavailable).kind(RequestKind::Token);
                deployment.simulator().inject(down);
                let outcome = report_disconnect(&firm).await;
                format!("{outcome}; {}", load_status(&firm).await["status"])
            })
        },
        expected: "disconnected; \"connected\"",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a visitor tests which companies use RIVET",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = connect_new_firm(deployment, id).await;
                let mut answers = Vec::new();
                for realm in [&*firm.realm, "9341453908059321"] {
                    let address = format!("{DISCONNECTED}?realmId={realm}");
                    let mut answer = send(deployment, get(&address), "").await;
                    answer.headers.remove("x-request-id");
                    answers.push((answer.status, answer.headers, answer.body));
                }
                format!("equal: {}", answers[0] == answers[1])
            })
        },
        expected: "equal: true",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "company ids that no firm has",
        action: |deployment, _| {
            Box::pin(async move {
                let (before, long) = (deployment.counts(), "1".repeat(4000));
                for realm in [
                    "",
                    "7",
                    "../connection/firm_a",
                    "%00",
                    "%EF%BC%91%EF%BC%92",
                    &long,
                ] {
                    let outcome =
                        visit(deployment, &format!("{DISCONNECTED}?realmId={realm}")).await;
                    assert_eq!(outcome, "disconnected", "{realm}");
                }
                let cost = deployment.counts() - before;
                format!("calls: {}; writes: {}", cost.outbound, cost.writes())
            })
        },
        expected: "calls: 0; writes: 0",
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "a visitor asks for another redirect address",
        action: |deployment, _| {
            Box::pin(async move {
                let overrides =
                    "redirect_uri=https://evil.example&next=//evil.example&quickbooks=connected";
                let outcome = [
                    visit(deployment, &format!("{DISCONNECTED}?{overrides}")).await,
                    visit(deployment, &format!("{RECONNECT}?{overrides}&realmId=1")).await,
                ];
                outcome.join(" and ")
            })
        },
        expected: "disconnected and reconnect",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "another site opens the reconnect page",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = connect_new_firm(deployment, id).await;
                let (shown, before) = (load_status(&firm).await, deployment.counts());
                let answer = send(
                    deployment,
                    get(&format!("{RECONNECT}?realmId={}", firm.realm)),
                    "",
                )
                .await;
                let cost = deployment.counts() - before;
                assert!(!answer.headers.contains_key("set-cookie"));
                assert_eq!(
                    (cost.writes(), cost.outbound, load_status(&firm).await),
                    (0, 0, shown)
                );
                read_outcome(deployment, &answer)
            })
        },
        expected: "reconnect",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a form of another site posts",
        action: |deployment, _| {
            Box::pin(async move {
                let posted = [DISCONNECTED, RECONNECT]
                    .map(|path| send(deployment, Request::post(path), "realmId=1"));
                let [one, other] = posted;
                format!("{} and {}", one.await.status, other.await.status)
            })
        },
        expected: "405 and 405",
    },
];

/// Connects a new firm with this id.
async fn connect_new_firm<'a>(deployment: &'a LocalDeployment, id: &str) -> Firm<'a> {
    let firm = new_firm(deployment, id);
    assert_eq!(connect(&firm).await, "connected");
    firm
}

/// Opens the page that claims that the firm's company was disconnected. Returns the outcome.
async fn report_disconnect(firm: &Firm<'_>) -> String {
    let address = format!("{DISCONNECTED}?realmId={}", firm.realm);
    visit(firm.deployment, &address).await
}

/// Opens an address in a browser. Returns the outcome.
async fn visit(deployment: &LocalDeployment, address: &str) -> String {
    read_outcome(deployment, &send(deployment, get(address), "").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn landing_pages_verify_claims_and_reveal_nothing() {
    run_scenarios(ROWS).await;
}
