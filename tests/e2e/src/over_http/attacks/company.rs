//! Whose company it is: no firm reaches, takes or disturbs the company of another.

use super::way::{Way, connect, connect_to, header, office, standing, two_offices, works};
use super::{Row, Story, play};
use crate::over_http::{disconnect, start_deployment};
use futures::future::join;
use host::demo::firm::Firm;
use host::demo::local_deployment::LocalDeployment;
use http::header::LOCATION;
use std::time::Duration;

pub const ROWS: &[Row<Story>] = &[
    Row {
        rule: "ASVS 8.4.1",
        attempt: "an admin of another firm's company connects it too",
        how: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (office(deployment, id), rival(deployment, id).await);
                let landed = connect_to(&mine, &theirs.realm).await;
                told(&mine, &theirs, landed).await
            })
        },
        expect: "company_taken; mine disconnected, theirs works",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a connected firm picks the company of another on reconnecting",
        how: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (office(deployment, id), rival(deployment, id).await);
                connect(&mine).await;
                let landed = connect_to(&mine, &theirs.realm).await;
                assert!(works(&mine).await);
                told(&mine, &theirs, landed).await
            })
        },
        expect: "company_taken; mine connected, theirs works",
    },
    Row {
        rule: "contract 3",
        attempt: "a person with two companies picks the wrong one on reconnecting: it stays free",
        how: |deployment, id| {
            Box::pin(async move {
                let [firm, second] = two_offices(deployment, id);
                connect(&firm).await;
                let before = standing(&firm).await;
                let landed = connect_to(&firm, &second.realm).await;
                assert_eq!(standing(&firm).await, before);
                assert_eq!(connect(&second).await, "connected");
                format!("{landed}; works: {}", works(&firm).await)
            })
        },
        expect: "other_company; works: true",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "two firms connect the same company at the same moment",
        how: |deployment, id| {
            Box::pin(async move {
                let [one, mut two] = two_offices(deployment, id);
                two.realm.clone_from(&one.realm);
                let (a, b) = (Way::of(&one).await.answer(), Way::of(&two).await.answer());
                let (a, b) = join(a.land(deployment), b.land(deployment)).await;
                for landed in [a, b] {
                    assert!(
                        ["connected", "company_taken", "try_again"].contains(&&*landed),
                        "{landed}"
                    );
                }
                // Whoever lost must not have spent or ended what the other was given.
                deployment.advance(Duration::from_mins(56));
                let working = [works(&one).await, works(&two).await];
                format!(
                    "{} works an hour later",
                    working.into_iter().filter(|works| *works).count()
                )
            })
        },
        expect: "1 works an hour later",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a firm that is not connected disconnects in a loop",
        how: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (office(deployment, id), rival(deployment, id).await);
                for _ in 0..3 {
                    leave(&mine).await;
                }
                told(&mine, &theirs, "nothing".into()).await
            })
        },
        expect: "nothing; mine disconnected, theirs works",
    },
    Row {
        rule: "contract 3",
        attempt: "another firm takes the company that a firm gave up: the first does not get it back",
        how: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (office(deployment, id), rival(deployment, id).await);
                leave(&theirs).await;
                let taken = connect_to(&mine, &theirs.realm).await;
                let back = connect(&theirs).await;
                format!("{taken}, then {back}")
            })
        },
        expect: "connected, then company_taken",
    },
    Row {
        rule: "contract 3",
        attempt: "the person is no admin of the company any more when the browser lands",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = office(deployment, id);
                let answer = Way::of(&firm).await.answer();
                deployment
                    .simulator()
                    .person(&firm.realm)
                    .unwrap()
                    .set_admin(false);
                let landed = answer.land(deployment).await;
                deployment
                    .simulator()
                    .person(&firm.realm)
                    .unwrap()
                    .set_admin(true);
                format!("{landed}, then {}", connect(&firm).await)
            })
        },
        expect: "not_admin, then connected",
    },
    Row {
        rule: "contract 3",
        attempt: "the company's subscription has ended",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = office(deployment, id);
                deployment
                    .simulator()
                    .person(&firm.realm)
                    .unwrap()
                    .set_subscribed(false);
                let landed = connect(&firm).await;
                deployment
                    .simulator()
                    .person(&firm.realm)
                    .unwrap()
                    .set_subscribed(true);
                format!("{landed}, then {}", connect(&firm).await)
            })
        },
        expect: "company_suspended, then connected",
    },
];

/// Another firm, connected to a company of its own.
pub async fn rival<'a>(deployment: &'a LocalDeployment, id: &str) -> Firm<'a> {
    let firm = office(deployment, &format!("{id}_rival"));
    assert_eq!(connect(&firm).await, "connected");
    firm
}

async fn leave(firm: &Firm<'_>) {
    let told = disconnect(firm, true).await;
    assert_eq!(told.status, 200, "{}", told.body);
}

/// Where mine landed, and how both stand; nothing of theirs may show in mine.
pub async fn told(mine: &Firm<'_>, theirs: &Firm<'_>, landed: String) -> String {
    let shown = standing(mine).await;
    assert!(!shown.to_string().contains(&theirs.realm) && !shown.to_string().contains(&theirs.id));
    assert_eq!(standing(theirs).await["company"]["realm_id"], *theirs.realm);
    let theirs = if works(theirs).await {
        "works"
    } else {
        "is broken"
    };
    format!(
        "{landed}; mine {}, theirs {theirs}",
        shown["status"].as_str().unwrap_or_default()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn company_serves_only_one_firm() {
    play(ROWS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_company_refusal_hides_its_owner() {
    let deployment = start_deployment().await;
    let (mine, theirs) = (
        office(&deployment, "firm_a"),
        rival(&deployment, "firm_a").await,
    );
    let landed = Way::to(&mine, &theirs.realm)
        .await
        .answer()
        .sent(&deployment)
        .await;
    let address = header(&landed, LOCATION.as_str());
    let logs: String = deployment
        .logs
        .lines()
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    for secret in [&*theirs.realm, &theirs.id, "Company of firm_a_rival"] {
        assert!(!address.contains(secret), "{address}");
    }
    assert!(!logs.contains(&theirs.realm) && !logs.contains("Company of"));
}
