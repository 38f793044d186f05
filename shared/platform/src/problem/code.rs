//! The codes of all problems, in one table.

/// What kind of problem it is: the last part of its `type`, and its `code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The body is not JSON, or did not arrive whole.
    NotJson,
    /// No session, or not a valid one.
    Unauthorized,
    /// A webhook that is not signed as it should be.
    InvalidSignature,
    /// A delivery that Intuit did not sign.
    InvalidIntuitSignature,
    /// The person's role may look, not touch.
    RoleNotAllowed,
    /// The firm's plan does not have this.
    PlanNotEligible,
    /// No such address.
    NotFound,
    /// No such document.
    DocumentNotFound,
    /// The address does not answer to this method.
    MethodNotAllowed,
    /// No company is connected.
    NotConnected,
    /// The document is in no conflict.
    NotInConflict,
    /// The conflict was noted anew since it was loaded.
    ConflictChanged,
    /// Nothing can be decided about the document now.
    NotDecidable,
    /// The settings were changed since they were loaded.
    SettingsChanged,
    /// The body is too long.
    BodyTooLarge,
    /// A field does not fit.
    InvalidField,
    /// `If-Match` is missing.
    PreconditionRequired,
    /// A variable is missing or malformed.
    Misconfigured,
    /// A defect.
    Internal,
    /// QuickBooks did not do it.
    QuickbooksUnavailable,
    /// QuickBooks asks for fewer requests.
    QuickbooksThrottled,
    /// Others are changing the same record.
    StoreBusy,
    /// The records cannot be reached.
    StoreUnavailable,
}

impl Code {
    /// All of them, by status.
    pub const ALL: [Self; 23] = [
        Self::NotJson,
        Self::Unauthorized,
        Self::InvalidSignature,
        Self::InvalidIntuitSignature,
        Self::RoleNotAllowed,
        Self::PlanNotEligible,
        Self::NotFound,
        Self::DocumentNotFound,
        Self::MethodNotAllowed,
        Self::NotConnected,
        Self::NotInConflict,
        Self::ConflictChanged,
        Self::NotDecidable,
        Self::SettingsChanged,
        Self::BodyTooLarge,
        Self::InvalidField,
        Self::PreconditionRequired,
        Self::Misconfigured,
        Self::Internal,
        Self::QuickbooksUnavailable,
        Self::QuickbooksThrottled,
        Self::StoreBusy,
        Self::StoreUnavailable,
    ];

    /// Its name in `code` and `type`.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The status that it is answered with.
    pub fn status(self) -> u16 {
        self.row().1
    }

    /// Its title, the same whenever it occurs.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::NotJson => ("not_json", 400, "Not JSON"),
            Self::Unauthorized => ("unauthorized", 401, "Not signed in"),
            Self::InvalidSignature => ("invalid_signature", 401, "Signature not valid"),
            Self::InvalidIntuitSignature => {
                ("invalid_intuit_signature", 403, "Signature not valid")
            }
            Self::RoleNotAllowed => ("role_not_allowed", 403, "Role not allowed"),
            Self::PlanNotEligible => ("plan_not_eligible", 403, "Plan not eligible"),
            Self::NotFound => ("not_found", 404, "Not found"),
            Self::DocumentNotFound => ("document_not_found", 404, "Document not found"),
            Self::MethodNotAllowed => ("method_not_allowed", 405, "Method not allowed"),
            Self::NotConnected => ("not_connected", 409, "QuickBooks not connected"),
            Self::NotInConflict => ("not_in_conflict", 409, "Not in conflict"),
            Self::ConflictChanged => ("conflict_changed", 409, "Conflict changed"),
            Self::NotDecidable => ("not_decidable", 409, "Not to be decided now"),
            Self::SettingsChanged => ("settings_changed", 412, "Settings changed"),
            Self::BodyTooLarge => ("body_too_large", 413, "Body too large"),
            Self::InvalidField => ("invalid_field", 422, "Field not valid"),
            Self::PreconditionRequired => ("precondition_required", 428, "Precondition required"),
            Self::Misconfigured => ("misconfigured", 500, "Not set up"),
            Self::Internal => ("internal", 500, "Internal error"),
            Self::QuickbooksUnavailable => {
                ("quickbooks_unavailable", 502, "QuickBooks not available")
            }
            Self::QuickbooksThrottled => ("quickbooks_throttled", 503, "QuickBooks is busy"),
            Self::StoreBusy => ("store_busy", 503, "Record busy"),
            Self::StoreUnavailable => ("store_unavailable", 503, "Records not available"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_of_all_problems_is_this() {
        let rows =
            Code::ALL.map(|code| format!("{} {} {}", code.status(), code.name(), code.title()));
        insta::assert_snapshot!(rows.join("\n"), @"
        400 not_json Not JSON
        401 unauthorized Not signed in
        401 invalid_signature Signature not valid
        403 invalid_intuit_signature Signature not valid
        403 role_not_allowed Role not allowed
        403 plan_not_eligible Plan not eligible
        404 not_found Not found
        404 document_not_found Document not found
        405 method_not_allowed Method not allowed
        409 not_connected QuickBooks not connected
        409 not_in_conflict Not in conflict
        409 conflict_changed Conflict changed
        409 not_decidable Not to be decided now
        412 settings_changed Settings changed
        413 body_too_large Body too large
        422 invalid_field Field not valid
        428 precondition_required Precondition required
        500 misconfigured Not set up
        500 internal Internal error
        502 quickbooks_unavailable QuickBooks not available
        503 quickbooks_throttled QuickBooks is busy
        503 store_busy Record busy
        503 store_unavailable Records not available
        ");
    }

    #[test]
    fn no_two_problems_share_a_name() {
        let names: BTreeSet<_> = Code::ALL.map(Code::name).into_iter().collect();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
