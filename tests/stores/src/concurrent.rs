//! The requirements that several clients play at the same time.

use crate::client::Client;
use crate::requirement::Requirement;
use crate::tally::TallyClient;
use platform::store::KeyValue;
use ports::records::StoreError;

/// Returns the changes that each client makes. All others together make fewer than the sixteen that a record remembers, because a client may
/// stand still between its write and the read-back. A client that loses answers looks for its change itself.
fn changes(requirement: Requirement) -> usize {
    match requirement {
        Requirement::LostAnswers => 4,
        _ => 1,
    }
}

/// The tries of a client for one change. A try ends if others keep the client from writing for some seconds.
const TRIES: usize = 4;

/// The tries of a client that loses answers.
const TRIES_WITHOUT_ANSWER: usize = 40;

/// Prepares the record of a run.
pub(crate) async fn prepare<K: KeyValue>(
    store: &K,
    requirement: Requirement,
    run: &str,
) -> Result<(), String> {
    if requirement == Requirement::Creators {
        return Ok(());
    }
    let tally = TallyClient::new(Client::new(store), run, "preparation");
    tally.ensure().await.map_err(|error| error.to_string())
}

/// Makes the changes of one client.
pub(crate) async fn change<K: KeyValue>(
    store: &K,
    requirement: Requirement,
    client: usize,
    run: &str,
) -> Result<(), String> {
    let loses_answers = requirement == Requirement::LostAnswers;
    let connection = match loses_answers {
        true => Client::losing_answers(store),
        false => Client::new(store),
    };
    let tally = TallyClient::new(connection, run, &client.to_string());
    if requirement == Requirement::Creators {
        until_done(async || tally.ensure().await).await?;
    }
    for change in 0..changes(requirement) {
        let mark = mark(client, change);
        match loses_answers {
            true => {
                until_answered(async || tally.add_once(&mark).await).await?;
                continue;
            }
            false => until_done(async || tally.add(&mark).await).await?,
        }
        let marks = tally.marks().await.map_err(|error| error.to_string())?;
        if !marks.contains(&mark) {
            return Err(format!("client {client} does not read its own change"));
        }
    }
    Ok(())
}

/// Checks that each change of each client is there once, and removes the record.
pub(crate) async fn check<K: KeyValue>(
    store: &K,
    requirement: Requirement,
    run: &str,
) -> Result<(), String> {
    let tally = TallyClient::new(Client::new(store), run, "check");
    let found = tally.marks().await.map_err(|error| error.to_string())?;
    tally.remove().await.map_err(|error| error.to_string())?;
    for client in 0..requirement.clients() {
        for change in 0..changes(requirement) {
            let mark = mark(client, change);
            let times = found.iter().filter(|known| **known == mark).count();
            if times != 1 {
                return Err(format!("the change {mark} is there {times} times"));
            }
        }
    }
    Ok(())
}

fn mark(client: usize, change: usize) -> String {
    format!("{client}.{change}")
}

/// Repeats an operation while the record is busy.
async fn until_done(
    mut operation: impl AsyncFnMut() -> Result<(), StoreError>,
) -> Result<(), String> {
    for _ in 0..TRIES {
        match operation().await {
            Err(StoreError::Busy(_)) => {}
            other => return other.map_err(|error| error.to_string()),
        }
    }
    Err("the record stays busy".to_owned())
}

/// Repeats an operation until it is answered.
async fn until_answered(
    mut operation: impl AsyncFnMut() -> Result<(), StoreError>,
) -> Result<(), String> {
    let mut last = String::new();
    for _ in 0..TRIES_WITHOUT_ANSWER {
        match operation().await {
            Ok(()) => return Ok(()),
            Err(error) => last = error.to_string(),
        }
    }
    Err(last)
}
