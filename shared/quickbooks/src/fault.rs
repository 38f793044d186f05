//! Faults: the refusals of QuickBooks, and what each asks of the caller.

use crate::entity::TxnType;
use std::fmt;

/// A refusal. [`fmt::Debug`] and [`fmt::Display`] leave the detail out, because it quotes names and amounts of the company's
/// books.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault {
    /// Intuit's number of the fault without leading zeros, such as `3001` or `6140` (Intuit: Error codes).
    pub code: String,
    /// The fixed text that belongs to the code.
    pub message: String,
    /// The field that the fault is about, if the answer names one.
    pub element: Option<String>,
    detail: Option<String>,
}

/// The action that a refusal asks of the caller (Intuit: Error codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultMeaning {
    /// 5010: the object changed since it was read. Read it again and decide again. Do not just repeat the change with the
    /// new sync token: a person may have voided the object.
    Stale,
    /// 6140: another transaction has the number. [`Fault::duplicate`] says which.
    DuplicateNumber,
    /// 6240: another customer, vendor, employee, item or class has the name. Find that entry, or choose another name.
    DuplicateName,
    /// 600: the request id was used before. Look the result up.
    DuplicateRequest,
    /// 610, 2500: the object is gone, or an object that it refers to is gone or inactive.
    Missing,
    /// 6200, 6210: the date lies in a closed period.
    BooksClosed,
    /// 6190: the company's subscription ended. No call works until it is paid.
    CompanySuspended,
    /// 10200: the company was reset. All that was posted is gone from it.
    CompanyReset,
    /// 620, 2390, 5020, 6000, 6430, 6450 and others: a rule of the books, the data, the settings or the edition forbids the
    /// change. A person must act.
    Rule,
    /// Any other code: the request is wrong, and a repetition cannot help.
    Bug,
}

/// The transaction that already has a number, from the detail of fault 6140.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The number.
    pub number: String,
    /// The transaction's type.
    pub kind: TxnType,
    /// The transaction's id.
    pub id: String,
}

impl Fault {
    /// Builds a fault from the parts that Intuit sends. The detail of an authentication fault is dropped, because it quotes
    /// a part of the token.
    pub fn new(code: &str, message: &str, detail: Option<&str>, element: Option<&str>) -> Self {
        let code = code.trim_start_matches('0');
        let present = |text: &&str| !text.is_empty();
        let has_no_token =
            |text: &&str| code != "3200" && !text.to_ascii_lowercase().contains("token");
        Self {
            code: code.to_owned(),
            message: message.to_owned(),
            element: element.filter(present).map(str::to_owned),
            detail: detail
                .filter(present)
                .filter(has_no_token)
                .map(str::to_owned),
        }
    }

    /// Returns the long text, for the person whose books these are. Never log it.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// Returns the action that the refusal asks of the caller.
    pub fn meaning(&self) -> FaultMeaning {
        match self.code.as_str() {
            "5010" => FaultMeaning::Stale,
            "6140" => FaultMeaning::DuplicateNumber,
            "6240" => FaultMeaning::DuplicateName,
            "600" => FaultMeaning::DuplicateRequest,
            "610" | "2500" => FaultMeaning::Missing,
            "6200" | "6210" => FaultMeaning::BooksClosed,
            "6190" => FaultMeaning::CompanySuspended,
            "10200" => FaultMeaning::CompanyReset,
            "620" | "2210" | "2390" | "5020" | "5030" | "6000" | "6080" | "6130" | "6150"
            | "6180" | "6220" | "6280" | "6420" | "6430" | "6450" | "6480" | "6540" => {
                FaultMeaning::Rule
            }
            _ => FaultMeaning::Bug,
        }
    }

    /// Returns the transaction that has the wanted number. `None` unless this is a 6140 whose detail has the form `…
    /// DocNumber=18696 is assigned to TxnType=Invoice with TxnId=6575`.
    pub fn duplicate(&self) -> Option<Duplicate> {
        let (_, rest) = self.detail()?.split_once("DocNumber=")?;
        let (number, rest) = rest.rsplit_once(" is assigned to TxnType=")?;
        let (kind, rest) = rest.split_once(" with TxnId=")?;
        let id: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let is_complete = self.code == "6140" && !id.is_empty();
        is_complete.then(|| Duplicate {
            number: number.to_owned(),
            kind: txn_type(kind),
            id,
        })
    }
}

/// Writes code, message and field, for logs.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.message)?;
        match &self.element {
            Some(element) => write!(f, " ({element})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({self})")
    }
}

