//! Attacks and accidents on connections, in tables.
//!
//! A row names the security rule, the attempt, its code and the expected result. The real components answer each
//! attempt. Afterwards the test checks that the connections of the other firms still work.

mod token_claims;
mod altered_callbacks;
mod company_ownership;
mod token_endpoint;
mod response_headers;
mod code_injection;
mod confirmations;
mod fake_server;
mod landing_pages;
mod lifecycle;
mod connect_link;
mod token_factory;
mod tampered_records;
mod redirects;
mod rules;
mod secret_leaks;
mod strangers;
mod transport;
mod token_signatures;
mod callback_binding;
mod intuit_failures;
mod repeated_callbacks;
mod sign_in;

use super::start_deployment;
use futures::future::LocalBoxFuture;
use host::demo::local_deployment::LocalDeployment;
use rules::{RULES, Rule};

/// An attempt with its rule and its expected result.
pub struct Row<Action, Expected = &'static str> {
    /// The section of the rule. [`RULES`] has its text.
    pub rule: &'static str,
    /// The attempt or the accident, in words.
    pub attempt: &'static str,
    /// The attempt as code.
    pub action: Action,
    /// The result that the attempt must have.
    pub expected: Expected,
}

/// The attempt has no effect: the result is the same as without it.
pub struct NoEffect;

/// An attempt of several steps by a firm with this id. Returns the result in words.
pub type Scenario = for<'a> fn(&'a LocalDeployment, &'a str) -> LocalBoxFuture<'a, String>;

/// Runs each scenario with a firm of its own.
async fn run_scenarios(rows: &[Row<Scenario>]) {
    let deployment = start_deployment().await;
    for (number, row) in rows.iter().enumerate() {
        let answer = (row.action)(&deployment, &format!("firm_{number}")).await;
        assert_eq!(answer, row.expected, "{}: {}", row.rule, row.attempt);
    }
}

/// The rule and the attempt of a row.
#[derive(Clone, Copy)]
struct RowName {
    rule: &'static str,
    attempt: &'static str,
}

fn names<Action, Expected>(rows: &[Row<Action, Expected>]) -> Vec<RowName> {
    let name = |row: &Row<Action, Expected>| RowName {
        rule: row.rule,
        attempt: row.attempt,
    };
    rows.iter().map(name).collect()
}

fn all_names() -> Vec<RowName> {
    [
        names(connect_link::LINK_REQUESTS),
        names(connect_link::ALTERED_LINKS),
        names(connect_link::OPENED_LINKS),
        names(callback_binding::ROWS),
        names(repeated_callbacks::ROWS),
        names(response_headers::ROWS),
        names(redirects::OVERRIDES),
        names(redirects::AUTHORIZE_PARAMETERS),
        names(altered_callbacks::ALTERED_CALLBACKS),
        names(intuit_failures::ROWS),
        names(token_endpoint::ROWS),
        names(token_endpoint::SLOW_ANSWERS),
        names(code_injection::ROWS),
        names(confirmations::ROWS),
        names(company_ownership::ROWS),
        names(token_signatures::ROWS),
        names(token_claims::ROWS),
        names(token_claims::KEY_ROTATION),
        names(tampered_records::ROWS),
        names(landing_pages::ROWS),
        names(strangers::ROWS),
        names(transport::ADDRESSES),
        names(transport::SECRETS),
        names(transport::PAGES),
    ]
    .concat()
}

#[test]
fn sixty_attacks_cover_every_security_rule() {
    let all = all_names();
    assert!(all.len() >= 60, "{}", all.len());
    for RowName { rule, attempt } in &all {
        assert!(
            RULES.iter().any(|known| known.section == *rule),
            "{attempt}: {rule}"
        );
    }
    for Rule { section, .. } in RULES {
        assert!(
            all.iter().any(|name| name.rule == *section),
            "nothing tests {section}"
        );
    }
}
