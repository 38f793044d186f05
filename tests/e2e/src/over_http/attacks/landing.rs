//! The addresses that Intuit sends people to without being asked: anybody can come there and say anything, so
//! nothing is believed and nothing is told.

use super::way::{connect, exchanges, landing, office, standing, works};
use super::{Row, Story, play};
use crate::over_http::{get, send};
use host::demo::firm::Firm;
use host::demo::local_deployment::LocalDeployment;
use http::Request;
use simulator::{Effect, Injection, RequestKind};

const DISCONNECTED: &str = "/v1/quickbooks/disconnected";
const RECONNECT: &str = "/v1/quickbooks/reconnect";

pub const ROWS: &[Row<Story>] = &[
    Row {
        rule: "ASVS 8.4.1",
        attempt: "somebody says that a company was disconnected, which was not",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = connected(deployment, id).await;
                let landed = comes_from(&firm).await;
                format!(
                    "{landed}; {}; works: {}",
                    standing(&firm).await["status"],
                    works(&firm).await
                )
            })
        },
        expect: "disconnected; \"connected\"; works: true",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "the same twenty times in a minute: Intuit is asked once",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = connected(deployment, id).await;
                let before = exchanges(deployment);
                for _ in 0..20 {
                    comes_from(&firm).await;
                }
                let asked = exchanges(deployment) - before;
                format!("asked: {asked}; works: {}", works(&firm).await)
            })
        },
        expect: "asked: 1; works: true",
    },
    Row {
        rule: "contract 3",
        attempt: "a company that was disconnected in QuickBooks",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = connected(deployment, id).await;
                deployment
                    .simulator()
                    .person(&firm.realm)
                    .unwrap()
                    .disconnect_app();
                let landed = comes_from(&firm).await;
                format!("{landed}; {}", standing(&firm).await["status"])
            })
        },
        expect: "disconnected; \"needs_reauthorization\"",
    },
    Row {
        rule: "contract 3",
        attempt: "somebody says so while Intuit is down",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = connected(deployment, id).await;
                let down = Injection::new(Effect::Unavailable).kind(RequestKind::Token);
                deployment.simulator().inject(down);
                let landed = comes_from(&firm).await;
                format!("{landed}; {}", standing(&firm).await["status"])
            })
        },
        expect: "disconnected; \"connected\"",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "somebody wants to know which companies use RIVET: all are answered alike",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = connected(deployment, id).await;
                let mut told = Vec::new();
                for realm in [&*firm.realm, "9341453908059321"] {
                    let address = format!("{DISCONNECTED}?realmId={realm}");
                    let mut answer = send(deployment, get(&address), "").await;
                    answer.headers.remove("x-request-id");
                    told.push((answer.status, answer.headers, answer.body));
                }
                format!("alike: {}", told[0] == told[1])
            })
        },
        expect: "alike: true",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "companies that nobody has: nothing is asked and nothing written",
        how: |deployment, _| {
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
                    let landed = come(deployment, &format!("{DISCONNECTED}?realmId={realm}")).await;
                    assert_eq!(landed, "disconnected", "{realm}");
                }
                let cost = deployment.counts() - before;
                format!("asked: {}; written: {}", cost.outbound, cost.writes())
            })
        },
        expect: "asked: 0; written: 0",
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "somebody would rather land elsewhere",
        how: |deployment, _| {
            Box::pin(async move {
                let wish =
                    "redirect_uri=https://evil.example&next=//evil.example&quickbooks=connected";
                let landed = [
                    come(deployment, &format!("{DISCONNECTED}?{wish}")).await,
                    come(deployment, &format!("{RECONNECT}?{wish}&realmId=1")).await,
                ];
                landed.join(" and ")
            })
        },
        expect: "disconnected and reconnect",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a reconnect that somebody else asked for: it only leads to RIVET",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = connected(deployment, id).await;
                let (shown, before) = (standing(&firm).await, deployment.counts());
                let told = send(
                    deployment,
                    get(&format!("{RECONNECT}?realmId={}", firm.realm)),
                    "",
                )
                .await;
                let cost = deployment.counts() - before;
                assert!(!told.headers.contains_key("set-cookie"));
                assert_eq!(
                    (cost.writes(), cost.outbound, standing(&firm).await),
                    (0, 0, shown)
                );
                landing(deployment, &told)
            })
        },
        expect: "reconnect",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a form from elsewhere",
        how: |deployment, _| {
            Box::pin(async move {
                let posted = [DISCONNECTED, RECONNECT]
                    .map(|path| send(deployment, Request::post(path), "realmId=1"));
                let [one, other] = posted;
                format!("{} and {}", one.await.status, other.await.status)
            })
        },
        expect: "405 and 405",
    },
];

async fn connected<'a>(deployment: &'a LocalDeployment, id: &str) -> Firm<'a> {
    let firm = office(deployment, id);
    assert_eq!(connect(&firm).await, "connected");
    firm
}

/// Where a browser lands that says that the firm's company was disconnected in QuickBooks.
async fn comes_from(firm: &Firm<'_>) -> String {
    let address = format!("{DISCONNECTED}?realmId={}", firm.realm);
    come(firm.deployment, &address).await
}

/// Where a browser lands that comes to this address.
async fn come(deployment: &LocalDeployment, address: &str) -> String {
    landing(deployment, &send(deployment, get(address), "").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn landing_pages_verify_claims_and_reveal_nothing() {
    play(ROWS).await;
}
