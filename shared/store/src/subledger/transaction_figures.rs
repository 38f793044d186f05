//! The figures of one transaction that RIVET posted.

use crate::line::{Line, stored_as_line};
use crate::subledger::balances::Balances;
use billing::DocumentRef;
use jiff::civil::Date;
use mapping::{PostedObject, Posting};
use quickbooks::Kind;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A transaction as RIVET last wrote or accepted it, and what it comes to.
///
/// Stored as one line of words. The number comes last, because it may have spaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TransactionFigures {
    /// The type of the transaction.
    pub kind: TxnType,
    /// The id in QuickBooks.
    pub id: String,
    /// The version that RIVET last wrote or accepted (Intuit: `SyncToken`).
    pub version: String,
    /// The second of Unix time at which QuickBooks made that version, 0 if unknown.
    pub written_at: i64,
    /// The day that the transaction posts on.
    pub date: Date,
    /// The QuickBooks id of the customer.
    pub customer: String,
    /// The way in which the transaction counts.
    pub standing: Standing,
    /// The total of a form or payment, or the debits of an entry.
    pub total: Decimal,
    /// The amount of the transaction while it stands.
    pub balances: Balances,
    /// The documents that a payment pays, and those whose credits it uses.
    pub paid: Vec<PaidDocument>,
    /// The number in QuickBooks, or the payer's reference of a payment. Empty without one.
    pub number: String,
}

/// The way in which a transaction counts for its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The transaction counts as RIVET wrote it.
    Active,
    /// The transaction counts as QuickBooks has it, because a person decided so.
    Accepted,
    /// The transaction stands and counts for nothing beside its counterpart: it is reversed, or a reversal.
    Inactive,
    /// The transaction is void.
    Void,
}

/// The part of a payment that pays one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidDocument {
    /// The document.
    pub document: DocumentRef,
    /// The amount, negative if the credit of the document is used.
    pub amount: Decimal,
}

impl TransactionFigures {
    /// Returns the figures of a posted object.
    pub fn of(posted: &PostedObject) -> Self {
        let number = match &posted.posting {
            Posting::Payment(receipt) => receipt.reference.clone(),
            _ => posted.number.clone(),
        };
        Self {
            kind: posted.kind,
            id: posted.id.clone(),
            version: posted.sync_token.clone(),
            written_at: posted.written_at,
            date: posted.posting.date(),
            customer: posted.ids.customer.clone(),
            standing: standing_of(posted),
            total: posted.posting.total(),
            balances: posted.posting.effect().into(),
            paid: paid_by(&posted.posting),
            number: number.unwrap_or_default(),
        }
    }

    /// Returns what the transaction comes to for its document.
    pub fn counted(&self) -> Balances {
        match self.counts() {
            true => self.balances,
            false => Balances::default(),
        }
    }

    /// Returns whether the transaction counts for its document.
    pub fn counts(&self) -> bool {
        matches!(self.standing, Standing::Active | Standing::Accepted)
    }

    /// Returns whether the transaction has this type and id.
    pub fn is(&self, kind: TxnType, id: &str) -> bool {
        self.kind == kind && self.id == id
    }

    /// Returns the bytes that the line takes, roughly.
    pub(super) fn size(&self) -> usize {
        120 + self.number.len() + self.paid.len() * 90
    }
}

fn standing_of(posted: &PostedObject) -> Standing {
    let is_kept = posted.is_active || posted.cancels_out() || posted.is_marked_deleted();
    match posted.accepted_differences.is_empty() {
        // A transaction that RIVET voided counts for nothing, also if differences were accepted before.
        false if is_kept => Standing::Accepted,
        _ if posted.is_active || posted.counts_in_pair() => Standing::Active,
        _ => Standing::Inactive,
    }
}

fn paid_by(posting: &Posting) -> Vec<PaidDocument> {
    let Posting::Payment(receipt) = posting else {
        return Vec::new();
    };
    let paid = receipt.applied.iter().map(|share| PaidDocument {
        document: share.target(),
        amount: share.amount,
    });
    let used = receipt.credits.iter().map(|share| PaidDocument {
        document: share.document.clone(),
        amount: -share.amount,
    });
    paid.chain(used).collect()
}

