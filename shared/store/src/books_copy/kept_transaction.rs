//! A transaction of the copy of a company's books.

use crate::line::{Line, stored_as_line};
use crate::subledger::transaction_figures::{kind_name, text, txn_type, word};
use jiff::civil::Date;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A transaction as QuickBooks has it, with its lines on the compared accounts.
///
/// Stored as one line of words. The number comes last, because it may have spaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeptTransaction {
    /// The type of the transaction.
    pub kind: TxnType,
    /// The id.
    pub id: String,
    /// The version (Intuit: `SyncToken`).
    pub version: String,
    /// The day that the transaction posts on.
    pub date: Option<Date>,
    /// The id of the customer. Of an entry, the first name on its lines.
    pub customer: String,
    /// The total of a form or payment, or the debits of an entry.
    pub total: Decimal,
    /// The value of one unit of the transaction's currency in the company's own. `None` if it is the company's own.
    pub rate: Option<Decimal>,
    /// The lines on the compared accounts, added up by account, customer and class.
    pub lines: Vec<KeptLine>,
    /// The transactions that a payment is applied to.
    pub links: Vec<KeptLink>,
    /// The number, or the payer's reference of a payment. Empty without one.
    pub number: String,
}

/// The lines of a transaction on one account, for one customer and class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLine {
    /// The account.
    pub account: String,
    /// The customer or job. Empty without one.
    pub customer: String,
    /// The class. Empty without one.
    pub class: String,
    /// The amount: a debit is positive, a credit negative.
    pub amount: Decimal,
}

/// The part of a payment that is applied to one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLink {
    /// The type of the transaction.
    pub kind: TxnType,
    /// The id of the transaction.
    pub id: String,
    /// The amount.
    pub amount: Decimal,
}

impl KeptTransaction {
    /// Returns whether the transaction has this type and id.
    pub fn is(&self, kind: TxnType, id: &str) -> bool {
        self.kind == kind && self.id == id
    }

    /// Adds an amount to the line of this account, customer and class.
    pub fn add_line(&mut self, line: KeptLine) {
        let is_same = |known: &&mut KeptLine| {
            (&known.account, &known.customer, &known.class)
                == (&line.account, &line.customer, &line.class)
        };
        match self.lines.iter_mut().find(is_same) {
            Some(known) => known.amount += line.amount,
            None => self.lines.push(line),
        }
    }

    /// Returns the bytes that the line takes, roughly.
    pub(super) fn size(&self) -> usize {
        80 + self.number.len() + self.lines.len() * 32 + self.links.len() * 28
    }
}

impl KeptLine {
    fn read(part: &str) -> Option<Self> {
        let mut words = part.split(',');
        Some(Self {
            account: words.next()?.to_owned(),
            customer: words.next()?.to_owned(),
            class: words.next()?.to_owned(),
            amount: words.next()?.parse().ok()?,
        })
    }

    fn write(&self) -> String {
        let (account, customer, class) = (&self.account, &self.customer, &self.class);
        format!("{account},{customer},{class},{:.2}", self.amount)
    }
}

impl KeptLink {
    fn read(part: &str) -> Option<Self> {
        let mut words = part.split(',');
        Some(Self {
            kind: txn_type(words.next()?)?,
            id: words.next()?.to_owned(),
            amount: words.next()?.parse().ok()?,
        })
    }

    fn write(&self) -> String {
        format!("{},{},{:.2}", kind_name(self.kind), self.id, self.amount)
    }
}

/// Reads the parts of a list. `None` if one of them is unreadable.
fn read_list<T>(list: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    match text(list) {
        "" => Some(Vec::new()),
        parts => parts.split(';').map(read).collect(),
    }
}

impl Line for KeptTransaction {
    const EXPECTED: &'static str = "must be a transaction";

    fn read(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.splitn(9, ' ').collect();
        let [
            kind,
            id,
            version,
            date,
            customer,
            total,
            lines,
            links,
            number,
        ] = words.try_into().ok()?;
        let (total, rate) = total.split_once('@').unwrap_or((total, ""));
        Some(Self {
            kind: txn_type(kind)?,
            id: id.to_owned(),
            version: text(version).to_owned(),
            date: json::parse_day(date),
            customer: text(customer).to_owned(),
            total: total.parse().ok()?,
            rate: rate.parse().ok(),
            lines: read_list(lines, KeptLine::read)?,
            links: read_list(links, KeptLink::read)?,
            number: number.to_owned(),
        })
    }

    fn write(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(KeptLine::write).collect();
        let links: Vec<String> = self.links.iter().map(KeptLink::write).collect();
        let date = self.date.map(|date| date.to_string()).unwrap_or_default();
        let (kind, version, customer) = (
            kind_name(self.kind),
            word(&self.version),
            word(&self.customer),
        );
        let (lines, links) = (lines.join(";"), links.join(";"));
        let rate = self.rate.map(|rate| format!("@{rate}"));
        format!(
            "{kind} {} {version} {} {customer} {:.2}{} {} {} {}",
            self.id,
            word(&date),
            self.total,
            rate.unwrap_or_default(),
            word(&lines),
            word(&links),
            self.number
        )
    }
}

stored_as_line!(KeptTransaction);

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> KeptTransaction {
        KeptTransaction::try_from(line.to_owned()).unwrap()
    }

    #[test]
    fn stored_transaction_loads_unchanged() {
        for line in [
            "Invoice 130 2 2026-03-31 24 43650.00 79,24,5,-48500.00;91,24,,4850.00 - 1042-1",
            "Payment 140 0 2026-04-20 24 50.00 - Invoice,130,40.00;JournalEntry,131,10.00 Check 7",
            "JournalEntry 131 - - - 0.00 - - ",
            "Invoice 132 0 2026-03-31 29 900.00@0.7325 79,29,,-900.00 - 1042-2",
        ] {
            assert_eq!(String::from(read(line)), line);
        }
    }

    #[test]
    fn lines_of_one_account_add_up() {
        let mut invoice = read("Invoice 130 2 2026-03-31 24 30.00 79,24,5,-10.00 - 1042-1");
        for class in ["5", "6"] {
            invoice.add_line(KeptLine {
                account: "79".into(),
                customer: "24".into(),
                class: class.into(),
                amount: Decimal::from(-10),
            });
        }
        let amounts: Vec<_> = invoice.lines.iter().map(|line| line.amount).collect();
        assert_eq!(amounts, [Decimal::from(-20), Decimal::from(-10)]);
    }
}
