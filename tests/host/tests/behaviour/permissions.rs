use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use host::{App, Clock, Logs, Manifest};

use crate::{MANIFEST, guests, is_full, load, options, run, run_in};

#[tokio::test]
async fn component_reads_its_own_filled_variables() {
    let app = load(options());
    let answers = run(
        &app,
        "variable key\nvariable sentence\nconfig key\nenvironment PLACE",
    )
    .await;
    let sentence = "the peer is http://127.0.0.1:9, the key opensesame";
    assert_eq!(
        answers,
        ["opensesame", sentence, r#"Ok(Some("opensesame"))"#, "here"]
    );
}

#[tokio::test]
async fn refusal_logs_the_missing_manifest_line() {
    let options = options();
    let logs = options.logs.clone();
    let app = load(options);
    let script = "open default\nopen-bucket default\nvariable key\nvariable Key\nconfig key\n\
                  send https://example.com/token?code=secret";
    let answers = run_in(&app, "bare", script).await;
    assert_eq!(answers[..2], ["Error::AccessDenied", "Error::AccessDenied"]);
    assert!(answers[2].starts_with("Error::Undefined"), "{}", answers[2]);
    assert!(
        answers[3].starts_with("Error::InvalidName"),
        "{}",
        answers[3]
    );
    assert_eq!(answers[4], "Ok(None)");
    assert_eq!(answers[5], "ErrorCode::HttpRequestDenied");
    assert!(logs.contain("key_value_stores of [component.bare]"));
    assert!(logs.contain(r#"key = "{{ key }}" to [component.bare.variables]"#));
    assert!(logs.contain(r#""https://example.com" to allowed_outbound_hosts of [component.bare]"#));
    assert!(!logs.contain("secret"), "{:?}", logs.lines());
}

#[test]
fn all_missing_variables_are_named_together() {
    let mut options = options();
    options.variables.clear();
    let problem = App::load(&guests(), options).err().unwrap().to_string();
    assert!(
        problem.contains("key, other_key") && problem.contains("SPIN_VARIABLE_"),
        "{problem}"
    );
}

/// Returns the folder of the profile that the guests are built with.
fn profile() -> &'static str {
    if is_full() { "release" } else { "quick" }
}

/// Returns the manifest's text. Its components are those that the tests build.
fn guests_text() -> String {
    guests();
    let text = std::fs::read_to_string(MANIFEST).unwrap();
    text.replace("/release/", &format!("/{}/", profile()))
}

#[test]
fn unbuilt_component_is_named() {
    let text = guests_text().replace("hello.wasm", "nowhere.wasm");
    let manifest = Manifest::parse(&text, Path::new(MANIFEST).parent().unwrap()).unwrap();
    let problem = format!("{:#}", App::load(&manifest, options()).err().unwrap());
    assert!(
        problem.contains("[component.hello]") && problem.contains("nowhere.wasm"),
        "{problem}"
    );
}

#[test]
fn non_component_file_is_refused() {
    let hello = format!("../../../target/wasm32-wasip2/{}/hello.wasm", profile());
    let text = guests_text().replace(&hello, "spin.toml");
    let manifest = Manifest::parse(&text, Path::new(MANIFEST).parent().unwrap()).unwrap();
    let problem = format!("{:#}", App::load(&manifest, options()).err().unwrap());
    assert!(
        problem.contains("cannot use") && problem.contains("spin.toml"),
        "{problem}"
    );
}

#[tokio::test]
async fn component_reads_the_configured_clock() {
    let clock = Clock::stopped_at(UNIX_EPOCH + Duration::from_secs(1_772_463_845));
    let mut options = options();
    options.clock = clock.clone();
    let app = load(options);
    assert_eq!(
        run(&app, "clock\nold-clock").await,
        ["1772463845", "1772463845"]
    );
    clock.advance(Duration::from_secs(3_600));
    assert_eq!(
        run(&app, "clock\nold-clock").await,
        ["1772467445", "1772467445"]
    );
}

#[tokio::test]
async fn output_is_logged_by_component() {
    let mut options = options();
    options.logs = Logs::in_memory();
    let logs = options.logs.clone();
    run_in(&load(options), "bare", "print greetings").await;
    let lines = logs.lines();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines
            .iter()
            .all(|line| line.component == "bare" && line.text == "greetings")
    );
}
