//! Forged, stolen, swapped and late answers: the state and the cookie that have to belong together.

use super::Row;
use super::way::{Visit, Way, exchanges, office, standing, ticket};
use crate::over_http::start_deployment;

/// Two people at Intuit at the same time, each with a browser and a firm of their own, and a link that nobody
/// opened.
pub struct Scene {
    ours: Way,
    theirs: Way,
    unopened: String,
}

type How = fn(&Scene) -> Visit;

/// None of these may exchange a code or change a firm, and the honest answer must still land after it.
pub const ROWS: &[Row<How>] = &[
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "a state of the right form that nobody gave out",
        how: |s| {
            s.ours
                .answer()
                .with("state", format!("{}.{}", "f".repeat(22), "e".repeat(22)))
        },
        expect: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "no state",
        how: |s| s.ours.answer().without("state"),
        expect: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "an empty state",
        how: |s| s.ours.answer().with("state", ""),
        expect: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "a state of eight thousand characters",
        how: |s| s.ours.answer().with("state", s.ours.state.repeat(178)),
        expect: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "a state with line breaks, a NUL, a way out of the folder and an emoji",
        how: |s| {
            s.ours
                .answer()
                .with("state", "../../connection/\r\nset-cookie: a=b\0🏗️.x")
        },
        expect: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "the right consent with the secret of another",
        how: |s| {
            s.ours
                .answer()
                .with("state", halves(&s.ours.state, &s.theirs.state))
        },
        expect: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "another consent with the right secret",
        how: |s| {
            s.ours
                .answer()
                .with("state", halves(&s.theirs.state, &s.ours.state))
        },
        expect: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "a forged state in front of the right one",
        how: |s| s.ours.answer().before("state", s.unopened.clone()),
        expect: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "the link's ticket in place of the state",
        how: |s| s.ours.answer().with("state", s.ours.ticket.clone()),
        expect: "state_unknown",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "an answer to a link that nobody opened",
        how: |s| s.ours.answer().with("state", s.unopened.clone()),
        expect: "state_unknown",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "our answer in their browser",
        how: |s| s.ours.answer().cookies(s.theirs.jar()),
        expect: "other_browser",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "their state and our code in our browser: their link was slipped to us",
        how: |s| s.ours.answer().with("state", s.theirs.state.clone()),
        expect: "other_browser",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "their whole answer in our browser",
        how: |s| s.theirs.answer().cookies(s.ours.jar()),
        expect: "other_browser",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "their cookie under the name of ours",
        how: |s| {
            s.ours
                .answer()
                .cookies(format!("{}={}", s.ours.cookie.0, s.theirs.cookie.1))
        },
        expect: "other_browser",
    },
    Row {
        rule: "ASVS 10.2.1",
        attempt: "a browser without cookies",
        how: |s| s.ours.answer().cookies(""),
        expect: "other_browser",
    },
    Row {
        rule: "ASVS 10.2.1",
        attempt: "a cookie with one character changed",
        how: |s| s.ours.answer().cookies(altered(&s.ours.jar())),
        expect: "other_browser",
    },
    Row {
        rule: "ASVS 10.2.1",
        attempt: "an empty cookie",
        how: |s| s.ours.answer().cookies(format!("{}=", s.ours.cookie.0)),
        expect: "other_browser",
    },
    Row {
        rule: "ASVS 10.2.1",
        attempt: "a cookie of four thousand characters that begins as the right one",
        how: |s| {
            s.ours
                .answer()
                .cookies(format!("{}{}", s.ours.jar(), "x".repeat(4000)))
        },
        expect: "other_browser",
    },
    Row {
        rule: "ASVS 10.2.1",
        attempt: "a cookie with quotes, commas and bytes that are no text",
        how: |s| {
            s.ours
                .answer()
                .cookies([s.ours.jar().as_bytes(), b"\",\xff\xfe"].concat())
        },
        expect: "other_browser",
    },
    Row {
        rule: "ASVS 3.3.3",
        attempt: "the cookie without the prefix that keeps other hosts from setting it",
        how: |s| s.ours.answer().cookies(s.ours.jar().replace("__Host-", "")),
        expect: "other_browser",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "a refusal in the name of somebody else",
        how: |s| {
            s.ours
                .answer()
                .with("error", "access_denied")
                .cookies(s.theirs.jar())
        },
        expect: "other_browser",
    },
];

/// The consent of one and the secret of the other.
fn halves(consent: &str, secret: &str) -> String {
    let (consent, secret) = (consent.split('.').next(), secret.split('.').next_back());
    format!("{}.{}", consent.unwrap(), secret.unwrap())
}

/// With another last character.
fn altered(text: &str) -> String {
    let other = if text.ends_with('A') { 'B' } else { 'A' };
    format!("{}{other}", &text[..text.len() - 1])
}

#[tokio::test(flavor = "multi_thread")]
async fn callback_with_foreign_state_changes_nothing() {
    let deployment = start_deployment().await;
    for (number, row) in ROWS.iter().enumerate() {
        let firms = ["a", "b"].map(|id| office(&deployment, &format!("firm_{number}{id}")));
        let scene = Scene {
            ours: Way::of(&firms[0]).await,
            theirs: Way::of(&firms[1]).await,
            unopened: ticket(&firms[0]).await,
        };
        let before = (
            standing(&firms[0]).await,
            standing(&firms[1]).await,
            exchanges(&deployment),
        );
        let landed = (row.how)(&scene).land(&deployment).await;
        let after = (
            standing(&firms[0]).await,
            standing(&firms[1]).await,
            exchanges(&deployment),
        );
        assert_eq!(landed, row.expect, "{}: {}", row.rule, row.attempt);
        assert_eq!(before, after, "{}: {}", row.rule, row.attempt);
        for (firm, way) in firms.iter().zip([&scene.ours, &scene.theirs]) {
            let honest = way.answer().land(&deployment).await;
            assert_eq!(honest, "connected", "after {}", row.attempt);
            assert_eq!(standing(firm).await["company"]["realm_id"], *firm.realm);
        }
    }
}
