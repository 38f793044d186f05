//! Callbacks that are repeated, simultaneous, late or sent by another method.

use super::sign_in::{
    CALLBACK, Callback, SignIn, count_token_calls, has_access, issue_ticket, load_status, new_firm,
    open_link, read_outcome, two_new_firms,
};
use super::{Row, Scenario, run_scenarios};
use crate::send;
use futures::future::join;
use http::Request;
use http::header::COOKIE;
use std::time::Duration;

pub const ROWS: &[Row<Scenario>] = &[
    Row {
        rule: "RFC 9700 4.2.4",
        attempt: "a callback from the browser's history is sent again",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let callback = SignIn::start(&firm).await.callback();
                let first = callback.complete(deployment).await;
                let again = callback.complete(deployment).await;
                format!("{first}, then {again}; works: {}", has_access(&firm).await)
            })
        },
        expected: "connected, then state_used; works: true",
    },
    Row {
        rule: "RFC 9700 4.2.4",
        attempt: "a used state with a new code",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let used = SignIn::start(&firm).await;
                let first = used.callback().complete(deployment).await;
                let fresh = SignIn::start(&firm).await;
                let again = used
                    .callback()
                    .with("code", fresh.code.clone())
                    .complete(deployment)
                    .await;
                format!("{first}, then {again}; works: {}", has_access(&firm).await)
            })
        },
        expected: "connected, then state_used; works: true",
    },
    Row {
        rule: "contract 3",
        attempt: "a browser sends its callback twice at the same moment",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let (callback, before) = (
                    SignIn::start(&firm).await.callback(),
                    count_token_calls(deployment),
                );
                let (one, other) =
                    join(callback.complete(deployment), callback.complete(deployment)).await;
                let mut outcome = [one, other];
                outcome.sort();
                let sent = count_token_calls(deployment) - before;
                format!(
                    "{}; codes sent: {sent}; works: {}",
                    outcome.join(" and "),
                    has_access(&firm).await
                )
            })
        },
        expected: "connected and state_used; codes sent: 1; works: true",
    },
    Row {
        rule: "contract 3",
        attempt: "the person stays on Intuit's page for eleven minutes",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let (callback, before) = (
                    SignIn::start(&firm).await.callback(),
                    count_token_calls(deployment),
                );
                deployment.advance(Duration::from_mins(11));
                let outcome = callback.complete(deployment).await;
                let sent = count_token_calls(deployment) - before;
                format!(
                    "{outcome}; codes sent: {sent}; {}",
                    load_status(&firm).await["status"]
                )
            })
        },
        expected: "state_expired; codes sent: 0; \"disconnected\"",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "one browser connects two firms in two tabs with both cookies",
        action: |deployment, id| {
            Box::pin(async move {
                let [ours, theirs] = two_new_firms(deployment, id);
                let (one, two) = (SignIn::start(&ours).await, SignIn::start(&theirs).await);
                let cookies = format!("{}; {}", one.cookie_header(), two.cookie_header());
                let both = |sign_in: &SignIn| sign_in.callback().with_cookies(cookies.clone());
                let outcome = [
                    both(&two).complete(deployment).await,
                    both(&one).complete(deployment).await,
                ];
                for firm in [&ours, &theirs] {
                    assert_eq!(load_status(firm).await["company"]["realm_id"], *firm.realm);
                }
                outcome.join(" and ")
            })
        },
        expected: "connected and connected",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a form on another site posts a callback",
        action: |deployment, id| {
            Box::pin(async move {
                let sign_in = SignIn::start(&new_firm(deployment, id)).await;
                let address = sign_in.callback().address();
                let form = address.split_once('?').unwrap().1.to_owned();
                let posting = Request::post(CALLBACK).header(COOKIE, sign_in.cookie_header());
                let posted = read_outcome(deployment, &send(deployment, posting, form).await);
                format!(
                    "{posted}, then {}",
                    sign_in.callback().complete(deployment).await
                )
            })
        },
        expected: "405, then connected",
    },
    Row {
        rule: "ASVS 3.5.3",
        attempt: "a link preview sends HEAD to the callback",
        action: |deployment, id| {
            Box::pin(async move {
                let sign_in = SignIn::start(&new_firm(deployment, id)).await;
                let looking = Request::head(sign_in.callback().address())
                    .header(COOKIE, sign_in.cookie_header());
                let looked = read_outcome(deployment, &send(deployment, looking, "").await);
                format!(
                    "{looked}, then {}",
                    sign_in.callback().complete(deployment).await
                )
            })
        },
        expected: "405, then connected",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "a scanner opens the link before its owner",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let ticket = issue_ticket(&firm).await;
                open_link(deployment, &ticket).await;
                let owner = read_outcome(deployment, &open_link(deployment, &ticket).await);
                format!("{owner}; {}", load_status(&firm).await["status"])
            })
        },
        expected: "link_used; \"disconnected\"",
    },
    Row {
        rule: "contract 3",
        attempt: "a person connects in two tabs and finishes the older one last",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let (older, newer) = (SignIn::start(&firm).await, SignIn::start(&firm).await);
                let complete = |sign_in: SignIn| async move {
                    Callback::complete(&sign_in.callback(), deployment).await
                };
                let outcome = [complete(newer).await, complete(older).await];
                format!(
                    "{}; works: {}",
                    outcome.join(", then "),
                    has_access(&firm).await
                )
            })
        },
        expected: "connected, then reconnected; works: true",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn callback_counts_once_in_time_by_get() {
    run_scenarios(ROWS).await;
}
