use super::*;
use crate::test_client::TestClient;
use crate::{Actor, ClassTracking, Operation};

mod connected_company;
mod documents;
mod edits;
mod random_edits;

fn person(client: &mut TestClient) -> Person<'_> {
    let realm = client.realm.clone();
    client.simulator.person(&realm).unwrap()
}

#[test]
fn edits_are_recorded_as_changes_by_person() {
    let mut client = TestClient::new();
    let (customer, invoice) = client.invoice("Turner Bay", 100);
    let mut person = person(&mut client);
    person
        .edit("Invoice", &invoice, json!({"PrivateNote": "called"}))
        .unwrap();
    person
        .rename("Customer", &customer, "Turner & Bay")
        .unwrap();
    person.void("Invoice", &invoice).unwrap();
    person.set_active("Customer", &customer, false).unwrap();
    let by_person: Vec<(&str, Operation)> = client
        .simulator
        .changes(&client.realm)
        .iter()
        .filter(|change| change.by == Actor::Person)
        .map(|change| (change.entity, change.operation))
        .collect();
    assert_eq!(
        by_person,
        [
            ("Invoice", Operation::Update),
            ("Customer", Operation::Update),
            ("Invoice", Operation::Void),
            ("Customer", Operation::Update),
        ]
    );
}

#[test]
fn refused_edit_returns_its_error() {
    let mut client = TestClient::new();
    let mut person = person(&mut client);
    let unknown = person.delete("Invoice", "999").unwrap_err();
    assert_eq!(
        unknown,
        Error::UnknownEntity {
            kind: "Invoice".to_owned(),
            id: "999".to_owned()
        }
    );
    assert!(matches!(
        person.create("Ghost", json!({})),
        Err(Error::UnknownKind(_))
    ));
    let refused = person.create("Customer", json!({"DisplayName": "A:B"}));
    assert!(matches!(refused, Err(Error::Refused { code, .. }) if code == "2040"));
    assert!(client.simulator.person("0").is_err());
}

#[test]
fn closed_books_stop_app_but_not_person() {
    let mut client = TestClient::new();
    let (_, invoice) = client.invoice("Turner Bay", 100);
    person(&mut client).close_books(Some("2026-03-31".parse().unwrap()));
    let void = json!({"Id": invoice, "SyncToken": "0"});
    let (_, answer) = client.post("invoice?operation=void", void);
    assert_eq!(answer["Fault"]["Error"][0]["code"], "6210");
    let (_, preferences) = client.get("preferences");
    let accounting = &preferences["Preferences"]["AccountingInfoPrefs"];
    assert_eq!(accounting["BookCloseDate"], "2026-03-31");
    assert_eq!(preferences["Preferences"]["SyncToken"], "1");
    person(&mut client).void("Invoice", &invoice).unwrap();
}

#[test]
fn deposited_payment_cannot_be_voided() {
    let mut client = TestClient::new();
    let (customer, _) = client.invoice("Turner Bay", 100);
    let checking = client
        .simulator
        .find(&client.realm, "Account", "Checking")
        .unwrap();
    let mut person = person(&mut client);
    let payment = person
        .create(
            "Payment",
            json!({"CustomerRef": {"value": customer}, "TotalAmt": 5}),
        )
        .unwrap();
    let deposit = person.deposit(&payment, &checking).unwrap();
    assert!(person.void("Payment", &payment).is_err());
    person.delete("Deposit", &deposit).unwrap();
    person.void("Payment", &payment).unwrap();
}

#[test]
fn disconnect_inside_quickbooks_ends_every_token() {
    let mut client = TestClient::new();
    person(&mut client).disconnect_app();
    assert_eq!(client.get("preferences").0, 401);
    let form = format!(
        "grant_type=refresh_token&refresh_token={}",
        client.refresh_token
    );
    let request = client.token_request();
    assert_eq!(client.send_raw(request, &form).0, 400);
}

#[test]
fn lost_admin_rights_answer_fault_120() {
    let mut client = TestClient::new();
    person(&mut client).set_admin(false);
    let (status, answer) = client.get("preferences");
    assert_eq!(status, 401);
    assert_eq!(answer["Fault"]["Error"][0]["code"], "120");
    assert_eq!(
        answer["Fault"]["Error"][0]["Detail"],
        "Authorization Failure : -11014-You do not have access to use QuickBooks Online Plus."
    );
    person(&mut client).set_admin(true);
    assert_eq!(client.get("preferences").0, 200);
}

#[test]
fn lapsed_subscription_is_6190_until_mended() {
    let mut client = TestClient::new();
    person(&mut client).set_subscribed(false);
    for (status, answer) in [
        client.get("preferences"),
        client.post("customer", json!({"DisplayName": "X"})),
    ] {
        assert_eq!(status, 400);
        assert_eq!(answer["Fault"]["Error"][0]["code"], "6190");
    }
    person(&mut client).set_subscribed(true);
    assert_eq!(client.get("preferences").0, 200);
}

#[test]
fn changed_settings_show_in_preferences() {
    let mut client = TestClient::new();
    let mut person = person(&mut client);
    person.set_class_tracking(ClassTracking::PerLine);
    person.set_custom_numbers(false);
    person.set_auto_apply_credit(true);
    person.set_warn_duplicate_numbers(true);
    person.rename_company("Harbor Electric Inc");
    let (_, answer) = client.get("preferences");
    let preferences = &answer["Preferences"];
    assert_eq!(
        preferences["AccountingInfoPrefs"]["ClassTrackingPerTxnLine"],
        true
    );
    assert_eq!(preferences["SalesFormsPrefs"]["CustomTxnNumbers"], false);
    assert_eq!(preferences["SalesFormsPrefs"]["AutoApplyCredit"], true);
    let realm = client.realm.clone();
    let (_, answer) = client.get(&format!("companyinfo/{realm}"));
    assert_eq!(answer["CompanyInfo"]["CompanyName"], "Harbor Electric Inc");
}

#[test]
fn merged_customers_appear_in_change_data() {
    let mut client = TestClient::new();
    let (from, _) = client.invoice("Turner Bay", 100);
    let (into, _) = client.invoice("Turner Bay Constructors", 100);
    person(&mut client).merge_customers(&from, &into).unwrap();
    let (_, answer) = client.get("cdc?entities=Customer&changedSince=2026-03-01");
    let customers = &answer["CDCResponse"][0]["QueryResponse"][0]["Customer"];
    assert_eq!(customers[0]["Id"], *into);
    assert_eq!(customers[1]["Id"], *from);
    assert_eq!(customers[1]["status"], "Deleted");
}
