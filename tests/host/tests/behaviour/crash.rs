use std::process::Command;

/// Runs the command, which must succeed, and returns its output.
fn crash(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rivet-books"))
        .arg("crash")
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}{output:?}");
    printed
}

#[test]
fn killed_host_keeps_connections_working() {
    let printed = crash(&["--kills", "6", "--seed", "1"]);
    assert!(printed.contains("6 kills"), "{printed}");
}

#[test]
fn killed_host_posts_every_document_once() {
    let load = ["--pay-apps", "60", "--firms", "2", "--faults", "5%"];
    let printed = crash(
        &[
            ["--billing", "--kills", "3", "--seed", "2"].as_slice(),
            &load,
        ]
        .concat(),
    );
    assert!(printed.contains("3 kills"), "{printed}");
    assert!(printed.contains("right to the cent"), "{printed}");
}
