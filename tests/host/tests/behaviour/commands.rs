use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};

use host::{Manifest, build};

use crate::{MANIFEST, rivet_books};

const VARIABLES: [&str; 4] = ["--variable", "key=a", "--variable", "other_key=b"];

/// Runs `up`, one at a time: together, several processes would compile the same guests.
fn up(arguments: &[&str]) -> Output {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    rivet_books()
        .args(["up", "--state-dir"])
        .arg(state_folder())
        .args(arguments)
        .output()
        .unwrap()
}

fn state_folder() -> PathBuf {
    std::env::temp_dir().join(format!("rivet-host-commands-{}", std::process::id()))
}

/// Returns the error line of a command that must have failed.
fn error_line(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines()
        .find(|line| line.starts_with("error:"))
        .expect("an error line")
        .to_owned()
}

#[test]
fn missing_manifest_is_one_error_line() {
    assert!(
        error_line(&up(&["--from", "/nowhere/spin.toml"]))
            .contains("cannot read /nowhere/spin.toml")
    );
}

#[test]
fn missing_variables_are_one_error_line() {
    let line = error_line(&up(&["--from", MANIFEST, "--variable", "key=a"]));
    assert!(
        line.contains("missing required variables: other_key"),
        "{line}"
    );
}

#[test]
fn port_in_use_is_one_error_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let arguments = [
        ["--from", MANIFEST, "--listen", &address].as_slice(),
        &VARIABLES,
    ]
    .concat();
    assert!(error_line(&up(&arguments)).contains("already in use"));
}

#[test]
fn unreachable_store_is_one_error_line() {
    let store = ["--store", "redis://:secret@127.0.0.1:1"];
    let arguments = [["--from", MANIFEST].as_slice(), &store, &VARIABLES].concat();
    let line = error_line(&up(&arguments));
    assert!(
        line.contains("(Redis at 127.0.0.1:1) cannot keep records"),
        "{line}"
    );
    assert!(!line.contains("secret"), "{line}");
}

#[test]
fn unwritable_target_folder_is_one_error_line() {
    let output = rivet_books()
        .args(["up", "--from", MANIFEST])
        .env("CARGO_TARGET_DIR", "/proc/nowhere")
        .output()
        .unwrap();
    assert!(error_line(&output).contains("cannot write to /proc/nowhere"));
}

#[test]
fn missing_target_without_rustup_is_one_error_line() {
    let output = rivet_books()
        .args(["up", "--from", MANIFEST])
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
    let line = error_line(&output);
    assert!(
        line.contains("wasm32-wasip2 is missing, and there is no rustup"),
        "{line}"
    );
}

#[test]
fn failed_build_refers_to_cargo_messages() {
    let text = std::fs::read_to_string(MANIFEST)
        .unwrap()
        .replace("-p hello", "-p nobody");
    let manifest = Manifest::parse(&text, Path::new(MANIFEST).parent().unwrap()).unwrap();
    let problem = build::components(&manifest).unwrap_err().to_string();
    assert!(
        problem.contains("could not be built; see cargo's messages above"),
        "{problem}"
    );
}

#[cfg(unix)]
#[test]
fn up_prints_routes_and_stops_on_interrupt() {
    let mut host = rivet_books()
        .args([
            "up",
            "--from",
            MANIFEST,
            "--listen",
            "127.0.0.1:0",
            "--state-dir",
        ])
        .arg(state_folder())
        .args(VARIABLES)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(host.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let url = lines
        .find_map(|line| line.strip_prefix("Serving ").map(str::to_owned))
        .unwrap();
    assert_eq!(lines.nth(1).unwrap(), format!("  hello: {url}/hello"));
    assert_eq!(
        lines.next().unwrap(),
        format!("  probe: {url}/probe (wildcard)")
    );
    let interrupt = Command::new("kill")
        .args(["-INT", &host.id().to_string()])
        .status();
    assert!(interrupt.unwrap().success());
    assert_eq!(host.wait().unwrap().code(), Some(0));
}
