use serde_json::json;
use simulator::{ClassTracking, Company, Config, Rotation};

use super::*;

const NUMBER: &str = "1000-1R";
const REVERSAL: &str = "1000-1RV";

fn intuit() -> (Simulator, String) {
    let mut intuit = Simulator::new(Config {
        client_id: "app".into(),
        client_secret: "app-secret-of-the-simulator".into(),
        redirect_uris: Vec::new(),
        seed: 7,
        now: jiff::Timestamp::UNIX_EPOCH,
        rotation: Rotation::Strict,
    });
    let company = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
    let realm = intuit.add_company(company);
    (intuit, realm)
}

/// Creates a journal entry of `amount` retainage, and its class if there is none.
fn create_entry(intuit: &mut Simulator, realm: &str, amount: i64) -> String {
    create(intuit, realm, NUMBER, ["Debit", "Credit"], amount)
}

/// Creates the reversal of such an entry.
fn create_reversal(intuit: &mut Simulator, realm: &str, amount: i64) -> String {
    create(intuit, realm, REVERSAL, ["Credit", "Debit"], amount)
}

/// Creates a journal entry with the sides of retainage and revenue.
fn create(
    intuit: &mut Simulator,
    realm: &str,
    number: &str,
    sides: [&str; 2],
    amount: i64,
) -> String {
    let known = intuit.find(realm, "Class", "1000 Tower 0");
    let accounts = [RETAINAGE, REVENUE].map(|name| intuit.find(realm, "Account", name));
    let mut person = intuit.person(realm).unwrap();
    let class = known.unwrap_or_else(|| {
        let class = json!({ "Name": "1000 Tower 0" });
        person.create("Class", class).unwrap()
    });
    let line = |account: &Option<String>, side: &str| {
        let detail = json!({
            "PostingType": side, "AccountRef": { "value": account }, "ClassRef": { "value": class },
        });
        json!({
            "Amount": amount, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail,
        })
    };
    let lines = [line(&accounts[0], sides[0]), line(&accounts[1], sides[1])];
    let entry = json!({ "DocNumber": number, "Line": lines });
    person.create("JournalEntry", entry).unwrap()
}

/// Expects one journal entry of 100.
fn expected() -> Expected {
    let hundred = Decimal::ONE_HUNDRED;
    let entry = Transaction {
        entries: [(RETAINAGE, hundred), (REVENUE, -hundred)].into(),
        class: "1000 Tower 0".into(),
        ..Transaction::default()
    };
    Expected {
        transactions: [(key("JournalEntry", NUMBER), entry)].into(),
        ..Expected::default()
    }
}

fn key(kind: &'static str, number: &str) -> TransactionKey {
    TransactionKey {
        kind,
        number: number.to_owned(),
    }
}

fn violations(intuit: &Simulator, realm: &str, expected: &Expected) -> usize {
    let books = CompanyBooks {
        simulator: intuit,
        realm,
    };
    books.check_transactions(expected).len()
}

#[test]
fn transaction_as_billed_passes() {
    let (mut intuit, realm) = intuit();
    assert_eq!(violations(&intuit, &realm, &expected()), 1);
    create_entry(&mut intuit, &realm, 100);
    assert_eq!(violations(&intuit, &realm, &expected()), 0);
}

#[test]
fn duplicate_differing_and_unbilled_transactions_fail() {
    let (mut intuit, realm) = intuit();
    let first = create_entry(&mut intuit, &realm, 100);
    assert_eq!(violations(&intuit, &realm, &Expected::default()), 1);
    create_entry(&mut intuit, &realm, 100);
    assert_eq!(violations(&intuit, &realm, &expected()), 1);
    let mut person = intuit.person(&realm).unwrap();
    person.delete("JournalEntry", &first).unwrap();
    assert_eq!(violations(&intuit, &realm, &expected()), 0);
    let mut differing = expected();
    for entry in differing.transactions.values_mut() {
        entry.entries.insert(RETAINAGE, Decimal::TEN);
    }
    assert_eq!(violations(&intuit, &realm, &differing), 1);
}

#[test]
fn entry_of_voided_app_needs_its_reversal() {
    let (mut intuit, realm) = intuit();
    let void = Transaction {
        may_be_missing: true,
        ..Transaction::default()
    };
    let expected = Expected {
        transactions: [(key("Invoice", "1000-1"), void)].into(),
        ..Expected::default()
    };
    assert_eq!(violations(&intuit, &realm, &expected), 0);
    create_entry(&mut intuit, &realm, 100);
    assert_eq!(violations(&intuit, &realm, &expected), 1);
    create_reversal(&mut intuit, &realm, 100);
    assert_eq!(violations(&intuit, &realm, &expected), 0);
}

#[test]
fn entry_reversed_and_posted_again_passes() {
    let (mut intuit, realm) = intuit();
    create_entry(&mut intuit, &realm, 100);
    create_reversal(&mut intuit, &realm, 100);
    assert_eq!(violations(&intuit, &realm, &expected()), 1);
    create_entry(&mut intuit, &realm, 100);
    assert_eq!(violations(&intuit, &realm, &expected()), 0);
    create_reversal(&mut intuit, &realm, 90);
    assert_eq!(violations(&intuit, &realm, &expected()), 1);
}
