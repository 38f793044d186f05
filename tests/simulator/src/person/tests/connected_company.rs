//! A connected company with transactions and lists of every kind, whose changes send webhooks.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::kind::Kind;
use crate::test_client::TestClient;
use crate::test_company::{journal_line, line, payment};
use crate::{Answer, ClassTracking, Company, Person, Subscription};

pub(super) struct ConnectedCompany {
    pub(super) client: TestClient,
    pub(super) customer: String,
    pub(super) other: String,
    pub(super) invoice: String,
    pub(super) second: String,
    /// A payment of 10.00 on the second invoice.
    pub(super) payment: String,
    pub(super) memo: String,
    pub(super) entry: String,
    pub(super) items: [String; 2],
    pub(super) classes: [String; 2],
}

/// An entity that a webhook or change data capture reported.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Report {
    kind: String,
    id: String,
    is_gone: bool,
}

impl ConnectedCompany {
    pub(super) fn new() -> Self {
        let company = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
        let mut client = TestClient::with(company);
        let account = |client: &TestClient, name: &str| {
            let found = client.simulator.find(&client.realm, "Account", name);
            found.unwrap()
        };
        let (retainage, revenue) = (
            account(&client, "Retainage Receivable"),
            account(&client, "Contract Revenue"),
        );
        let mut save = |kind: &str, body: Value| {
            let (status, answer) = client.post(&kind.to_lowercase(), body);
            assert_eq!(status, 200, "{answer}");
            answer[kind]["Id"].as_str().unwrap().to_owned()
        };
        let [customer, other] =
            ["Turner Bay", "Ashgrove"].map(|name| save("Customer", json!({ "DisplayName": name })));
        let classes = ["1042", "1043"].map(|name| save("Class", json!({ "Name": name })));
        let items = [("Work", &revenue), ("Retainage", &retainage)].map(|(name, account)| {
            let body = json!({"Name": name, "IncomeAccountRef": {"value": account}});
            save("Item", body)
        });
        let mut sale = |kind: &str, cents: i64| {
            let body = json!({
                "CustomerRef": {"value": customer}, "TxnDate": "2026-03-02", "Line": [line(&items[0], cents)],
            });
            save(kind, body)
        };
        let (invoice, second) = (sale("Invoice", 100_00), sale("Invoice", 50_00));
        let memo = sale("CreditMemo", 30_00);
        let paid = save("Payment", payment(&customer, "Invoice", &second, 10_00));
        let entry = save(
            "JournalEntry",
            json!({"TxnDate": "2026-03-02", "Line": [
                journal_line("Debit", 5_00, &retainage, Some(&customer)),
                journal_line("Credit", 5_00, &revenue, None),
            ]}),
        );
        let wanted = Subscription::new("http://127.0.0.1:3000/events", "verifier-1");
        client.simulator.subscribe(wanted.deleted_id_in_data(true));
        client.simulator.advance(jiff::SignedDuration::from_mins(1));
        Self {
            client,
            customer,
            other,
            invoice,
            second,
            payment: paid,
            memo,
            entry,
            items,
            classes,
        }
    }

    pub(super) fn account(&self, name: &str) -> String {
        let found = self
            .client
            .simulator
            .find(&self.client.realm, "Account", name);
        found.unwrap()
    }

