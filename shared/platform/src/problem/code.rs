//! The codes of all problems, in one table.

/// The code of a problem: the member `code` and the last part of `type` (RFC 9457 section 3.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemCode {
    /// The body is not JSON, or was not received completely.
    NotJson,
    /// The session token is missing, invalid or expired.
    Unauthorized,
    /// An event has no valid signature of RIVET.
    InvalidSignature,
    /// A delivery has no valid signature of Intuit.
    InvalidIntuitSignature,
    /// The user's role may only look.
    RoleNotAllowed,
    /// The firm's plan has no accounting integrations.
    PlanNotEligible,
    /// Another person asked for the sign-in that is to be confirmed.
    ConfirmationNotYours,
    /// No route has this path.
    NotFound,
    /// The firm has no such document.
    DocumentNotFound,
    /// The path exists, but not with this method.
    MethodNotAllowed,
    /// The firm has no connected company.
    NotConnected,
    /// No sign-in has this confirmation.
    ConfirmationUnknown,
    /// The confirmation was used before.
    ConfirmationUsed,
    /// The confirmation is older than ten minutes.
    ConfirmationExpired,
    /// A later sign-in to the same company replaced the one to be confirmed.
    ConfirmationSuperseded,
    /// The company serves another firm.
    CompanyTaken,
    /// The firm is connected to another company.
    OtherCompany,
    /// Another request is connecting or disconnecting the company.
    TryAgain,
    /// The document is not in conflict.
    NotInConflict,
    /// The conflict was recorded again after the person loaded it.
    ConflictChanged,
    /// No decision about the document is possible now.
    NotDecidable,
    /// The firm was erased.
    FirmErased,
    /// The settings were changed after the person loaded them.
    SettingsChanged,
    /// The body is longer than 1 MiB.
    BodyTooLarge,
    /// A field of the body or a query parameter is invalid.
    InvalidField,
    /// The header `If-Match` is missing.
    PreconditionRequired,
    /// The firm's users ask for more lists of QuickBooks than its pace allows.
    TooManyRequests,
    /// A variable of the deployment is missing or malformed.
    Misconfigured,
    /// A defect in our own code.
    Internal,
    /// A call to QuickBooks failed.
    QuickbooksUnavailable,
    /// QuickBooks asks for fewer requests.
    QuickbooksThrottled,
    /// Other requests are changing the same record.
    StoreBusy,
    /// The store does not answer, or a record cannot be read.
    StoreUnavailable,
}

impl ProblemCode {
    /// All codes, ordered by status.
    pub const ALL: [Self; 33] = [
        Self::NotJson,
        Self::Unauthorized,
        Self::InvalidSignature,
        Self::InvalidIntuitSignature,
        Self::RoleNotAllowed,
        Self::PlanNotEligible,
        Self::ConfirmationNotYours,
        Self::NotFound,
        Self::DocumentNotFound,
        Self::MethodNotAllowed,
        Self::NotConnected,
        Self::ConfirmationUnknown,
        Self::ConfirmationUsed,
        Self::ConfirmationExpired,
        Self::ConfirmationSuperseded,
        Self::CompanyTaken,
        Self::OtherCompany,
        Self::TryAgain,
        Self::NotInConflict,
        Self::ConflictChanged,
        Self::NotDecidable,
        Self::FirmErased,
        Self::SettingsChanged,
        Self::BodyTooLarge,
        Self::InvalidField,
        Self::PreconditionRequired,
        Self::TooManyRequests,
        Self::Misconfigured,
        Self::Internal,
        Self::QuickbooksUnavailable,
        Self::QuickbooksThrottled,
        Self::StoreBusy,
        Self::StoreUnavailable,
    ];

    /// Returns the name in the members `code` and `type`.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Returns the HTTP status of the answer.
    pub fn status(self) -> u16 {
        self.entry().status
    }

