//! What the witness knows of what happened, and what follows from it.

use simulation::world::TaskId;
use std::collections::{BTreeMap, BTreeSet};
use store::connection::Connection;
use store::connection::UsableGrant;

/// What it knows of what happened.
#[derive(Clone, Default)]
pub struct History {
    /// The company of each code and refresh token.
    pub companies: BTreeMap<String, &'static str>,
    /// Tokens in the order in which they were seen.
    pub tokens: Vec<String>,
    /// Refresh tokens under way: the call and who waits for it.
    pub under_way: BTreeMap<u64, (String, TaskId)>,
    /// A token that was spent, and who holds its successor without having saved it.
    pub unsaved: BTreeMap<String, (String, TaskId)>,
    /// The latest record of each firm.
    pub records: BTreeMap<String, Connection>,
    pub claims: BTreeMap<(String, TaskId), Claim>,
    /// Whose claim of a firm is the latest.
    pub claimant: BTreeMap<String, TaskId>,
    pub store_failed: BTreeSet<TaskId>,
    /// The firm that each code was for.
    pub firms: BTreeMap<String, String>,
    /// Codes that were sent.
    pub codes: BTreeSet<String>,
    /// Companies whose code was exchanged, and by whom.
    pub exchanged: Vec<(&'static str, TaskId)>,
    /// What RIVET heard of each firm: the notice with the highest number.
    pub notified: BTreeMap<String, (u64, String)>,
}

/// A claim as it was written.
#[derive(Clone)]
pub struct Claim {
    pub generation: u64,
    pub present: String,
    /// What may be tried next, if an earlier refresh never reported back.
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

    /// Whoever spends a token has claimed it, nobody has claimed it since, and it is the claim's first or second.
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

    /// Nobody but a firm itself may end the grant of the company that it holds.
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
