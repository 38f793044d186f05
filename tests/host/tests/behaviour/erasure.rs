//! The erasure of a firm by the real components, on each store: no byte of the firm is left, no other firm notices, and its export says
//! everything that was kept.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use host::demo::firm::{Answer, Firm, parse_answer};
use host::demo::intuit_webhooks::signed_delivery;
use host::demo::local_deployment::{DeploymentOptions, LocalDeployment, OPERATOR_SECRET};
use host::{Logs, Storage};
use http::Request;
use http::request::Builder;
use ports::entropy::digest;
use rusqlite::Connection;
use samples::story::harbor_point;
use serde_json::{Value, json};
use simulator::Company;

use crate::postgres::Database;
use crate::{product, redis_database};

/// The erased firm, and the one that stays.
const FIRM: &str = "firm_harbor";
const OTHER: &str = "firm_otter";

/// The texts that only records of the erased firm have.
const OWN: [&str; 13] = [
    FIRM,
    "Harbor Electric",
    "turner_bay",
    "Turner Bay",
    "turnerbay",
    "ashgrove",
    "Ashgrove",
    "Harbor Point",
    "Mill Street",
    "pa_1042",
    "rel_1042",
    "1042-",
    "88213",
];

/// The texts of the story, with those of the other firm.
const OTHERS: [(&str, &str); 10] = [
    (FIRM, OTHER),
    ("turner_bay", "otter_bay"),
    ("Turner Bay", "Otter Bay"),
    ("turnerbay", "otterbay"),
    ("ashgrove", "ottergrove"),
    ("Ashgrove", "Otter Grove"),
    ("Harbor Point", "Otter Point"),
    ("Mill Street", "Otter Street"),
    ("1042", "2042"),
    ("88213", "99213"),
];

/// The kinds of records that the firm has in the end.
const KINDS: [&str; 19] = [
    "activity",
    "batch-log",
    "books",
    "books-page",
    "company",
    "company-facts",
    "connection",
    "customer",
    "customer-details",
    "customer-list",
    "customer-payments",
    "document",
    "items",
    "project",
    "queue",
    "queue-page",
    "received",
    "settings",
    "sign-ins",
];

type Rows = BTreeMap<String, Vec<u8>>;

fn rows(deployment: &LocalDeployment) -> Rows {
    let store = deployment.app.store("default");
    let keys = store.keys().unwrap();
    let row = |key: String| {
        let value = store.get(&key).unwrap().unwrap_or_default();
        (key, value)
    };
    keys.into_iter().map(row).collect()
}

/// Returns whether bytes contain one of these texts.
fn has(bytes: &[u8], texts: &[&str]) -> bool {
    let mut texts = texts.iter();
    texts.any(|text| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    })
}

fn with(rows: &Rows, texts: &[&str]) -> Vec<String> {
    let found = rows
        .iter()
        .filter(|(key, value)| has(key.as_bytes(), texts) || has(value, texts));
    found.map(|(key, _)| key.clone()).collect()
}

fn firm<'a>(deployment: &'a LocalDeployment, id: &str, company: &str) -> Firm<'a> {
    let realm = deployment.simulator().add_company(Company::new(company));
    Firm {
        deployment,
        id: id.to_owned(),
        realm,
    }
}

/// Connects a firm and plays the sample story. `said` changes the text of an event.
async fn bill(firm: &Firm<'_>, said: impl Fn(&str) -> String) {
    assert_eq!(firm.connect().await.unwrap(), "connected");
    firm.map_accounts(|_| {}).await.unwrap();
    for step in harbor_point().unwrap() {
        let event = firm.deliver(&said(step.name), &said(step.body)).await;
        assert_eq!(event.unwrap().status, 202, "{}", step.name);
    }
}

