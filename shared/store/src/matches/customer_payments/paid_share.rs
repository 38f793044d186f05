//! Shares of RIVET's own payments.

use crate::line::{Line, stored_as_line};
use billing::{DocumentRef, Id};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The part of one of RIVET's payments that pays a document.
///
/// Stored as one line, `pay_1 pay_app/pa_1 1772000000 43650.00`, and `returned 43650.00` or `replaces pay_1` behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PaidShare {
    /// The payment.
    pub payment: Id,
    /// The document that it pays.
    pub document: DocumentRef,
    /// The time of the posting, in seconds of Unix time.
    pub at: i64,
    /// The amount for that document.
    pub amount: Decimal,
    /// The part of the amount that came back, as with a returned check. The customer owes it again.
    pub returned: Option<Decimal>,
    /// The payment that came back, if this share pays again what that one paid.
    pub replaces: Option<Id>,
}

/// The part of a payment that came back and is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedShare {
    /// The payment that came back.
    pub payment: Id,
    /// The document that it had paid.
    pub document: DocumentRef,
    /// The amount that is open again.
    pub open: Decimal,
}

impl Line for PaidShare {
    const EXPECTED: &'static str = "must be a share of a payment";

    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let payment = words.next()?.parse().ok()?;
        let (kind, id) = words.next()?.split_once('/')?;
        let mut share = Self {
            payment,
            document: DocumentRef {
                kind: kind.parse().ok()?,
                id: id.parse().ok()?,
            },
            at: words.next()?.parse().ok()?,
            amount: words.next()?.parse().ok()?,
            returned: None,
            replaces: None,
        };
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            match name {
                "returned" => share.returned = Some(value.parse().ok()?),
                _ => share.replaces = Some(value.parse().ok()?),
            }
        }
        Some(share)
    }

    fn write(&self) -> String {
        let (payment, document, at) = (&self.payment, &self.document, self.at);
        let mut line = format!("{payment} {document} {at} {:.2}", self.amount);
        if let Some(returned) = self.returned {
            line.push_str(&format!(" returned {returned:.2}"));
        }
        if let Some(replaced) = &self.replaces {
            line.push_str(&format!(" replaces {replaced}"));
        }
        line
    }
}

stored_as_line!(PaidShare);
