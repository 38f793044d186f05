//! The tie-out and the retainage schedule, over HTTP.

use super::{connect_firm, get, load_page, new_firm, send, start_deployment};
use host::demo::firm::{Answer, Firm};
use samples::story::harbor_point;
use serde_json::json;

const TIE_OUT: &str = "/v1/quickbooks/tie-out";
const RETAINAGE: &str = "/v1/quickbooks/retainage";

/// Asks as a person of this role at the firm.
async fn ask(firm: &Firm<'_>, role: &str, path: &str) -> Answer {
    let exp = firm.deployment.now().as_second() + 60;
    let claims = json!({ "iss": "rivet", "aud": "rivet-books", "sub": "usr_1", "firm": firm.id,
        "role": role, "plan": "starter", "exp": exp });
    let token = firm.deployment.rivet.token(&claims.to_string());
    let request = get(path).header("authorization", format!("Bearer {token}"));
    send(firm.deployment, request, "").await
}

#[tokio::test(flavor = "multi_thread")]
async fn played_half_year_ties_out() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    for step in harbor_point().unwrap() {
        firm.deliver(step.name, step.body).await.unwrap();
    }
    let tie_out = load_page(&firm, TIE_OUT).await;
    assert_eq!(tie_out["tied_out"], true, "{tie_out:#}");
    let retainage = load_page(&firm, &format!("{RETAINAGE}?as_of=2027-01-01")).await;
    assert_eq!(retainage["totals"]["held"], tie_out["accounts"][1]["rivet"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_may_look_at_reports() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    for role in ["owner", "manager", "staff", "viewer"] {
        for path in [TIE_OUT, RETAINAGE] {
            assert_eq!(ask(&firm, role, path).await.status, 200, "{role} {path}");
        }
    }
    for path in [TIE_OUT, RETAINAGE] {
        let answer = send(&deployment, get(path), "").await;
        assert_eq!(answer.status, 401, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_of_unconnected_firm() {
    let deployment = start_deployment().await;
    let firm = new_firm(&deployment);
    let answer = ask(&firm, "owner", TIE_OUT).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (409, &json!("not_connected"))
    );
    assert_eq!(ask(&firm, "owner", RETAINAGE).await.status, 200);
    for day in ["yesterday", "2026-02-30", "2026-6-1", ""] {
        let answer = ask(&firm, "owner", &format!("{RETAINAGE}?as_of={day}")).await;
        assert_eq!(
            (answer.status, &answer.body["field"]),
            (422, &json!("as_of")),
            "{day}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn schedule_comes_as_csv_on_request() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    let asked = get(RETAINAGE).header("accept", "text/csv, */*;q=0.1");
    let answer = firm.call(asked, None).await.unwrap();
    let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
    assert_eq!(answer.status, 200);
    assert_eq!(
        header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert!(header("content-disposition").ends_with(".csv\""));
}
