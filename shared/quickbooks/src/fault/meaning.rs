//! The actions that faults ask of the caller.

/// The action that a refusal asks of the caller (Intuit: Error codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultMeaning {
    /// 5010: the object changed since it was read. Read it again and decide again. Do not just repeat the change with the
    /// new sync token: a person may have voided the object.
    Stale,
    /// 6140: another transaction has the number. [`Fault::duplicate`](super::Fault::duplicate) says which.
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

impl FaultMeaning {
    /// Returns the meaning of a code without leading zeros.
    pub(super) fn of(code: &str) -> Self {
        match code {
            "5010" => Self::Stale,
            "6140" => Self::DuplicateNumber,
            "6240" => Self::DuplicateName,
            "600" => Self::DuplicateRequest,
            "610" | "2500" => Self::Missing,
            "6200" | "6210" => Self::BooksClosed,
            "6190" => Self::CompanySuspended,
            "10200" => Self::CompanyReset,
            "620" | "2210" | "2390" | "5020" | "5030" | "6000" | "6080" | "6130" | "6150"
            | "6180" | "6220" | "6280" | "6420" | "6430" | "6450" | "6480" | "6540" => Self::Rule,
            _ => Self::Bug,
        }
    }
}