/// Returns the transaction type that a fault names, with or without spaces and in any case.
fn txn_type(name: &str) -> TxnType {
    match name.replace(' ', "").to_ascii_lowercase().as_str() {
        "invoice" => TxnType::Invoice,
        "creditmemo" => TxnType::CreditMemo,
        "journalentry" => TxnType::JournalEntry,
        "payment" => TxnType::Payment,
        _ => TxnType::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(code: &str, detail: &str) -> Fault {
        Fault::new(code, "Message", Some(detail), Some(""))
    }

    fn duplicate(detail: &str) -> Option<Duplicate> {
        fault("6140", detail).duplicate()
    }

    #[test]
    fn duplicate_names_the_other_transaction() {
        let found = duplicate(
            "Duplicate Document Number Error : You must specify a different number. This number has already been used. DocNumber=18696 is assigned to TxnType=Invoice with TxnId=6575",
        );
        let expected = Duplicate {
            number: "18696".to_owned(),
            kind: TxnType::Invoice,
            id: "6575".to_owned(),
        };
        assert_eq!(found, Some(expected));
    }

    #[test]
    fn duplicate_is_read_from_any_number_and_spelling() {
        let text = "DocNumber=A is assigned to TxnType=X-1 is assigned to TxnType=Journal Entry with TxnId=12.";
        let found = duplicate(text).unwrap();
        assert_eq!(found.number, "A is assigned to TxnType=X-1");
        assert_eq!(
            (found.kind, found.id.as_str()),
            (TxnType::JournalEntry, "12")
        );
        let kind = |words: &str| {
            duplicate(&format!(
                "DocNumber=1 is assigned to TxnType={words} with TxnId=1"
            ))
            .unwrap()
            .kind
        };
        assert_eq!(kind("CreditMemo"), TxnType::CreditMemo);
        assert_eq!(kind("Credit Memo"), TxnType::CreditMemo);
        assert_eq!(kind("Payment"), TxnType::Payment);
        assert_eq!(kind("Bill"), TxnType::Other);
    }

    #[test]
    fn incomplete_duplicate_is_none() {
        for text in [
            "",
            "DocNumber=1",
            "DocNumber=1 is assigned to TxnType=Invoice",
            "DocNumber=1 is assigned to TxnType=Invoice with TxnId=",
        ] {
            assert_eq!(duplicate(text), None, "{text}");
        }
        let other = fault(
            "6000",
            "DocNumber=1 is assigned to TxnType=Invoice with TxnId=1",
        );
        assert_eq!(other.duplicate(), None);
    }

    #[test]
    fn each_code_has_its_meaning() {
        let meanings = [
            ("5010", FaultMeaning::Stale),
            ("6140", FaultMeaning::DuplicateNumber),
            ("6240", FaultMeaning::DuplicateName),
            ("600", FaultMeaning::DuplicateRequest),
            ("610", FaultMeaning::Missing),
            ("2500", FaultMeaning::Missing),
            ("6430", FaultMeaning::Rule),
            ("10200", FaultMeaning::CompanyReset),
            ("6210", FaultMeaning::BooksClosed),
            ("6190", FaultMeaning::CompanySuspended),
            ("6000", FaultMeaning::Rule),
            ("6540", FaultMeaning::Rule),
            ("2050", FaultMeaning::Bug),
            ("500", FaultMeaning::Bug),
            ("99999", FaultMeaning::Bug),
        ];
        for (code, meaning) in meanings {
            assert_eq!(fault(code, "").meaning(), meaning, "{code}");
        }
    }

    #[test]
    fn leading_zeros_of_a_code_are_dropped() {
        assert_eq!(fault("003001", "").code, "3001");
    }

    #[test]
    fn detail_with_a_token_is_dropped() {
        for (code, detail) in [
            ("3200", "AB0173secret"),
            ("003200", "x"),
            ("1", "Token expired: AB0173secret"),
        ] {
            assert_eq!(fault(code, detail).detail(), None);
        }
    }

    #[test]
    fn detail_is_hidden_in_debug_and_display() {
        let fault = Fault::new(
            "6240",
            "Duplicate Name Exists Error",
            Some("Turner owes 43650.00"),
            Some("DisplayName"),
        );
        assert_eq!(fault.detail(), Some("Turner owes 43650.00"));
        assert_eq!(
            fault.to_string(),
            "6240 Duplicate Name Exists Error (DisplayName)"
        );
        assert_eq!(
            format!("{fault:?}"),
            "Fault(6240 Duplicate Name Exists Error (DisplayName))"
        );
    }
}
