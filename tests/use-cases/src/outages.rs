//! Outages, gateways and lapsed subscriptions: what is temporary, what lasts, and what heals by itself.

mod companies;
mod spelling;
mod tokens;

use crate::support::connections::SignInResult;
use crate::support::usual_bill::BILL;
use crate::support::world::World;
use jiff::SignedDuration;
use simulator::{Commit, Effect, Injection, Outage, RequestKind};
use store::connection::{CompanyError, ConnectionStatus, ReauthorizationReason};

/// Every answer that says nothing about the request or the grant.
fn outages() -> Vec<Outage> {
    let fault = |code: &str| Outage::ServerFault { code: code.into() };
    let unauthorized = |code: &str| Outage::Unauthorized { code: code.into() };
    vec![
        fault("120"),
        fault("3100"),
        fault("6190"),
        unauthorized("130"),
        unauthorized("100"),
        Outage::Page { status: 403 },
        Outage::Page { status: 503 },
        Outage::Page { status: 400 },
        Outage::FaultInfo,
        Outage::Empty { status: 400 },
        Outage::Empty { status: 403 },
        Outage::InternalError { status: 400 },
        Outage::InternalError { status: 200 },
    ]
}

impl World {
    /// Makes the next company calls of this kind go wrong.
    pub(crate) fn disturb(&self, kind: RequestKind, effect: Effect) {
        let disturbed = Injection::new(effect).kind(kind);
        self.simulator().inject(disturbed);
    }

    /// Makes each call to the company go wrong.
    pub(crate) fn disturb_always(&self, effect: Effect) {
        let realm = self.realm.clone();
        let disturbed = Injection::new(effect).realm(&realm).always();
        self.simulator().inject(disturbed);
    }

    /// Makes each write whose body contains `part` go wrong before it is carried out.
    pub(crate) fn disturb_writes_always(&self, effect: &Effect, part: &str) {
        let disturbed = Injection::new(effect.clone());
        let disturbed = disturbed.kind(RequestKind::Write).always();
        self.simulator().inject(disturbed.body_containing(part));
    }

    /// Runs both schedules for half an hour.
    pub(crate) fn half_an_hour_passes(&self) {
        self.run_schedules(15, SignedDuration::from_mins(2));
    }

    /// Returns the types of the notifications that RIVET accepted.
    pub(crate) fn notified(&self) -> Vec<String> {
        let rivet = self.rivet();
        let types = rivet.notifications.iter().map(|sent| &sent.body["type"]);
        types
            .map(|kind| kind.as_str().unwrap().to_owned())
            .collect()
    }

    /// Asserts that the usual bill is posted once, and that nobody was told of anything else.
    fn assert_posted_quietly(&self, when: &str) {
        assert_eq!(self.view(BILL)["state"], "posted", "{when}");
        assert_eq!(self.invoices_and_entries(), (1, 1), "{when}");
        assert_eq!(
            self.connection().status,
            ConnectionStatus::Connected,
            "{when}"
        );
        assert!(!self.connection().is_unanswered(), "{when}");
        assert_eq!(self.notified(), ["document.posted"], "{when}");
    }
}

#[test]
fn outage_of_one_write_is_told_to_nobody() {
    for outage in outages() {
        for commit in [Commit::Before, Commit::After] {
            for writes_before in 0..2 {
                let world = World::configured();
                let effect = Effect::Outage(outage.clone(), commit);
                let disturbed = Injection::new(effect).kind(RequestKind::Write);
                world
                    .simulator()
                    .inject(disturbed.skip_first(writes_before));
                world.bill();
                world.half_an_hour_passes();
                let when = format!("{outage:?} {commit:?} after {writes_before}");
                world.assert_posted_quietly(&when);
            }
        }
    }
}

#[test]
fn outage_of_one_read_is_told_to_nobody() {
    for outage in outages() {
        let world = World::configured();
        let effect = Effect::Outage(outage.clone(), Commit::Before);
        world.disturb(RequestKind::Read, effect);
        world.bill();
        world.half_an_hour_passes();
        world.assert_posted_quietly(&format!("{outage:?}"));
    }
}

/// QuickBooks refuses a token, and then the new one too.
#[test]
fn second_rejected_token_is_an_outage() {
    for kind in [RequestKind::Read, RequestKind::Write, RequestKind::Batch] {
        let world = World::configured();
        let rejected = Injection::new(Effect::Unauthorized).kind(kind);
        world.simulator().inject(rejected.times(3));
        world.bill();
        world.half_an_hour_passes();
        world.assert_posted_quietly(&format!("{kind:?}"));
    }
}

#[test]
fn two_days_of_rejected_tokens_need_a_sign_in() {
    let world = World::configured();
    world.disturb_always(Effect::Unauthorized);
    world.bill();
    world.run_schedules(23, SignedDuration::from_hours(1));
    assert_eq!(world.connection().status, ConnectionStatus::Connected);
    world.run_schedules(24, SignedDuration::from_hours(1));
    let unavailable = ConnectionStatus::Error(CompanyError::Unavailable);
    assert_eq!(world.connection().status, unavailable);
    world.run_schedules(3, SignedDuration::from_hours(1));
    let lost = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::AccessRevoked);
    assert_eq!(world.connection().status, lost);
    // An administrator mends the connection at Intuit after all.
    world.simulator().clear_injections();
    world.press_sync_now();
    world.half_an_hour_passes();
    let told = [
        "connection.error",
        "connection.needs_reauthorization",
        "connection.restored",
        "document.posted",
    ];
    assert_eq!(world.notified(), told);
}

