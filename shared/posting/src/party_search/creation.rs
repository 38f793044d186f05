//! Creates the party that a search did not find.

use crate::error::{LookupError, PostingError};
use crate::party_search::party::{CreationKey, FirmCompany};
use crate::party_search::{Search, Stage};
use connection::idempotency_key::{IdentifiedRequest, request_id};
use jiff::Timestamp;
use ports::time::after;
use quickbooks::request::Write;
use store::document::attempts::LOOKUP_DELAY;

impl Search {
    /// Returns the request id of the creation. Another company, party, body or attempt has another id.
    pub fn request_id(&self, company: FirmCompany<'_>) -> String {
        let CreationKey {
            of,
            earlier_creations,
            ..
        } = &self.creation_key;
        let attempt = (earlier_creations + self.refused_creations).to_string();
        let kind = self.wanted.kind.name();
        let body = serde_json::to_string(&Write::Create(self.party.body(&self.wanted.name)))
            .unwrap_or_default();
        let FirmCompany { firm, realm_id } = company;
        let parts = [firm.as_ref(), realm_id, kind, of, &attempt, &body];
        request_id(IdentifiedRequest::Creation, &parts)
    }

    /// Continues with the answer to the creation.
    pub fn continue_created(&mut self, created: Result<String, PostingError>, now: Timestamp) {
        if created.as_ref().is_err_and(is_answered) {
            self.refused_creations += 1;
        }
        if let Err(PostingError::OutcomeUnknown { .. } | PostingError::DuplicateRequestId(_)) =
            &created
        {
            self.lost = Some(self.creation_at(now));
        }
        match created {
            Err(PostingError::OutcomeUnknown { why, retry_at }) => {
                let soon = after(now, LOOKUP_DELAY);
                let pause_until = Some(soon.max(retry_at.unwrap_or(soon)));
                let (sent, error) = (
                    self.creation_at(now),
                    LookupError::Unanswered { why, pause_until },
                );
                self.end_unanswered_creation(&sent, error, now);
            }
            Err(refusal @ PostingError::DuplicateName(_)) => {
                self.stage = Stage::Taken;
                self.refusal = Some(refusal);
            }
            created => self.end(created),
        }
    }
}

/// Returns whether QuickBooks answered a creation and made nothing. Intuit may give the same answer to the same request id again, so the
/// next creation needs another.
fn is_answered(error: &PostingError) -> bool {
    error.is_refused() || matches!(error, PostingError::DuplicateRequestId(_))
}
