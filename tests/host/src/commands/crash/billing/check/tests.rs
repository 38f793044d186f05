use serde_json::json;
use simulator::{ClassTracking, Company, Config, Rotation};

use super::*;

const NUMBER: &str = "1000-1R";

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

/// An entry of so much retainage, in a class that is made for it if there is none.
fn enter(intuit: &mut Simulator, realm: &str, amount: i64) -> String {
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
    let lines = [line(&accounts[0], "Debit"), line(&accounts[1], "Credit")];
    let entry = json!({ "DocNumber": NUMBER, "Line": lines });
    person.create("JournalEntry", entry).unwrap()
}

/// What should be there: one entry of 100.
fn expected() -> Expected {
    let hundred = Decimal::ONE_HUNDRED;
    let entry = Transaction {
        entries: [(RETAINAGE, hundred), (REVENUE, -hundred)].into(),
        class: "1000 Tower 0".into(),
        ..Transaction::default()
    };
    Expected {
        transactions: [(("JournalEntry", NUMBER.to_owned()), entry)].into(),
        ..Expected::default()
    }
}

fn complaints(intuit: &Simulator, realm: &str, expected: &Expected) -> usize {
    let books = Books {
        simulator: intuit,
        realm,
    };
    books.transactions(expected).len()
}

#[test]
fn what_stands_once_as_it_was_billed_is_right() {
    let (mut intuit, realm) = intuit();
    assert_eq!(complaints(&intuit, &realm, &expected()), 1);
    enter(&mut intuit, &realm, 100);
    assert_eq!(complaints(&intuit, &realm, &expected()), 0);
}

#[test]
fn what_stands_twice_or_differs_or_was_never_billed_is_told() {
    let (mut intuit, realm) = intuit();
    let first = enter(&mut intuit, &realm, 100);
    assert_eq!(complaints(&intuit, &realm, &Expected::default()), 1);
    enter(&mut intuit, &realm, 100);
    assert_eq!(complaints(&intuit, &realm, &expected()), 1);
    let mut person = intuit.person(&realm).unwrap();
    person.delete("JournalEntry", &first).unwrap();
    assert_eq!(complaints(&intuit, &realm, &expected()), 0);
    let mut dearer = expected();
    for entry in dearer.transactions.values_mut() {
        entry.entries.insert(RETAINAGE, Decimal::TEN);
    }
    assert_eq!(complaints(&intuit, &realm, &dearer), 1);
}

#[test]
fn entries_of_what_is_void_stand_in_pairs_or_not_at_all() {
    let (mut intuit, realm) = intuit();
    let void = Transaction {
        may_be_missing: true,
        ..Transaction::default()
    };
    let expected = Expected {
        transactions: [(("Invoice", "1000-1".to_owned()), void)].into(),
        ..Expected::default()
    };
    assert_eq!(complaints(&intuit, &realm, &expected), 0);
    enter(&mut intuit, &realm, 100);
    assert_eq!(complaints(&intuit, &realm, &expected), 1);
}
