//! Requests that any scenario makes, each a task on some instance: it may die there, and then nobody is answered.
#![expect(clippy::expect_used, reason = "a scenario stops where it breaks")]

use crate::deployment::{Deployment, REDIRECT, REVOKE, sign_in};
use crate::firms::{COMPANIES, FIRMS, firm_id};
use crate::network::RIVET;
use crate::world::{Place, TaskId};
use billing::session::Session;
use billing::webhook::SigningSecrets;
use billing::{FirmId, Role, SubscriptionPlan};
use bridge::notifications::Receiver;
use bridge::refresh_tokens::{Endpoints, refresh_due};
use bridge::sync::{SyncRequest, sync_due, sync_now};
use connection::callback::{CallbackConfig, CallbackParams, CallbackResult, handle_callback};
use connection::sign_in::{self, AuthorizeRedirect, LinkRequest, LinkResult};
use simulator::ConsentDecision;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use store::Claimant;

/// Instances of our components.
const INSTANCES: usize = 3;

/// What a task tells if it lives to its end.
pub type Told<T> = Rc<RefCell<Option<T>>>;

impl Deployment {
    /// Starts a request on some instance.
    pub fn start<T: 'static>(
        &self,
        name: &'static str,
        work: impl Future<Output = T> + 'static,
    ) -> (TaskId, Told<T>) {
        let instance = self.world.below(INSTANCES) as u8;
        let told = Told::default();
        let tell = Rc::clone(&told);
        let work = async move {
            let end = work.await;
            tell.borrow_mut().replace(end);
        };
        let task = self.world.spawn(Place::Instance(instance), name, work);
        (task, told)
    }

    /// The schedule calls for connections.
    ///
    /// # Panics
    /// If the secret that notifications are signed with is none.
    pub fn scheduled_refresh(&self) -> TaskId {
        let (books, mut entropy, world) = (self.books(), self.entropy(), self.world.clone());
        let run = async move {
            let clock = || world.now();
            let secrets = SigningSecrets::parse("whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw==");
            let receiver = Receiver {
                origin: format!("https://{RIVET}"),
                secrets: secrets.expect("a secret"),
            };
            let addresses = Endpoints {
                revoke_origin: REVOKE,
                receiver: Some(&receiver),
            };
            let report = refresh_due(&books.auth(), &addresses, &mut entropy, clock).await;
            world.note(|| format!("{report:?}"));
        };
        self.start("scheduled refresh", run).0
    }

    /// The schedule calls for postings.
    pub fn scheduled_sync(&self) -> TaskId {
        let (books, mut entropy, world) = (self.books(), self.entropy(), self.world.clone());
        let run = async move {
            let clock = || world.now();
            let report = sync_due(&books, &mut entropy, clock).await;
            world.note(|| format!("{report:?}"));
        };
        self.start("scheduled sync", run).0
    }

    /// The office presses Sync Now.
    ///
    /// # Panics
    /// If the person's id is none.
    pub fn press_sync_now(&self, firm: FirmId) -> TaskId {
        let (books, mut entropy, world) = (self.books(), self.entropy(), self.world.clone());
        let asking = async move {
            let clock = || world.now();
            let user = "usr_17".parse().expect("an id of a person");
            let request = SyncRequest {
                firm: &firm,
                documents: None,
                requested_by: &user,
            };
            let synced = sync_now(&books, request, &mut entropy, clock).await;
            world.note(|| format!("{synced:?}"));
        };
        self.start("sync now", asking).0
    }

    /// A person connects a firm to its company, the whole way.
    pub async fn connect(&self, which: usize) {
        if let Some(departure) = self.depart(firm_id(FIRMS[which])).await {
            let arrival = self.agree(departure, COMPANIES[which]);
            self.world.join(self.land(arrival).0).await;
        }
    }

    /// A person asks to connect a firm and follows the link as far as Intuit; nothing if that fails.
    ///
    /// # Panics
    /// If the person's id is none.
    pub async fn depart(&self, firm: FirmId) -> Option<AuthorizeRedirect> {
        let (books, mut entropy, world) = (self.books(), self.entropy(), self.world.clone());
        let departing = async move {
            let session = Session {
                user: "usr_17".parse().expect("an id of a person"),
                firm,
                role: Role::Owner,
                plan: SubscriptionPlan::Pro,
                name: None,
            };
            let issued =
                sign_in::issue_link(&books.store, &session, &mut entropy, world.now()).await;
            let link = LinkRequest {
                ticket: &issued.ok()?.ticket,
                page: &sign_in(),
            };
            let now = world.now();
            match sign_in::open_link(&books.store, link, &mut entropy, now).await {
                Ok(LinkResult::Opened(redirect)) => Some(redirect),
                Ok(LinkResult::Refused(_)) | Err(_) => None,
            }
        };
        let (task, told) = self.start("departure", departing);
        self.world.join(task).await;
        told.take().flatten()
    }

    /// The person picks a company and agrees: what the browser comes back with.
    ///
    /// # Panics
    /// If Intuit does not show its page.
    pub fn agree(&self, departure: AuthorizeRedirect, realm: &str) -> CallbackParams {
        let mut intuit = self.intuit.borrow_mut();
        intuit.set_now(self.world.now());
        let consented = intuit.consent(&departure.authorize_url, realm, ConsentDecision::Connect);
        let back = consented.expect("the person is an admin and the page is sound");
        let value = |name: &str| {
            let mut pairs = back.query_pairs();
            let found = pairs.find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned())
        };
        CallbackParams {
            state: value("state"),
            code: value("code"),
            realm_id: value("realmId"),
            error: None,
            browser: Some(departure.browser),
        }
    }

    /// The browser is back.
    pub fn land(&self, arrival: CallbackParams) -> (TaskId, Told<Option<CallbackResult>>) {
        let (books, owner, world) = (self.books(), self.entropy().token(), self.world.clone());
        let landing = async move {
            let config = CallbackConfig {
                redirect_uri: REDIRECT,
                revoke_origin: REVOKE,
            };
            let (owner, now) = (owner.as_str(), world.now());
            let claimant = Claimant { owner, now };
            let landed = handle_callback(&books, &config, &arrival, claimant).await;
            world.note(|| format!("lands: {landed:?}"));
            landed.ok()
        };
        self.start("landing", landing)
    }
}
