use crate::manifest;
use host::demo::firm::parse_answer;
use host::demo::local_deployment::variables;
use host::demo::rivet::Rivet;
use host::{App, Logs, Options, Storage};
use http::Request;
use http::header::AUTHORIZATION;
use jiff::Timestamp;

#[tokio::test]
async fn requests_without_a_store_are_answered_unavailable() {
    let (rivet, logs) = (Rivet::of_the_demo(), Logs::in_memory());
    let url = "http://127.0.0.1:9";
    let options = Options {
        variables: variables(&rivet, url, url),
        storage: Storage::Redis("redis://:password@127.0.0.1:1".into()),
        logs: logs.clone(),
        ..Options::default()
    };
    let app = App::load(manifest(), options).unwrap();
    let session = rivet.session_token("firm_harbor", Timestamp::now());
    for path in ["/v1/quickbooks/status", "/v1/quickbooks/settings"] {
        let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {session}"));
        let response = app.handle(request.body(Default::default()).unwrap()).await;
        let answer = parse_answer(response.unwrap());
        assert_eq!(answer.status, 503, "{path}");
        assert_eq!(answer.body["code"], "store_unavailable", "{path}");
    }
    assert!(logs.contain("store_unavailable") && !logs.contain("password"));
}
