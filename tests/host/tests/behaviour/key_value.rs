use host::{App, Storage};

use crate::{load, options, run, run_in};

#[tokio::test]
async fn values_are_set_read_listed_and_deleted() {
    let app = load(options());
    let script = "get a\nset a 1\nset b 2\nget a\nexists b\nkeys\ndelete b\nexists b\nkeys";
    let answers = [
        "none", "done", "done", "1", "true", "a b", "done", "false", "a",
    ];
    assert_eq!(run(&app, script).await, answers);
}

#[tokio::test]
async fn both_interfaces_see_the_same_store() {
    let app = load(options());
    let script = "set a 1\nlist\nset-many b=2 c=3\nkeys\nget-many a x c\ndelete-many a b\nkeys";
    assert_eq!(
        run(&app, script).await,
        ["done", "a", "done", "a b c", "a=1 c=3", "done", "c"]
    );
}

#[tokio::test]
async fn losing_swap_reads_the_winning_value() {
    let app = load(options());
    let script = "set a 0\ncas x a\ncas y a\ncurrent x\ncurrent y\nswap x first\nswap y second\n\
                  current y\nswap y second\nget a";
    let answers = [
        "done", "begun", "begun", "0", "0", "won", "lost", "first", "won", "second",
    ];
    assert_eq!(run(&app, script).await, answers);
}

#[tokio::test]
async fn lost_swap_remembers_the_winning_value() {
    let app = load(options());
    let script = "set a 0\ncas x a\ncurrent x\nset a 1\nswap x mine\nswap x mine\nget a";
    assert_eq!(
        run(&app, script).await,
        ["done", "begun", "0", "done", "lost", "won", "mine"]
    );
}

#[tokio::test]
async fn two_swaps_of_absent_key_both_win() {
    let app = load(options());
    let script = "cas x a\ncas y a\ncurrent x\ncurrent y\nswap x first\nswap y second\nget a";
    let answers = ["begun", "begun", "none", "none", "won", "won", "second"];
    assert_eq!(run(&app, script).await, answers);
}

#[tokio::test]
async fn swap_without_read_overwrites() {
    let app = load(options());
    assert_eq!(
        run(&app, "set a 0\ncas x a\nswap x 1\nget a").await,
        ["done", "begun", "won", "1"]
    );
}

#[tokio::test]
async fn increments_start_at_zero() {
    let app = load(options());
    assert_eq!(
        run(&app, "increment n 5\nincrement n -7").await,
        ["5", "-2"]
    );
    let refused = run(&app, "set n seven\nincrement n 1").await;
    assert!(
        refused[1].contains("not an 8-byte integer"),
        "{}",
        refused[1]
    );
}

#[tokio::test]
async fn folder_keeps_the_store_between_apps() {
    let folder = std::env::temp_dir().join(format!("rivet-host-behaviour-{}", std::process::id()));
    let stored = || {
        let mut options = options();
        options.storage = Storage::FastFolder(folder.clone());
        load(options)
    };
    run(&stored(), "set a kept").await;
    assert_eq!(run(&stored(), "get a").await, ["kept"]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn apps_in_memory_share_nothing() {
    run(&load(options()), "set a 1").await;
    assert_eq!(run(&load(options()), "get a").await, ["none"]);
}

#[tokio::test]
async fn every_operation_is_counted() {
    let app = load(options());
    run(&app, "set a 1").await;
    let before = app.counts();
    let script = "set a 1\nset-many b=1 c=1\nget a\nget-many a b\nexists a\nkeys\nlist\n\
                  increment n 1\ncas x a\ncurrent x\nswap x 2\ndelete c";
    run(&app, script).await;
    let counts = app.counts() - before;
    assert_eq!(
        (counts.set, counts.get, counts.exists, counts.list),
        (3, 4, 1, 2)
    );
    assert_eq!((counts.increment, counts.swap, counts.delete), (1, 1, 1));
    assert_eq!(counts.writes(), 6);
    run_in(&app, "bare", "print nothing").await;
    assert_eq!(app.counts() - before, counts);
}

/// Sends the same script from 24 clients at the same time. Each instance takes two of them.
async fn run_concurrently(app: &App, script: &'static str) {
    let clients = (0..24).map(|_| {
        let app = app.clone();
        tokio::spawn(async move { run(&app, script).await })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
}

fn load_with_small_instances(storage: Storage) -> App {
    let mut options = options();
    options.storage = storage;
    options.reuse.concurrent = 2;
    load(options)
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_increments_are_all_counted() {
    let app = load_with_small_instances(Storage::Memory);
    run_concurrently(&app, "increment n 1").await;
    assert_eq!(run(&app, "increment n 0").await, ["24"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_swaps_are_all_applied() {
    let app = load_with_small_instances(Storage::Memory);
    run(&app, "set n 0").await;
    run_concurrently(&app, "add-one n").await;
    assert_eq!(run(&app, "get n").await, ["24"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_apps_share_a_folder() {
    let folder = std::env::temp_dir().join(format!("rivet-host-shared-{}", std::process::id()));
    let apps = [0, 1].map(|_| load_with_small_instances(Storage::FastFolder(folder.clone())));
    run(&apps[0], "set n 0").await;
    tokio::join!(
        run_concurrently(&apps[0], "add-one n"),
        run_concurrently(&apps[1], "add-one n")
    );
    assert_eq!(run(&apps[1], "get n").await, ["48"]);
    std::fs::remove_dir_all(&folder).unwrap();
}
