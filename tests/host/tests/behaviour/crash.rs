use std::process::Command;

#[test]
fn a_host_that_is_killed_at_any_moment_leaves_no_connection_behind() {
    let played = Command::new(env!("CARGO_BIN_EXE_rivet-books"))
        .args(["crash", "--kills", "6", "--seed", "1"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{told}{played:?}");
    assert!(told.contains("6 kills"), "{told}");
}
