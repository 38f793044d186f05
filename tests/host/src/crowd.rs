//! Connected firms by the thousand, put straight into the records: as many consents in a browser would take an hour.
//!
//! What lies in the store afterwards is what connecting leaves there: each connection, sealed, and its hint in the agenda.
//! The grants are the simulator's own, so a refresh meets what it would meet at Intuit.

mod native;

use std::collections::BTreeMap;

use billing::FirmId;
use jiff::{SignedDuration, Timestamp};
use mapping::CompanyPreferences;
use ports::records::Records;
use simulator::Simulator;
use store::connection::grant::{Grant, Secret};
use store::connection::{Company, Connection, ConnectionStatus};
use store::schedule::{DueIndex, ScheduledJob};

pub(crate) use native::Native;

/// How many firms there are, and how many of them have an access token that has just ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowd {
    /// All of them.
    pub firms: usize,
    /// The first of them.
    pub due: usize,
}

/// The access token and the refresh token of a grant.
type Tokens = (String, String);

impl Crowd {
    /// A grant for each firm.
    ///
    /// All are for one company, which is enough for the token endpoint; so from now on a consent ends no other.
    pub fn grants(self, intuit: &mut Simulator) -> Vec<Tokens> {
        intuit.switches_mut().reconnect_supersedes = false;
        let realm = intuit.add_company(simulator::Company::new("Crowd Electric LLC"));
        (0..self.firms)
            .filter_map(|_| intuit.grant(&realm).ok())
            .collect()
    }

    /// Puts the firms into the records, each with its grant, as of `now`.
    ///
    /// # Errors
    /// If the store does not take them.
    pub async fn settle<R: Records>(
        self,
        records: &R,
        grants: Vec<Tokens>,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        anyhow::ensure!(grants.len() == self.firms, "a grant for each firm");
        let mut agendas = BTreeMap::<u8, DueIndex>::new();
        for (number, tokens) in grants.into_iter().enumerate() {
            let firm: FirmId = format!("firm_{number:05}").parse()?;
            let left = match number < self.due {
                true => SignedDuration::ZERO,
                false => SignedDuration::from_hours(1),
            };
            let connection = connection(number, (tokens, now + left), now);
            records.save(firm.as_ref(), &connection).await?;
            let agenda = agendas.entry(DueIndex::shard_of(&firm)).or_default();
            agenda.reschedule(&firm, ScheduledJob::Connection, connection.next_due_at());
        }
        for (shard, agenda) in agendas {
            records.save(&shard.to_string(), &agenda).await?;
        }
        Ok(())
    }
}

fn connection(
    number: usize,
    ((access_token, refresh_token), access_expires_at): (Tokens, Timestamp),
    now: Timestamp,
) -> Connection {
    let company = Company {
        realm_id: format!("9341{number:012}"),
        name: format!("Crowd Electric {number} LLC"),
        country: Some("US".to_owned()),
        edition: Some("Plus".to_owned()),
        books: CompanyPreferences::default(),
        checked_at: now,
    };
    let grant = Grant {
        generation: 1,
        access_token: Secret(access_token),
        access_expires_at,
        refresh_token: Secret(refresh_token),
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
