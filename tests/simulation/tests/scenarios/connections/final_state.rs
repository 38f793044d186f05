//! The final state of a run, without faults and with nothing due, and its checks.

mod reconnect;
mod pending;

use self::pending::check_nothing_pending;
use self::reconnect::check_reconnect_possible;
use crate::connections::actions::{self, Confirming, Person, SignInAnswer};
use crate::connections::given::Given;
use crate::connections::invariants::Invariants;
use crate::connections::scenario::Disconnections;
use bytes::Bytes;
use connection::callback::CallbackResult;
use connection::confirm::ConfirmResult;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use ports::records::Records;
use simulation::deployment::Deployment;
use simulation::firms::{COMPANIES, FIRMS, firm_id};
use simulator::{Reply, Rotation};
use store::connection::{Connection, ConnectionStatus, UsableGrant};
use store::schedule::{DueIndex, ScheduledJob};

/// Longer than any claim.
const AFTER_CLAIMS: SignedDuration = SignedDuration::from_secs(130);

/// Longer than any access token.
const AFTER_TOKENS: SignedDuration = SignedDuration::from_mins(61);

/// Longer than the pauses between two attempts to reach Intuit or RIVET.
const AFTER_PAUSES: SignedDuration = SignedDuration::from_mins(6);

/// The most runs of the schedule until nothing is due.
const RUNS: usize = 6;

/// The most sign-ins of a firm. A sign-in may find four records whose creator crashed: the connection, the company, the shard of the due
/// index and the first one of its group. Another request creates each a minute later.
const SIGN_INS: usize = 5;

/// Ends all faults and runs the schedule until nothing is due.
pub async fn settle(deployment: &Deployment) {
    let world = &deployment.world;
    world.stop_faults();
    world.sleep(AFTER_CLAIMS).await;
    world.wait_for_instances().await;
    world.sleep(AFTER_TOKENS).await;
    for _ in 0..RUNS {
        world.join(deployment.scheduled_refresh()).await;
        world.sleep(AFTER_PAUSES).await;
        match is_due(deployment).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(what) => return world.fail(what),
        }
    }
    world.fail("the schedule does not come to rest");
}

