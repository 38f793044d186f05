//! Cookie attributes, and headers that keep the secrets of an address in the browser.

use super::sign_in::{CONNECT, SignIn, header_text, issue_ticket, new_firm, open_link};
use super::{NoEffect, Row};
use crate::start_deployment;
use host::demo::firm::Answer;
use http::Request;
use http::header::{LOCATION, SET_COOKIE};

/// The answers to a browser during a sign-in.
pub struct SignInAnswers {
    link: Answer,
    redirect_to_intuit: Answer,
    landing: Answer,
    used_link: Answer,
    used_callback: Answer,
    /// The state that was sent to Intuit.
    state: String,
}

impl SignInAnswers {
    /// Returns every answer.
    fn all(&self) -> [&Answer; 5] {
        [
            &self.link,
            &self.redirect_to_intuit,
            &self.landing,
            &self.used_link,
            &self.used_callback,
        ]
    }

    fn cookie_line(&self) -> String {
        header_text(&self.redirect_to_intuit, SET_COOKIE.as_str())
    }

    fn cookie_has(&self, attribute: &str) -> bool {
        self.cookie_line()
            .split("; ")
            .any(|known| known == attribute)
    }

    fn redirects(&self) -> impl Iterator<Item = &Answer> {
        self.all().into_iter().skip(1)
    }

    fn all_have(&self, name: &str, value: &str) -> bool {
        self.all()
            .into_iter()
            .all(|answer| header_text(answer, name) == value)
    }
}

/// Returns whether the attempt has no effect.
type Check = fn(&SignInAnswers) -> bool;

/// Attempts to get or to plant secrets of a sign-in.
pub const ROWS: &[Row<Check, NoEffect>] = &[
    Row {
        rule: "ASVS 3.3.4",
        attempt: "a script on the page reads the cookie",
        action: |answers| answers.cookie_has("HttpOnly"),
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 3.3.1",
        attempt: "an eavesdropper reads the cookie from plain HTTP",
        action: |answers| answers.cookie_has("Secure"),
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 3.3.2",
        attempt: "another site's form or frame sends the cookie",
        action: |answers| answers.cookie_has("SameSite=Lax"),
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 3.3.3",
        attempt: "another subdomain sets or reads the cookie",
        action: |answers| {
            let cookie = answers.cookie_line();
            let scoped = cookie.to_ascii_lowercase().contains("domain=");
            cookie.starts_with("__Host-") && answers.cookie_has("Path=/") && !scoped
        },
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "the cookie stays in the browser until the next day",
        action: |answers| answers.cookie_has("Max-Age=600"),
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "the cookie stays in the browser after the callback",
        action: |answers| {
            let name = answers.cookie_line().split('=').next().unwrap().to_owned();
            let cleared = header_text(&answers.landing, SET_COOKIE.as_str());
            // A browser removes a `__Host-` cookie only if the attributes match.
            ["Max-Age=0", "Path=/", "Secure"]
                .iter()
                .all(|part| cleared.contains(part))
                && cleared.starts_with(&format!("{name}=;"))
        },
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 3.3.4",
        attempt: "an address shows the value of the cookie",
        action: |answers| {
            let value = answers
                .cookie_line()
                .split([';', '='])
                .nth(1)
                .unwrap()
                .to_owned();
            let secret = answers.state.split('.').next_back().unwrap();
            value.len() >= 22
                && value != secret
                && !header_text(&answers.redirect_to_intuit, "location").contains(&value)
        },
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.2.4",
        attempt: "a referrer shows an address with a ticket, a state or a code",
        action: |answers| answers.all_have("referrer-policy", "no-referrer"),
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 14.3.2",
        attempt: "a cache keeps a link, a state or an outcome",
        action: |answers| answers.all_have("cache-control", "no-store"),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.12",
        attempt: "a redirect repeats the fields of a form",
        action: |answers| answers.redirects().all(|answer| answer.status == 302),
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.2.4",
        attempt: "a page with a code in its address loads a foreign resource",
        action: |answers| {
            let is_empty = |answer: &Answer| {
                header_text(answer, "content-length") == "0" && answer.body.is_null()
            };
            answers.redirects().all(is_empty)
        },
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.3.1",
        attempt: "RIVET's address in the browser's history shows a code, a state or a company",
        action: |answers| {
            let [landed, again] = [&answers.landing, &answers.used_callback].map(|answer| {
                let address = header_text(answer, LOCATION.as_str());
                address.split_once('?').unwrap().1.to_owned()
            });
            let confirmation = landed.strip_prefix("quickbooks=confirm&confirmation=");
            let is_new = |value: &str| {
                let secret = answers.state.split('.').next_back().unwrap();
                value.len() == 45 && !value.contains(secret)
            };
            confirmation.is_some_and(is_new) && again == "quickbooks=failed&code=state_used"
        },
        expected: NoEffect,
    },
    Row {
        rule: "RFC 9700 4.16",
        attempt: "a sign-in in a frame of another site",
        action: |answers| {
            answers.cookie_has("SameSite=Lax") && !answers.cookie_line().contains("Partitioned")
        },
        expected: NoEffect,
    },
    Row {
        rule: "ASVS 3.4.2",
        attempt: "a page of another site requests a link with the person's session",
        action: |answers| header_text(&answers.link, "access-control-allow-origin").is_empty(),
        expected: NoEffect,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_responses_carry_privacy_headers() {
    let deployment = start_deployment().await;
    let firm = new_firm(&deployment, "firm_a");
    let ticket = issue_ticket(&firm).await;
    let redirect_to_intuit = open_link(&deployment, &ticket).await;
    let sign_in = SignIn::continue_from(&firm, &firm.realm, ticket, &redirect_to_intuit);
    let request = Request::post(CONNECT).header("origin", "https://evil.example");
    let answers = SignInAnswers {
        link: firm.call(request, None).await.unwrap(),
        redirect_to_intuit,
        landing: sign_in.callback().send(&deployment).await,
        used_link: open_link(&deployment, &sign_in.ticket).await,
        used_callback: sign_in.callback().send(&deployment).await,
        state: sign_in.state,
    };
    for Row {
        rule,
        attempt,
        action,
        expected: NoEffect,
    } in ROWS
    {
        assert!(action(&answers), "{rule}: {attempt}");
    }
}
