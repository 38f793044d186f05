//! Random writes: saves, refusals, voids and deletions leave the books consistent.

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::kind::Kind;
use crate::test_company::{TestCompany, journal_line, line, payment};
use crate::write::Verb;
use crate::{Company, json as fields, money};

/// A random write. Indices pick among the existing entities.
#[derive(Clone, Debug)]
enum RandomWrite {
    Customer,
    Sale(&'static str, usize, i64, i64),
    Entry(usize, i64),
    Pay(usize, &'static str, usize, i64, i64),
    Offset(usize, usize, usize, i64),
    Void(&'static str, usize),
    Delete(&'static str, usize),
    Resize(&'static str, usize, i64),
}

fn random_write() -> impl Strategy<Value = RandomWrite> {
    let transaction =
        prop::sample::select(vec!["Invoice", "CreditMemo", "JournalEntry", "Payment"]);
    let form = prop::sample::select(vec!["Invoice", "CreditMemo"]);
    let debt = prop::sample::select(vec!["Invoice", "JournalEntry"]);
    prop_oneof![
        1 => Just(RandomWrite::Customer),
        4 => (form.clone(), 0..4usize, 0..5000i64, -2000..500i64).prop_map(|(f, c, a, b)| RandomWrite::Sale(f, c, a, b)),
        3 => (0..4usize, -3000..3000i64).prop_map(|(c, a)| RandomWrite::Entry(c, a)),
        5 => (0..4usize, debt, 0..8usize, 1..4000i64, 0..1000i64).prop_map(|(c, k, t, a, o)| RandomWrite::Pay(c, k, t, a, o)),
        2 => (0..4usize, 0..8usize, 0..8usize, 1..3000i64).prop_map(|(c, i, m, a)| RandomWrite::Offset(c, i, m, a)),
        2 => (transaction.clone(), 0..8usize).prop_map(|(k, t)| RandomWrite::Void(k, t)),
        2 => (transaction, 0..8usize).prop_map(|(k, t)| RandomWrite::Delete(k, t)),
        2 => (form, 0..8usize, 0..4000i64).prop_map(|(f, t, a)| RandomWrite::Resize(f, t, a)),
    ]
}

/// Generates bodies of known fields, mostly with values of the wrong shape.
fn odd_body() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "Id",
        "SyncToken",
        "sparse",
        "Name",
        "DisplayName",
        "Active",
        "Line",
        "Amount",
        "DetailType",
        "TotalAmt",
        "CustomerRef",
        "AccountRef",
        "ItemRef",
        "IncomeAccountRef",
        "ParentRef",
        "value",
        "SalesItemLineDetail",
        "JournalEntryLineDetail",
        "PostingType",
        "LinkedTxn",
        "TxnId",
        "TxnType",
        "TxnDate",
        "Qty",
        "UnitPrice",
        "DueDays",
        "Job",
        "Entity",
        "Type",
        "EntityRef",
        "MetaData",
        "DepositToAccountRef",
        "AccountType",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0..40u32).prop_map(|id| json!(id.to_string())),
        prop::sample::select(vec![
            "Invoice",
            "Customer",
            "Debit",
            "Credit",
            "SalesItemLineDetail",
            "JournalEntryLineDetail",
            "2026-03-31",
            "Bank",
            "9999-12-31",
            "-9999-01-01",
            "",
        ])
        .prop_map(Value::from),
        prop::sample::select(vec![
            "1e999",
            "-1e-999",
            "0.00000000000000000000000000001",
            "1E5",
            "-0"
        ])
        .prop_map(|number| serde_json::from_str(number).unwrap()),
    ];
    let value = leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..6).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    });
    value.prop_map(|value| {
        if value.is_object() {
            value
        } else {
            json!({"Line": value})
        }
    })
}

fn pick_id(company: &TestCompany, kind: &str, index: usize) -> String {
    let kind = Kind::from_name(kind).unwrap();
    let ids: Vec<&str> = company
        .state
        .records
        .objects(kind)
        .filter_map(|entity| fields::text(entity, "Id"))
        .collect();
    match ids.len() {
        0 => "999".to_owned(),
        count => ids[index % count].to_owned(),
    }
}