async fn read(firm: &Firm<'_>, path: &str) {
    let path = format!("/v1/quickbooks/{path}");
    let answer = firm.call(Request::get(path), None).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// Gives the firm the records that the story alone does not make.
async fn use_everything(firm: &Firm<'_>) {
    for view in ["tie-out", "checkup", "customers?q=Turner", "classes"] {
        read(firm, view).await;
    }
    firm.map_accounts(|settings| settings["sync"]["mode"] = "manual".into())
        .await
        .unwrap();
    let story = harbor_point().unwrap();
    let first = story
        .iter()
        .find(|step| step.name.starts_with("03"))
        .unwrap();
    let mut bill: Value = serde_json::from_str(first.body).unwrap();
    for number in 20..190 {
        bill["data"]["pay_app"]["id"] = json!(format!("pa_1042_{number}"));
        bill["data"]["pay_app"]["number"] = number.into();
        let id = format!("evt_{number}");
        let held = firm.deliver(&id, &bill.to_string()).await.unwrap();
        assert_eq!(held.body["outcome"], "held", "{}", held.body);
    }
    let some =
        [20, 21, 22].map(|number| json!({ "kind": "pay_app", "id": format!("pa_1042_{number}") }));
    let sync = Request::post("/v1/quickbooks/sync");
    let synced = firm
        .call(sync, Some(&json!({ "documents": some })))
        .await
        .unwrap();
    assert_eq!(synced.status, 202, "{}", synced.body);
    let customer = json!({ "id": "gc_turner_bay_2", "name": "Turner Bay South" });
    let data = json!({ "firm_id": FIRM, "plan": "pro", "customer": customer });
    let at = firm.deployment.now();
    let told = json!({ "type": "customer.updated", "timestamp": at, "data": data });
    firm.deliver("evt_customer", &told.to_string())
        .await
        .unwrap();
    let link = Request::post("/v1/quickbooks/connect");
    assert_eq!(firm.call(link, None).await.unwrap().status, 201);
    let unreadable = format!("{{\"realmId\":\"{}\"", firm.realm);
    let delivery = signed_delivery(unreadable.into());
    assert_eq!(firm.deployment.send(delivery).await.unwrap().status(), 200);
}

async fn operate(deployment: &LocalDeployment, request: Builder, body: &Value) -> Answer {
    let secret = format!("Bearer {OPERATOR_SECRET}");
    let request = request.header("authorization", secret);
    let request = request.body(body.to_string().into()).unwrap();
    parse_answer(deployment.send(request).await.unwrap())
}

/// Asserts that the export has each record whose name has the firm, and that a person can read it.
async fn assert_exported(deployment: &LocalDeployment, rows: &Rows) {
    let path = format!("/v1/operations/firms/{FIRM}/export");
    let export = operate(deployment, Request::get(path), &Value::Null).await;
    let records = &export.body["records"];
    for key in with(rows, &[FIRM]) {
        let mut parts = key.splitn(3, ':').skip(1);
        let (kind, name) = (parts.next().unwrap(), parts.next().unwrap());
        let is_shared = ["due-index", "dead-letters"].contains(&kind);
        assert!(
            is_shared || records[kind][name].is_object() || records[kind][name].is_array(),
            "{key}"
        );
    }
    let is_missing = |kind: &&str| {
        records[*kind]
            .as_object()
            .is_none_or(serde_json::Map::is_empty)
    };
    let missing: Vec<_> = KINDS.into_iter().filter(is_missing).collect();
    assert!(missing.is_empty(), "not in the export: {missing:?}");
    let bill = &records["received"][format!("{FIRM}:pay_app:pa_1042_1:1")];
    let read_back = serde_json::to_string_pretty(bill).unwrap();
    assert!(read_back.contains("Turner Bay Constructors"), "{read_back}");
    let grant = &records["connection"][FIRM]["grant"];
    assert!(
        grant["refresh_token"].is_string(),
        "tokens are in clear text"
    );
}

async fn erase(deployment: &LocalDeployment) {
    let confirm = json!({ "confirm": FIRM });
    let path = format!("/v1/operations/firms/{FIRM}/erase");
    let order = async || operate(deployment, Request::post(&path), &confirm).await;
    assert_eq!(order().await.body["state"], "closing");
    deployment.advance(Duration::from_secs(91));
    let mut last = order().await;
    while last.body["state"] == "removing" {
        last = order().await;
    }
    assert_eq!(last.body["state"], "erased", "{}", last.body);
}

/// Bills two firms, erases one of them, and searches the whole store. Returns the texts that must not be found.
async fn erase_on(storage: Storage) -> Vec<String> {
    let manifest = product(storage.manifest());
    let options = DeploymentOptions {
        storage,
        logs: Logs::in_memory(),
        ..DeploymentOptions::default()
    };
    let deployment = LocalDeployment::start(&manifest, options).await.unwrap();
    let erased = firm(&deployment, FIRM, "Harbor Electric LLC");
    let other = firm(&deployment, OTHER, "Otter Plumbing");
    let renamed = |text: &str| {
        let replace = |text: String, pair: &(&str, &str)| text.replace(pair.0, pair.1);
        OTHERS.iter().fold(text.to_owned(), replace)
    };
    bill(&erased, str::to_owned).await;
    bill(&other, renamed).await;
    use_everything(&erased).await;
    read(&other, "tie-out").await;

    let before = rows(&deployment);
    let company = digest(&erased.realm);
    let mut texts = OWN.to_vec();
    texts.extend([erased.realm.as_str(), company.as_str()]);
    assert!(
        with(&before, &texts).len() > 200,
        "there is something to erase"
    );
    assert_exported(&deployment, &before).await;
    erase(&deployment).await;

    let after = rows(&deployment);
    assert_eq!(with(&after, &texts), Vec::<String>::new());
    let mark = format!("rivet-books:erasure:{}", digest(FIRM));
    assert!(after.contains_key(&mark));
    let others = |rows: &Rows| {
        let mut keys = with(rows, &[OTHER, &other.realm, &digest(&other.realm)]);
        keys.retain(|key| !key.contains(":due-index:"));
        let row = |key: String| (key.clone(), rows[&key].clone());
        keys.into_iter().map(row).collect::<Rows>()
    };
    assert!(others(&before).len() > 40);
    assert_eq!(others(&after), others(&before), "the other firm's records");
    deployment.stop().await;
    texts.into_iter().map(str::to_owned).collect()
}

/// The rows are gone at once. The file keeps freed pages until it is compacted, as Spin does not ask SQLite to overwrite them.
#[tokio::test(flavor = "multi_thread")]
async fn erased_firm_leaves_no_byte_on_sqlite() {
    let folder = std::env::temp_dir().join(format!("rivet-erasure-{}", std::process::id()));
    let texts = erase_on(Storage::FastFolder(folder.clone())).await;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let file = folder.join("sqlite_key_value.db");
    compact(&file);
    let bytes = std::fs::read(&file).unwrap();
    let found: Vec<_> = texts.iter().filter(|text| has(&bytes, &[text])).collect();
    assert!(has(&bytes, &[OTHER]) && found.is_empty(), "{found:?}");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Compacts a file of SQLite, as an operator does after an erasure.
fn compact(file: &Path) {
    let connection = Connection::open(file).unwrap();
    connection.execute_batch("VACUUM").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn erased_firm_leaves_no_byte_on_redis() {
    let erase = async |storage| {
        erase_on(storage).await;
    };
    on_empty_redis(13, erase).await;
}

/// Runs a test on a database of Redis that no other test uses, if there is a Redis. The database is empty before and after.
pub(crate) async fn on_empty_redis(database: u8, test: impl AsyncFnOnce(Storage)) {
    let Some(address) = redis_database(database) else {
        return;
    };
    let storage = Storage::Redis(address);
    remove_rows(&storage);
    test(storage.clone()).await;
    remove_rows(&storage);
}

/// Removes what an earlier run left in a database that no other test uses.
fn remove_rows(storage: &Storage) {
    let mut options = crate::options();
    options.storage = storage.clone();
    let store = crate::load(options).store("default");
    for key in store.keys().unwrap() {
        store.delete(&key).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn erased_firm_leaves_no_byte_on_postgres() {
    let Some(database) = Database::create() else {
        return;
    };
    erase_on(database.storage()).await;
}
