use crate::{is_full, rivet_books};

/// Runs a command of the host, which must succeed, and returns its output.
fn run(arguments: &str) -> String {
    let output = rivet_books()
        .args(arguments.split_whitespace())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}{output:?}");
    printed
}

#[test]
fn killed_host_keeps_connections_working() {
    let kills = if is_full() { 6 } else { 1 };
    let printed = run(&format!("crash --kills {kills} --seed 1"));
    assert!(printed.contains(&format!("{kills} kills")), "{printed}");
}

#[test]
fn killed_host_posts_every_document_once() {
    let (kills, pay_apps) = if is_full() { (3, 60) } else { (1, 16) };
    let load = format!("--pay-apps {pay_apps} --firms 2 --faults 5%");
    let printed = run(&format!("crash --billing --kills {kills} --seed 2 {load}"));
    assert!(printed.contains(&format!("{kills} kills")), "{printed}");
    assert!(printed.contains("right to the cent"), "{printed}");
}

#[test]
fn restored_store_posts_every_document_once() {
    let pay_apps = if is_full() { 60 } else { 16 };
    let printed = run(&format!("restore-drill --seed 1 --pay-apps {pay_apps}"));
    assert!(printed.contains("set back after"), "{printed}");
    assert!(printed.contains("right to the cent"), "{printed}");
}
