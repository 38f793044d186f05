use std::time::Duration;

use host::{App, Reuse};
use http::StatusCode;
use tokio::task::JoinHandle;

use crate::{attempt, load, options, run};

fn load_with(reuse: Reuse) -> App {
    let mut options = options();
    options.reuse = reuse;
    load(options)
}

#[tokio::test]
async fn instance_is_replaced_after_128_requests() {
    let app = load(options());
    for expected in 1..=128 {
        assert_eq!(run(&app, "count").await, [expected.to_string()]);
    }
    assert_eq!(run(&app, "count").await, ["1"]);
}

#[tokio::test]
async fn sixteen_requests_share_one_instance() {
    let app = load(options());
    let mut requests = Vec::new();
    for _ in 0..16 {
        requests.push(enter(&app, "meet 16").await);
    }
    for request in requests {
        assert_eq!(last_line(request).await, "met");
    }
}

#[tokio::test]
async fn full_instance_causes_another_one() {
    let app = load_with(Reuse {
        concurrent: 2,
        ..Reuse::default()
    });
    let first = enter(&app, "await go\ncount").await;
    let second = enter(&app, "await go\ncount").await;
    assert_eq!(run(&app, "count\nset go 1").await, ["1", "done"]);
    let mut counts = [last_line(first).await, last_line(second).await];
    counts.sort();
    assert_eq!(counts, ["1", "2"]);
}

/// Starts a request and returns once it runs in an instance, which then has had time to accept another request.
async fn enter(app: &App, script: &str) -> JoinHandle<(StatusCode, String)> {
    let inside = app.counts().increment;
    let script = format!("sleep 1\nincrement inside 1\n{script}");
    let request = tokio::spawn({
        let app = app.clone();
        async move { attempt(&app, "probe", &script).await }
    });
    while app.counts().increment == inside {
        tokio::task::yield_now().await;
    }
    request
}

/// Returns the last line of the answer to a started request.
async fn last_line(request: JoinHandle<(StatusCode, String)>) -> String {
    let (status, body) = request.await.unwrap();
    assert_eq!(status, StatusCode::OK);
    body.lines().last().unwrap().to_owned()
}

#[tokio::test]
async fn idle_instance_is_dropped() {
    let app = load_with(Reuse {
        idle: Duration::ZERO,
        ..Reuse::default()
    });
    run(&app, "count").await;
    // A single request may still find the idle instance. Of 1 000 requests at least one must find a new instance.
    for _ in 0..1_000 {
        if run(&app, "count").await == ["1"] {
            return;
        }
    }
    panic!("the idle instance was never dropped");
}

#[tokio::test]
async fn trap_ends_only_its_instance() {
    let app = load(options());
    run(&app, "set a 1\ncount").await;
    let (status, body) = attempt(&app, "probe", "set a 2\ntrap").await;
    assert_eq!(
        (status, body.as_str()),
        (StatusCode::INTERNAL_SERVER_ERROR, "")
    );
    assert_eq!(run(&app, "get a\ncount").await, ["2", "1"]);
}

#[tokio::test]
async fn failed_instance_is_logged() {
    let options = options();
    let logs = options.logs.clone();
    let app = load(options);
    attempt(&app, "probe", "trap").await;
    assert!(logs.contain("an instance failed"), "{:?}", logs.lines());
}

#[tokio::test]
async fn work_continues_after_the_answer() {
    let app = load(options());
    assert_eq!(run(&app, "later a 1").await, ["begun"]);
    assert_eq!(run(&app, "await a\nget a").await, ["seen", "1"]);
}

#[tokio::test]
async fn trap_fails_all_requests_of_its_instance() {
    let app = load(options());
    let beside = enter(&app, "await for-ever").await;
    attempt(&app, "probe", "trap").await;
    assert_eq!(beside.await.unwrap().0, StatusCode::INTERNAL_SERVER_ERROR);
}
