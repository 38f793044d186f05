//! Thousands of connected firms, written directly into the records. Signing in that many firms would take an hour.
//!
//! The store then holds what a sign-in leaves: each connection, sealed, and its entry in the due index. The simulator
//! issues the grants, so a refresh is answered as at Intuit.

use std::collections::BTreeMap;

use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use mapping::CompanyPreferences;
use ports::records::Records;
use simulator::{Simulator, TokenPair};
use store::connection::grant::{Grant, Secret};
use store::connection::{Company, Connection, ConnectionStatus};
use store::schedule::{DueIndex, GROUPS, ScheduledJob};

/// The number of connected firms, and how many of them have an expired access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectedFirms {
    /// The number of firms.
    pub firms: usize,
    /// The number of firms whose access token has expired: the first ones.
    pub due: usize,
}

impl ConnectedFirms {
    /// Issues one grant for each firm.
    ///
    /// All grants are for one company, which is enough for the token endpoint. Therefore a new sign-in no longer ends the
    /// company's earlier grants.
    pub fn issue_grants(self, intuit: &mut Simulator) -> Vec<TokenPair> {
        intuit.switches_mut().should_revoke_on_reconnect = false;
        let realm = intuit.add_company(simulator::Company::new("Sample Electric LLC"));
        (0..self.firms)
            .filter_map(|_| intuit.connect(&realm).ok())
            .collect()
    }

    /// Saves a connection and a due-index entry for each firm, as of `now`.
    ///
    /// # Errors
    /// Fails if the number of grants is wrong or the store fails.
    pub async fn save<R: Records>(
        self,
        records: &R,
        grants: Vec<TokenPair>,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        anyhow::ensure!(grants.len() == self.firms, "each firm needs one grant");
        let mut due_indexes = BTreeMap::<u8, DueIndex>::new();
        for (number, tokens) in grants.into_iter().enumerate() {
            let firm: FirmId = format!("firm_{number:05}").parse()?;
            let valid_for = match number < self.due {
                true => SignedDuration::ZERO,
                false => SignedDuration::from_hours(1),
            };
            let connection = new_connection(number, tokens, &Validity { now, valid_for });
            records.save(firm.as_ref(), &connection).await?;
            let due_index = due_indexes.entry(DueIndex::shard_of(&firm)).or_default();
            due_index.reschedule(&firm, ScheduledJob::Connection, connection.next_due_at());
        }
        for shard in due_indexes.keys().copied().collect::<Vec<_>>() {
            let group = due_indexes.entry(shard % GROUPS).or_default();
            group.note_in_use(shard);
        }
        for (shard, due_index) in due_indexes {
            records.save(&shard.to_string(), &due_index).await?;
        }
        Ok(())
    }
}

/// The time of issue of an access token, and how long it is valid from then on.
struct Validity {
    now: Timestamp,
    valid_for: SignedDuration,
}

fn new_connection(number: usize, tokens: TokenPair, validity: &Validity) -> Connection {
    let Validity { now, valid_for } = *validity;
    let company = Company {
        realm_id: format!("9341{number:012}"),
        name: format!("Sample Electric {number} LLC"),
        country: Some("US".to_owned()),
        edition: Some("Plus".to_owned()),
        preferences: CompanyPreferences::default(),
        checked_at: now,
    };
    let grant = Grant {
        generation: 1,
        access_token: Secret(tokens.access_token),
        access_expires_at: now + valid_for,
        refresh_token: Secret(tokens.refresh_token),
        previous_refresh_token: None,
        refresh_expires_at: now + SignedDuration::from_hours(24 * 100),
        hard_expires_at: Some(now + SignedDuration::from_hours(24 * 1_825)),
        warned: None,
    };
    Connection {
        status: ConnectionStatus::Connected,
        company: Some(company),
        grant: Some(grant),
        connected_at: Some(now),
        ..Connection::default()
    }
}
