//! What a browser is told to do with what it is given: the cookie's attributes, and headers that keep what is
//! in an address from going further.

use super::way::{CONNECT, Way, header, office, open, ticket};
use super::{InVain, Row};
use crate::over_http::start_deployment;
use host::demo::firm::Answer;
use http::Request;
use http::header::{LOCATION, SET_COOKIE};

/// The answers that a browser meets between the click and the landing.
pub struct Trail {
    issued: Answer,
    departed: Answer,
    landed: Answer,
    dead_link: Answer,
    dead_answer: Answer,
    /// What `state` was.
    state: String,
}

impl Trail {
    /// Every answer on the way.
    fn all(&self) -> [&Answer; 5] {
        [
            &self.issued,
            &self.departed,
            &self.landed,
            &self.dead_link,
            &self.dead_answer,
        ]
    }

    fn cookie(&self) -> String {
        header(&self.departed, SET_COOKIE.as_str())
    }

    fn has(&self, attribute: &str) -> bool {
        self.cookie().split("; ").any(|known| known == attribute)
    }

    fn redirects(&self) -> impl Iterator<Item = &Answer> {
        self.all().into_iter().skip(1)
    }

    fn each_says(&self, name: &str, value: &str) -> bool {
        self.all()
            .into_iter()
            .all(|told| header(told, name) == value)
    }
}

/// Whether the trail gives nothing to hope for.
type Check = fn(&Trail) -> bool;

/// What an attacker hopes for.
pub const ROWS: &[Row<Check, InVain>] = &[
    Row {
        rule: "ASVS 3.3.4",
        attempt: "a script on the page reads the cookie",
        how: |trail| trail.has("HttpOnly"),
        expect: InVain,
    },
    Row {
        rule: "ASVS 3.3.1",
        attempt: "somebody on the line reads the cookie from plain http",
        how: |trail| trail.has("Secure"),
        expect: InVain,
    },
    Row {
        rule: "ASVS 3.3.2",
        attempt: "another site's form or frame brings the cookie along",
        how: |trail| trail.has("SameSite=Lax"),
        expect: InVain,
    },
    Row {
        rule: "ASVS 3.3.3",
        attempt: "a neighbouring subdomain sets or gets the cookie",
        how: |trail| {
            let cookie = trail.cookie();
            let scoped = cookie.to_ascii_lowercase().contains("domain=");
            cookie.starts_with("__Host-") && trail.has("Path=/") && !scoped
        },
        expect: InVain,
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "the cookie is found in the browser the day after",
        how: |trail| trail.has("Max-Age=600"),
        expect: InVain,
    },
    Row {
        rule: "ASVS 10.1.2",
        attempt: "the cookie is found in the browser after the landing",
        how: |trail| {
            let name = trail.cookie().split('=').next().unwrap().to_owned();
            let cleared = header(&trail.landed, SET_COOKIE.as_str());
            // A browser takes this from a __Host- cookie only with the attributes that it was set with.
            ["Max-Age=0", "Path=/", "Secure"]
                .iter()
                .all(|part| cleared.contains(part))
                && cleared.starts_with(&format!("{name}=;"))
        },
        expect: InVain,
    },
    Row {
        rule: "ASVS 3.3.4",
        attempt: "the cookie's value is read from the address",
        how: |trail| {
            let value = trail.cookie().split([';', '=']).nth(1).unwrap().to_owned();
            let secret = trail.state.split('.').next_back().unwrap();
            value.len() >= 22
                && value != secret
                && !header(&trail.departed, "location").contains(&value)
        },
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.2.4",
        attempt: "an address with a ticket, a state or a code goes out as a referrer",
        how: |trail| trail.each_says("referrer-policy", "no-referrer"),
        expect: InVain,
    },
    Row {
        rule: "ASVS 14.3.2",
        attempt: "a cache keeps a link, a state or a landing",
        how: |trail| trail.each_says("cache-control", "no-store"),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.12",
        attempt: "a redirect that sends a form's fields along",
        how: |trail| trail.redirects().all(|told| told.status == 302),
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.2.4",
        attempt: "a page with a code in its address loads something from elsewhere",
        how: |trail| {
            let bare = |told: &Answer| header(told, "content-length") == "0" && told.body.is_null();
            trail.redirects().all(bare)
        },
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.3.1",
        attempt: "the browser's history shows a code, a state or a company in RIVET's address",
        how: |trail| {
            let known = ["quickbooks=connected", "quickbooks=failed&code=state_used"];
            [&trail.landed, &trail.dead_answer]
                .into_iter()
                .zip(known)
                .all(|(told, query)| {
                    header(told, LOCATION.as_str()).split_once('?').unwrap().1 == query
                })
        },
        expect: InVain,
    },
    Row {
        rule: "RFC 9700 4.16",
        attempt: "the whole sign-in inside a frame of another site, which is not given the cookie back",
        how: |trail| trail.has("SameSite=Lax") && !trail.cookie().contains("Partitioned"),
        expect: InVain,
    },
    Row {
        rule: "ASVS 3.4.2",
        attempt: "a page from elsewhere asks for a link with the person's session and reads it",
        how: |trail| header(&trail.issued, "access-control-allow-origin").is_empty(),
        expect: InVain,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_responses_carry_privacy_headers() {
    let deployment = start_deployment().await;
    let firm = office(&deployment, "firm_a");
    let ticket = ticket(&firm).await;
    let departed = open(&deployment, &ticket).await;
    let way = Way::from((&firm, &firm.realm), ticket, &departed);
    let asking = Request::post(CONNECT).header("origin", "https://evil.example");
    let trail = Trail {
        issued: firm.call(asking, None).await.unwrap(),
        departed,
        landed: way.answer().sent(&deployment).await,
        dead_link: open(&deployment, &way.ticket).await,
        dead_answer: way.answer().sent(&deployment).await,
        state: way.state,
    };
    for Row {
        rule,
        attempt,
        how,
        expect: InVain,
    } in ROWS
    {
        assert!(how(&trail), "{rule}: {attempt}");
    }
}
