//! The states of the page, each a file of scripted answers and of what the page then shows.

use anyhow::{Context as _, ensure};
use serde_json::{Map, Value};
use std::fs;
use std::path::PathBuf;

/// A state of the page.
#[derive(Clone, Debug)]
pub struct State {
    /// The name of its file, without the ending.
    pub name: String,
    /// The time of the answers, as text (RFC 3339).
    pub now: String,
    /// The visitor: a role, `starter` for an owner on that plan, or `nobody`.
    pub visitor: String,
    /// The query and the fragment of the address.
    pub address: String,
    /// The answer of each request, such as `GET status`. A list answers one request after another, and its last entry all that follow.
    pub answers: Map<String, Value>,
    /// The acts of a person: `click SELECTOR`, `text TEXT` to wait for, `block tabs`, `ask again`.
    pub steps: Vec<String>,
    /// A text that the page shows in the end.
    pub shows: String,
}

/// Returns all states, by name.
///
/// # Errors
/// If a file cannot be read, or has no text to show.
pub fn all() -> anyhow::Result<Vec<State>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder())? {
        let file = entry?.path();
        let stem = file.file_stem().context("a file without a name")?;
        names.push(stem.to_string_lossy().into_owned());
    }
    names.sort();
    names.iter().map(|name| load(name)).collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("states")
}

/// Reads a state. It has the answers of the state that it extends, and its own instead of the same ones.
///
/// # Errors
/// If the file cannot be read, or has no text to show.
pub fn load(name: &str) -> anyhow::Result<State> {
    let file = folder().join(name).with_extension("json");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let value: Value = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
    let text_of = |field: &str| value[field].as_str().map(ToOwned::to_owned);
    let base = value["extends"].as_str().map(load).transpose()?;
    let base = base.as_ref();
    let mut answers = base.map(|base| base.answers.clone()).unwrap_or_default();
    answers.extend(value["answers"].as_object().cloned().unwrap_or_default());
    let steps = value["steps"].as_array().into_iter().flatten();
    let shows = text_of("shows").unwrap_or_default();
    ensure!(!shows.is_empty(), "{name} says nothing that it shows");
    let inherited = |own: Option<String>, of: fn(&State) -> &String| {
        own.or_else(|| base.map(|base| of(base).clone()))
            .unwrap_or_default()
    };
    Ok(State {
        name: name.to_owned(),
        now: inherited(text_of("now"), |base| &base.now),
        visitor: inherited(text_of("as"), |base| &base.visitor),
        address: inherited(text_of("address"), |base| &base.address),
        answers,
        steps: steps
            .filter_map(|step| step.as_str().map(ToOwned::to_owned))
            .collect(),
        shows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_has_answers_of_its_base() {
        let base = load("connected").unwrap();
        let state = load("check-up-fail").unwrap();
        assert_eq!(state.answers["GET status"], base.answers["GET status"]);
        assert_ne!(state.answers["GET checkup"], base.answers["GET checkup"]);
        assert_eq!(state.now, base.now);
    }

    #[test]
    fn every_state_can_be_read() {
        assert!(all().unwrap().len() > 50);
    }
}
