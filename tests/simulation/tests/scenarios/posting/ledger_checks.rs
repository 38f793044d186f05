//! Compares the ledger of each company with the expected balances.

use crate::posting::billing_events::{Balances, Event, class_name, customer_name};
use crate::posting::given::BookMethods;
use billing::{DocumentKind, DocumentRef};
use ports::records::Record;
use rust_decimal::Decimal;
use serde_json::Value;
use simulation::deployment::Deployment;
use simulation::firms::{COMPANIES, FIRMS, firm_id};
use simulator::{Actor, Operation, Simulator};
use std::collections::{BTreeMap, BTreeSet};
use store::document::DocumentRecord;
use store::matches::{DocumentShares, ProjectRecord};
use store::queue::entry::EntryState;
use store::reason::hold::HoldReason;

/// Compares every balance, to the cent.
pub fn check_balances(
    deployment: &Deployment,
    which: usize,
    expected: &Balances,
    methods: BookMethods,
) -> Result<(), String> {
    let (intuit, realm) = (deployment.intuit.borrow(), COMPANIES[which]);
    let ledger = intuit.ledger(realm);
    let account = |name: &str| intuit.find(realm, "Account", name).expect(name);
    let (receivable, retainage) = (
        account("Accounts Receivable (A/R)"),
        account("Retainage Receivable"),
    );
    let revenue = account("Contract Revenue");
    let sums = [
        (
            "retainage",
            sum(&expected.retainage),
            ledger.balance(&retainage),
        ),
        ("revenue", sum(&expected.revenue), -ledger.balance(&revenue)),
        (
            "deposits",
            expected.deposits,
            ledger.balance(&account("Undeposited Funds")),
        ),
    ];
    for (what, wanted, found) in sums {
        check_equal(what, wanted, found)?;
    }
    let customers = names(
        &intuit,
        (realm, "Customer"),
        customer_name,
        &expected.receivable,
    );
    let owed = with_jobs(&intuit, realm, ledger.by_customer(&receivable));
    check_each("receivable", &customers, &owed)?;
    if methods.has_classes {
        let held = names(&intuit, (realm, "Class"), class_name, &expected.retainage);
        check_each("retainage", &held, &ledger.by_class(&retainage))?;
        let earned = names(&intuit, (realm, "Class"), class_name, &expected.revenue);
        let found = ledger
            .by_class(&revenue)
            .into_iter()
            .map(|(id, sum)| (id, -sum));
        check_each("revenue", &earned, &found.collect())?;
    }
    let trial: Decimal = ledger.trial_balance().values().sum();
    check_equal("the trial balance", Decimal::ZERO, trial)
}

/// Checks that no write of RIVET's changed a balance of closed books.
pub fn check_closed_books(deployment: &Deployment, which: usize) -> Result<(), String> {
    let intuit = deployment.intuit.borrow();
    if let Some(moved) = intuit.closed_balances_moved(COMPANIES[which]).first() {
        return Err(moved.clone());
    }
    Ok(())
}

/// Checks that each document lies on one day. The edits of people may date its transactions otherwise.
pub fn check_days(deployment: &Deployment, which: usize) -> Result<(), String> {
    for record in records(deployment, which) {
        let days: BTreeSet<_> = record
            .active_objects()
            .map(|posted| posted.posting.date())
            .collect();
        if days.len() > 1 {
            return Err(format!(
                "{} lies on several days: {days:?}",
                record.reference
            ));
        }
    }
    Ok(())
}

/// Returns the balances of customers with their jobs.
fn with_jobs(
    intuit: &Simulator,
    realm: &str,
    balances: BTreeMap<String, Decimal>,
) -> BTreeMap<String, Decimal> {
    let customers = intuit.entities(realm, "Customer");
    let parent = |customer: &Value| {
        let id = customer["Id"].as_str()?.to_owned();
        Some((id, customer["ParentRef"]["value"].as_str()?.to_owned()))
    };
    let parents: BTreeMap<String, String> = customers.filter_map(parent).collect();
    let mut sums = BTreeMap::new();
    for (customer, balance) in balances {
        let mut top = customer;
        while let Some(above) = parents.get(&top) {
            top.clone_from(above);
        }
        *sums.entry(top).or_default() += balance;
    }
    sums
}

/// Returns the balances by QuickBooks id instead of RIVET's.
fn names(
    intuit: &Simulator,
    (realm, kind): (&str, &str),
    name: fn(&str) -> String,
    balances: &BTreeMap<String, Decimal>,
) -> BTreeMap<String, Decimal> {
    let by_id = balances.iter().map(|(rivet, balance)| {
        let id = intuit.find(realm, kind, &name(rivet));
        (
            id.unwrap_or_else(|| format!("{kind} {rivet}, which is missing")),
            *balance,
        )
    });
    by_id.collect()
}

fn check_each(
    what: &str,
    wanted: &BTreeMap<String, Decimal>,
    found: &BTreeMap<String, Decimal>,
) -> Result<(), String> {
    let zero = Decimal::ZERO;
    for id in wanted.keys().chain(found.keys()) {
        let (wanted, found) = (wanted.get(id), found.get(id));
        check_equal(
            &format!("{what} of {id}"),
            *wanted.unwrap_or(&zero),
            *found.unwrap_or(&zero),
        )?;
    }
    Ok(())
}

fn check_equal(what: &str, wanted: Decimal, found: Decimal) -> Result<(), String> {
    if wanted == found {
        return Ok(());
    }
    Err(format!("{what} is {found} and should be {wanted}"))
}

