//! A pay application with retainage, its payment and the release of the retainage, by both methods.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::test_client::TestClient;
use crate::test_company::{journal_line, line, payment};
use crate::{ClassTracking, Company};

/// A connected company with a customer, a class, and items for work and retainage.
struct Project {
    client: TestClient,
    customer: String,
    class: String,
    work: String,
    retainage: String,
}

impl Project {
    fn new() -> Self {
        let settings = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
        let mut client = TestClient::with(settings);
        let customer = create(
            &mut client,
            "Customer",
            &json!({"DisplayName": "Turner Bay"}),
        );
        let class = create(
            &mut client,
            "Class",
            &json!({"Name": "1042 Harbor Point Tower"}),
        );
        let [work, retainage] = [
            ("Contract work", "Contract Revenue"),
            ("Retainage withheld", "Retainage Receivable"),
        ]
        .map(|(name, account)| {
            let account = client.simulator.find(&client.realm, "Account", account);
            let body = json!({"Name": name, "IncomeAccountRef": {"value": account}});
            create(&mut client, "Item", &body)
        });
        Self {
            client,
            customer,
            class,
            work,
            retainage,
        }
    }

    fn account(&self, name: &str) -> String {
        let found = self
            .client
            .simulator
            .find(&self.client.realm, "Account", name);
        found.unwrap()
    }

    fn invoice(&mut self, lines: &[(&str, i64)]) -> String {
        let lines: Vec<Value> = lines
            .iter()
            .map(|(item, cents)| {
                let mut line = line(item, *cents);
                line["SalesItemLineDetail"]["ClassRef"] = json!({"value": self.class});
                line
            })
            .collect();
        let body = json!({
            "DocNumber": "1042-1", "TxnDate": "2026-03-31", "CustomerRef": {"value": self.customer}, "Line": lines,
        });
        create(&mut self.client, "Invoice", &body)
    }

    fn entry(&mut self, debit: &str, credit: &str, cents: i64) -> String {
        let lines: Vec<Value> = [("Debit", debit), ("Credit", credit)]
            .into_iter()
            .map(|(posting, account)| {
                let mut line =
                    journal_line(posting, cents, &self.account(account), Some(&self.customer));
                line["JournalEntryLineDetail"]["ClassRef"] = json!({"value": self.class});
                line
            })
            .collect();
        create(
            &mut self.client,
            "JournalEntry",
            &json!({"TxnDate": "2026-03-31", "Line": lines}),
        )
    }

    fn pay(&mut self, kind: &str, id: &str, cents: i64) {
        let body = payment(&self.customer, kind, id, cents);
        create(&mut self.client, "Payment", &body);
    }

    /// Returns receivable, retainage, revenue and money received, in cents.
    fn balances(&self) -> [i64; 4] {
        let ledger = self.client.simulator.ledger(&self.client.realm);
        let cents = |amount: Decimal| i64::try_from((amount * Decimal::from(100)).trunc()).unwrap();
        let receivable = self.account("Accounts Receivable (A/R)");
        [
            cents(ledger.customer_balance(&receivable, &self.customer)),
            cents(ledger.class_balance(&self.account("Retainage Receivable"), &self.class)),
            cents(-ledger.class_balance(&self.account("Contract Revenue"), &self.class)),
            cents(ledger.balance(&self.account("Undeposited Funds"))),
        ]
    }
}

fn create(client: &mut TestClient, kind: &str, body: &Value) -> String {
    let (status, answer) = client.post(&kind.to_ascii_lowercase(), body.clone());
    assert_eq!(status, 200, "{answer}");
    answer[kind]["Id"].as_str().unwrap().to_owned()
}

#[test]
fn retainage_by_journal_entry_balances() {
    let mut project = Project::new();
    let work = project.work.clone();
    let invoice = project.invoice(&[(&work, 43_650_00)]);
    project.entry("Retainage Receivable", "Contract Revenue", 4_850_00);
    assert_eq!(project.balances(), [43_650_00, 4_850_00, 48_500_00, 0]);
    project.pay("Invoice", &invoice, 43_650_00);
    assert_eq!(project.balances(), [0, 4_850_00, 48_500_00, 43_650_00]);
    let release = project.entry(
        "Accounts Receivable (A/R)",
        "Retainage Receivable",
        2_000_00,
    );
    assert_eq!(
        project.balances(),
        [2_000_00, 2_850_00, 48_500_00, 43_650_00]
    );
    project.pay("JournalEntry", &release, 2_000_00);
    assert_eq!(project.balances(), [0, 2_850_00, 48_500_00, 45_650_00]);
}

#[test]
fn retainage_by_invoice_line_balances_the_same() {
    let mut project = Project::new();
    let (work, retainage) = (project.work.clone(), project.retainage.clone());
    let invoice = project.invoice(&[(&work, 48_500_00), (&retainage, -4_850_00)]);
    assert_eq!(project.balances(), [43_650_00, 4_850_00, 48_500_00, 0]);
    project.pay("Invoice", &invoice, 43_650_00);
    let release = project.invoice(&[(&retainage, 2_000_00)]);
    assert_eq!(
        project.balances(),
        [2_000_00, 2_850_00, 48_500_00, 43_650_00]
    );
    project.pay("Invoice", &release, 2_000_00);
    assert_eq!(project.balances(), [0, 2_850_00, 48_500_00, 45_650_00]);
}