fn perform(company: &mut TestCompany, write: &RandomWrite) -> Result<Value, String> {
    match *write {
        RandomWrite::Customer => {
            let name = format!("Customer {}", company.state.next_id(Kind::Customer));
            company.try_write("Customer", Verb::Save, json!({ "DisplayName": name }))
        }
        RandomWrite::Sale(form, customer, one, two) => {
            let item = company.work_item();
            let lines = [line(&item, one), line(&item, two)];
            let customer = pick_id(company, "Customer", customer);
            let body = json!({"CustomerRef": {"value": customer}, "Line": lines});
            company.try_write(form, Verb::Save, body)
        }
        RandomWrite::Entry(customer, cents) => {
            let (one, other) = if cents < 0 {
                ("Credit", "Debit")
            } else {
                ("Debit", "Credit")
            };
            let customer = pick_id(company, "Customer", customer);
            let receivable = company.account("Accounts Receivable (A/R)");
            let retainage = company.account("Retainage Receivable");
            let body = json!({"Line": [
                journal_line(one, cents.abs(), &receivable, Some(&customer)),
                journal_line(other, cents.abs(), &retainage, Some(&customer)),
            ]});
            company.try_write("JournalEntry", Verb::Save, body)
        }
        RandomWrite::Pay(customer, kind, target, cents, over) => {
            let (customer, target) = (
                pick_id(company, "Customer", customer),
                pick_id(company, kind, target),
            );
            let mut body = payment(&customer, kind, &target, cents);
            body["TotalAmt"] = money::json(Decimal::new(cents + over, 2));
            company.try_write("Payment", Verb::Save, body)
        }
        RandomWrite::Offset(customer, invoice, memo, cents) => {
            let customer = pick_id(company, "Customer", customer);
            let (invoice, memo) = (
                pick_id(company, "Invoice", invoice),
                pick_id(company, "CreditMemo", memo),
            );
            let mut body = payment(&customer, "Invoice", &invoice, cents);
            let credit = payment(&customer, "CreditMemo", &memo, cents);
            body["Line"]
                .as_array_mut()
                .unwrap()
                .push(credit["Line"][0].clone());
            body["TotalAmt"] = json!(0);
            company.try_write("Payment", Verb::Save, body)
        }
        RandomWrite::Void(kind, target) => {
            let target = pick_id(company, kind, target);
            company.void(kind, &target)
        }
        RandomWrite::Delete(kind, target) => {
            let target = pick_id(company, kind, target);
            company.delete(kind, &target)
        }
        RandomWrite::Resize(form, target, cents) => {
            let (item, target) = (company.work_item(), pick_id(company, form, target));
            let entity = company
                .state
                .records
                .get(Kind::from_name(form).unwrap(), &target);
            let token = entity.and_then(|entity| fields::text(entity, "SyncToken"));
            let body = json!({
                "Id": target, "SyncToken": token.unwrap_or("0"), "sparse": true, "Line": [line(&item, cents)],
            });
            company.try_write(form, Verb::Save, body)
        }
    }
}

/// Returns the amount that payments apply to a transaction, read from the payments themselves.
fn applied_amount(company: &TestCompany, kind: &str, id: &str) -> Decimal {
    company
        .state
        .records
        .objects(Kind::Payment)
        .flat_map(|payment| fields::list(payment, "Line"))
        .filter(|line| {
            fields::list(line, "LinkedTxn").any(|link| {
                fields::text(link, "TxnId") == Some(id)
                    && fields::text(link, "TxnType") == Some(kind)
            })
        })
        .map(|line| money::field(line, "Amount"))
        .sum()
}

fn assert_consistent(company: &TestCompany) {
    let records = &company.state.records;
    let receivable = company.account("Accounts Receivable (A/R)");
    for kind in [Kind::Invoice, Kind::CreditMemo] {
        for entity in records.objects(kind) {
            let id = fields::text(entity, "Id").unwrap();
            let open = money::field(entity, "TotalAmt") - applied_amount(company, kind.name(), id);
            assert_eq!(money::field(entity, "Balance"), open, "{kind:?} {id}");
            assert!(open >= Decimal::ZERO, "{kind:?} {id} is paid twice");
        }
    }
    for customer in records.objects(Kind::Customer) {
        let id = fields::text(customer, "Id").unwrap();
        let owed = company.state.ledger.customer_balance(&receivable, id);
        assert_eq!(money::field(customer, "Balance"), owed, "customer {id}");
    }
    let by_customer = company.state.ledger.by_customer(&receivable);
    let sum: Decimal = by_customer.values().sum();
    assert_eq!(sum, company.state.ledger.balance(&receivable));
    let lines: Decimal = company
        .state
        .ledger
        .lines()
        .map(|line| line.entry.amount)
        .sum();
    assert_eq!(lines, Decimal::ZERO);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_writes_keep_books_consistent(writes in prop::collection::vec(random_write(), 1..40), auto in any::<bool>()) {
        let mut company = TestCompany::with(Company::new("Harbor").auto_apply_credit(auto));
        company.customer("First");
        for write in &writes {
            company.work_item();
            let before = format!("{:?}", company.state);
            if perform(&mut company, write).is_err() {
                assert_eq!(format!("{:?}", company.state), before, "{write:?} changed the books");
            }
            assert_consistent(&company);
        }
    }

    #[test]
    fn any_body_is_answered_or_refused(kind in prop::sample::select(Kind::ALL.to_vec()), body in odd_body()) {
        let mut company = TestCompany::new();
        let before = format!("{:?}", company.state);
        if company.try_write(kind.name(), Verb::Save, body).is_err() {
            assert_eq!(format!("{:?}", company.state), before);
        }
    }

    #[test]
    fn any_statement_is_answered_or_refused(statement in "\\PC{0,60}", clause in "[a-zA-Z0-9'=%<>()., \\\\]{0,60}") {
        let company = TestCompany::new();
        let context = company.context();
        for text in [statement, format!("select * from Account where {clause}")] {
            if let Err(fault) = crate::query::answer(&company.state, &context, &text) {
                assert!(matches!(fault.code.as_str(), "4000" | "4001"), "{}", fault.code);
            }
        }
    }

    #[test]
    fn amount_is_stored_exactly_or_refused(mantissa in any::<i64>(), scale in 0..6u32) {
        let mut company = TestCompany::new();
        let customer = company.customer("First");
        let text = Decimal::new(mantissa, scale).to_string();
        let amount: Value = serde_json::from_str(&text).unwrap();
        let body = json!({"CustomerRef": {"value": customer}, "TotalAmt": amount});
        match company.try_write("Payment", Verb::Save, body) {
            Ok(answer) => {
                let kept: Decimal = answer["Payment"]["TotalAmt"].to_string().parse().unwrap();
                assert_eq!(kept, Decimal::new(mantissa, scale));
            }
            Err(code) => assert!(matches!(code.as_str(), "2010" | "6000"), "{code}"),
        }
    }
}
