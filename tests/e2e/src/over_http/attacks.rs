//! Attacks and accidents on connections, in tables: the rule that an attempt tests, what is tried, how, and
//! what must come of it. The real components answer each one, and whoever was not to be harmed is looked
//! at afterwards.

mod claims;
mod code;
mod company;
mod endpoint;
mod headers;
mod hijack;
mod impostor;
mod landing;
mod life;
mod link;
mod mint;
mod records;
mod redirect;
mod rules;
mod secrets;
mod signatures;
mod state;
mod trouble;
mod twice;
mod way;

use super::start_deployment;
use futures::future::LocalBoxFuture;
use host::demo::local_deployment::LocalDeployment;
use rules::RULES;

/// One attempt.
pub struct Row<How, Expect = &'static str> {
    /// Where the rule stands; what it says is in [`RULES`].
    pub rule: &'static str,
    /// What somebody tries, or what befalls them.
    pub attempt: &'static str,
    /// The same for the machine.
    pub how: How,
    /// What must come of it.
    pub expect: Expect,
}

/// The attempt achieves nothing: what happens is what would have happened without it.
pub struct InVain;

/// An attempt that takes several steps, by a firm of its own: what came of it, in words.
pub type Story = for<'a> fn(&'a LocalDeployment, &'a str) -> LocalBoxFuture<'a, String>;

async fn play(rows: &[Row<Story>]) {
    let deployment = start_deployment().await;
    for (number, row) in rows.iter().enumerate() {
        let told = (row.how)(&deployment, &format!("firm_{number}")).await;
        assert_eq!(told, row.expect, "{}: {}", row.rule, row.attempt);
    }
}

type Named = (&'static str, &'static str);

fn named<How, Expect>(rows: &[Row<How, Expect>]) -> Vec<Named> {
    rows.iter().map(|row| (row.rule, row.attempt)).collect()
}

fn all() -> Vec<Named> {
    [
        named(link::ASKED),
        named(link::BENT),
        named(link::LIVED),
        named(state::ROWS),
        named(twice::ROWS),
        named(headers::ROWS),
        named(redirect::WISHES),
        named(redirect::TOLD),
        named(code::ANSWERS),
        named(trouble::ROWS),
        named(endpoint::ROWS),
        named(endpoint::SLOW),
        named(hijack::ROWS),
        named(company::ROWS),
        named(signatures::ROWS),
        named(claims::ROWS),
        named(claims::KEYS),
        named(records::ROWS),
        named(landing::ROWS),
    ]
    .concat()
}

#[test]
fn sixty_attacks_cover_every_security_rule() {
    let all = all();
    assert!(all.len() >= 60, "{}", all.len());
    for (rule, attempt) in &all {
        assert!(
            RULES.iter().any(|(known, _)| known == rule),
            "{attempt}: {rule}"
        );
    }
    for (rule, _) in RULES {
        assert!(
            all.iter().any(|(used, _)| used == rule),
            "nothing tests {rule}"
        );
    }
}
