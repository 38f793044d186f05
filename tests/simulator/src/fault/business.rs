use super::{Family, Fault};
use crate::kind::Kind;

const BUSINESS: &str = "A business validation error has occurred while processing your request";

/// Faults of accounting rules, of the company's settings, and of the service itself.
impl Fault {
    pub(crate) fn business(detail: &str) -> Self {
        Self::new(
            "6000",
            BUSINESS,
            format!("Business Validation Error: {detail}"),
        )
    }

    pub(crate) fn account_type_needed() -> Self {
        Self::new(
            "6010",
            "Account type or subtype is required",
            "AccountType or AccountSubType must be given",
        )
    }

    pub(crate) fn amount_differs() -> Self {
        Self::new(
            "6070",
            "Amount calculation incorrect in the request",
            "Amount is not equal to UnitPrice * Qty. Supplied value:Amount",
        )
    }

    pub(crate) fn name_needed() -> Self {
        Self::new(
            "6080",
            "Name is required",
            "At least one of: Title, GivenName, MiddleName, FamilyName, DisplayName, or Suffix is required",
        )
    }

    pub(crate) fn tax_code(value: &str) -> Self {
        Self::new(
            "6100",
            "Invalid tax code",
            format!("TaxCodeRef must be TAX or NON, supplied:{value}"),
        )
    }

    pub(crate) fn duplicate_number(number: &str, kind: Kind, id: &str) -> Self {
        Self::new(
            "6140",
            "Duplicate Document Number Error",
            format!(
                "Duplicate Document Number Error : You must specify a different number. This number has already been \
                 used. DocNumber={number} is assigned to TxnType={} with TxnId={id}",
                kind.name()
            ),
        )
    }

    pub(crate) fn hierarchy() -> Self {
        Self::new(
            "6130",
            "Business Validation Error",
            "Bill With Parent cannot be changed, because the customer has transactions",
        )
    }

    pub(crate) fn parent_needed() -> Self {
        Self::new(
            "6150",
            "ParentRef is required",
            "A job or sub-entity must name its parent",
        )
    }

    pub(crate) fn too_many_levels() -> Self {
        Self::new(
            "6180",
            "Hierarchy is too deep",
            "At most five levels are supported",
        )
    }

    pub(crate) fn subscription_ended() -> Self {
        Self::new(
            "6190",
            "Invalid Company Status",
            "Subscription period has ended or canceled or there was a billing problem",
        )
    }

    pub(crate) fn period_closed() -> Self {
        Self::new(
            "6210",
            "Account Period Closed, Cannot Update Through Services API",
            "The account period has closed and the account books cannot be updated through the QBO Services API. \
             Please use the QBO website to make these changes.",
        )
    }

    pub(crate) fn open_balance() -> Self {
        Self::new(
            "6220",
            "Cannot be made inactive",
            "An entity with an open balance cannot be made inactive",
        )
    }

    pub(crate) fn duplicate_name(kind: Kind) -> Self {
        let detail = if kind.is_contact() {
            "The name supplied already exists. : Another customer, vendor or employee is already using this name. \
             Please use a different name."
        } else {
            "The name supplied already exists. : null"
        };
        Self::new("6240", "Duplicate Name Exists Error", detail)
    }

    pub(crate) fn email_needed() -> Self {
        Self::new(
            "6420",
            "Email address is required",
            "BillEmail is required when EmailStatus is NeedToSend",
        )
    }

    pub(crate) fn account_type(detail: &str) -> Self {
        Self::new("6430", "Invalid account type used", detail)
    }

    pub(crate) fn item_needed() -> Self {
        Self::new(
            "6440",
            "Item or account is required",
            "Each sales line must name an item",
        )
    }

    pub(crate) fn settled() -> Self {
        Self::new(
            "6450",
            "Transaction has been settled",
            "The transaction is paid and cannot be changed this way; remove the payments first",
        )
    }

    pub(crate) fn deposited() -> Self {
        Self::new(
            "6540",
            "Deposited transactions cannot be changed",
            "If you need to change or delete this transaction, remove it from the deposit first",
        )
    }

    /// Returns the fault of an inner error under the code of business rules. Intuit may have done the work or not.
    pub(crate) fn internal_error() -> Self {
        Self::business("Unexpected Internal Error. (-30034)")
    }

    /// Returns fault 10000. Intuit may have done the work or not.
    pub(crate) fn application_error() -> Self {
        Self {
            status: 500,
            family: Family::System,
            ..Self::new(
                "10000",
                "An application error has occurred while processing your request",
                "System Failure Error: null",
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicate_number_names_the_other_transaction() {
        let fault = Fault::duplicate_number("18696", Kind::Invoice, "6575");
        assert!(
            fault
                .detail
                .ends_with("DocNumber=18696 is assigned to TxnType=Invoice with TxnId=6575")
        );
    }

    #[test]
    fn application_error_is_a_server_error() {
        assert_eq!(Fault::application_error().status, 500);
        assert_eq!(Fault::business("x").status, 400);
    }

    #[test]
    fn duplicate_name_covers_customers_vendors_and_employees() {
        assert!(
            Fault::duplicate_name(Kind::Vendor)
                .detail
                .contains("vendor or employee")
        );
        assert!(!Fault::duplicate_name(Kind::Class).detail.contains("vendor"));
    }
}
