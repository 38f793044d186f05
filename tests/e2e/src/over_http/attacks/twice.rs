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
        how: |stage, id| {
            Box::pin(async move {
                let firm = office(stage, id);
                let answer = Way::of(&firm).await.answer();
                let first = answer.land(stage).await;
                let again = answer.land(stage).await;
                format!("{first}, then {again}; works: {}", works(&firm).await)
            })
        },
        expect: "connected, then state_used; works: true",
    },
    Row {
        rule: "RFC 9700 4.2.4",
        attempt: "a spent state with a fresh code",
        how: |stage, id| {
            Box::pin(async move {
                let firm = office(stage, id);
                let spent = Way::of(&firm).await;
                let first = spent.answer().land(stage).await;
                let fresh = Way::of(&firm).await;
                let again = spent
                    .answer()
                    .with("code", fresh.code.clone())
                    .land(stage)
                    .await;
                format!("{first}, then {again}; works: {}", works(&firm).await)
            })
        },
        expect: "connected, then state_used; works: true",
    },
    Row {
        rule: "contract 3",
        attempt: "the browser sends its answer twice at the same moment",
        how: |stage, id| {
            Box::pin(async move {
                let firm = office(stage, id);
                let (answer, before) = (Way::of(&firm).await.answer(), exchanges(stage));
                let (one, other) = join(answer.land(stage), answer.land(stage)).await;
                let mut landed = [one, other];
                landed.sort();
                let sent = exchanges(stage) - before;
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
        how: |stage, id| {
            Box::pin(async move {
                let firm = office(stage, id);
                let (answer, before) = (Way::of(&firm).await.answer(), exchanges(stage));
                stage.advance(Duration::from_mins(11));
                let landed = answer.land(stage).await;
                let sent = exchanges(stage) - before;
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
        how: |stage, id| {
            Box::pin(async move {
                let [ours, theirs] = two_offices(stage, id);
                let (one, two) = (Way::of(&ours).await, Way::of(&theirs).await);
                let jar = format!("{}; {}", one.jar(), two.jar());
                let both = |way: &Way| way.answer().cookies(jar.clone());
                let landed = [both(&two).land(stage).await, both(&one).land(stage).await];
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
        how: |stage, id| {
            Box::pin(async move {
                let way = Way::of(&office(stage, id)).await;
                let address = way.answer().address();
                let form = address.split_once('?').unwrap().1.to_owned();
                let posting = Request::post(CALLBACK).header(COOKIE, way.jar());
                let posted = landing(stage, &send(stage, posting, form).await);
                format!("{posted}, then {}", way.answer().land(stage).await)
            })
        },
        expect: "405, then connected",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a preview looks at the answer's address by HEAD",
        how: |stage, id| {
            Box::pin(async move {
                let way = Way::of(&office(stage, id)).await;
                let looking = Request::head(way.answer().address()).header(COOKIE, way.jar());
                let looked = landing(stage, &send(stage, looking, "").await);
                format!("{looked}, then {}", way.answer().land(stage).await)
            })
        },
        expect: "405, then connected",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "a scanner opens the link before its owner: it has the cookie, the owner has nothing",
        how: |stage, id| {
            Box::pin(async move {
                let firm = office(stage, id);
                let ticket = ticket(&firm).await;
                open(stage, &ticket).await;
                let owner = landing(stage, &open(stage, &ticket).await);
                format!("{owner}; {}", standing(&firm).await["status"])
            })
        },
        expect: "link_used; \"disconnected\"",
    },
    Row {
        rule: "contract 3",
        attempt: "a person clicks Connect twice and finishes the older tab last",
        how: |stage, id| {
            Box::pin(async move {
                let firm = office(stage, id);
                let (older, newer) = (Way::of(&firm).await, Way::of(&firm).await);
                let land = |way: Way| async move { Visit::land(&way.answer(), stage).await };
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
