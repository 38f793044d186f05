//! Ownership of companies: no firm reaches, takes or disturbs the company of another.

use super::sign_in::{
    SignIn, connect, connect_to, has_access, header_text, load_status, new_firm, two_new_firms,
};
use super::{Row, Scenario, run_scenarios};
use crate::{Confirmation, disconnect, start_deployment};
use futures::future::join;
use host::demo::firm::Firm;
use host::demo::local_deployment::LocalDeployment;
use http::header::LOCATION;
use std::time::Duration;

pub const ROWS: &[Row<Scenario>] = &[
    Row {
        rule: "ASVS 8.4.1",
        attempt: "an admin of another firm's company connects it to a second firm",
        action: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (
                    new_firm(deployment, id),
                    connect_other_firm(deployment, id).await,
                );
                let outcome = connect_to(&mine, &theirs.realm).await;
                describe_firms(&mine, &theirs, outcome).await
            })
        },
        expected: "company_taken; mine disconnected, theirs works",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a connected firm picks the company of another firm",
        action: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (
                    new_firm(deployment, id),
                    connect_other_firm(deployment, id).await,
                );
                connect(&mine).await;
                let outcome = connect_to(&mine, &theirs.realm).await;
                assert!(has_access(&mine).await);
                describe_firms(&mine, &theirs, outcome).await
            })
        },
        expected: "company_taken; mine connected, theirs works",
    },
    Row {
        rule: "contract 3",
        attempt: "a person with two companies picks the wrong one, which stays free",
        action: |deployment, id| {
            Box::pin(async move {
                let [firm, second] = two_new_firms(deployment, id);
                connect(&firm).await;
                let before = load_status(&firm).await;
                let outcome = connect_to(&firm, &second.realm).await;
                assert_eq!(load_status(&firm).await, before);
                assert_eq!(connect(&second).await, "connected");
                format!("{outcome}; works: {}", has_access(&firm).await)
            })
        },
        expected: "other_company; works: true",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "two firms connect the same company at the same moment",
        action: |deployment, id| {
            Box::pin(async move {
                let [one, mut two] = two_new_firms(deployment, id);
                two.realm.clone_from(&one.realm);
                let (a, b) = (
                    SignIn::start(&one).await.callback(),
                    SignIn::start(&two).await.callback(),
                );
                let (a, b) = join(a.complete(deployment), b.complete(deployment)).await;
                for outcome in [a, b] {
                    assert!(
                        ["connected", "company_taken", "try_again"].contains(&&*outcome),
                        "{outcome}"
                    );
                }
                // The firm that lost must not have spent or ended the grant of the other.
                deployment.advance(Duration::from_mins(56));
                let working = [has_access(&one).await, has_access(&two).await];
                format!(
                    "{} works an hour later",
                    working.into_iter().filter(|works| *works).count()
                )
            })
        },
        expected: "1 works an hour later",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "an unconnected firm disconnects three times",
        action: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (
                    new_firm(deployment, id),
                    connect_other_firm(deployment, id).await,
                );
                for _ in 0..3 {
                    disconnect_firm(&mine).await;
                }
                describe_firms(&mine, &theirs, "nothing".into()).await
            })
        },
        expected: "nothing; mine disconnected, theirs works",
    },
    Row {
        rule: "contract 3",
        attempt: "another firm connects a company that its firm disconnected",
        action: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (
                    new_firm(deployment, id),
                    connect_other_firm(deployment, id).await,
                );
                disconnect_firm(&theirs).await;
                let taken = connect_to(&mine, &theirs.realm).await;
                let back = connect(&theirs).await;
                format!("{taken}, then {back}")
            })
        },
        expected: "connected, then company_taken",
    },
    Row {
        rule: "contract 3",
        attempt: "the person loses the admin role before the callback",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let callback = SignIn::start(&firm).await.callback();
                deployment
                    .simulator()
                    .person(&firm.realm)
                    .unwrap()
                    .set_admin(false);
                let outcome = callback.complete(deployment).await;
                deployment
                    .simulator()
                    .person(&firm.realm)
                    .unwrap()
                    .set_admin(true);
                format!("{outcome}, then {}", connect(&firm).await)
            })
        },
        expected: "not_admin, then connected",
    },
    Row {
        rule: "contract 3",
        attempt: "the subscription of the company has ended",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                deployment
                    .simulator()
                    .person(&firm.realm)
                    .unwrap()
                    .set_subscribed(false);
                let outcome = connect(&firm).await;
                deployment
                    .simulator()
                    .person(&firm.realm)
                    .unwrap()
                    .set_subscribed(true);
                format!("{outcome}, then {}", connect(&firm).await)
            })
        },
        expected: "company_suspended, then connected",
    },
];

/// Connects another firm to a company of its own.
pub async fn connect_other_firm<'a>(deployment: &'a LocalDeployment, id: &str) -> Firm<'a> {
    let firm = new_firm(deployment, &format!("{id}_other_firm"));
    assert_eq!(connect(&firm).await, "connected");
    firm
}

/// Disconnects a firm.
async fn disconnect_firm(firm: &Firm<'_>) {
    let answer = disconnect(firm, Confirmation::Given).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// Returns the outcome of mine and the state of both firms. The status of mine must not show data of theirs.
pub async fn describe_firms(mine: &Firm<'_>, theirs: &Firm<'_>, outcome: String) -> String {
    let shown = load_status(mine).await;
    assert!(!shown.to_string().contains(&theirs.realm) && !shown.to_string().contains(&theirs.id));
    assert_eq!(
        load_status(theirs).await["company"]["realm_id"],
        *theirs.realm
    );
    let theirs = if has_access(theirs).await {
        "works"
    } else {
        "is broken"
    };
    format!(
        "{outcome}; mine {}, theirs {theirs}",
        shown["status"].as_str().unwrap_or_default()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn company_serves_only_one_firm() {
    run_scenarios(ROWS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_company_refusal_hides_its_owner() {
    let deployment = start_deployment().await;
    let (mine, theirs) = (
        new_firm(&deployment, "firm_a"),
        connect_other_firm(&deployment, "firm_a").await,
    );
    let outcome = SignIn::start_for(&mine, &theirs.realm)
        .await
        .callback()
        .send(&deployment)
        .await;
    let address = header_text(&outcome, LOCATION.as_str());
    let logs: String = deployment
        .logs
        .lines()
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    for secret in [&*theirs.realm, &theirs.id, "Company of firm_a_other_firm"] {
        assert!(!address.contains(secret), "{address}");
    }
    assert!(!logs.contains(&theirs.realm) && !logs.contains("Company of"));
}
