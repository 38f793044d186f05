//! A whole lifecycle, and then a search for its secrets in every place where they must not be.

use super::fake_server::FakeServer;
use super::lifecycle::{Recorder, SCHEDULER_SECRET, run_lifecycle};
use super::sign_in::new_firm;
use crate::start_deployment_on;
use host::Storage;
use host::demo::firm::Answer;
use std::path::{Path, PathBuf};

const KEY: &str = "YSBrZXkgb2YgdGhlIHdob2xlIGxpZmUgMzIgYnl0ZXM=";
const NOTIFY_SECRET: &str = "dGhlIHNlY3JldCBvZiBub3RpZmljYXRpb25z";

/// Returns headers and bodies as text.
fn full_text(answers: &[Answer]) -> String {
    answers
        .iter()
        .map(|answer| format!("{:?}\n{}\n", answer.headers, answer.body))
        .collect()
}

/// Returns all headers and the bodies of all redirects and refusals. Only a page may name the company's id.
fn headers_and_refusals(answers: &[Answer]) -> String {
    let refused = answers
        .iter()
        .filter(|answer| answer.status >= 300)
        .map(|answer| answer.body.to_string());
    answers
        .iter()
        .map(|answer| format!("{:?}\n", answer.headers))
        .chain(refused)
        .collect()
}

/// Returns the bytes of all files of the store.
fn read_files(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap();
    files
        .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect()
}

/// Returns whether the bytes contain the secret.
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
    let rivet = FakeServer::new();
    rivet.set_answer("204 No Content", "text/plain", "");
    let variables = [
        ("scheduler_secret", SCHEDULER_SECRET),
        ("token_keys", &format!("life:{KEY}")),
        ("rivet_notify_origin", &rivet.origin),
        ("rivet_notify_secret", &format!("whsec_{NOTIFY_SECRET}")),
    ];
    let deployment = start_deployment_on(Storage::FastFolder(folder()), &variables).await;
    let firm = new_firm(&deployment, "firm_life");
    let mut recorder = Recorder::new(firm);
    run_lifecycle(&mut recorder).await;

    let notifications = rivet.take_requests();
    assert!(
        notifications.len() >= 2,
        "{} notifications",
        notifications.len()
    );
    let configured = [
        SCHEDULER_SECRET,
        KEY,
        NOTIFY_SECRET,
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
    let addresses: String = deployment
        .simulator()
        .traffic()
        .iter()
        .map(|request| {
            format!(
                "{}?{}\n",
                request.path,
                request.query.as_deref().unwrap_or_default()
            )
        })
        .collect();
    let (sign_in_secrets, realm) = (
        &recorder.sign_in_secrets,
        std::slice::from_ref(&recorder.firm.realm),
    );
    let places = [
        (
            "the log",
            logs.into_bytes(),
            vec![&secrets[..], sign_in_secrets, realm],
        ),
        (
            "the disk",
            read_files(&folder()),
            vec![&secrets[..], sign_in_secrets, realm],
        ),
        (
            "notifications",
            notifications.concat().into_bytes(),
            vec![&secrets[..], sign_in_secrets, realm],
        ),
        (
            "addresses at Intuit",
            addresses.into_bytes(),
            vec![&secrets[..], sign_in_secrets],
        ),
        (
            "answers",
            full_text(&recorder.answers).into_bytes(),
            vec![&secrets[..], sign_in_secrets],
        ),
        (
            "links and redirects to Intuit",
            full_text(&recorder.secret_answers).into_bytes(),
            vec![&secrets[..], realm],
        ),
        (
            "headers and refusals",
            headers_and_refusals(&recorder.answers).into_bytes(),
            vec![realm],
        ),
    ];
    for (name, place, forbidden) in places {
        assert!(place.len() > 500, "too little to search in {name}");
        let found = forbidden
            .concat()
            .into_iter()
            .filter(|secret| contains(&place, secret))
            .count();
        assert_eq!(found, 0, "secrets found in {name}");
    }
    std::fs::remove_dir_all(folder()).unwrap();
}
