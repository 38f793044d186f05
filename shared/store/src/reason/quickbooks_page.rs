//! The pages of QuickBooks Online to which a reason links.

use quickbooks::entity::TxnType;

/// Returns the address of a page of QuickBooks Online, for the company that the person has opened.
pub fn page(place: &str) -> String {
    ["https://app.qbo.intuit.com/app/", place].concat()
}

/// Returns the place of a transaction in QuickBooks, as [`page`] takes it.
pub fn place(kind: TxnType, id: &str) -> String {
    let form = match kind {
        TxnType::Invoice => "invoice",
        TxnType::CreditMemo => "creditmemo",
        TxnType::JournalEntry => "journal",
        TxnType::Payment => "recvpayment",
        TxnType::Other => "transaction",
    };
    [form, "?txnId=", id].concat()
}

/// Returns the name of a type of transaction on the pages of QuickBooks.
pub fn called(kind: TxnType) -> &'static str {
    match kind {
        TxnType::Invoice => "Invoice",
        TxnType::CreditMemo => "Credit Memo",
        TxnType::JournalEntry => "Journal Entry",
        TxnType::Payment => "Payment",
        TxnType::Other => "Transaction",
    }
}
