//! The components with their records in PostgreSQL.

use std::sync::OnceLock;
use std::thread;

use host::commands::check_store::judge;
use host::demo::firm::Firm;
use host::demo::local_deployment::{DeploymentOptions, LocalDeployment};
use host::{App, Bucket, Options, Storage};
use http::Request;
use samples::story;
use serde_json::json;
use simulator::Company;
use tokio::runtime::Runtime;
use tokio_postgres::NoTls;

use crate::{is_full, product};

/// The manifest of the components that keep their records in PostgreSQL.
const MANIFEST: &str = "spin.postgres.toml";

/// The manifest of the component that judges it.
const JUDGE: &str = "tests/host/guests/spin.postgres.toml";

/// A database of its own for one test, on the server that `RIVET_TEST_POSTGRES` names.
pub struct Database {
    name: String,
}

impl Database {
    /// Creates a database. Returns `None` if there is no server, which fails a full run.
    pub fn create() -> Option<Self> {
        let name = format!("rivet_books_{:016x}", fastrand::u64(..));
        server()?;
        administer(&format!("create database {name}"));
        Some(Self { name })
    }

    pub fn storage(&self) -> Storage {
        self.storage_with("sslmode=disable")
    }

    fn storage_with(&self, options: &str) -> Storage {
        let server = server().unwrap();
        let (server, _) = server.rsplit_once('/').unwrap();
        Storage::Postgres(format!("{server}/{}?{options}", self.name))
    }

    /// Ends all connections to the database, as a restart of the server does.
    fn drop_connections(&self) {
        administer(&format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{}'",
            self.name
        ));
    }

    /// Returns the table, used from outside of the components.
    fn table(&self) -> Bucket {
        let options = Options {
            storage: self.storage(),
            ..Options::default()
        };
        App::load(&product(JUDGE), options)
            .unwrap()
            .store("default")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        administer(&format!("drop database {} with (force)", self.name));
    }
}

/// Returns the URL of the server. Without one, the components for PostgreSQL are not built either: that takes as long as those of the
/// key-value store.
pub(crate) fn server() -> Option<String> {
    static NOTE: OnceLock<()> = OnceLock::new();
    let server = std::env::var("RIVET_TEST_POSTGRES").ok();
    if server.is_none() {
        assert!(!is_full(), "RIVET_TEST_POSTGRES names no server");
        NOTE.get_or_init(|| {
            eprintln!(
                "Skipped: the components for PostgreSQL, as RIVET_TEST_POSTGRES names no server; see .ci/services"
            );
        });
    }
    server
}

/// Runs a statement on the server, on a thread of its own: a test has threads that must not wait.
fn administer(statement: &str) {
    let statements = async {
        let (client, connection) = tokio_postgres::connect(&server().unwrap(), NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        client.batch_execute(statement).await.unwrap();
    };
    thread::scope(|scope| {
        let waiting = scope.spawn(|| Runtime::new().unwrap().block_on(statements));
        waiting.join().unwrap();
    });
}

async fn start(storage: Storage, variables: &[(&str, &str)]) -> LocalDeployment {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let options = DeploymentOptions {
        storage,
        variables: variables.iter().map(owned).collect(),
        ..DeploymentOptions::default()
    };
    LocalDeployment::start(&product(MANIFEST), options)
        .await
        .unwrap()
}

fn firm<'a>(deployment: &'a LocalDeployment, id: &str) -> Firm<'a> {
    let company = Company::new("Harbor Electric LLC");
    let realm = deployment.simulator().add_company(company);
    Firm {
        deployment,
        id: id.to_owned(),
        realm,
    }
}

/// Asks for the status of a firm. Returns the HTTP status and the code of the problem.
async fn ask(deployment: &LocalDeployment) -> (u16, String) {
    let firm = firm(deployment, "firm_a");
    let answer = firm.call(Request::get("/v1/quickbooks/status"), None).await;
    let answer = answer.unwrap();
    let code = answer.body["code"].as_str().unwrap_or_default();
    (answer.status, code.to_owned())
}

