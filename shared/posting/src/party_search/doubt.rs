//! Creations in doubt: QuickBooks perhaps carried them out.
//!
//! A creation in doubt is looked for under the name that was sent, before anything else is asked or created. Its index may lag behind, so a
//! query that finds nothing counts only after a margin.

use crate::error::{LookupError, PostingError};
use crate::party_search::{Party, Search, Stage, job};
use jiff::Timestamp;
use quickbooks::entity::ListEntry;
use quickbooks::query::MAX_RESULTS;
use store::matches::SentCreation;
use store::reason::{Action, Reason};

impl Search {
    /// Continues with the entries that have the name of the creation in doubt.
    pub fn find_sent(&mut self, rows: &[ListEntry], now: Timestamp) {
        let owner = self.owner_among(rows, &self.sent_name());
        let visible_from = self
            .creation_key
            .sent
            .as_ref()
            .map(SentCreation::visible_from);
        match (owner.filter(|row| row.is_active), visible_from) {
            (Some(row), _) => self.end(Ok(row.id.clone())),
            (None, Some(from)) if now < from => self.end_in_doubt(LookupError::TooEarly(from)),
            (None, _) if rows.len() >= MAX_RESULTS as usize => {
                let why = "too many entries have a similar name";
                self.end_in_doubt(LookupError::unanswered(why));
            }
            (None, _) => self.stage = Stage::Similar,
        }
    }

    /// Returns whether the index of QuickBooks had time to list a creation of the wanted name. A suffixed name was sent only after that.
    pub fn has_waited(&self) -> bool {
        let name = &self.wanted.name;
        let sent = self.creation_key.sent.as_ref();
        sent.is_some_and(|sent| sent.name == *name || sent.name == job::suffixed_name(self))
    }

    /// Ends the search until the index of QuickBooks had time to list the owner of the name.
    pub fn await_owner(&mut self, now: Timestamp) {
        let sent = self.creation_at(now);
        let visible_from = sent.visible_from();
        self.lost = Some(sent);
        self.end_in_doubt(LookupError::TooEarly(visible_from));
    }

    /// Returns the creation of the wanted name whose sending has just ended.
    pub fn creation_at(&self, now: Timestamp) -> SentCreation {
        let name = &self.wanted.name;
        let earlier = self.creation_key.sent.as_ref();
        match earlier.filter(|sent| sent.name == *name) {
            Some(sent) => sent.again(now),
            None => SentCreation::first(name, now),
        }
    }

    /// Ends the search because a creation was not answered clearly. After many of them, each after a look-up that found nothing, a person is
    /// told.
    pub fn end_unanswered_creation(
        &mut self,
        sent: &SentCreation,
        error: LookupError,
        now: Timestamp,
    ) {
        let LookupError::Unanswered { why, .. } = &error else {
            return self.end_in_doubt(error);
        };
        if !sent.is_given_up(now) {
            return self.end_in_doubt(error);
        }
        let message = format!(
            "RIVET sent {} to QuickBooks again and again, and QuickBooks never said why it does not take it ({why}). The document is not in QuickBooks.",
            party_in_words(self)
        );
        let reason = Reason::new("no_clear_answer", Action::ContactSupport, message);
        self.end(Err(PostingError::Failed(reason)));
    }

    /// Ends the search because it is still unknown whether the party was created.
    pub fn end_in_doubt(&mut self, error: LookupError) {
        let party = party_in_words(self);
        self.end(Err(PostingError::PartyUnknown { party, error }));
    }

    /// Ends the search because the look-up of the creation in doubt failed. A lost connection holds the document; every other failure says
    /// nothing about the creation.
    pub fn end_unanswered(&mut self, error: PostingError) {
        let (why, pause_until) = match error {
            PostingError::RetryAt(at) => ("QuickBooks could not be asked".to_owned(), Some(at)),
            PostingError::OutcomeUnknown { why, retry_at } => (why, retry_at),
            PostingError::Unread { why, retry_at } => {
                return self.end_in_doubt(LookupError::Unread { why, retry_at });
            }
            PostingError::Failed(reason) => {
                return self.end_in_doubt(LookupError::Refused(reason.message));
            }
            lost @ (PostingError::ConnectionLost(_)
            | PostingError::TokenRejected
            | PostingError::Store(_)) => return self.end(Err(lost)),
            _ => {
                let why = "QuickBooks refused the look-up".to_owned();
                return self.end_in_doubt(LookupError::Refused(why));
            }
        };
        self.end_in_doubt(LookupError::Unanswered { why, pause_until });
    }
}

