/// A kind of edit that somebody may make by hand at any time. [`Person::attempt`](crate::Person::attempt) makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edit {
    PayPartly,
    PayFully,
    /// More than is open; the rest stays unapplied.
    PayTooMuch,
    /// All open invoices of a customer at once.
    PaySeveral,
    Unapply,
    VoidPayment,
    DeletePayment,
    ApplyCreditMemo,
    DepositPayment,
    DeleteDeposit,
    ChangeAmount,
    ChangeCustomer,
    /// And with it the account.
    ChangeItem,
    ChangeClass,
    ChangeNumber,
    ChangeDate,
    ChangeMemo,
    ChangeEmail,
    ChangeTerms,
    ChangeDueDate,
    EmailInvoice,
    VoidInvoice,
    DeleteInvoice,
    ChangeEntry,
    VoidEntry,
    DeleteEntry,
    /// Of a list: `Customer`, `Class`, `Item` or `Account`.
    Rename(&'static str),
    Merge(&'static str),
    Inactivate(&'static str),
    Reactivate(&'static str),
    RetypeAccount,
    ClassTracking,
    ClosingDate,
    CustomNumbers,
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
    /// Every edit, those of lists once for each list.
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
