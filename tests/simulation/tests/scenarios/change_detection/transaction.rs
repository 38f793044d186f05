//! The conflicting fields of a transaction: if one differs from what RIVET wrote, a person decides.

use rust_decimal::Decimal;
use serde_json::Value;

/// The conflicting fields of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    pub number: String,
    pub date: String,
    pub customer: String,
    pub total: Decimal,
    /// The unpaid amount; zero for journal entries.
    pub balance: Decimal,
    pub lines: Vec<Line>,
    /// The objects that a payment pays.
    pub applied: Vec<(String, String, Decimal)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The item or account of the line.
    pub place: String,
    /// The debit, or the amount as the form adds it up.
    pub amount: Decimal,
    pub class: String,
    /// The customer on a line of a journal entry.
    pub customer: String,
    pub is_receivable: bool,
}

/// Reads the conflicting fields from the body of an object.
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
    /// Returns the transaction with the ids after all merges.
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

    /// Returns whether the transaction is a payment of more than what it is applied to.
    pub fn has_rest(&self) -> bool {
        self.applied
            .iter()
            .map(|(_, _, amount)| amount)
            .sum::<Decimal>()
            < self.total
    }

    /// Returns whether the transaction has no ledger effect.
    pub fn has_no_effect(&self) -> bool {
        self.total.is_zero() && self.lines.iter().all(|line| line.amount.is_zero())
    }

    /// Returns whether the current transaction conflicts with this one, which RIVET wrote. Payments do not count, nor does the place of
    /// its own class.
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
