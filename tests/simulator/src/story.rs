//! A pay application with retainage, its payment, and the release of the retainage, in both ways of booking it.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::bench::{journal_line, line, payment};
use crate::desk::Desk;
use crate::{ClassTracking, Company};

/// A connected company with a customer, a class, and items for work and retainage.
struct Job {
    desk: Desk,
    customer: String,
    class: String,
    work: String,
    retainage: String,
}

impl Job {
    fn new() -> Self {
        let company = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
        let mut desk = Desk::with(company);
        let customer = created(&mut desk, "Customer", &json!({"DisplayName": "Turner Bay"}));
        let class = created(
            &mut desk,
            "Class",
            &json!({"Name": "1042 Harbor Point Tower"}),
        );
        let [work, retainage] = [
            ("Contract work", "Contract Revenue"),
            ("Retainage withheld", "Retainage Receivable"),
        ]
        .map(|(name, account)| {
            let account = desk.simulator.find(&desk.realm, "Account", account);
            let body = json!({"Name": name, "IncomeAccountRef": {"value": account}});
            created(&mut desk, "Item", &body)
        });
        Self {
            desk,
            customer,
            class,
            work,
            retainage,
        }
    }

    fn account(&self, name: &str) -> String {
        let found = self.desk.simulator.find(&self.desk.realm, "Account", name);
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
        created(&mut self.desk, "Invoice", &body)
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
        created(
            &mut self.desk,
            "JournalEntry",
            &json!({"TxnDate": "2026-03-31", "Line": lines}),
        )
    }

    fn pay(&mut self, kind: &str, id: &str, cents: i64) {
        let body = payment(&self.customer, kind, id, cents);
        created(&mut self.desk, "Payment", &body);
    }

    /// Receivable of the customer, retainage and revenue of the class, and money received, in cents.
    fn books(&self) -> [i64; 4] {
        let ledger = self.desk.simulator.ledger(&self.desk.realm);
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

fn created(desk: &mut Desk, kind: &str, body: &Value) -> String {
    let (status, answer) = desk.post(&kind.to_ascii_lowercase(), body.clone());
    assert_eq!(status, 200, "{answer}");
    answer[kind]["Id"].as_str().unwrap().to_owned()
}

#[test]
fn retainage_by_journal_entry_ties_out() {
    let mut job = Job::new();
    let work = job.work.clone();
    let invoice = job.invoice(&[(&work, 43_650_00)]);
    job.entry("Retainage Receivable", "Contract Revenue", 4_850_00);
    assert_eq!(job.books(), [43_650_00, 4_850_00, 48_500_00, 0]);
    job.pay("Invoice", &invoice, 43_650_00);
    assert_eq!(job.books(), [0, 4_850_00, 48_500_00, 43_650_00]);
    let release = job.entry(
        "Accounts Receivable (A/R)",
        "Retainage Receivable",
        2_000_00,
    );
    assert_eq!(job.books(), [2_000_00, 2_850_00, 48_500_00, 43_650_00]);
    job.pay("JournalEntry", &release, 2_000_00);
    assert_eq!(job.books(), [0, 2_850_00, 48_500_00, 45_650_00]);
}

#[test]
fn retainage_by_invoice_line_ties_out_to_the_same() {
    let mut job = Job::new();
    let (work, retainage) = (job.work.clone(), job.retainage.clone());
    let invoice = job.invoice(&[(&work, 48_500_00), (&retainage, -4_850_00)]);
    assert_eq!(job.books(), [43_650_00, 4_850_00, 48_500_00, 0]);
    job.pay("Invoice", &invoice, 43_650_00);
    let release = job.invoice(&[(&retainage, 2_000_00)]);
    assert_eq!(job.books(), [2_000_00, 2_850_00, 48_500_00, 43_650_00]);
    job.pay("Invoice", &release, 2_000_00);
    assert_eq!(job.books(), [0, 2_850_00, 48_500_00, 45_650_00]);
}
