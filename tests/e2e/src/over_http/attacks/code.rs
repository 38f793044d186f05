//! Bent answers: nothing is half connected, what was connected stays so, and a code is sent at most once.

use super::Row;
use super::way::{Visit, Way, exchanges, office, standing, works};
use crate::over_http::start_deployment;
use host::demo::firm::Firm;
use host::demo::local_deployment::LocalDeployment;
use simulator::Injection;
use std::time::Duration;

/// Where it lands, and how many codes are sent to Intuit meanwhile.
pub type Lands = (&'static str, usize);

/// Bends an honest answer. The other argument is a code that was spent before.
type Bend = fn(Visit, &str) -> Visit;

pub const ANSWERS: &[Row<Bend, Lands>] = &[
    Row {
        rule: "RFC 9700 4.5",
        attempt: "a code that was spent by somebody else",
        how: |answer, spent| answer.with("code", spent),
        expect: ("code_refused", 1),
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "a code of another app, or one that Intuit never gave out",
        how: |answer, _| answer.with("code", format!("AB11{}", "x".repeat(46))),
        expect: ("code_refused", 1),
    },
    Row {
        rule: "RFC 9700 4.5",
        attempt: "a code that would add parameters of its own to the exchange",
        how: |answer, spent| {
            answer.with("code", format!("x&grant_type=refresh_token&code={spent}"))
        },
        expect: ("code_refused", 1),
    },
    Row {
        rule: "contract 3",
        attempt: "no code",
        how: |answer, _| answer.without("code"),
        expect: ("code_refused", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "no company",
        how: |answer, _| answer.without("realmId"),
        expect: ("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "an empty company",
        how: |answer, _| answer.with("realmId", ""),
        expect: ("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "a company id with letters",
        how: |answer, _| answer.with("realmId", "93414539080abcde"),
        expect: ("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "a company id in digits of another script",
        how: |answer, _| answer.with("realmId", "９３４１４５３９０８０５９３２１"),
        expect: ("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "a company id that leads to another address of the API",
        how: |answer, _| answer.with("realmId", "1/../../v3/company/2?minorversion=1"),
        expect: ("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "a company id of 33 digits",
        how: |answer, _| answer.with("realmId", "1".repeat(33)),
        expect: ("company_missing", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "the person declines",
        how: |answer, _| {
            answer
                .without("code")
                .without("realmId")
                .with("error", "access_denied")
        },
        expect: ("access_denied", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "a refusal that brings a code along",
        how: |answer, _| answer.with("error", "access_denied"),
        expect: ("access_denied", 0),
    },
    Row {
        rule: "contract 3",
        attempt: "an error of Intuit's own",
        how: |answer, _| answer.without("code").with("error", "server_error"),
        expect: ("intuit_error", 0),
    },
    Row {
        rule: "RFC 9700 4.11.1",
        attempt: "an error that would write into the page where the person lands",
        how: |answer, _| answer.with("error", "<script>\r\n&quickbooks=connected#"),
        expect: ("intuit_error", 0),
    },
];

/// How the firm stands, and how many codes were sent so far.
async fn seen(firm: &Firm<'_>) -> (serde_json::Value, bool, usize) {
    (
        standing(firm).await,
        works(firm).await,
        exchanges(firm.deployment),
    )
}

/// Sends an answer for the firm that must not connect it, and then an honest one that must.
pub async fn fails(firm: &Firm<'_>, answer: Visit, trouble: Option<Injection>, row: (&str, Lands)) {
    let (attempt, (code, codes)) = row;
    let (shown, worked, before) = seen(firm).await;
    trouble
        .into_iter()
        .for_each(|trouble| firm.deployment.simulator().inject(trouble));
    let landed = answer.land(firm.deployment).await;
    firm.deployment.simulator().clear_injections();
    let sent = exchanges(firm.deployment) - before;
    assert_eq!((landed.as_str(), sent), (code, codes), "{attempt}");
    assert_eq!(
        seen(firm).await,
        (shown, worked, before + sent),
        "{attempt}"
    );
    let mut honest = Way::of(firm).await.answer().land(firm.deployment).await;
    if honest == "try_again" {
        // A call without an answer may yet be carried out: so long nobody else is let at the company.
        assert!(attempt.starts_with("the connection breaks"), "{attempt}");
        firm.deployment.advance(Duration::from_secs(90));
        honest = Way::of(firm).await.answer().land(firm.deployment).await;
    }
    let then = if worked { "reconnected" } else { "connected" };
    assert_eq!(honest, then, "after {attempt}");
}

/// A code that was spent.
async fn spent(deployment: &LocalDeployment) -> String {
    let way = Way::of(&office(deployment, "firm_spent")).await;
    way.answer().land(deployment).await;
    way.code
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_callback_changes_no_connection() {
    let deployment = start_deployment().await;
    let spent = spent(&deployment).await;
    for (number, row) in ANSWERS.iter().enumerate() {
        let firm = office(&deployment, &format!("firm_{number}"));
        for _ in ["new", "connected"] {
            let answer = (row.how)(Way::of(&firm).await.answer(), &spent);
            fails(&firm, answer, None, (row.attempt, row.expect)).await;
        }
    }
}
