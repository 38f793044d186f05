use std::process::Command;

/// What the command told, which must have gone well.
fn crash(arguments: &[&str]) -> String {
    let played = Command::new(env!("CARGO_BIN_EXE_rivet-books"))
        .arg("crash")
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&played.stdout).into_owned();
    assert!(played.status.success(), "{told}{played:?}");
    told
}

#[test]
fn a_host_that_is_killed_at_any_moment_leaves_no_connection_behind() {
    let told = crash(&["--kills", "6", "--seed", "1"]);
    assert!(told.contains("6 kills"), "{told}");
}

#[test]
fn a_host_that_is_killed_while_firms_bill_posts_every_document_once() {
    let load = ["--pay-apps", "60", "--firms", "2", "--faults", "5%"];
    let told = crash(
        &[
            ["--billing", "--kills", "3", "--seed", "2"].as_slice(),
            &load,
        ]
        .concat(),
    );
    assert!(told.contains("3 kills"), "{told}");
    assert!(told.contains("right to the cent"), "{told}");
}