/// Returns the party of a search in words, with the name that was sent.
fn party_in_words(search: &Search) -> String {
    let sent = search.creation_key.sent.as_ref();
    let name = sent.map_or(&search.wanted.name, |sent| &sent.name);
    match &search.party {
        Party::Customer(_) => format!("the customer \"{name}\""),
        Party::Job(_) => format!("the job \"{name}\""),
        Party::Class(_) => format!("the class \"{name}\""),
        Party::Item(_) => format!("the product or service \"{name}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::PartyKey;
    use crate::party_search::{Creation, CreationKey};
    use jiff::SignedDuration;

    const SENT_AT: Timestamp = Timestamp::UNIX_EPOCH;

    /// Returns the search for a customer whose creation was sent under this name.
    fn search(sent: Option<&str>) -> Search {
        let customer = billing::Customer {
            id: "cus_1".parse().unwrap(),
            name: "Turner Bay".into(),
            email: None,
            phone: None,
            address: None,
        };
        let body = mapping::customer_body(&customer);
        let key = CreationKey {
            of: "cus_1".into(),
            earlier_creations: 0,
            sent: sent.map(|name| SentCreation::first(name, SENT_AT)),
        };
        let party = Party::Customer(Box::new((customer, body)));
        let of = PartyKey::Customer("cus_1".parse().unwrap());
        Search::new(of, party, key, Creation::Allowed)
    }

    fn after_sending(seconds: i64) -> Timestamp {
        SENT_AT + SignedDuration::from_secs(seconds)
    }

    fn listed(name: &str) -> ListEntry {
        ListEntry {
            id: "58".into(),
            name: name.into(),
            full_name: name.into(),
            is_active: true,
            ..ListEntry::default()
        }
    }

    fn taken() -> PostingError {
        let reason = Reason::new("duplicate_name", Action::FixInQuickbooks, "taken");
        PostingError::DuplicateName(reason)
    }

    #[test]
    fn lost_creation_is_found_under_sent_name() {
        let mut search = search(Some("Turner Bay LLC"));
        search.continue_with(Ok(vec![listed("Turner Bay LLC")]), after_sending(1));
        assert_eq!(search.result, Some(Ok("58".into())));
    }

    #[test]
    fn lost_creation_unseen_within_margin_waits() {
        let mut early = search(Some("Turner Bay"));
        early.continue_with(Ok(Vec::new()), after_sending(119));
        let waits = LookupError::TooEarly(after_sending(120));
        assert!(
            matches!(&early.result, Some(Err(PostingError::PartyUnknown { error, .. })) if *error == waits)
        );
        let mut late = search(Some("Turner Bay"));
        late.continue_with(Ok(Vec::new()), after_sending(120));
        assert!(late.result.is_none() && late.stage == Stage::Similar);
    }

    #[test]
    fn refused_lookup_of_lost_creation_ends_in_doubt() {
        let refused = Reason::new("request_rejected", Action::ContactSupport, "4002");
        for error in [
            PostingError::Failed(refused),
            PostingError::RetryAt(after_sending(60)),
            PostingError::unknown("timeout"),
            taken(),
        ] {
            let mut search = search(Some("Turner Bay"));
            search.continue_with(Err(error), after_sending(500));
            assert!(
                matches!(&search.result, Some(Err(PostingError::PartyUnknown { party, .. })) if party == "the customer \"Turner Bay\"")
            );
        }
    }

    #[test]
    fn unseen_owner_of_name_is_awaited_once() {
        let mut first = search(None);
        first.continue_with(Ok(Vec::new()), after_sending(0));
        first.continue_created(Err(taken()), after_sending(0));
        first.continue_with(Ok(Vec::new()), after_sending(0));
        assert_eq!(
            first.lost.as_ref().map(|lost| lost.name.as_str()),
            Some("Turner Bay")
        );
        let mut second = search(Some("Turner Bay"));
        for _ in 0..2 {
            second.continue_with(Ok(Vec::new()), after_sending(120));
        }
        second.continue_created(Err(taken()), after_sending(120));
        second.continue_with(Ok(Vec::new()), after_sending(120));
        assert_eq!(second.wanted.name, "Turner Bay (Customer)");
    }
}
