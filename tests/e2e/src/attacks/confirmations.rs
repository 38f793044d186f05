//! Confirmations of a new company by others than the person who asked for the link, twice, late or forged.

use super::sign_in::{
    CONFIRM, SignIn, confirm, confirm_again, has_access, issue_ticket, load_status, new_firm,
    read_confirmation, read_outcome, two_new_firms,
};
use super::{Row, Scenario, run_scenarios};
use crate::{Confirmation, disconnect, get, send};
use futures::future::join;
use host::demo::firm::Firm;
use host::demo::local_deployment::LocalDeployment;
use http::Request;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};
use simulator::CallClass;
use std::time::Duration;

pub const ROWS: &[Row<Scenario>] = &[
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "a person opens somebody else's link, signs in, and confirms in her own account",
        action: |deployment, id| {
            Box::pin(async move {
                let [attacker, victim] = two_new_firms(deployment, id);
                let value = offer(&attacker, &victim.realm).await;
                let outcome = confirm(deployment, &owner(&victim), &value).await;
                let later = confirm(deployment, &owner(&attacker), &value).await;
                format!(
                    "{outcome}, then {later}; {}; {}",
                    describe(&attacker).await,
                    revoked(deployment, &victim.realm)
                )
            })
        },
        expected: "confirmation_not_yours, then confirmation_used; \"disconnected\", access: false; given back",
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a person opens somebody else's link, signs in, and confirms nothing",
        action: |deployment, id| {
            Box::pin(async move {
                let [attacker, victim] = two_new_firms(deployment, id);
                offer(&attacker, &victim.realm).await;
                let before = describe(&attacker).await;
                deployment.advance(Duration::from_mins(11));
                let run = "/v1/scheduled/token-refresh?key=scheduler-secret-of-the-demo";
                send(deployment, get(run), "").await;
                format!("{before}; {}", revoked(deployment, &victim.realm))
            })
        },
        expected: "\"disconnected\", access: false; given back",
    },
    Row {
        rule: "contract 3",
        attempt: "another owner of the same firm confirms",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let value = offer(&firm, &firm.realm).await;
                let colleague = session(&firm, "sub", "usr_99".into());
                let outcome = confirm(deployment, &colleague, &value).await;
                format!("{outcome}; {}", describe(&firm).await)
            })
        },
        expected: "confirmation_not_yours; \"disconnected\", access: false",
    },
    Row {
        rule: "ASVS 8.2.1",
        attempt: "the person has become staff, and her firm has changed its plan",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let value = offer(&firm, &firm.realm).await;
                let mut outcomes = Vec::new();
                for (claim, given) in [("role", "staff"), ("plan", "starter"), ("plan", "scale")] {
                    let session = session(&firm, claim, given.into());
                    outcomes.push(confirm(deployment, &session, &value).await);
                }
                outcomes.join(", ")
            })
        },
        expected: "role_not_allowed, plan_not_eligible, connected",
    },
    Row {
        rule: "contract 3",
        attempt: "the person confirms twice",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let value = offer(&firm, &firm.realm).await;
                let first = confirm(deployment, &owner(&firm), &value).await;
                let again = confirm(deployment, &owner(&firm), &value).await;
                format!("{first}, then {again}; {}", describe(&firm).await)
            })
        },
        expected: "connected, then confirmation_used; \"connected\", access: true",
    },
    Row {
        rule: "contract 3",
        attempt: "the person confirms twice with an Idempotency-Key, a colleague after that, and the person once more after the end",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let value = offer(&firm, &firm.realm).await;
                let colleague = session(&firm, "sub", "usr_99".into());
                let mut answers = Vec::new();
                for session in [owner(&firm), owner(&firm), colleague] {
                    answers.push(confirm_again(deployment, &session, &value).await);
                }
                disconnect(&firm, Confirmation::Given).await;
                answers.push(confirm_again(deployment, &owner(&firm), &value).await);
                answers.join(", ")
            })
        },
        expected: "connected, connected, confirmation_not_yours, confirmation_used",
    },
    Row {
        rule: "contract 3",
        attempt: "the person confirms in two windows at the same moment",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let (value, session) = (offer(&firm, &firm.realm).await, owner(&firm));
                let confirming = || confirm(deployment, &session, &value);
                let (one, other) = join(confirming(), confirming()).await;
                let answers = [one, other];
                let connected = answers.iter().filter(|answer| *answer == "connected");
                let count = connected.count();
                let known = ["connected", "confirmation_used", "try_again"];
                assert!(
                    answers
                        .iter()
                        .all(|answer| known.contains(&answer.as_str()))
                );
                deployment.advance(Duration::from_mins(56));
                format!("connected: {count}; {}", describe(&firm).await)
            })
        },
        expected: "connected: 1; \"connected\", access: true",
    },
    Row {
        rule: "contract 3",
        attempt: "the person confirms after eleven minutes",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let value = offer(&firm, &firm.realm).await;
                deployment.advance(Duration::from_mins(11));
                let outcome = confirm(deployment, &owner(&firm), &value).await;
                let given_back = revoked(deployment, &firm.realm);
                format!("{outcome}; {}; {given_back}", describe(&firm).await)
            })
        },
        expected: "confirmation_expired; \"disconnected\", access: false; given back",
    },
    Row {
        rule: "RFC 9700 4.7.1",
        attempt: "a ticket, a state, and an altered value in place of the confirmation",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let sign_in = SignIn::start(&firm).await;
                let landed = sign_in.callback().send(deployment).await;
                let outcome = read_outcome(deployment, &landed);
                let value = read_confirmation(&outcome).unwrap();
                // A quarter of all values ends in A.
                let last = if value.ends_with('A') { 'Q' } else { 'A' };
                let altered = format!("{}{last}", &value[..value.len() - 1]);
                let ticket = issue_ticket(&firm).await;
                for forged in [&ticket, &sign_in.ticket, &sign_in.state, &altered] {
                    let outcome = confirm(deployment, &owner(&firm), forged).await;
                    assert_eq!(outcome, "confirmation_unknown", "{forged}");
                }
                confirm(deployment, &owner(&firm), value).await
            })
        },
        expected: "connected",
    },
    Row {
        rule: "contract 2",
        attempt: "no session, no value, and a value that is no text",
        action: |deployment, id| {
            Box::pin(async move {
                let firm = new_firm(deployment, id);
                let session = owner(&firm);
                let mut codes = Vec::new();
                for (session, body) in [
                    ("", json!({ "confirmation": "a.b" })),
                    (&*session, json!({})),
                    (&*session, json!({ "confirmation": 7 })),
                ] {
                    let request = Request::post(CONFIRM);
                    let request = request.header(AUTHORIZATION, format!("Bearer {session}"));
                    let answer = send(deployment, request, body.to_string()).await;
                    codes.push(answer.body["code"].as_str().unwrap_or_default().to_owned());
                    assert!(answer.status == 401 || answer.body["field"] == "confirmation");
                }
                codes.join(", ")
            })
        },
        expected: "unauthorized, invalid_field, invalid_field",
    },
];

