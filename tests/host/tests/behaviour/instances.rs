use std::time::Duration;

use host::{App, Reuse};
use http::StatusCode;
use tokio::task::JoinHandle;

use crate::{attempt, load, options, run};

fn reusing(reuse: Reuse) -> App {
    let mut options = options();
    options.reuse = reuse;
    load(options)
}

#[tokio::test]
async fn an_instance_answers_128_requests_and_then_makes_room() {
    let app = load(options());
    for expected in 1..=128 {
        assert_eq!(run(&app, "count").await, [expected.to_string()]);
    }
    assert_eq!(run(&app, "count").await, ["1"]);
}

#[tokio::test]
async fn sixteen_requests_meet_in_one_instance() {
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
async fn a_full_instance_takes_no_more_so_another_is_made() {
    let app = reusing(Reuse {
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

/// Starts a request and returns once it is inside an instance that has had the time to be ready for another.
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

/// What a request that was started answered at last.
async fn last_line(request: JoinHandle<(StatusCode, String)>) -> String {
    let (status, body) = request.await.unwrap();
    assert_eq!(status, StatusCode::OK);
    body.lines().last().unwrap().to_owned()
}

#[tokio::test]
async fn an_idle_instance_goes() {
    let app = reusing(Reuse {
        idle: Duration::ZERO,
        ..Reuse::default()
    });
    run(&app, "count").await;
    // Whether the next request comes before the idle instance has gone is a race; that it never goes is not.
    for _ in 0..1_000 {
        if run(&app, "count").await == ["1"] {
            return;
        }
    }
    panic!("the instance never went");
}

#[tokio::test]
async fn a_trap_ends_its_instance_and_nothing_else() {
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
async fn a_failed_instance_is_logged() {
    let options = options();
    let logs = options.logs.clone();
    let app = load(options);
    attempt(&app, "probe", "trap").await;
    assert!(logs.contain("an instance failed"), "{:?}", logs.lines());
}

#[tokio::test]
async fn work_after_the_answer_goes_on() {
    let app = load(options());
    assert_eq!(run(&app, "later a 1").await, ["begun"]);
    assert_eq!(run(&app, "await a\nget a").await, ["seen", "1"]);
}

#[tokio::test]
async fn requests_in_a_trapping_instance_fail_with_it() {
    let app = load(options());
    let beside = enter(&app, "await for-ever").await;
    attempt(&app, "probe", "trap").await;
    assert_eq!(beside.await.unwrap().0, StatusCode::INTERNAL_SERVER_ERROR);
}
