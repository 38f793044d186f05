use std::time::Duration;

use host::commands::check_store::judge;
use host::{App, Storage};

use crate::{load, options, redis_address};

fn load_on(storage: Storage) -> App {
    let mut options = options();
    options.storage = storage;
    // Clients that play at the same time shall be in several instances.
    options.reuse.concurrent = 2;
    load(options)
}

async fn assert_meets_every_requirement(storage: Storage) {
    let app = load_on(storage);
    app.verify_stores().await.unwrap();
    let judgements = judge(&app).await.unwrap();
    for judgement in &judgements {
        assert_eq!(judgement.failure, None, "{judgement}");
    }
    assert!(!judgements.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_meets_every_requirement() {
    assert_meets_every_requirement(Storage::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_sqlite_meets_every_requirement() {
    let folder = std::env::temp_dir().join(format!("rivet-host-suite-{}", std::process::id()));
    let storage = Storage::SlowFolder(folder.clone(), Duration::from_millis(3));
    assert_meets_every_requirement(storage).await;
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_meets_every_requirement() {
    let Some(address) = redis_address() else {
        return;
    };
    assert_meets_every_requirement(Storage::Redis(address)).await;
}

#[tokio::test]
async fn absent_server_is_refused_by_name() {
    let app = load_on(Storage::Redis("redis://:secret@127.0.0.1:1".to_owned()));
    let refusal = app.verify_stores().await.unwrap_err().to_string();
    let name = "the store (Redis at 127.0.0.1:1) cannot keep records";
    assert!(refusal.starts_with(name), "{refusal}");
    assert!(!refusal.contains("secret"), "{refusal}");
}

#[tokio::test]
async fn every_redis_swap_is_reported_lost() {
    let Some(address) = redis_address() else {
        return;
    };
    let app = load_on(Storage::Redis(address));
    let key = format!("probe-{:x}", fastrand::u64(..));
    let script = format!(
        "set {key} 0\ncas x {key}\ncurrent x\nswap x 1\ncurrent x\nget {key}\nincrement {key} 4\ndelete {key}"
    );
    let answers = ["done", "begun", "0", "lost", "1", "1", "5", "done"];
    assert_eq!(crate::run(&app, &script).await, answers);
}