    pub(super) fn person(&mut self) -> Person<'_> {
        self.client.simulator.person(&self.client.realm).unwrap()
    }

    /// Returns the events of the webhooks that are due, such as `invoice updated`. Checks that the ledger balances and that
    /// change data capture reports the same entities.
    pub(super) fn events(&mut self) -> Vec<String> {
        self.assert_balanced();
        let mut events = Vec::new();
        let mut reports = BTreeSet::new();
        for event in self.deliver() {
            let parts: Vec<String> = event["type"]
                .as_str()
                .unwrap()
                .split('.')
                .map(str::to_owned)
                .collect();
            let (kind, operation) = (&parts[1], &parts[2]);
            let mut add_report = |id: &Value, is_gone: bool| {
                let report = |is_gone: bool| Report {
                    kind: kind.clone(),
                    id: id.as_str().unwrap().to_owned(),
                    is_gone,
                };
                reports.remove(&report(!is_gone));
                reports.insert(report(is_gone));
            };
            add_report(&event["intuitentityid"], operation == "deleted");
            if operation == "merged" {
                add_report(&event["data"]["deletedId"], true);
            }
            events.push(format!("{kind} {operation}"));
        }
        let captured = self.captured();
        assert_eq!(reports, captured, "webhooks and change data differ");
        events
    }

    /// Accepts every delivery that is due and returns its events.
    fn deliver(&mut self) -> Vec<Value> {
        let now = self.client.simulator.now();
        let mut events = Vec::new();
        for delivery in self.client.simulator.start_due_deliveries(now) {
            self.client
                .simulator
                .report_delivery(delivery.id, Answer::Status(200), now);
            let more: Vec<Value> = serde_json::from_slice(&delivery.body).unwrap();
            events.extend(more);
        }
        events
    }

    /// Returns the changes of this minute that change data capture reports. Changes of the company's own information are
    /// left out, because no webhook reports them.
    fn captured(&mut self) -> BTreeSet<Report> {
        let kinds: Vec<&str> = Kind::ALL
            .iter()
            .filter(|kind| **kind != Kind::CompanyInfo)
            .map(|kind| kind.name())
            .collect();
        let now = self.client.simulator.now();
        let path = format!("cdc?entities={}&changedSince={now}", kinds.join(","));
        let (status, answer) = self.client.get(&path);
        assert_eq!(status, 200);
        let responses = answer["CDCResponse"][0]["QueryResponse"]
            .as_array()
            .unwrap();
        let mut reports = BTreeSet::new();
        for (kind, response) in kinds.iter().zip(responses) {
            for entity in response[kind].as_array().into_iter().flatten() {
                let id = entity["Id"].as_str().unwrap().to_owned();
                let is_gone = entity["status"] == "Deleted";
                let at = entity["MetaData"]["LastUpdatedTime"].as_str().unwrap();
                assert_eq!(at, crate::time_format::format_seconds(now), "{kind} {id}");
                reports.insert(Report {
                    kind: kind.to_lowercase(),
                    id,
                    is_gone,
                });
            }
        }
        reports
    }

    /// Checks that the ledger sums to zero, and that the balances of invoices and customers agree with the ledger.
    pub(super) fn assert_balanced(&self) {
        let ledger = self.client.simulator.ledger(&self.client.realm);
        let sum: Decimal = ledger.trial_balance().values().sum();
        assert!(sum.is_zero());
        let lines: Decimal = ledger.lines().map(|line| line.entry.amount).sum();
        assert!(lines.is_zero());
        let amount = |value: &Value| value.to_string().parse::<Decimal>().unwrap();
        let receivable = self
            .client
            .simulator
            .entities(&self.client.realm, "Account")
            .find(|account| account["AccountType"] == "Accounts Receivable")
            .unwrap();
        let receivable = receivable["Id"].as_str().unwrap();
        for customer in self
            .client
            .simulator
            .entities(&self.client.realm, "Customer")
        {
            let owed = ledger.customer_balance(receivable, customer["Id"].as_str().unwrap());
            assert_eq!(amount(&customer["Balance"]), owed);
        }
        for invoice in self
            .client
            .simulator
            .entities(&self.client.realm, "Invoice")
        {
            let (total, open) = (amount(&invoice["TotalAmt"]), amount(&invoice["Balance"]));
            assert!(open >= Decimal::ZERO && open <= total);
            let posted = ledger.lines_of("Invoice", invoice["Id"].as_str().unwrap());
            let posted = posted.iter().find(|line| line.entry.account == receivable);
            assert_eq!(
                posted.map_or(Decimal::ZERO, |line| line.entry.amount),
                total
            );
        }
    }
}
