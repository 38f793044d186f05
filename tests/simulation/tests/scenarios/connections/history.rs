//! The history of a run, and the invariants that follow from it.

use simulation::world::TaskId;
use std::collections::{BTreeMap, BTreeSet};
use store::connection::{Connection, UsableGrant};

/// The events that the observer saw.
#[derive(Clone, Default)]
pub struct History {
    /// The company of each code and refresh token.
    pub companies: BTreeMap<String, &'static str>,
    /// The tokens in the order in which the observer saw them.
    pub tokens: Vec<String>,
    /// The refresh tokens in flight: by call, the token and the task that waits.
    pub under_way: BTreeMap<u64, (String, TaskId)>,
    /// The used tokens whose successor is not saved: the successor and the task that has it.
    pub unsaved: BTreeMap<String, (String, TaskId)>,
    /// The latest record of each firm.
    pub records: BTreeMap<String, Connection>,
    pub claims: BTreeMap<(String, TaskId), Claim>,
    /// The task with the latest claim of each firm.
    pub claimant: BTreeMap<String, TaskId>,
    pub store_failed: BTreeSet<TaskId>,
    /// The firm that each code was for.
    pub firms: BTreeMap<String, String>,
    /// The firms whose person confirmed a new company.
    pub confirmed: BTreeSet<String>,
    /// The codes that were sent.
    pub codes: BTreeSet<String>,
    /// The companies whose code was exchanged, and the tasks that did it.
    pub exchanged: Vec<(&'static str, TaskId)>,
    /// The notification of each firm with the highest number, as RIVET received it.
    pub notified: BTreeMap<String, (u64, String)>,
}

/// A claim as it was saved.
#[derive(Clone)]
pub struct Claim {
    pub generation: u64,
    pub present: String,
    /// The token that may be tried next, if an earlier refresh was interrupted.
    pub previous: Option<String>,
    pub sent: usize,
}

impl History {
    pub fn number(&mut self, token: &str) -> usize {
        if let Some(number) = self.tokens.iter().position(|known| known == token) {
            return number;
        }
        self.tokens.push(token.to_owned());
        self.tokens.len() - 1
    }

    /// Checks that the sender of a refresh token holds the latest claim, and that the token is the first or second of the claim.
    pub fn check_claim(
        &mut self,
        by: TaskId,
        (token, number): (&str, usize),
    ) -> Result<(), String> {
        let claims = self.claims.iter_mut().filter(|((_, task), _)| *task == by);
        let claimed = claims.into_iter().find(|(_, claim)| {
            let expected = [Some(&claim.present), claim.previous.as_ref()];
            let turn = expected.get(claim.sent).copied().flatten();
            turn.is_some_and(|turn| turn == token)
        });
        let Some(((firm, _), claim)) = claimed else {
            return Err(format!(
                "{by} sends refresh token {number} without a claim to it"
            ));
        };
        claim.sent += 1;
        let (firm, generation) = (firm.clone(), claim.generation);
        let latest = self.claimant.get(&firm).copied();
        let taken_over = latest.filter(|other| *other != by).filter(|other| {
            let theirs = self.claims.get(&(firm.clone(), *other));
            theirs.is_some_and(|theirs| theirs.generation == generation)
        });
        match taken_over {
            Some(other) => Err(format!("{by} refreshes {firm} although {other} claimed it")),
            None => Ok(()),
        }
    }

    /// Checks that no other firm ends the grant of a connected firm.
    pub fn check_no_grant_ended(&self, realm: &str, by: Option<&String>) -> Result<(), String> {
        let mut others = self.records.iter().filter(|(firm, _)| Some(*firm) != by);
        let harmed = others.find(|(_, connection)| {
            let company = connection.usable_grant().map(|usable| usable.company);
            company.is_some_and(|company| company.realm_id == realm)
        });
        match harmed {
            Some((firm, _)) => Err(format!("the grant of {firm}, which is connected, is ended")),
            None => Ok(()),
        }
    }

    /// Checks that no company serves two firms.
    pub fn check_companies(&self) -> Result<(), String> {
        let mut served = BTreeMap::new();
        for (firm, connection) in &self.records {
            let Some(UsableGrant { company, .. }) = connection.usable_grant() else {
                continue;
            };
            if let Some(other) = served.insert(&company.realm_id, firm) {
                return Err(format!("one company serves {other} and {firm}"));
            }
        }
        Ok(())
    }
}