async fn is_due(deployment: &Deployment) -> Result<bool, String> {
    for firm in FIRMS {
        if is_scheduled(deployment, firm, deployment.world.now()).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns whether a scheduled run at `at` visits the firm.
async fn is_scheduled(deployment: &Deployment, firm: &str, at: Timestamp) -> Result<bool, String> {
    let firm = firm_id(firm);
    let due_index = deployment
        .direct_records()
        .load::<DueIndex>(&DueIndex::shard_of(&firm).to_string())
        .await;
    let due_index = due_index.map_err(|error| error.to_string())?;
    Ok(due_index
        .is_some_and(|due_index| due_index.due(ScheduledJob::Connection, at).contains(&firm)))
}

/// Checks the final state of both firms.
pub async fn check(
    deployment: &Deployment,
    invariants: &Invariants,
    (given, ended): (Given, &Disconnections),
) {
    let records = deployment.direct_store();
    for firm in FIRMS {
        match records.connection(&firm_id(firm)).await {
            Ok(connection) => {
                let found = check_token_works(deployment, firm, &connection)
                    .and(check_due_hint(deployment, firm, &connection).await)
                    .and(check_company_claim(deployment, firm, &connection).await)
                    .and(check_nothing_pending(deployment, firm, &connection).await)
                    .and(check_notified(invariants, firm, &connection))
                    .and(check_not_lost(
                        invariants,
                        (given, ended),
                        (firm, &connection),
                    ));
                if let Err(what) = found {
                    deployment.world.fail(what);
                }
            }
            Err(error) => deployment.world.fail(error.to_string()),
        }
    }
    // The expensive checks run for some seeds only.
    let mut found = Ok(());
    if deployment.world.one_in(4) {
        found = check_reconnect_possible(deployment, invariants).await;
    }
    if deployment.world.one_in(8) {
        found = found.and(check_sealed(deployment));
    }
    if let Err(what) = found {
        deployment.world.fail(what);
    }
}

/// Checks that Intuit accepts the token of a connected firm.
fn check_token_works(
    deployment: &Deployment,
    firm: &str,
    connection: &Connection,
) -> Result<(), String> {
    let Some(UsableGrant { company, grant }) = connection.usable_grant() else {
        return match connection.status {
            ConnectionStatus::Connected => Err(format!("{firm} is connected to nothing")),
            _ => Ok(()),
        };
    };
    let realm = &company.realm_id;
    let request = Request::get(format!("/v3/company/{realm}/companyinfo/{realm}"))
        .header("authorization", format!("Bearer {}", grant.access_token.0))
        .header("accept", "application/json")
        .body(Bytes::new());
    let request = request.map_err(|error| error.to_string())?;
    let mut intuit = deployment.intuit.borrow_mut();
    intuit.set_now(deployment.world.now());
    match intuit.handle(request) {
        Reply::Answer(answer) if answer.status() == 200 => Ok(()),
        _ => Err(format!(
            "{firm} is connected with a token that is not honoured"
        )),
    }
}

/// Checks that a scheduled run will visit the firm when its connection is next due.
async fn check_due_hint(
    deployment: &Deployment,
    firm: &str,
    connection: &Connection,
) -> Result<(), String> {
    let Some(at) = connection.next_due_at() else {
        return Ok(());
    };
    if is_scheduled(deployment, firm, at).await? {
        return Ok(());
    }
    Err(format!(
        "{firm} is {:?}, and no run will look after it",
        connection.status
    ))
}

/// Checks that no revocation is left, and that the company of a firm is bound to that firm.
async fn check_company_claim(
    deployment: &Deployment,
    firm: &str,
    connection: &Connection,
) -> Result<(), String> {
    if connection.revocation.is_some() {
        return Err(format!("{firm} still has a grant to give back"));
    }
    let held = connection.company.as_ref().map(|company| &company.realm_id);
    let Some(realm) = held.filter(|realm| connection.has_company(realm)) else {
        return Ok(());
    };
    let owner = deployment.direct_store().company_owner(realm).await;
    let owner = owner.map_err(|error| error.to_string())?;
    if owner.is_some_and(|owner| owner.as_ref() == firm) {
        Ok(())
    } else {
        Err(format!("{firm} holds {realm}, which is not bound to it"))
    }
}

/// Checks that the latest notification to RIVET agrees with the status.
fn check_notified(
    invariants: &Invariants,
    firm: &str,
    connection: &Connection,
) -> Result<(), String> {
    let notified = invariants.latest_notification(firm);
    let expected = match connection.status {
        ConnectionStatus::NeedsReauthorization(_) => {
            notified.as_deref() == Some("connection.needs_reauthorization")
        }
        ConnectionStatus::Connected => notified
            .as_deref()
            .is_none_or(|notified| notified == "connection.restored"),
        _ => true,
    };
    if expected {
        return Ok(());
    }
    Err(format!(
        "{firm} is {:?}, but RIVET heard {notified:?}",
        connection.status
    ))
}

/// Checks that only people ended the connection. Faults end none if the previous token stays valid, and otherwise only after a crash or
/// a lost answer.
fn check_not_lost(
    invariants: &Invariants,
    (given, ended): (Given, &Disconnections),
    (firm, connection): (&str, &Connection),
) -> Result<(), String> {
    let graced = matches!(
        given.rotation,
        Rotation::Grace24h | Rotation::EachRefreshGrace24h
    );
    let nothing_lost = given.conditions.crashes + given.conditions.calls == 0;
    let Some(company) = &connection.company else {
        return Ok(());
    };
    let realm = company.realm_id.as_str();
    let harmed = ended.firms.contains(&firm)
        || ended.companies.contains(&realm)
        || invariants.exchanged_companies().contains(&realm);
    if (graced || nothing_lost) && !harmed && connection.usable_grant().is_none() {
        return Err(format!("{firm} lost its connection to faults alone"));
    }
    Ok(())
}

/// Checks that the store holds no readable token and no readable id of a company.
fn check_sealed(deployment: &Deployment) -> Result<(), String> {
    let mut secrets = deployment.intuit.borrow().issued_secrets();
    secrets.extend(COMPANIES.map(str::to_owned));
    for (key, value) in deployment.memory.content() {
        let value = String::from_utf8_lossy(&value);
        if secrets
            .iter()
            .any(|secret| value.contains(secret) || key.contains(secret))
        {
            return Err(format!("a secret lies readable in {key}"));
        }
    }
    Ok(())
}