#[test]
fn long_outage_is_told_once_and_ends_by_itself() {
    let page = Outage::Page { status: 403 };
    for outage in [Effect::Outage(page, Commit::Before), Effect::Throttled] {
        let world = World::configured();
        world.disturb_always(outage.clone());
        world.bill();
        world.run_schedules(60, SignedDuration::from_hours(1));
        let unavailable = ConnectionStatus::Error(CompanyError::Unavailable);
        assert_eq!(world.connection().status, unavailable, "{outage:?}");
        assert_eq!(world.notified(), ["connection.error"], "{outage:?}");
        world.simulator().clear_injections();
        world.half_an_hour_passes();
        assert_eq!(world.invoices_and_entries(), (1, 1), "{outage:?}");
        let told = ["connection.error", "connection.restored", "document.posted"];
        assert_eq!(world.notified(), told, "{outage:?}");
    }
}

/// An act that makes RIVET look again.
type Look = fn(&World);

const LOOKS: [(&str, Look); 3] = [
    ("Sync Now", |world| {
        world.press_sync_now();
    }),
    ("Retry", |world| {
        world.press_retry(BILL);
    }),
    ("schedule", |world| {
        world.run_schedules(24, SignedDuration::from_hours(1))
    }),
];

#[test]
fn mended_company_goes_on_without_a_sign_in() {
    let causes: [fn(&World, bool); 2] = [
        |world, works| world.person(|person| person.set_subscribed(works)),
        |world, works| world.person(|person| person.set_admin(works)),
    ];
    for cause in causes {
        for (name, look) in LOOKS {
            let world = World::configured();
            cause(&world, false);
            world.bill();
            assert_eq!(
                world.view(BILL)["reason"]["code"],
                "not_connected",
                "{name}"
            );
            world.advance(SignedDuration::from_hours(3));
            cause(&world, true);
            look(&world);
            world.half_an_hour_passes();
            assert_eq!(world.view(BILL)["state"], "posted", "{name}");
            assert_eq!(world.connection().status, ConnectionStatus::Connected);
            let told = world.notified();
            assert_eq!(told.len(), 3, "{told:?}");
            assert!(told.contains(&"connection.restored".to_owned()));
        }
    }
}

#[test]
fn unmended_company_costs_one_read_a_look() {
    let world = World::configured();
    world.person(|person| person.set_subscribed(false));
    world.bill();
    let status = world.connection().status;
    world.simulator().clear_traffic();
    world.press_sync_now();
    world.press_retry(BILL);
    world.run_schedules(48, SignedDuration::from_hours(1));
    assert_eq!(world.connection().status, status);
    let reads = world
        .simulator()
        .traffic()
        .iter()
        .filter(|seen| seen.realm.is_some())
        .count();
    assert_eq!(reads, 6, "Sync Now, Retry, and four looks in two days");
    assert_eq!(world.notified(), ["connection.error"]);
}

/// Look-ups succeed and show that nothing stands. So the document is given up once, with Intuit's trace id, and Retry posts it.
#[test]
fn write_that_never_succeeds_is_told_once() {
    let outage = |outage| Effect::Outage(outage, Commit::Before);
    for (outage, body) in [
        (outage(Outage::Empty { status: 400 }), ""),
        (outage(Outage::Empty { status: 400 }), "JournalEntry"),
        (outage(Outage::FaultInfo), "JournalEntry"),
        (outage(Outage::Page { status: 503 }), "JournalEntry"),
        (
            outage(Outage::InternalError { status: 400 }),
            "JournalEntry",
        ),
        (Effect::Throttled, "JournalEntry"),
    ] {
        let world = World::configured();
        world.disturb_writes_always(&outage, body);
        world.bill();
        world.run_schedules(24 * 4, SignedDuration::from_mins(15));
        let reason = world.view(BILL)["reason"].clone();
        assert_eq!(world.view(BILL)["state"], "failed", "{outage:?} {reason}");
        assert_eq!(reason["action"], "contact_support");
        assert!(
            reason["message"].as_str().unwrap().contains("intuit_tid"),
            "{reason}"
        );
        assert_eq!(world.notified(), ["document.failed"], "{outage:?}");
        assert_eq!(world.invoices_and_entries(), (0, 0));
        world.simulator().clear_injections();
        world.press_retry(BILL);
        world.half_an_hour_passes();
        assert_eq!(world.invoices_and_entries(), (1, 1));
    }
}

#[test]
fn lapsed_subscription_shows_after_sync_now() {
    let world = World::configured();
    world.person(|person| person.set_subscribed(false));
    world.press_sync_now();
    let ended = ConnectionStatus::Error(CompanyError::SubscriptionEnded);
    assert_eq!(world.connection().status, ended);
    world.person(|person| person.set_subscribed(true));
    world.press_sync_now();
    assert_eq!(world.connection().status, ConnectionStatus::Connected);
}

#[test]
fn outage_during_a_look_changes_nothing() {
    let world = World::configured();
    world.person(|person| person.set_subscribed(false));
    world.bill();
    let status = world.connection().status;
    world.person(|person| person.set_subscribed(true));
    for outage in outages() {
        world.disturb(RequestKind::Read, Effect::Outage(outage, Commit::Before));
        world.press_sync_now();
        assert_eq!(world.connection().status, status);
    }
    world.press_sync_now();
    world.half_an_hour_passes();
    assert_eq!(world.view(BILL)["state"], "posted");
}

#[test]
fn readable_lost_permission_needs_a_sign_in() {
    let world = World::configured();
    world.disturb(RequestKind::Write, Effect::Forbidden);
    world.bill();
    let lost = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::AccessRevoked);
    assert_eq!(world.connection().status, lost);
    assert_eq!(world.connect(), SignInResult::Reconnected);
    world.half_an_hour_passes();
    assert_eq!(world.view(BILL)["state"], "posted");
}
