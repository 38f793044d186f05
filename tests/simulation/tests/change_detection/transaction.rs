//! What of an object is contested: where it differs from what RIVET wrote, somebody has to choose.

use rust_decimal::Decimal;
use serde_json::Value;

/// A transaction as far as it is contested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    pub number: String,
    pub date: String,
    pub customer: String,
    pub total: Decimal,
    /// What of it is not paid yet; entries tell no such thing.
    pub balance: Decimal,
    pub lines: Vec<Line>,
    /// Of a payment: what it is for.
    pub applied: Vec<(String, String, Decimal)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its item or account.
    pub place: String,
    /// As debit, or as the form adds it up.
    pub amount: Decimal,
    pub class: String,
    /// Who is named on a line of an entry.
    pub customer: String,
    pub is_receivable: bool,
}

/// The contested side of an object's body.
pub fn of(kind: &str, body: &Value) -> Transaction {
    let lines = body["Line"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut transaction = Transaction {
        number: text(&body["DocNumber"]),
        date: text(&body["TxnDate"]),
        customer: text(&body["CustomerRef"]["value"]),
        total: amount(&body["TotalAmt"]),
        balance: amount(&body["Balance"]),
        ..Transaction::default()
    };
    for line in lines {
        if kind == "Payment" {
            let linked = &line["LinkedTxn"][0];
            let share = (text(&linked["TxnType"]), text(&linked["TxnId"]));
            transaction
                .applied
                .push((share.0, share.1, amount(&line["Amount"])));
        } else if line["DetailType"] != "SubTotalLineDetail" {
            let mut line = line_of(line);
            if line.class.is_empty() {
                line.class = text(&body["ClassRef"]["value"]);
            }
            transaction.lines.push(line);
        }
    }
    transaction
}

fn line_of(line: &Value) -> Line {
    let (sale, entry) = (
        &line["SalesItemLineDetail"],
        &line["JournalEntryLineDetail"],
    );
    let is_credit = entry["PostingType"] == "Credit";
    let amount = amount(&line["Amount"]);
    Line {
        place: text(&sale["ItemRef"]["value"]) + &text(&entry["AccountRef"]["value"]),
        amount: if is_credit { -amount } else { amount },
        class: text(&sale["ClassRef"]["value"]) + &text(&entry["ClassRef"]["value"]),
        customer: text(&entry["Entity"]["EntityRef"]["value"]),
        is_receivable: text(&entry["AccountRef"]["name"]).starts_with("Accounts Receivable"),
    }
}

impl Transaction {
    /// The same with other ids: those of entries that were merged away become those of what is left.
    pub fn with_ids(&self, merged_id: impl Fn(&str) -> String) -> Self {
        let mut transaction = self.clone();
        transaction.customer = merged_id(&transaction.customer);
        for line in &mut transaction.lines {
            line.place = merged_id(&line.place);
            line.class = merged_id(&line.class);
            line.customer = merged_id(&line.customer);
        }
        transaction
    }

    /// Whether it does nothing to the services.
    pub fn has_no_effect(&self) -> bool {
        self.total.is_zero() && self.lines.iter().all(|line| line.amount.is_zero())
    }

    /// Whether somebody has to choose between this, which RIVET wrote, and what is there now. What is paid of it is no such matter, nor
    /// is it where its own class is put.
    pub fn conflicts_with(&self, now: &Self) -> bool {
        let mut now = now.clone();
        now.balance = self.balance;
        for (line, ours) in now.lines.iter_mut().zip(&self.lines) {
            line.is_receivable = ours.is_receivable;
            let own = self.lines.iter().any(|other| other.class == line.class);
            if ours.class.is_empty() && own {
                line.class.clear();
            }
        }
        *self != now
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub fn amount(value: &Value) -> Decimal {
    match value {
        Value::Number(number) => number.to_string().parse().unwrap_or_default(),
        _ => Decimal::ZERO,
    }
}