/// Returns the type of transaction of this name.
pub(crate) fn txn_type(name: &str) -> Option<TxnType> {
    let types = [
        TxnType::Invoice,
        TxnType::CreditMemo,
        TxnType::JournalEntry,
        TxnType::Payment,
    ];
    types.into_iter().find(|kind| kind_name(*kind) == name)
}

/// Returns the name of a type of transaction. `Other` for a type that RIVET does not post.
pub(crate) fn kind_name(kind: TxnType) -> &'static str {
    kind.kind().map_or("Other", Kind::name)
}

/// Returns a word for a text, `-` for an empty one.
pub(crate) fn word(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

/// Returns the text of a word.
pub(crate) fn text(word: &str) -> &str {
    if word == "-" { "" } else { word }
}

impl PaidDocument {
    fn read(part: &str) -> Option<Self> {
        let (document, amount) = part.split_once(':')?;
        let (kind, id) = document.split_once('/')?;
        Some(Self {
            document: DocumentRef {
                kind: kind.parse().ok()?,
                id: id.parse().ok()?,
            },
            amount: amount.parse().ok()?,
        })
    }

    fn write(&self) -> String {
        format!("{}:{:.2}", self.document, self.amount)
    }
}

impl Line for TransactionFigures {
    const EXPECTED: &'static str = "must be the figures of a transaction";

    fn read(line: &str) -> Option<Self> {
        let mut words = line.splitn(13, ' ');
        let mut next = || words.next();
        let amount = |word: Option<&str>| word?.parse::<Decimal>().ok();
        Some(Self {
            kind: txn_type(next()?)?,
            id: next()?.to_owned(),
            version: text(next()?).to_owned(),
            written_at: next()?.parse().ok()?,
            date: json::parse_day(next()?)?,
            customer: text(next()?).to_owned(),
            standing: Standing::read(next()?)?,
            total: amount(next())?,
            balances: Balances {
                receivable: amount(next())?,
                retainage: amount(next())?,
                revenue: amount(next())?,
            },
            paid: match text(next()?) {
                "" => Vec::new(),
                parts => parts
                    .split(',')
                    .map(PaidDocument::read)
                    .collect::<Option<_>>()?,
            },
            number: next()?.to_owned(),
        })
    }

    fn write(&self) -> String {
        let Balances {
            receivable,
            retainage,
            revenue,
        } = self.balances;
        let paid: Vec<String> = self.paid.iter().map(PaidDocument::write).collect();
        let (kind, id, version) = (kind_name(self.kind), &self.id, word(&self.version));
        let (customer, standing) = (word(&self.customer), self.standing.word());
        let paid = paid.join(",");
        format!(
            "{kind} {id} {version} {} {} {customer} {standing} {:.2} {receivable:.2} {retainage:.2} {revenue:.2} {} {}",
            self.written_at,
            self.date,
            self.total,
            word(&paid),
            self.number
        )
    }
}

impl Standing {
    fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Accepted => "accepted",
            Self::Inactive => "inactive",
            Self::Void => "void",
        }
    }

    fn read(word: &str) -> Option<Self> {
        let all = [Self::Active, Self::Accepted, Self::Inactive, Self::Void];
        all.into_iter().find(|standing| standing.word() == word)
    }
}

stored_as_line!(TransactionFigures);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_figures_load_unchanged() {
        let line = "Payment 140 2 1772000000 2026-04-20 24 active 50.00 -50.00 0.00 0.00 pay_app/pa_1:40.00,pay_app/pa_2:10.00 Check 7";
        let read = TransactionFigures::try_from(line.to_owned()).unwrap();
        assert_eq!((read.paid.len(), read.number.as_str()), (2, "Check 7"));
        assert_eq!(read.balances.receivable, Decimal::from(-50));
        assert_eq!(String::from(read), line);
        let bare = "JournalEntry 131 - 0 2026-03-31 - inactive 1.00 0.00 1.00 1.00 - ";
        let read = TransactionFigures::try_from(bare.to_owned()).unwrap();
        assert_eq!(
            (read.counted(), read.number.as_str()),
            (Balances::default(), "")
        );
        assert_eq!(String::from(read), bare);
    }
}
