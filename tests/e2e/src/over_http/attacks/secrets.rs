//! A whole life, and then a search for every secret of it in every place where it must not be.

use super::impostor::Impostor;
use super::life::{SCHEDULER, Witness, live};
use super::way::office;
use crate::over_http::start_deployment_on;
use host::Storage;
use host::demo::firm::Answer;
use std::path::{Path, PathBuf};

const KEY: &str = "YSBrZXkgb2YgdGhlIHdob2xlIGxpZmUgMzIgYnl0ZXM=";
const NOTIFY: &str = "dGhlIHNlY3JldCBvZiBub3RpZmljYXRpb25z";

/// What was said, headers and all.
fn text(answers: &[Answer]) -> String {
    answers
        .iter()
        .map(|told| format!("{:?}\n{}\n", told.headers, told.body))
        .collect()
}

/// Headers alone, and whole answers that are no success: a page may name the company's id, nothing else.
fn without_pages(answers: &[Answer]) -> String {
    let refused = answers
        .iter()
        .filter(|told| told.status >= 300)
        .map(|told| told.body.to_string());
    answers
        .iter()
        .map(|told| format!("{:?}\n", told.headers))
        .chain(refused)
        .collect()
}

/// All files of the store, as they lie on the disk.
fn on_disk(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap();
    files
        .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect()
}

fn contains(place: &[u8], secret: &str) -> bool {
    place
        .windows(secret.len())
        .any(|part| part == secret.as_bytes())
}

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("rivet-books-whole-life-{}", std::process::id()))
}

#[tokio::test(flavor = "multi_thread")]
async fn full_lifecycle_leaks_no_secret() {
    let rivet = Impostor::new();
    rivet.answers("204 No Content", "text/plain", "");
    let variables = [
        ("scheduler_secret", SCHEDULER),
        ("token_keys", &format!("life:{KEY}")),
        ("rivet_notify_origin", &rivet.origin),
        ("rivet_notify_secret", &format!("whsec_{NOTIFY}")),
    ];
    let deployment = start_deployment_on(Storage::FastFolder(folder()), &variables).await;
    let firm = office(&deployment, "firm_life");
    let mut witness = Witness::of(firm);
    live(&mut witness).await;

    let told = rivet.asked();
    assert!(told.len() >= 2, "{} notifications", told.len());
    let configured = [
        SCHEDULER,
        KEY,
        NOTIFY,
        &deployment.rivet.session_secret,
        &deployment.rivet.webhook_secret()[6..],
    ];
    let mut secrets = deployment.simulator().issued_secrets();
    secrets.extend(configured.map(str::to_owned));
    assert!(secrets.len() >= 20, "{} secrets", secrets.len());
    let logs: String = deployment
        .logs
        .lines()
        .iter()
        .map(|line| line.text.clone() + "\n")
        .collect();
    let asked: String = deployment
        .simulator()
        .traffic()
        .iter()
        .map(|seen| {
            format!(
                "{}?{}\n",
                seen.path,
                seen.query.as_deref().unwrap_or_default()
            )
        })
        .collect();
    let (ours, realm) = (&witness.ours, std::slice::from_ref(&witness.firm.realm));
    let places = [
        (
            "the log",
            logs.into_bytes(),
            vec![&secrets[..], ours, realm],
        ),
        (
            "the disk",
            on_disk(&folder()),
            vec![&secrets[..], ours, realm],
        ),
        (
            "notifications",
            told.concat().into_bytes(),
            vec![&secrets[..], ours, realm],
        ),
        (
            "addresses at Intuit",
            asked.into_bytes(),
            vec![&secrets[..], ours],
        ),
        (
            "answers",
            text(&witness.answers).into_bytes(),
            vec![&secrets[..], ours],
        ),
        (
            "links and departures",
            text(&witness.giving).into_bytes(),
            vec![&secrets[..], realm],
        ),
        (
            "headers and refusals",
            without_pages(&witness.answers).into_bytes(),
            vec![realm],
        ),
    ];
    for (name, place, forbidden) in places {
        assert!(place.len() > 500, "nothing was looked at in {name}");
        let found = forbidden
            .concat()
            .into_iter()
            .filter(|secret| contains(&place, secret))
            .count();
        assert_eq!(found, 0, "secrets found in {name}");
    }
    std::fs::remove_dir_all(folder()).unwrap();
}