    /// Returns the title, which is the same for each occurrence (RFC 9457 section 3.1.3).
    pub fn title(self) -> &'static str {
        self.entry().title
    }

    fn entry(self) -> Entry {
        match self {
            Self::NotJson => entry("not_json", 400, "Not JSON"),
            Self::Unauthorized => entry("unauthorized", 401, "Not signed in"),
            Self::InvalidSignature => entry("invalid_signature", 401, "Signature not valid"),
            Self::InvalidIntuitSignature => {
                entry("invalid_intuit_signature", 403, "Signature not valid")
            }
            Self::RoleNotAllowed => entry("role_not_allowed", 403, "Role not allowed"),
            Self::PlanNotEligible => entry("plan_not_eligible", 403, "Plan not eligible"),
            Self::ConfirmationNotYours => {
                entry("confirmation_not_yours", 403, "Not your confirmation")
            }
            Self::NotFound => entry("not_found", 404, "Not found"),
            Self::DocumentNotFound => entry("document_not_found", 404, "Document not found"),
            Self::MethodNotAllowed => entry("method_not_allowed", 405, "Method not allowed"),
            Self::NotConnected => entry("not_connected", 409, "QuickBooks not connected"),
            Self::ConfirmationUnknown => entry("confirmation_unknown", 409, "Confirmation unknown"),
            Self::ConfirmationUsed => entry("confirmation_used", 409, "Confirmation used"),
            Self::ConfirmationExpired => entry("confirmation_expired", 409, "Confirmation expired"),
            Self::ConfirmationSuperseded => {
                entry("confirmation_superseded", 409, "Sign-in replaced")
            }
            Self::CompanyTaken => entry("company_taken", 409, "Company taken"),
            Self::OtherCompany => entry("other_company", 409, "Other company connected"),
            Self::TryAgain => entry("try_again", 409, "Company in use"),
            Self::NotInConflict => entry("not_in_conflict", 409, "Not in conflict"),
            Self::ConflictChanged => entry("conflict_changed", 409, "Conflict changed"),
            Self::NotDecidable => entry("not_decidable", 409, "No decision possible now"),
            Self::FirmErased => entry("firm_erased", 410, "Firm erased"),
            Self::SettingsChanged => entry("settings_changed", 412, "Settings changed"),
            Self::BodyTooLarge => entry("body_too_large", 413, "Body too large"),
            Self::InvalidField => entry("invalid_field", 422, "Field not valid"),
            Self::PreconditionRequired => {
                entry("precondition_required", 428, "Precondition required")
            }
            Self::TooManyRequests => entry("too_many_requests", 429, "Too many requests"),
            Self::Misconfigured => entry("misconfigured", 500, "Service not set up"),
            Self::Internal => entry("internal", 500, "Internal error"),
            Self::QuickbooksUnavailable => {
                entry("quickbooks_unavailable", 502, "QuickBooks not available")
            }
            Self::QuickbooksThrottled => entry("quickbooks_throttled", 503, "QuickBooks is busy"),
            Self::StoreBusy => entry("store_busy", 503, "Record busy"),
            Self::StoreUnavailable => entry("store_unavailable", 503, "Store not available"),
        }
    }
}

/// A row of the table.
struct Entry {
    name: &'static str,
    status: u16,
    title: &'static str,
}

fn entry(name: &'static str, status: u16, title: &'static str) -> Entry {
    Entry {
        name,
        status,
        title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_code_has_its_status_and_title() {
        let rows = ProblemCode::ALL
            .map(|code| format!("{} {} {}", code.status(), code.name(), code.title()));
        insta::assert_snapshot!(rows.join("\n"), @"
        400 not_json Not JSON
        401 unauthorized Not signed in
        401 invalid_signature Signature not valid
        403 invalid_intuit_signature Signature not valid
        403 role_not_allowed Role not allowed
        403 plan_not_eligible Plan not eligible
        403 confirmation_not_yours Not your confirmation
        404 not_found Not found
        404 document_not_found Document not found
        405 method_not_allowed Method not allowed
        409 not_connected QuickBooks not connected
        409 confirmation_unknown Confirmation unknown
        409 confirmation_used Confirmation used
        409 confirmation_expired Confirmation expired
        409 confirmation_superseded Sign-in replaced
        409 company_taken Company taken
        409 other_company Other company connected
        409 try_again Company in use
        409 not_in_conflict Not in conflict
        409 conflict_changed Conflict changed
        409 not_decidable No decision possible now
        410 firm_erased Firm erased
        412 settings_changed Settings changed
        413 body_too_large Body too large
        422 invalid_field Field not valid
        428 precondition_required Precondition required
        429 too_many_requests Too many requests
        500 misconfigured Service not set up
        500 internal Internal error
        502 quickbooks_unavailable QuickBooks not available
        503 quickbooks_throttled QuickBooks is busy
        503 store_busy Record busy
        503 store_unavailable Store not available
        ");
    }

    #[test]
    fn each_code_has_its_own_name() {
        let names: BTreeSet<_> = ProblemCode::ALL
            .map(ProblemCode::name)
            .into_iter()
            .collect();
        assert_eq!(names.len(), ProblemCode::ALL.len());
    }
}
