/// A kind of entity that the simulator knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Account,
    Class,
    CompanyInfo,
    CreditMemo,
    Customer,
    Department,
    Deposit,
    Employee,
    Invoice,
    Item,
    JournalEntry,
    Payment,
    PaymentMethod,
    Preferences,
    Term,
    Vendor,
}

impl Kind {
    pub(crate) const ALL: [Self; 16] = [
        Self::Account,
        Self::Class,
        Self::CompanyInfo,
        Self::CreditMemo,
        Self::Customer,
        Self::Department,
        Self::Deposit,
        Self::Employee,
        Self::Invoice,
        Self::Item,
        Self::JournalEntry,
        Self::Payment,
        Self::PaymentMethod,
        Self::Preferences,
        Self::Term,
        Self::Vendor,
    ];

    /// Returns the name that bodies and queries use.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::Class => "Class",
            Self::CompanyInfo => "CompanyInfo",
            Self::CreditMemo => "CreditMemo",
            Self::Customer => "Customer",
            Self::Department => "Department",
            Self::Deposit => "Deposit",
            Self::Employee => "Employee",
            Self::Invoice => "Invoice",
            Self::Item => "Item",
            Self::JournalEntry => "JournalEntry",
            Self::Payment => "Payment",
            Self::PaymentMethod => "PaymentMethod",
            Self::Preferences => "Preferences",
            Self::Term => "Term",
            Self::Vendor => "Vendor",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns the kind that a query names. Queries spell kinds in any case.
    pub(crate) fn from_query_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// Returns the kind that a path names. Paths spell kinds in lower case.
    pub(crate) fn from_path_segment(segment: &str) -> Option<Self> {
        let lower = !segment.contains(|letter: char| letter.is_ascii_uppercase());
        Self::from_query_name(segment).filter(|_| lower)
    }

    /// Returns whether entities of the kind post to the ledger and have a date.
    pub(crate) fn is_transaction(self) -> bool {
        matches!(
            self,
            Self::CreditMemo | Self::Deposit | Self::Invoice | Self::JournalEntry | Self::Payment
        )
    }

    /// Returns whether the kind is one of those that share one set of display names.
    pub(crate) fn is_contact(self) -> bool {
        matches!(self, Self::Customer | Self::Employee | Self::Vendor)
    }

    /// Returns the field that holds the name of a list entity.
    pub(crate) fn name_field(self) -> &'static str {
        if self.is_contact() {
            "DisplayName"
        } else {
            "Name"
        }
    }

    /// Returns the name of the list in a fault about an unknown reference.
    pub(crate) fn list_name(self) -> &'static str {
        match self {
            Self::Account => "Accounts",
            Self::Customer | Self::Employee | Self::Vendor => "Names",
            Self::Item => "Items",
            other => other.name(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_is_found_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
            assert_eq!(
                Kind::from_path_segment(&kind.name().to_ascii_lowercase()),
                Some(kind)
            );
        }
    }

    #[test]
    fn case_matters_in_paths_but_not_in_queries() {
        assert_eq!(Kind::from_path_segment("JournalEntry"), None);
        assert_eq!(
            Kind::from_query_name("JOURNALENTRY"),
            Some(Kind::JournalEntry)
        );
        assert_eq!(Kind::from_name("journalentry"), None);
    }
}
