use super::*;
use crate::Reply;
use crate::desk::Desk;
use serde_json::{Value, json};

fn create(desk: &mut Desk, name: &str) -> Option<u16> {
    let request = desk.json_post("customer?requestid=r1");
    let body = json!({ "DisplayName": name }).to_string();
    let reply = desk.reply(request, body.as_bytes());
    reply.answer().map(|answer| answer.status().as_u16())
}

fn status_after(effect: Effect) -> (Option<u16>, usize) {
    let mut desk = Desk::new();
    desk.simulator.inject(Injection::new(effect));
    let status = create(&mut desk, "Turner Bay");
    let committed = desk.count("Customer");
    assert_eq!(create(&mut desk, "Turner Bay"), Some(200), "only once");
    assert_eq!(desk.count("Customer"), 1);
    (status, committed)
}

#[test]
fn effects_have_their_status_and_commit_or_not() {
    for (effect, expected) in [
        (Effect::Throttled, (Some(429), 0)),
        (Effect::Unavailable, (Some(503), 0)),
        (Effect::ApplicationError(Commit::Before), (Some(500), 0)),
        (Effect::ApplicationError(Commit::After), (Some(500), 1)),
        (Effect::Dropped(Commit::Before), (None, 0)),
        (Effect::Dropped(Commit::After), (None, 1)),
        (Effect::Unauthorized, (Some(401), 0)),
        (Effect::Forbidden, (Some(403), 0)),
        (Effect::SubscriptionEnded, (Some(400), 0)),
    ] {
        assert_eq!(status_after(effect.clone()), expected, "{effect:?}");
    }
}

#[test]
fn a_chosen_fault_is_answered() {
    let mut desk = Desk::new();
    desk.simulator.inject(Injection::new(Effect::Refused {
        code: "6140".to_owned(),
        message: "Duplicate Document Number Error".to_owned(),
        detail: "taken".to_owned(),
    }));
    let (status, answer) = desk.post("customer", json!({"DisplayName": "X"}));
    assert_eq!(status, 400);
    assert_eq!(answer["Fault"]["Error"][0]["code"], "6140");
}

#[test]
fn a_slow_answer_says_how_slow() {
    let mut desk = Desk::new();
    let effect = Effect::Slow(SignedDuration::from_secs(130));
    desk.simulator.inject(Injection::new(effect));
    let request = desk.json_post("customer");
    let reply = desk.reply(request, b"{\"DisplayName\":\"X\"}");
    assert!(matches!(reply, Reply::Slow { after, .. } if after.as_secs() == 130));
    assert_eq!(desk.count("Customer"), 1);
}

#[test]
fn forgotten_request_ids_let_a_write_happen_again() {
    let mut desk = Desk::new();
    let note = json!({"TotalAmt": 5});
    let (customer, _) = desk.invoice("Turner Bay", 100);
    let mut body = note;
    body["CustomerRef"] = json!({"value": customer});
    desk.post("payment?requestid=p1", body.clone());
    desk.post("payment?requestid=p1", body.clone());
    assert_eq!(desk.count("Payment"), 1);
    desk.simulator
        .inject(Injection::new(Effect::ForgetRequestIds));
    desk.post("payment?requestid=p1", body);
    assert_eq!(desk.count("Payment"), 2);
}

#[test]
fn rules_meet_only_what_they_are_narrowed_to() {
    let mut desk = Desk::new();
    let rule = Injection::new(Effect::Throttled)
        .realm(&desk.realm.clone())
        .kind(RequestKind::Write)
        .path("/customer")
        .body("Turner")
        .after(1)
        .times(2);
    desk.simulator.inject(rule);
    assert_eq!(desk.get("preferences").0, 200);
    assert_eq!(create(&mut desk, "Ashgrove"), Some(200));
    let statuses: Vec<_> = (0..4).map(|_| create(&mut desk, "Turner Bay")).collect();
    assert_eq!(statuses, [Some(200), Some(429), Some(429), Some(200)]);
}

#[test]
fn a_rule_can_be_about_one_question() {
    let mut desk = Desk::new();
    let rule = Injection::new(Effect::Unavailable).asks("'Turner'");
    desk.simulator.inject(rule.always());
    let mut ask = |name: &str| {
        let query = format!("query=select%20*%20from%20Customer%20where%20DisplayName='{name}'");
        desk.get(&format!("query?{query}")).0
    };
    assert_eq!(
        ["Turner", "Ashgrove", "Turner"].map(&mut ask),
        [503, 200, 503]
    );
}

#[test]
fn a_rule_can_last_until_it_is_cleared() {
    let mut desk = Desk::new();
    desk.simulator.inject(
        Injection::new(Effect::Unavailable)
            .kind(RequestKind::Token)
            .always(),
    );
    for _ in 0..3 {
        let request = desk.token_request();
        assert_eq!(desk.send_raw(request, "grant_type=refresh_token").0, 503);
    }
    desk.simulator.clear_injections();
    let request = desk.token_request();
    assert_eq!(desk.send_raw(request, "grant_type=refresh_token").0, 400);
}

fn batch(desk: &mut Desk) -> (u16, Value) {
    let items: Vec<Value> = (0..3)
        .map(|index| json!({"bId": index.to_string(), "operation": "create", "Customer": {"DisplayName": format!("C{index}")}}))
        .collect();
    desk.post("batch?requestid=b1", json!({ "BatchItemRequest": items }))
}

#[test]
fn a_batch_can_break_off_in_the_middle_and_be_finished_by_repeating_it() {
    let mut desk = Desk::new();
    desk.simulator.inject(Injection::new(Effect::Partial {
        items: 2,
        then: Box::new(Effect::ApplicationError(Commit::After)),
    }));
    assert_eq!(desk.get("preferences").0, 200);
    assert_eq!(batch(&mut desk).0, 500);
    assert_eq!(desk.count("Customer"), 2);
    assert_eq!(batch(&mut desk).0, 200);
    assert_eq!(desk.count("Customer"), 3);
}

#[test]
fn one_item_of_a_batch_can_fail() {
    let mut desk = Desk::new();
    desk.simulator.inject(Injection::new(Effect::Item {
        index: 1,
        code: "3001".to_owned(),
        message: "ThrottleExceeded".to_owned(),
        detail: "later".to_owned(),
    }));
    let (status, answer) = batch(&mut desk);
    assert_eq!(status, 200);
    assert_eq!(
        answer["BatchItemResponse"][1]["Fault"]["Error"][0]["code"],
        "3001"
    );
    assert_eq!(desk.count("Customer"), 2);
}

#[test]
fn a_lost_token_answer_was_still_a_refresh() {
    let mut desk = Desk::new();
    desk.simulator.advance(SignedDuration::from_hours(24));
    desk.simulator
        .inject(Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Token));
    let form = format!(
        "grant_type=refresh_token&refresh_token={}",
        desk.refresh_token
    );
    let request = desk.token_request();
    assert!(desk.reply(request, form.as_bytes()).answer().is_none());
    let request = desk.token_request();
    let (status, body) = desk.send_raw(request, &form);
    assert_eq!(status, 400);
    assert!(body.contains("invalid_grant"));
}
