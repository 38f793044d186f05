//! The check that a firm without a connection can connect again.

use super::*;

/// Checks that a firm without a connection can connect: to its own company again, or to a company without a firm.
pub async fn check_reconnect_possible(
    deployment: &Deployment,
    invariants: &Invariants,
) -> Result<(), String> {
    let mut connections = Vec::new();
    for firm in FIRMS {
        let connection = deployment.direct_store().connection(&firm_id(firm)).await;
        connections.push((firm, connection.map_err(|error| error.to_string())?));
    }
    let Some((firm, lost)) = connections
        .iter()
        .find(|(_, found)| found.usable_grant().is_none())
    else {
        return Ok(());
    };
    let own = lost
        .company
        .as_ref()
        .map(|company| company.realm_id.as_str());
    let open = COMPANIES.into_iter().find(|realm| {
        let mut others = connections.iter().filter(|(other, _)| other != firm);
        own.is_none_or(|own| own == *realm) && !others.any(|(_, other)| other.has_company(realm))
    });
    let Some(realm) = open else { return Ok(()) };
    let person = Person {
        firm: firm_id(firm),
        realm,
        reloads_callback: false,
        confirming: Confirming::Once,
    };
    let mut answers = Vec::new();
    for _ in 0..SIGN_INS {
        answers = actions::connect(deployment, invariants, person.clone()).await;
        if !answers.is_empty() {
            break;
        }
        deployment.world.sleep(AFTER_CLAIMS).await;
    }
    let is_connected = answers.iter().any(|answer| {
        matches!(
            answer,
            SignInAnswer::Landed(CallbackResult::Reconnected)
                | SignInAnswer::Confirmed(ConfirmResult::Connected)
        )
    });
    match is_connected {
        true => Ok(()),
        false => Err(format!("{firm} cannot connect to {realm}: {answers:?}")),
    }
}
