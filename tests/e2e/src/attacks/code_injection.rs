//! Callbacks with a code and a company that do not belong together (authorization code injection).

use super::company_ownership::{connect_other_firm, describe_firms};
use super::sign_in::{SignIn, connect, count_token_calls, load_status, new_firm, two_new_firms};
use super::{Row, Scenario, run_scenarios};

pub const ROWS: &[Row<Scenario>] = &[
    Row {
        rule: "RFC 9700 4.5",
        attempt: "the own code with the company of a connected firm",
        action: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (
                    new_firm(deployment, id),
                    connect_other_firm(deployment, id).await,
                );
                let callback = SignIn::start(&mine)
                    .await
                    .callback()
                    .with("realmId", &*theirs.realm);
                describe_firms(&mine, &theirs, callback.complete(deployment).await).await
            })
        },
        expected: "company_taken; mine disconnected, theirs works",
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "the own code with a free company, which its own firm connects afterwards",
        action: |deployment, id| {
            Box::pin(async move {
                let [mine, theirs] = two_new_firms(deployment, id);
                let callback = SignIn::start(&mine)
                    .await
                    .callback()
                    .with("realmId", &*theirs.realm);
                let outcome = callback.complete(deployment).await;
                assert_eq!(connect(&theirs).await, "connected");
                describe_firms(&mine, &theirs, outcome).await
            })
        },
        expected: "company_unreachable; mine disconnected, theirs works",
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "a stolen code with the own company",
        action: |deployment, id| {
            Box::pin(async move {
                let [mine, theirs] = two_new_firms(deployment, id);
                let stolen = SignIn::start(&theirs).await.code;
                let outcome = SignIn::start(&mine)
                    .await
                    .callback()
                    .with("code", stolen)
                    .complete(deployment)
                    .await;
                assert_eq!(connect(&theirs).await, "connected");
                describe_firms(&mine, &theirs, outcome).await
            })
        },
        expected: "company_unreachable; mine disconnected, theirs works",
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "a stolen code with its company, after the owner connected",
        action: |deployment, id| {
            Box::pin(async move {
                let [mine, theirs] = two_new_firms(deployment, id);
                let stolen = SignIn::start(&theirs).await;
                assert_eq!(stolen.callback().complete(deployment).await, "connected");
                let own = SignIn::start(&mine).await;
                let (callback, before) = (
                    stolen.callback().with("state", own.state.clone()),
                    count_token_calls(deployment),
                );
                let outcome = callback
                    .with_cookies(own.cookie_header())
                    .complete(deployment)
                    .await;
                assert_eq!(
                    count_token_calls(deployment),
                    before,
                    "the code was sent again"
                );
                describe_firms(&mine, &theirs, outcome).await
            })
        },
        expected: "company_taken; mine disconnected, theirs works",
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "the code of a connected company with a free company",
        action: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (
                    new_firm(deployment, id),
                    connect_other_firm(deployment, id).await,
                );
                let code = SignIn::start_for(&mine, &theirs.realm).await.callback();
                let outcome = code
                    .with("realmId", &*mine.realm)
                    .complete(deployment)
                    .await;
                describe_firms(&mine, &theirs, outcome).await
            })
        },
        expected: "company_unreachable; mine disconnected, theirs works",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a person completes a sign-in with the link of another firm",
        action: |deployment, id| {
            Box::pin(async move {
                let (ours, theirs) = (
                    new_firm(deployment, id),
                    connect_other_firm(deployment, id).await,
                );
                let (before, own) = (load_status(&theirs).await, SignIn::start(&ours).await);
                let foreign = SignIn::start_for(&theirs, &ours.realm).await;
                let cookies = format!("{}; {}", own.cookie_header(), foreign.cookie_header());
                let outcome = foreign
                    .callback()
                    .with_cookies(cookies)
                    .complete(deployment)
                    .await;
                assert_eq!(load_status(&theirs).await, before);
                assert_eq!(own.callback().complete(deployment).await, "connected");
                describe_firms(&ours, &theirs, outcome).await
            })
        },
        expected: "other_company; mine connected, theirs works",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn mixed_code_and_company_connect_neither_firm() {
    run_scenarios(ROWS).await;
}
