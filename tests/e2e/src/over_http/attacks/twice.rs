//! Answers that come twice, at once, late, or in another form.

use super::way::{
    CALLBACK, Visit, Way, exchanges, landing, office, open, standing, ticket, two_offices, works,
};
use super::{Row, Story, play};
use crate::over_http::send;
use futures::future::join;
use http::Request;
use http::header::COOKIE;
use std::time::Duration;

pub const ROWS: &[Row<Story>] = &[
    Row {
        rule: "RFC 9700 4.2.4",
        attempt: "an answer is taken from the browser's history and sent again",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = office(deployment, id);
                let answer = Way::of(&firm).await.answer();
                let first = answer.land(deployment).await;
                let again = answer.land(deployment).await;
                format!("{first}, then {again}; works: {}", works(&firm).await)
            })
        },
        expect: "connected, then state_used; works: true",
    },
    Row {
        rule: "RFC 9700 4.2.4",
        attempt: "a spent state with a fresh code",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = office(deployment, id);
                let spent = Way::of(&firm).await;
                let first = spent.answer().land(deployment).await;
                let fresh = Way::of(&firm).await;
                let again = spent
                    .answer()
                    .with("code", fresh.code.clone())
                    .land(deployment)
                    .await;
                format!("{first}, then {again}; works: {}", works(&firm).await)
            })
        },
        expect: "connected, then state_used; works: true",
    },
    Row {
        rule: "contract 3",
        attempt: "the browser sends its answer twice at the same moment",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = office(deployment, id);
                let (answer, before) = (Way::of(&firm).await.answer(), exchanges(deployment));
                let (one, other) = join(answer.land(deployment), answer.land(deployment)).await;
                let mut landed = [one, other];
                landed.sort();
                let sent = exchanges(deployment) - before;
                format!(
                    "{}; codes sent: {sent}; works: {}",
                    landed.join(" and "),
                    works(&firm).await
                )
            })
        },
        expect: "connected and state_used; codes sent: 1; works: true",
    },
    Row {
        rule: "contract 3",
        attempt: "a person who left the page open for eleven minutes",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = office(deployment, id);
                let (answer, before) = (Way::of(&firm).await.answer(), exchanges(deployment));
                deployment.advance(Duration::from_mins(11));
                let landed = answer.land(deployment).await;
                let sent = exchanges(deployment) - before;
                format!(
                    "{landed}; codes sent: {sent}; {}",
                    standing(&firm).await["status"]
                )
            })
        },
        expect: "state_expired; codes sent: 0; \"disconnected\"",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "one browser connects two firms in two tabs, with both cookies each time",
        how: |deployment, id| {
            Box::pin(async move {
                let [ours, theirs] = two_offices(deployment, id);
                let (one, two) = (Way::of(&ours).await, Way::of(&theirs).await);
                let jar = format!("{}; {}", one.jar(), two.jar());
                let both = |way: &Way| way.answer().cookies(jar.clone());
                let landed = [
                    both(&two).land(deployment).await,
                    both(&one).land(deployment).await,
                ];
                for firm in [&ours, &theirs] {
                    assert_eq!(standing(firm).await["company"]["realm_id"], *firm.realm);
                }
                landed.join(" and ")
            })
        },
        expect: "connected and connected",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a form on another page posts an answer",
        how: |deployment, id| {
            Box::pin(async move {
                let way = Way::of(&office(deployment, id)).await;
                let address = way.answer().address();
                let form = address.split_once('?').unwrap().1.to_owned();
                let posting = Request::post(CALLBACK).header(COOKIE, way.jar());
                let posted = landing(deployment, &send(deployment, posting, form).await);
                format!("{posted}, then {}", way.answer().land(deployment).await)
            })
        },
        expect: "405, then connected",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a preview looks at the answer's address by HEAD",
        how: |deployment, id| {
            Box::pin(async move {
                let way = Way::of(&office(deployment, id)).await;
                let looking = Request::head(way.answer().address()).header(COOKIE, way.jar());
                let looked = landing(deployment, &send(deployment, looking, "").await);
                format!("{looked}, then {}", way.answer().land(deployment).await)
            })
        },
        expect: "405, then connected",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "a scanner opens the link before its owner: it has the cookie, the owner has nothing",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = office(deployment, id);
                let ticket = ticket(&firm).await;
                open(deployment, &ticket).await;
                let owner = landing(deployment, &open(deployment, &ticket).await);
                format!("{owner}; {}", standing(&firm).await["status"])
            })
        },
        expect: "link_used; \"disconnected\"",
    },
    Row {
        rule: "contract 3",
        attempt: "a person clicks Connect twice and finishes the older tab last",
        how: |deployment, id| {
            Box::pin(async move {
                let firm = office(deployment, id);
                let (older, newer) = (Way::of(&firm).await, Way::of(&firm).await);
                let land = |way: Way| async move { Visit::land(&way.answer(), deployment).await };
                let landed = [land(newer).await, land(older).await];
                format!("{}; works: {}", landed.join(", then "), works(&firm).await)
            })
        },
        expect: "connected, then reconnected; works: true",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn callback_counts_once_in_time_by_get() {
    play(ROWS).await;
}
