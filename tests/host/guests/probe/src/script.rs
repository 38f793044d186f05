//! Executes the commands of a script.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use spin_sdk::experimental::wasi::config::store as config;
use spin_sdk::wasip3::clocks::system_clock;

use crate::atomics::Atomics;
use crate::{outbound, stores};

/// Executes each line and returns the answers.
pub async fn run(script: &str) -> anyhow::Result<String> {
    let mut atomics = Atomics::default();
    let mut answers = String::new();
    for line in script.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        let answer = match execute(&words).await? {
            Some(answer) => answer,
            None => atomics
                .execute(&words)?
                .with_context(|| format!("no such command: {line}"))?,
        };
        answers.push_str(&answer);
        answers.push('\n');
    }
    Ok(answers)
}

/// The number of requests that waited in this instance for each other.
static ARRIVED: AtomicUsize = AtomicUsize::new(0);
/// The number of `count` commands in this instance.
static COUNTED: AtomicUsize = AtomicUsize::new(0);

async fn execute(words: &[&str]) -> anyhow::Result<Option<String>> {
    let answer = match *words {
        ["variable", name] => value_or_error(spin_sdk::variables::get(name).await),
        ["config", name] => format!("{:?}", config::get(name)),
        ["environment", name] => std::env::var(name).unwrap_or_default(),
        ["clock"] => system_clock::now().seconds.to_string(),
        ["old-clock"] => SystemTime::now()
            .duration_since(UNIX_EPOCH)?
            .as_secs()
            .to_string(),
        ["sleep", milliseconds] => {
            spin_sdk::time::sleep(Duration::from_millis(milliseconds.parse()?)).await;
            "slept".to_owned()
        }
        ["later", key, value] => set_later(key, value),
        ["count"] => (COUNTED.fetch_add(1, Ordering::SeqCst) + 1).to_string(),
        ["meet", others] => meet(others.parse()?).await,
        ["print", text] => {
            println!("{text}");
            eprintln!("{text}");
            "printed".to_owned()
        }
        ["trap"] => std::process::abort(),
        ["send", url, ref options @ ..] => outbound::send(url, options).await?,
        _ => return stores::execute(words).await,
    };
    Ok(Some(answer))
}

/// Sets a value after the answer was sent.
fn set_later(key: &str, value: &str) -> String {
    let (key, value) = (key.to_owned(), value.to_owned());
    spin_sdk::wasip3::spawn(async move {
        spin_sdk::time::sleep(Duration::from_millis(1)).await;
        if let Err(problem) = stores::execute(&["set", &key, &value]).await {
            eprintln!("{problem:?}");
        }
    });
    "begun".to_owned()
}

/// Waits, for some seconds at most, until `expected` requests are in this instance at the same time.
async fn meet(expected: usize) -> String {
    ARRIVED.fetch_add(1, Ordering::SeqCst);
    for _ in 0..5_000 {
        if ARRIVED.load(Ordering::SeqCst) >= expected {
            return "met".to_owned();
        }
        spin_sdk::time::sleep(Duration::from_millis(1)).await;
    }
    "alone".to_owned()
}

/// Returns the value, or the error in its debug form, which names its variant.
pub fn value_or_error<E: std::fmt::Debug>(answer: Result<String, E>) -> String {
    answer.unwrap_or_else(|problem| format!("{problem:?}"))
}
