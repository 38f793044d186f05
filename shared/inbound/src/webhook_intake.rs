//! Receiving what Intuit tells: it is safe before it is acknowledged, and nothing more.
//!
//! For each company one write into its firm's inbox, then the hint by which a scheduled run looks there, if there is none yet. A
//! crash before both are done answers nobody: Intuit sends again, what is known costs nothing, and the hint is made up for.

use jiff::Timestamp;
use ports::records::{Records, StoreError};
use quickbooks::webhook::{self, DeliveryEvents};
use store::CompanyKey;
use store::Store;
use store::inbox::DeliveryPart;
use store::inbox::UnreadablePart;
use store::inbox::change::{ChangeEvent, ChangeFingerprint};
use store::inbox::dead_letters::DeadLetter;
use store::schedule::ScheduledJob;

/// What became of a delivery that was accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// What kept it, or an event in it, from being read; the first of several.
    pub odd: Option<&'static str>,
}

/// What a delivery says of a company.
struct CompanyChanges {
    realm_id: String,
    batch: DeliveryPart,
}

/// Accepts the body of a delivery whose signature was verified. Companies that serve no firm, and kinds of objects that nobody
/// here looks at, cost no write.
pub async fn receive<R: Records>(
    store: &Store<R>,
    body: &[u8],
    now: Timestamp,
) -> Result<Received, StoreError> {
    let (odd, parked) = match webhook::read(body) {
        Ok(notices) => {
            let odd = notices.unreadable.first().map(|poison| poison.problem);
            let parked = homeless(&notices);
            file(store, (notices, body), now).await?;
            (odd, parked)
        }
        Err(unreadable) => (Some(unreadable.problem()), Some(unreadable.problem())),
    };
    if let Some(why) = parked {
        store
            .add_dead_letter(&DeadLetter::new(body, why, now))
            .await?;
    }
    Ok(Received { odd })
}

/// Reads again what could not be read: a later version may understand it.
pub async fn reprocess<R: Records>(store: &Store<R>, now: Timestamp) -> Result<(), StoreError> {
    let mut understood = Vec::new();
    for parked in store.dead_letters().await?.deliveries {
        let Some(body) = parked.open() else { continue };
        let Ok(notices) = webhook::read(&body) else {
            continue;
        };
        if homeless(&notices).is_none() {
            file(store, (notices, &body), now).await?;
            understood.push(parked);
        }
    }
    if understood.is_empty() {
        return Ok(());
    }
    store.remove_dead_letters(&understood).await
}

/// Why an event that names no company cannot be read. One that names its company is found there by a catch-up.
fn homeless(notices: &DeliveryEvents) -> Option<&'static str> {
    let mut poison = notices.unreadable.iter();
    let homeless = poison.find(|poison| poison.realm_id.is_none())?;
    Some(homeless.problem)
}

/// Puts what was read into the inboxes. A record that fails keeps no other company from being noted.
async fn file<R: Records>(
    store: &Store<R>,
    (notices, body): (DeliveryEvents, &[u8]),
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut failed = Ok(());
    for told in by_company(&notices, body) {
        let noted = note(store, &told, now).await;
        failed = failed.and(noted);
    }
    failed
}

async fn note<R: Records>(
    store: &Store<R>,
    told: &CompanyChanges,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(firm) = store.company_owner(&told.realm_id).await? else {
        return Ok(());
    };
    let company = CompanyKey {
        firm: &firm,
        realm_id: &told.realm_id,
    };
    let inbox = store.receive_changes(company, &told.batch, now).await?;
    // Also if nothing was new: whoever put it there may have died before this.
    if inbox.has_work() {
        store.schedule_by(&firm, ScheduledJob::Work, now).await?;
    }
    Ok(())
}

/// What matters here, company by company in the order in which they are first named.
fn by_company(notices: &DeliveryEvents, body: &[u8]) -> Vec<CompanyChanges> {
    let mut all = Vec::new();
    for notice in &notices.changes {
        if let Some(news) = ChangeEvent::of(notice) {
            batch_of(&mut all, &notice.realm_id).events.push(news);
        }
    }
    if notices.unreadable.is_empty() {
        return all;
    }
    let delivery = DeadLetter::fingerprint(body);
    for poison in &notices.unreadable {
        if let Some(realm_id) = &poison.realm_id {
            let mark =
                ChangeFingerprint::of(&[delivery.as_str(), &poison.index.to_string()].join(":"));
            let odd = UnreadablePart {
                fingerprint: mark,
                why: poison.problem,
            };
            batch_of(&mut all, realm_id).unreadable.push(odd);
        }
    }
    all
}

fn batch_of<'a>(all: &'a mut Vec<CompanyChanges>, realm_id: &str) -> &'a mut DeliveryPart {
    let known = all.iter().position(|told| told.realm_id == realm_id);
    let at = known.unwrap_or(all.len());
    if known.is_none() {
        all.push(CompanyChanges {
            realm_id: realm_id.to_owned(),
            batch: DeliveryPart::default(),
        });
    }
    &mut all[at].batch
}
