//! Forged, stolen and swapped callbacks. The state and the cookie of a callback must belong together.

use super::Row;
use super::sign_in::{Callback, SignIn, count_token_calls, issue_ticket, load_status, new_firm};
use crate::start_deployment;

/// Sign-ins of two firms in two browsers at the same time, and the ticket of an unopened link.
pub struct TwoSignIns {
    ours: SignIn,
    theirs: SignIn,
    unopened_ticket: String,
}

type Attack = fn(&TwoSignIns) -> Callback;

/// No row may exchange a code or change a firm. The unaltered callback must still work afterwards.
pub const ROWS: &[Row<Attack>] = &[
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "a well-formed state that was never issued",
        action: |scene| {
            scene
                .ours
                .callback()
                .with("state", format!("{}.{}", "f".repeat(22), "e".repeat(22)))
        },
        expected: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "no state",
        action: |scene| scene.ours.callback().without("state"),
        expected: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "an empty state",
        action: |scene| scene.ours.callback().with("state", ""),
        expected: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "a state of eight thousand characters",
        action: |scene| {
            scene
                .ours
                .callback()
                .with("state", scene.ours.state.repeat(178))
        },
        expected: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "a state with line breaks, a NUL, `../` and an emoji",
        action: |scene| {
            scene
                .ours
                .callback()
                .with("state", "../../connection/\r\nset-cookie: a=b\0🏗️.x")
        },
        expected: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "the right id with the secret of another state",
        action: |scene| {
            scene
                .ours
                .callback()
                .with("state", join_halves(&scene.ours.state, &scene.theirs.state))
        },
        expected: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "another id with the right secret",
        action: |scene| {
            scene
                .ours
                .callback()
                .with("state", join_halves(&scene.theirs.state, &scene.ours.state))
        },
        expected: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "a forged state in front of the right one",
        action: |scene| {
            scene
                .ours
                .callback()
                .with_first("state", scene.unopened_ticket.clone())
        },
        expected: "state_unknown",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "the link's ticket in place of the state",
        action: |scene| {
            scene
                .ours
                .callback()
                .with("state", scene.ours.ticket.clone())
        },
        expected: "state_unknown",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "the ticket of an unopened link in place of the state",
        action: |scene| {
            scene
                .ours
                .callback()
                .with("state", scene.unopened_ticket.clone())
        },
        expected: "state_unknown",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "our callback in their browser",
        action: |scene| {
            scene
                .ours
                .callback()
                .with_cookies(scene.theirs.cookie_header())
        },
        expected: "other_browser",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "their state with our code in our browser",
        action: |scene| {
            scene
                .ours
                .callback()
                .with("state", scene.theirs.state.clone())
        },
        expected: "other_browser",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "their callback in our browser",
        action: |scene| {
            scene
                .theirs
                .callback()
                .with_cookies(scene.ours.cookie_header())
        },
        expected: "other_browser",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "their cookie under the name of ours",
        action: |scene| {
            scene.ours.callback().with_cookies(format!(
                "{}={}",
                scene.ours.cookie.name, scene.theirs.cookie.value
            ))
        },
        expected: "other_browser",
    },
    Row {
        rule: "ASVS 10.2.1",
        attempt: "a browser without cookies",
        action: |scene| scene.ours.callback().with_cookies(""),
        expected: "other_browser",
    },
    Row {
        rule: "ASVS 10.2.1",
        attempt: "a cookie with one character changed",
        action: |scene| {
            scene
                .ours
                .callback()
                .with_cookies(alter_last(&scene.ours.cookie_header()))
        },
        expected: "other_browser",
    },
    Row {
        rule: "ASVS 10.2.1",
        attempt: "an empty cookie",
        action: |scene| {
            scene
                .ours
                .callback()
                .with_cookies(format!("{}=", scene.ours.cookie.name))
        },
        expected: "other_browser",
    },
    Row {
        rule: "ASVS 10.2.1",
        attempt: "a cookie of four thousand characters that begins like the right one",
        action: |scene| {
            scene.ours.callback().with_cookies(format!(
                "{}{}",
                scene.ours.cookie_header(),
                "x".repeat(4000)
            ))
        },
        expected: "other_browser",
    },
    Row {
        rule: "ASVS 10.2.1",
        attempt: "a cookie with quotes, commas and bytes that are not UTF-8",
        action: |scene| {
            scene
                .ours
                .callback()
                .with_cookies([scene.ours.cookie_header().as_bytes(), b"\",\xff\xfe"].concat())
        },
        expected: "other_browser",
    },
    Row {
        rule: "ASVS 3.3.3",
        attempt: "the cookie without its prefix `__Host-`",
        action: |scene| {
            scene
                .ours
                .callback()
                .with_cookies(scene.ours.cookie_header().replace("__Host-", ""))
        },
        expected: "other_browser",
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "a refusal for another person's sign-in",
        action: |scene| {
            scene
                .ours
                .callback()
                .with("error", "access_denied")
                .with_cookies(scene.theirs.cookie_header())
        },
        expected: "other_browser",
    },
];

/// Returns a state with the id of one state and the secret of another.
fn join_halves(id: &str, secret: &str) -> String {
    let (id, secret) = (id.split('.').next(), secret.split('.').next_back());
    format!("{}.{}", id.unwrap(), secret.unwrap())
}

/// Returns the text with another last character.
fn alter_last(text: &str) -> String {
    let other = if text.ends_with('A') { 'B' } else { 'A' };
    format!("{}{other}", &text[..text.len() - 1])
}

#[tokio::test(flavor = "multi_thread")]
async fn callback_with_foreign_state_changes_nothing() {
    let deployment = start_deployment().await;
    for (number, row) in ROWS.iter().enumerate() {
        let firms = ["a", "b"].map(|id| new_firm(&deployment, &format!("firm_{number}{id}")));
        let scene = TwoSignIns {
            ours: SignIn::start(&firms[0]).await,
            theirs: SignIn::start(&firms[1]).await,
            unopened_ticket: issue_ticket(&firms[0]).await,
        };
        let before = (
            load_status(&firms[0]).await,
            load_status(&firms[1]).await,
            count_token_calls(&deployment),
        );
        let outcome = (row.action)(&scene).complete(&deployment).await;
        let after = (
            load_status(&firms[0]).await,
            load_status(&firms[1]).await,
            count_token_calls(&deployment),
        );
        assert_eq!(outcome, row.expected, "{}: {}", row.rule, row.attempt);
        assert_eq!(before, after, "{}: {}", row.rule, row.attempt);
        for (firm, sign_in) in firms.iter().zip([&scene.ours, &scene.theirs]) {
            let honest = sign_in.callback().complete(&deployment).await;
            assert_eq!(honest, "connected", "after {}", row.attempt);
            assert_eq!(load_status(firm).await["company"]["realm_id"], *firm.realm);
        }
    }
}