/// Signs in to this company with the firm's link. Returns the confirmation in the address where the browser lands.
async fn offer(firm: &Firm<'_>, realm: &str) -> String {
    let callback = SignIn::start_for(firm, realm).await.callback();
    let landed = callback.send(firm.deployment).await;
    let outcome = read_outcome(firm.deployment, &landed);
    let value = read_confirmation(&outcome);
    value.unwrap_or_else(|| panic!("{outcome}")).to_owned()
}

/// Returns the session of the owner who asks for links.
fn owner(firm: &Firm<'_>) -> String {
    let now = firm.deployment.now();
    firm.deployment.rivet.session_token(&firm.id, now)
}

/// Returns the session of the owner with one claim changed.
fn session(firm: &Firm<'_>, claim: &str, value: Value) -> String {
    let expires_at = firm.deployment.now().as_second() + 300;
    let mut claims = json!({
        "iss": "rivet", "aud": "rivet-books", "sub": "usr_17", "firm": firm.id,
        "role": "owner", "plan": "pro", "exp": expires_at,
    });
    claims[claim] = value;
    firm.deployment.rivet.token(&claims.to_string())
}

async fn describe(firm: &Firm<'_>) -> String {
    let status = load_status(firm).await;
    let is_bound = !status["company"].is_null();
    assert_eq!(is_bound, status["status"] == "connected", "{status}");
    let access = has_access(firm).await;
    format!("{}, access: {access}", status["status"])
}

/// Returns whether Intuit has a grant of the company back.
fn revoked(deployment: &LocalDeployment, realm: &str) -> &'static str {
    let simulator = deployment.simulator();
    let seen = simulator
        .traffic()
        .iter()
        .filter(|seen| seen.class == CallClass::Revoke);
    let count = seen.count();
    drop(simulator);
    match count {
        0 => "kept",
        _ if deployment.simulator().has_permission(realm) => "kept",
        _ => "given back",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn company_is_bound_by_its_person_alone() {
    run_scenarios(ROWS).await;
}
