use super::{Family, Fault};
use crate::kind::Kind;

/// Faults of the request itself: its caller, form, references and version.
impl Fault {
    pub(crate) fn not_admin(edition: &str) -> Self {
        Self {
            status: 401,
            family: Family::Authorization,
            ..Self::new(
                "120",
                "Authorization Failure",
                format!("Authorization Failure : -11014-You do not have access to use {edition}."),
            )
        }
    }

    pub(crate) fn unsupported_operation(what: &str) -> Self {
        Self::new(
            "500",
            "Unsupported Operation",
            format!("Operation {what} is not supported."),
        )
    }

    pub(crate) fn duplicate_request_id(id: &str) -> Self {
        Self::new(
            "600",
            "Duplicate Request ID",
            format!("Duplicate Request ID : {id} was used for another request"),
        )
    }

    pub(crate) fn inactive() -> Self {
        Self::new(
            "610",
            "Object Not Found",
            "Object Not Found : Something you're trying to use has been made inactive. \
             Check the fields with accounts, customers, items, vendors or employees.",
        )
    }

    pub(crate) fn deleted() -> Self {
        Self::new(
            "610",
            "Object Not Found",
            "Object Not Found : Another user has deleted this transaction.",
        )
    }

    pub(crate) fn cannot_link(reason: &str) -> Self {
        Self::new(
            "620",
            "Transaction cannot be linked",
            format!("Transaction cannot be linked : {reason}"),
        )
    }

    pub(crate) fn batch_too_large(items: usize) -> Self {
        Self::new(
            "1040",
            "Batch size exceeds limit",
            format!("Maximum number of items in a batch is 30, supplied:{items}"),
        )
    }

    pub(crate) fn unreadable(element: &str) -> Self {
        Self {
            element: element.to_owned(),
            ..Self::new(
                "2010",
                "Request has invalid or unsupported property",
                "Property Name:failed to parse json object; a property specified is unsupported or invalid",
            )
        }
    }

    pub(crate) fn required(parameter: &str) -> Self {
        Self {
            element: parameter.to_owned(),
            ..Self::new(
                "2020",
                "Required param missing, need to supply the required value for the API",
                format!("Required parameter {parameter} is missing in the request"),
            )
        }
    }

    pub(crate) fn invalid_id(id: &str) -> Self {
        Self::new(
            "2030",
            "Invalid ID",
            format!("Id should be a valid number. Supplied value:{id}"),
        )
    }

    pub(crate) fn invalid_text(element: &str) -> Self {
        Self {
            element: element.to_owned(),
            ..Self::new(
                "2040",
                "Invalid String. The field contains unsupported characters",
                format!("{element} contains a colon, a tab or a new line"),
            )
        }
    }

    pub(crate) fn length(element: &str, max: usize, supplied: usize) -> Self {
        Self {
            element: element.to_owned(),
            ..Self::new(
                "2050",
                "String length is either shorter or longer than supported by specification",
                format!(
                    "String length specified does not match the supported length. Min:0 Max:{max} supplied:{supplied}"
                ),
            )
        }
    }

    pub(crate) fn request_id_format() -> Self {
        Self::new(
            "2130",
            "Invalid Request Id Format",
            "Request Id is too long",
        )
    }

    pub(crate) fn enumeration(element: &str, value: &str) -> Self {
        Self {
            element: element.to_owned(),
            ..Self::new(
                "2170",
                "Invalid Enumeration",
                format!("Invalid Enumeration : {value}"),
            )
        }
    }

    pub(crate) fn email(element: &str) -> Self {
        Self {
            element: element.to_owned(),
            ..Self::new(
                "2210",
                "Invalid Email Address format",
                "The email address does not conform to the proper format",
            )
        }
    }

    pub(crate) fn too_few_journal_lines() -> Self {
        Self::new(
            "2250",
            "Journal entry needs at least two lines",
            "A journal entry must have at least one debit and one credit line",
        )
    }

    pub(crate) fn posting_type() -> Self {
        Self::new(
            "2260",
            "Invalid Posting Type",
            "PostingType must be Debit or Credit",
        )
    }

    pub(crate) fn negative_journal_amount() -> Self {
        Self::new(
            "2290",
            "Negative amount in a journal line",
            "Amount of a journal line must not be negative",
        )
    }

    pub(crate) fn unbalanced() -> Self {
        Self::new(
            "2300",
            "Debits and credits differ",
            "Total of debits must equal total of credits",
        )
    }

    pub(crate) fn no_income_account(item: &str) -> Self {
        Self::new(
            "2390",
            "Account needed for sales transactions",
            format!("Item {item} has no income account"),
        )
    }

    pub(crate) fn unknown_reference(kind: Kind, id: &str) -> Self {
        Self::new(
            "2500",
            "Invalid Reference Id",
            format!(
                "Invalid Reference Id : {} element id {id} not found",
                kind.list_name()
            ),
        )
    }

    pub(crate) fn query_syntax(near: &str) -> Self {
        Self::new(
            "4000",
            "Error parsing query",
            format!("QueryParserError: Encountered {near}"),
        )
    }

    pub(crate) fn query_lexical(letter: char) -> Self {
        Self::new(
            "4000",
            "Error parsing query",
            format!(
                "QueryParserError: Lexical error at line 1, column 1. Encountered: \"\\u{:04x}\"",
                u32::from(letter)
            ),
        )
    }

    pub(crate) fn query_failed() -> Self {
        Self::new(
            "4002",
            "Error executing query",
            "QueryExecutionError: A row of the result is invalid",
        )
    }

    pub(crate) fn query_invalid(what: &str) -> Self {
        Self::new(
            "4001",
            "Invalid query",
            format!("QueryValidationError: {what}"),
        )
    }

    pub(crate) fn stale() -> Self {
        Self::new(
            "5010",
            "Stale Object Error",
            "Stale Object Error : You and root were working on this at the same time. root finished before you did, \
             so your work was not saved.",
        )
    }

    pub(crate) fn permission(what: &str) -> Self {
        Self::new(
            "5020",
            "Permission Denied Error",
            format!("Permission Denied Error : {what}"),
        )
    }

    pub(crate) fn feature(what: &str) -> Self {
        Self::new(
            "5030",
            "Feature Not Supported Error",
            format!("Feature Not Supported Error : {what}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_name_the_wrong_value() {
        assert_eq!(
            Fault::length("DocNumber", 21, 24).detail,
            "String length specified does not match the supported length. Min:0 Max:21 supplied:24"
        );
        assert_eq!(
            Fault::unknown_reference(Kind::Customer, "9").detail,
            "Invalid Reference Id : Names element id 9 not found"
        );
        assert_eq!(
            Fault::required("Line").detail,
            "Required parameter Line is missing in the request"
        );
    }

    #[test]
    fn missing_rights_are_an_authorization_fault() {
        assert_eq!(Fault::not_admin("QuickBooks Online Plus").status, 401);
        assert_eq!(Fault::stale().status, 400);
    }
}