fn sum(balances: &BTreeMap<String, Decimal>) -> Decimal {
    balances.values().sum()
}

/// Returns all document records of a firm.
pub fn records(deployment: &Deployment, which: usize) -> Vec<DocumentRecord> {
    let of_firm = load_all(deployment, which);
    of_firm.into_iter().map(|(_, record)| record).collect()
}

/// Returns all records of a kind of a firm, with their names.
fn load_all<T: Record>(deployment: &Deployment, which: usize) -> Vec<(String, T)> {
    let prefix = format!("rivet-books:{}:{}:", T::KIND, FIRMS[which]);
    let content = deployment.memory.content();
    let of_firm = content
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix(&prefix)?, value)));
    let records = of_firm.filter_map(|(name, value)| {
        let envelope: Value = serde_json::from_slice(value).unwrap();
        let record = envelope.get("r").filter(|record| record.is_object())?;
        Some((name.to_owned(), json::read(record).unwrap()))
    });
    records.collect()
}

/// Compares the stored retainage of each project, which limits the next release, with the expected retainage.
pub fn check_retainage(
    deployment: &Deployment,
    which: usize,
    expected: &Balances,
) -> Result<(), String> {
    let projects = load_all::<ProjectRecord>(deployment, which).into_iter();
    let noted: BTreeMap<String, Decimal> = projects
        .map(|(project, book)| {
            let shares = book.retainage.values();
            (project, shares.map(DocumentShares::total).sum())
        })
        .collect();
    check_each("the noted retainage", &expected.held, &noted)
}

/// Checks that every transaction in QuickBooks belongs to exactly one document, except those that people or QuickBooks created. An invoice
/// that is in `copies` may be that of a document. A held document names its own transaction beside the copies of it.
pub fn check_owners(
    deployment: &Deployment,
    which: usize,
    copies: &BTreeSet<String>,
) -> Result<(), String> {
    let mut owners: BTreeMap<(String, String), usize> = BTreeMap::new();
    for record in records(deployment, which) {
        for posted in record.posted {
            let kind = format!("{:?}", posted.kind);
            *owners.entry((kind, posted.id)).or_default() += 1;
        }
    }
    let intuit = deployment.intuit.borrow();
    let changes = intuit.changes(COMPANIES[which]).iter();
    let by_hand: BTreeSet<_> = changes
        .filter(|change| change.by != Actor::Api && change.operation == Operation::Create)
        .map(|change| (change.entity.to_owned(), change.id.clone()))
        .collect();
    let in_question = in_question(deployment, which);
    for kind in ["Invoice", "CreditMemo", "JournalEntry", "Payment"] {
        for object in intuit.entities(COMPANIES[which], kind) {
            let id = object["Id"].as_str().unwrap_or_default().to_owned();
            let number = object["DocNumber"].as_str().unwrap_or_default();
            let key = (kind.to_owned(), id);
            match owners.get(&key) {
                None if by_hand.contains(&key) || in_question.contains(&key) => {}
                Some(1) if kind == "Invoice" && copies.contains(&key.1) => {}
                Some(_) if by_hand.contains(&key) => {
                    return Err(format!("{key:?} ({number}) was entered by somebody else"));
                }
                Some(1) => {}
                Some(_) => return Err(format!("{key:?} ({number}) is of several documents")),
                None => return Err(format!("{key:?} ({number}) is of no document")),
            }
        }
    }
    Ok(())
}

/// Returns the output of a future that never waits, as those of the direct store.
pub fn ready_value<T>(answer: impl Future<Output = T>) -> T {
    let mut answer = std::pin::pin!(answer);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match answer.as_mut().poll(&mut context) {
        std::task::Poll::Ready(answer) => answer,
        std::task::Poll::Pending => panic!("the store makes one wait"),
    }
}

/// Returns the transactions of which a person must say which one is a document's.
fn in_question(deployment: &Deployment, which: usize) -> BTreeSet<(String, String)> {
    let queue = ready_value(deployment.direct_store().queue(&firm_id(FIRMS[which])));
    let entries = queue.unwrap_or_default().entries.into_iter();
    let holds = entries.filter_map(|entry| match entry.state {
        EntryState::Held(HoldReason::CopiesInQuickbooks(found)) => Some(found),
        _ => None,
    });
    holds
        .flatten()
        .map(|found| (format!("{:?}", found.kind), found.id))
        .collect()
}

/// Returns the document of an event and its status.
pub async fn document_status(deployment: &Deployment, event: &Event) -> Option<(String, String)> {
    let body: Value = serde_json::from_str(&event.body).unwrap();
    let data = &body["data"];
    let (kind, id) = [
        (DocumentKind::PayApp, &data["pay_app"]["id"]),
        (DocumentKind::PayApp, &data["pay_app_id"]),
        (DocumentKind::RetainageRelease, &data["release"]["id"]),
        (DocumentKind::RetainageRelease, &data["release_id"]),
        (DocumentKind::Payment, &data["payment"]["id"]),
        (DocumentKind::Payment, &data["payment_id"]),
    ]
    .into_iter()
    .find_map(|(kind, id)| Some((kind, id.as_str()?)))?;
    let firm = firm_id(data["firm_id"].as_str()?);
    let document = DocumentRef {
        kind,
        id: id.parse().unwrap(),
    };
    let record = deployment.direct_store().document(&firm, &document).await;
    let state = match record {
        Ok(Some(record)) => record.status.name().to_owned(),
        Ok(None) => "missing".into(),
        Err(error) => error.to_string(),
    };
    Some((format!("{firm} {document}"), state))
}
