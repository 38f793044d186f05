//! Connecting, second half: Intuit's answer comes back with the browser.
//!
//! Nothing is stored before all of it holds: the state is ours, unused, young and of this browser; the
//! code was honoured; the company answers to the new token; it serves no other firm; and it is the
//! company that the firm had before, if it had one.

mod landing;

pub use landing::{Arrival, Landing, NotConnected};

use crate::agenda::Chore;
use crate::company::Calls;
use crate::connection::{Company, Connection, Grant, Standing};
use crate::consent::{self, Consent, ConsentRefusal};
use crate::error::Error;
use crate::ports::{Http, Records};
use crate::reason::Hold;
use crate::store::Bound;
use crate::tokens;
use crate::{Bridge, check};
use billing::FirmId;
use jiff::Timestamp;
use oauth2::AccessToken;

/// What a landing needs besides the bridge.
pub struct Runway<'a> {
    /// The redirect URI that the browser left with.
    pub redirect_uri: &'a str,
    /// Where a grant that is not kept is given back.
    pub revoke_origin: &'a str,
}

/// Takes Intuit's answer.
pub async fn land<H: Http, R: Records>(
    bridge: &Bridge<H, R>,
    runway: &Runway<'_>,
    arrival: &Arrival,
    now: Timestamp,
) -> Result<Landing, Error> {
    let consent = match identify(bridge, arrival, now).await? {
        Ok(consent) => consent,
        Err(refusal) => return Ok(Landing::Failed(refusal.into())),
    };
    match arrival.error.as_deref() {
        Some("access_denied") => return Ok(Landing::Denied),
        Some(_) => return Ok(Landing::Failed(NotConnected::IntuitError)),
        None => {}
    }
    let granted = arrival
        .realm_id
        .as_deref()
        .filter(|id| is_realm(id))
        .ok_or(NotConnected::NoCompany);
    let granted = granted.and_then(|realm_id| {
        Ok((
            realm_id,
            arrival.code.clone().ok_or(NotConnected::CodeRefused)?,
        ))
    });
    match granted {
        Ok(granted) => settle(bridge, runway, (&consent, granted), now).await,
        Err(why) => Ok(Landing::Failed(why)),
    }
}

async fn identify<H, R: Records>(
    bridge: &Bridge<H, R>,
    arrival: &Arrival,
    now: Timestamp,
) -> Result<Result<Consent, ConsentRefusal>, Error> {
    let state = arrival.state.as_deref().unwrap_or_default();
    let Some(id) = consent::named_by(state) else {
        return Ok(Err(ConsentRefusal::Unknown));
    };
    Ok(bridge
        .store
        .take_consent((id, state), arrival.browser.as_deref(), now)
        .await?)
}

/// Whose the company is comes first: exchanging a code ends earlier grants of its company, and revoking
/// one ends them all, so neither may happen to a company that serves another firm.
async fn settle<H: Http, R: Records>(
    bridge: &Bridge<H, R>,
    runway: &Runway<'_>,
    (consent, (realm_id, code)): (&Consent, (&str, String)),
    now: Timestamp,
) -> Result<Landing, Error> {
    let before = bridge.store.connection(&consent.firm).await?.company;
    if before
        .as_ref()
        .is_some_and(|company| company.realm_id != realm_id)
    {
        return Ok(Landing::Failed(NotConnected::OtherCompany));
    }
    let owner = bridge.store.company_owner(realm_id).await?;
    if owner.as_ref().is_some_and(|owner| *owner != consent.firm) {
        return Ok(Landing::Failed(NotConnected::CompanyTaken));
    }
    let (company, grant) = match obtain(bridge, runway, (realm_id, code), now).await {
        Ok(obtained) => obtained,
        Err((why, grant)) => {
            if let Some(grant) = grant.filter(|_| owner.is_none()) {
                give_back(bridge, runway, &grant).await;
            }
            return Ok(Landing::Failed(why));
        }
    };
    if bridge.store.bind_company(realm_id, &consent.firm).await? == Bound::Another {
        return Ok(Landing::Failed(NotConnected::CompanyTaken));
    }
    connect(bridge, consent, (company, grant), now).await?;
    Ok(if before.is_some() {
        Landing::Reconnected
    } else {
        Landing::Connected
    })
}

/// Exchanges the code and has the company answer to the new token.
async fn obtain<H: Http, R: Records>(
    bridge: &Bridge<H, R>,
    runway: &Runway<'_>,
    (realm_id, code): (&str, String),
    now: Timestamp,
) -> Result<(Company, Grant), (NotConnected, Option<Grant>)> {
    let exchanged = tokens::exchange(&bridge.grants(), (code, runway.redirect_uri), now).await;
    let grant = exchanged.map_err(|why| (why.into(), None))?;
    let calls = Calls {
        http: &bridge.http,
        api_origin: &bridge.api_origin,
        realm_id: realm_id.to_owned(),
        access_token: AccessToken::new(grant.access_token.0.clone()),
    };
    match check::check(&calls, now).await {
        Ok(company) => Ok((company, grant)),
        Err(why) => Err((why.into(), Some(grant))),
    }
}

/// A grant that is not kept is ended; if that fails, it ends by itself, since nobody holds it.
async fn give_back<H: Http, R: Records>(bridge: &Bridge<H, R>, runway: &Runway<'_>, grant: &Grant) {
    let _ = tokens::revoke(&bridge.grants(), runway.revoke_origin, &grant.refresh_token).await;
}

async fn connect<H, R: Records>(
    bridge: &Bridge<H, R>,
    consent: &Consent,
    (company, grant): (Company, Grant),
    now: Timestamp,
) -> Result<(), Error> {
    let refresh_at = grant.access_expires_at;
    let connection = Connection {
        standing: Standing::Connected,
        company: Some(company),
        grant: Some(grant),
        connected_by: Some(consent.user.clone()),
        connected_at: Some(now),
        ..Connection::default()
    };
    bridge
        .store
        .replace_connection(&consent.firm, &connection)
        .await?;
    bridge
        .store
        .note_chore(&consent.firm, Chore::Refresh, refresh_at)
        .await?;
    resume(bridge, &consent.firm, now).await
}

/// What waited for the connection goes on with the next scheduled run.
async fn resume<H, R: Records>(
    bridge: &Bridge<H, R>,
    firm: &FirmId,
    now: Timestamp,
) -> Result<(), Error> {
    let desk = bridge
        .store
        .release_held(firm, |hold| *hold == Hold::NotConnected)
        .await?;
    match desk.next_work_at() {
        Some(at) => Ok(bridge
            .store
            .note_chore(firm, Chore::Work, at.max(now))
            .await?),
        None => Ok(()),
    }
}

/// Intuit's company ids are decimal; it does not promise a length.
fn is_realm(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_id_is_digits_of_any_usual_length() {
        for good in ["310687", "9341453908059321", "1234567890123456789"] {
            assert!(is_realm(good), "{good}");
        }
        for bad in ["", "12a", "../1", "１２", &"1".repeat(33)] {
            assert!(!is_realm(bad), "{bad}");
        }
    }
}