/// Both hosts find no table, and both create it.
#[tokio::test(flavor = "multi_thread")]
async fn two_hosts_create_missing_table() {
    let Some(database) = Database::create() else {
        return;
    };
    let hosts = [
        start(database.storage(), &[]).await,
        start(database.storage(), &[]).await,
    ];
    let firms = [firm(&hosts[0], "firm_a"), firm(&hosts[1], "firm_b")];
    let connected = tokio::join!(firms[0].connect(), firms[1].connect());
    connected.0.unwrap();
    connected.1.unwrap();
    let keys = database.table().keys().unwrap();
    for firm in ["firm_a", "firm_b"] {
        assert!(keys.contains(&format!("rivet-books:connection:{firm}")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn simultaneous_events_post_once() {
    let Some(database) = Database::create() else {
        return;
    };
    let deployment = start(database.storage(), &[]).await;
    let firm = firm(&deployment, "firm_harbor");
    firm.connect().await.unwrap();
    let accounts = firm.map_accounts(|_| {}).await.unwrap();
    let story = story::harbor_point().unwrap();
    let pay_app = story
        .iter()
        .find(|step| step.name.contains("pay-app"))
        .unwrap();
    let deliver = || firm.deliver("evt_once", pay_app.body);
    let answers = tokio::join!(
        deliver(),
        deliver(),
        deliver(),
        deliver(),
        deliver(),
        deliver()
    );
    let (one, two, three, four, five, six) = answers;
    for answer in [one, two, three, four, five, six] {
        assert!(matches!(answer.unwrap().status, 200 | 202 | 503));
    }
    deliver().await.unwrap();
    let simulator = deployment.simulator();
    let books = simulator.ledger(&firm.realm);
    let receivable = books.balance(&accounts.receivable);
    assert_eq!(receivable, pay_app.expected.totals.accounts_receivable);
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_connections_are_replaced() {
    let Some(database) = Database::create() else {
        return;
    };
    let deployment = start(database.storage(), &[]).await;
    assert_eq!(ask(&deployment).await, (200, String::new()));
    for _ in 0..3 {
        database.drop_connections();
        assert_eq!(ask(&deployment).await, (200, String::new()));
    }
}

#[test]
fn one_of_simultaneous_creations_wins() {
    let Some(database) = Database::create() else {
        return;
    };
    let table = database.table();
    let created = thread::scope(|scope| {
        let create = |number: usize| {
            let table = table.clone();
            scope.spawn(move || {
                let mut swap = table.begin_swap("a").unwrap();
                swap.current().unwrap().is_none() && swap.attempt(&[number as u8]).unwrap()
            })
        };
        let creators: Vec<_> = (0..12).map(create).collect();
        creators
            .into_iter()
            .filter_map(|one| one.join().ok())
            .filter(|created| *created)
            .count()
    });
    assert_eq!(created, 1);
}

#[test]
fn simultaneous_swaps_and_increments_all_count() {
    let Some(database) = Database::create() else {
        return;
    };
    let table = database.table();
    table.set("n", b"0").unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            let table = table.clone();
            scope.spawn(move || {
                table.increment("count", 3).unwrap();
                add_one(&table, "n");
            });
        }
    });
    assert_eq!(table.increment("count", -4).unwrap(), 20);
    assert_eq!(table.get("n").unwrap().unwrap(), b"8");
}

fn add_one(table: &Bucket, key: &str) {
    loop {
        let mut swap = table.begin_swap(key).unwrap();
        let current = String::from_utf8(swap.current().unwrap().unwrap()).unwrap();
        let next = current.parse::<u32>().unwrap() + 1;
        if swap.attempt(next.to_string().as_bytes()).unwrap() {
            return;
        }
    }
}

#[test]
fn values_are_set_read_listed_and_deleted() {
    let Some(database) = Database::create() else {
        return;
    };
    let table = database.table();
    assert_eq!(table.keys().unwrap(), Vec::<String>::new());
    let long = vec![0xff; 65_536];
    table.set("a", b"1").unwrap();
    table.set("a", &long).unwrap();
    assert_eq!(table.get("a").unwrap(), Some(long));
    assert_eq!(table.keys().unwrap(), ["a"]);
    table.delete("a").unwrap();
    table.delete("a").unwrap();
    assert!(!table.exists("a").unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_meets_every_requirement() {
    let Some(database) = Database::create() else {
        return;
    };
    let mut options = Options {
        storage: database.storage(),
        ..Options::default()
    };
    // Clients that play at the same time shall be in several instances.
    options.reuse.concurrent = 2;
    let app = App::load(&product(JUDGE), options).unwrap();
    app.verify_stores().await.unwrap();
    for judgement in judge(&app).await.unwrap() {
        assert_eq!(judgement.failure, None, "{judgement}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn certificate_of_unknown_authority_is_refused() {
    let Some(database) = Database::create() else {
        return;
    };
    let ca_root = std::env::var("RIVET_TEST_POSTGRES_CA").unwrap();
    let ca_root = std::fs::read_to_string(ca_root).unwrap();
    let Storage::Postgres(url) = database.storage_with("sslmode=require") else {
        unreachable!("the records are in a database");
    };
    let (_, origin) = url.split_once('@').unwrap();
    let origin = format!("postgres://{}", origin.split_once('/').unwrap().0);
    let named = [("postgres_url", url.as_str()), ("postgres_origin", &origin)];
    let trusted = [named[0], named[1], ("postgres_ca_root", &ca_root)];
    let known = start(Storage::Memory, &trusted).await;
    assert_eq!(ask(&known).await, (200, String::new()));
    let unknown = start(Storage::Memory, &named).await;
    assert_eq!(ask(&unknown).await, (503, "store_unavailable".into()));
    assert!(unknown.logs.contain("the TLS handshake failed"));
}

/// The message is for the log. It names the variable, and shows neither the password nor the user.
#[tokio::test(flavor = "multi_thread")]
async fn unreachable_database_is_unavailable() {
    if server().is_none() {
        return;
    }
    let url = "postgres://rivet-user:s3cr3t@127.0.0.1:1/books";
    let origin = ("postgres_origin", "postgres://127.0.0.1:1");
    let deployment = start(Storage::Memory, &[("postgres_url", url), origin]).await;
    assert_eq!(ask(&deployment).await, (503, "store_unavailable".into()));
    let logs = &deployment.logs;
    assert!(logs.contain("the host of postgres_url does not answer"));
    assert!(!logs.contain("s3cr3t") && !logs.contain("rivet-user"));
}

#[tokio::test(flavor = "multi_thread")]
async fn database_of_other_origin_is_denied() {
    if server().is_none() {
        return;
    }
    let url = "postgres://rivet:s3cr3t@127.0.0.1:1/books";
    let other = ("postgres_origin", "postgres://127.0.0.1:2");
    let deployment = start(Storage::Memory, &[("postgres_url", url), other]).await;
    assert_eq!(ask(&deployment).await, (503, "store_unavailable".into()));
    let logs = &deployment.logs;
    assert!(logs.contain("the host of postgres_url is not that of postgres_origin"));
    assert!(
        logs.contain("add \\\"postgres://127.0.0.1:1\\\"")
            || logs.contain("add \"postgres://127.0.0.1:1\"")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_url_is_misconfigured() {
    if server().is_none() {
        return;
    }
    let variable = ("postgres_url", "host=127.0.0.1 password=s3cr3t");
    let deployment = start(Storage::Memory, &[variable]).await;
    assert_eq!(ask(&deployment).await, (500, "misconfigured".into()));
    assert!(deployment.logs.contain("postgres_url"));
    assert!(!deployment.logs.contain("s3cr3t"));
}

/// Components of the key-value store would keep their records elsewhere than the database that was asked for.
#[tokio::test]
async fn key_value_components_refuse_postgres() {
    let options = Options {
        storage: Storage::Postgres("postgres://rivet@127.0.0.1/books".into()),
        ..crate::options()
    };
    let refused = App::load(&crate::guests(), options).err().unwrap();
    let refused = json!(refused.to_string());
    assert!(refused.as_str().unwrap().contains("spin.postgres.toml"));
}
