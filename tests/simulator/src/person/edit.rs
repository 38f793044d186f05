/// A kind of edit that a person may make by hand. [`Person::attempt`](crate::Person::attempt) makes one such edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edit {
    /// Pays half of an open invoice.
    PayPartly,
    /// Pays an open invoice.
    PayFully,
    /// Pays more than an open invoice; the rest stays unapplied.
    PayTooMuch,
    /// Pays every open invoice of a customer at once.
    PaySeveral,
    /// Removes a payment from its invoices.
    Unapply,
    /// Voids a payment, which reopens its invoices.
    VoidPayment,
    /// Deletes a payment, which reopens its invoices.
    DeletePayment,
    /// Sets an open credit memo against an open invoice.
    ApplyCreditMemo,
    /// Moves a payment to a bank account.
    DepositPayment,
    /// Deletes a bank deposit.
    DeleteDeposit,
    /// Changes the amount of an invoice line.
    ChangeAmount,
    /// Moves an invoice to another customer.
    ChangeCustomer,
    /// Changes the item of a line, and with the item the account.
    ChangeItem,
    /// Changes the class of an invoice or of a line.
    ChangeClass,
    /// Changes the number of an invoice.
    ChangeNumber,
    /// Moves an invoice to another date.
    ChangeDate,
    /// Changes the private note or the customer memo of an invoice.
    ChangeMemo,
    /// Changes the e-mail address of an invoice.
    ChangeEmail,
    /// Changes the terms of an invoice, and with the terms the due date.
    ChangeTerms,
    /// Changes the due date of an invoice.
    ChangeDueDate,
    /// Sends an invoice to the customer.
    EmailInvoice,
    /// Voids an invoice.
    VoidInvoice,
    /// Deletes an invoice.
    DeleteInvoice,
    /// Changes the note, number, date or amounts of a journal entry.
    ChangeEntry,
    /// Voids a journal entry.
    VoidEntry,
    /// Deletes a journal entry.
    DeleteEntry,
    /// Renames an entry of a list: `Customer`, `Class`, `Item` or `Account`.
    Rename(&'static str),
    /// Merges two entries of a list.
    Merge(&'static str),
    /// Makes an entry of a list inactive.
    Inactivate(&'static str),
    /// Makes an inactive entry of a list active.
    Reactivate(&'static str),
    /// Gives an account another type.
    RetypeAccount,
    /// Changes the class tracking of the company.
    ClassTracking,
    /// Closes the books until a date, or opens them.
    ClosingDate,
    /// Switches custom transaction numbers on or off.
    CustomNumbers,
    /// Renames the company.
    RenameCompany,
}

const LISTS: [&str; 4] = ["Customer", "Class", "Item", "Account"];

const SINGLE: [Edit; 31] = [
    Edit::PayPartly,
    Edit::PayFully,
    Edit::PayTooMuch,
    Edit::PaySeveral,
    Edit::Unapply,
    Edit::VoidPayment,
    Edit::DeletePayment,
    Edit::ApplyCreditMemo,
    Edit::DepositPayment,
    Edit::DeleteDeposit,
    Edit::ChangeAmount,
    Edit::ChangeCustomer,
    Edit::ChangeItem,
    Edit::ChangeClass,
    Edit::ChangeNumber,
    Edit::ChangeDate,
    Edit::ChangeMemo,
    Edit::ChangeEmail,
    Edit::ChangeTerms,
    Edit::ChangeDueDate,
    Edit::EmailInvoice,
    Edit::VoidInvoice,
    Edit::DeleteInvoice,
    Edit::ChangeEntry,
    Edit::VoidEntry,
    Edit::DeleteEntry,
    Edit::RetypeAccount,
    Edit::ClassTracking,
    Edit::ClosingDate,
    Edit::CustomNumbers,
    Edit::RenameCompany,
];

impl Edit {
    /// Returns every edit. Edits of lists appear once for each list.
    pub fn all() -> Vec<Self> {
        let of_lists = LISTS.into_iter().flat_map(|list| {
            [
                Self::Rename(list),
                Self::Merge(list),
                Self::Inactivate(list),
                Self::Reactivate(list),
            ]
        });
        SINGLE.into_iter().chain(of_lists).collect()
    }
}
