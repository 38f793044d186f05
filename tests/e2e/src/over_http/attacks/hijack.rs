//! Codes and companies that do not belong together: somebody has a sign-in of their own, and puts what is
//! another's into its answer.

use super::company::{rival, told};
use super::way::{Way, connect, exchanges, office, standing, two_offices};
use super::{Row, Story, play};

pub const ROWS: &[Row<Story>] = &[
    Row {
        rule: "RFC 9700 4.5",
        attempt: "one's own code with the company of a firm that is connected",
        how: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (office(deployment, id), rival(deployment, id).await);
                let answer = Way::of(&mine)
                    .await
                    .answer()
                    .with("realmId", &*theirs.realm);
                told(&mine, &theirs, answer.land(deployment).await).await
            })
        },
        expect: "company_taken; mine disconnected, theirs works",
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "one's own code with a company that no firm has yet: its own firm connects it after that",
        how: |deployment, id| {
            Box::pin(async move {
                let [mine, theirs] = two_offices(deployment, id);
                let answer = Way::of(&mine)
                    .await
                    .answer()
                    .with("realmId", &*theirs.realm);
                let landed = answer.land(deployment).await;
                assert_eq!(connect(&theirs).await, "connected");
                told(&mine, &theirs, landed).await
            })
        },
        expect: "company_unreachable; mine disconnected, theirs works",
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "a stolen code with one's own company",
        how: |deployment, id| {
            Box::pin(async move {
                let [mine, theirs] = two_offices(deployment, id);
                let stolen = Way::of(&theirs).await.code;
                let landed = Way::of(&mine)
                    .await
                    .answer()
                    .with("code", stolen)
                    .land(deployment)
                    .await;
                assert_eq!(connect(&theirs).await, "connected");
                told(&mine, &theirs, landed).await
            })
        },
        expect: "company_unreachable; mine disconnected, theirs works",
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "a stolen code and its company, after their owner's landing",
        how: |deployment, id| {
            Box::pin(async move {
                let [mine, theirs] = two_offices(deployment, id);
                let victim = Way::of(&theirs).await;
                assert_eq!(victim.answer().land(deployment).await, "connected");
                let own = Way::of(&mine).await;
                let (answer, before) = (
                    victim.answer().with("state", own.state.clone()),
                    exchanges(deployment),
                );
                let landed = answer.cookies(own.jar()).land(deployment).await;
                assert_eq!(exchanges(deployment), before, "the code was sent again");
                told(&mine, &theirs, landed).await
            })
        },
        expect: "company_taken; mine disconnected, theirs works",
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "the code of a company that serves a firm, with one that is free: what works goes on",
        how: |deployment, id| {
            Box::pin(async move {
                let (mine, theirs) = (office(deployment, id), rival(deployment, id).await);
                let code = Way::to(&mine, &theirs.realm).await.answer();
                let landed = code.with("realmId", &*mine.realm).land(deployment).await;
                told(&mine, &theirs, landed).await
            })
        },
        expect: "company_unreachable; mine disconnected, theirs works",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "the link of another firm is slipped to us, and we go the whole way with it: ours is not touched",
        how: |deployment, id| {
            Box::pin(async move {
                let (ours, theirs) = (office(deployment, id), rival(deployment, id).await);
                let (before, own) = (standing(&theirs).await, Way::of(&ours).await);
                let slipped = Way::to(&theirs, &ours.realm).await;
                let jar = format!("{}; {}", own.jar(), slipped.jar());
                let landed = slipped.answer().cookies(jar).land(deployment).await;
                assert_eq!(standing(&theirs).await, before);
                assert_eq!(own.answer().land(deployment).await, "connected");
                told(&ours, &theirs, landed).await
            })
        },
        expect: "other_company; mine connected, theirs works",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn mixed_code_and_company_connect_neither_firm() {
    play(ROWS).await;
}
