/// The entities that the simulator keeps.
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

    /// As in bodies and queries.
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

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Queries spell entities in any case.
    pub(crate) fn named_in_query(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// Paths spell entities in lower case.
    pub(crate) fn in_path(segment: &str) -> Option<Self> {
        let lower = !segment.contains(|letter: char| letter.is_ascii_uppercase());
        Self::named_in_query(segment).filter(|_| lower)
    }

    /// Whether it posts to the ledger and has a date.
    pub(crate) fn is_transaction(self) -> bool {
        matches!(
            self,
            Self::CreditMemo | Self::Deposit | Self::Invoice | Self::JournalEntry | Self::Payment
        )
    }

    /// The customer-like kinds whose names must differ from one another.
    pub(crate) fn is_name(self) -> bool {
        matches!(self, Self::Customer | Self::Employee | Self::Vendor)
    }

    /// The field that holds the name of a list entity.
    pub(crate) fn name_field(self) -> &'static str {
        if self.is_name() {
            "DisplayName"
        } else {
            "Name"
        }
    }

    /// How a fault about an unknown reference calls the list.
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
    fn every_kind_is_found_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), Some(kind));
            assert_eq!(Kind::in_path(&kind.name().to_ascii_lowercase()), Some(kind));
        }
    }

    #[test]
    fn paths_are_lower_case_and_queries_any_case() {
        assert_eq!(Kind::in_path("JournalEntry"), None);
        assert_eq!(
            Kind::named_in_query("JOURNALENTRY"),
            Some(Kind::JournalEntry)
        );
        assert_eq!(Kind::named("journalentry"), None);
    }
}
