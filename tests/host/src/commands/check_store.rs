//! `check-store`: plays the suite of `tests/stores` on a store, through a component as all records are used.

use std::fmt;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use clap::Args;
use http::{Request, StatusCode};
use stores::Requirement;

use crate::store_arguments::{StoreArguments, StoreChoice};
use crate::{App, Logs, Options, Reuse, guests};

/// The arguments of `check-store`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    #[command(flatten)]
    store: StoreArguments,
}

/// The judgement of a store by one requirement.
pub struct Judgement {
    /// The requirement.
    pub requirement: Requirement,
    /// A sentence about what the store did otherwise. `None` if it meets the requirement.
    pub failure: Option<String>,
}

impl fmt::Display for Judgement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            requirement,
            failure,
        } = self;
        let name = requirement.name();
        match failure {
            None => write!(formatter, "  met     {name:16} {}", requirement.sentence()),
            Some(failure) => write!(formatter, "  NOT MET {name:16} {failure}"),
        }
    }
}

/// Judges a store, and prints a line for each requirement. Returns whether it meets all of them.
///
/// # Errors
/// Fails if a component cannot be built or loaded, or the store is not empty.
pub fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let folder = std::env::temp_dir().join(format!("rivet-books-check-{}", std::process::id()));
    let options = Options {
        storage: arguments.store.storage(StoreChoice::Sqlite, &folder),
        logs: Logs::terminal(),
        // Clients that play at the same time shall be in several instances.
        reuse: Reuse {
            concurrent: 2,
            ..Reuse::default()
        },
        ..Options::default()
    };
    let app = guests::load(options)?;
    let stores = app.stores();
    stores.require_empty()?;
    println!("{}", stores.name());
    let runtime = tokio::runtime::Runtime::new().context("cannot start threads")?;
    let judgements = runtime.block_on(judge(&app))?;
    for judgement in &judgements {
        println!("{judgement}");
    }
    stores.remove_records()?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(judgements.iter().all(|judged| judged.failure.is_none()))
}

/// Plays the suite on the store of an app that has the component `judge`.
///
/// # Errors
/// Fails if the component does not answer.
pub async fn judge(app: &App) -> anyhow::Result<Vec<Judgement>> {
    let mut judgements = Vec::new();
    for requirement in Requirement::ALL {
        let failure = judge_by(app, requirement).await?;
        judgements.push(Judgement {
            requirement,
            failure,
        });
    }
    Ok(judgements)
}

async fn judge_by(app: &App, requirement: Requirement) -> anyhow::Result<Option<String>> {
    let path = format!("/judge/{}/{:x}", requirement.name(), fastrand::u64(..));
    let mut outcomes = vec![ask(app.clone(), format!("{path}/prepare")).await?];
    let clients = (0..requirement.clients())
        .map(|client| tokio::spawn(ask(app.clone(), format!("{path}/{client}"))));
    for client in clients.collect::<Vec<_>>() {
        outcomes.push(client.await??);
    }
    outcomes.push(ask(app.clone(), format!("{path}/check")).await?);
    Ok(outcomes.into_iter().find(|outcome| outcome != "met"))
}

async fn ask(app: App, path: String) -> anyhow::Result<String> {
    let answer = app.handle(Request::get(&path).body(Bytes::new())?).await?;
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    ensure!(answer.status() == StatusCode::OK, "{path}: {text}");
    Ok(text)
}
