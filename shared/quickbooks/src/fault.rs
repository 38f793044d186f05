//! Faults: the refusals of QuickBooks, and what each asks of the caller.

mod duplicate;
mod meaning;

pub use duplicate::Duplicate;
pub use meaning::FaultMeaning;

use std::fmt;

/// A refusal. [`fmt::Debug`] and [`fmt::Display`] leave the detail out, because it quotes names and amounts of the books.
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

impl Fault {
    /// Builds a fault from the parts that Intuit sends. The detail of an authentication fault is dropped, because it quotes
    /// a part of the token.
    pub fn new(code: &str, message: &str, detail: Option<&str>, element: Option<&str>) -> Self {
        let code = code.trim_start_matches('0');
        let present = |text: &&str| !text.is_empty();
        let has_no_token =
            |text: &&str| code != "3200" && !text.to_ascii_lowercase().contains("token");
        let detail = detail.filter(present).filter(has_no_token);
        Self {
            code: code.to_owned(),
            message: message.to_owned(),
            element: element.filter(present).map(str::to_owned),
            detail: detail.map(str::to_owned),
        }
    }

    /// Returns the long text, for the person whose books these are. Never log it.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// Returns whether QuickBooks failed inside. It says so as 6000, `Unexpected Internal Error (-30034)`, even with status 200. The
    /// change may stand all the same.
    pub(crate) fn is_internal_error(&self) -> bool {
        let says_so = |text: &str| text.contains("Unexpected Internal Error");
        self.code == "6000" && (says_so(&self.message) || self.detail().is_some_and(says_so))
    }

    /// Returns the action that the refusal asks of the caller.
    pub fn meaning(&self) -> FaultMeaning {
        FaultMeaning::of(&self.code)
    }

    /// Returns the transaction that has the wanted number. `None` unless this is a 6140 whose detail names the transaction.
    pub fn duplicate(&self) -> Option<Duplicate> {
        let duplicate = Duplicate::in_detail(self.detail()?)?;
        (self.code == "6140").then_some(duplicate)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::TxnType;

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
