//! The requests that all scenarios make. Each is a task on a random instance; if the instance crashes, the caller gets no answer.
#![expect(clippy::expect_used, reason = "a scenario stops where it breaks")]

use crate::deployment::{Deployment, REDIRECT_URI, REVOKE_ORIGIN, authorize_page};
use crate::faulty_network::RIVET;
use crate::firms::{COMPANIES, FIRMS, firm_id};
use crate::world::{Place, TaskId};
use billing::session::Session;
use billing::webhook::SigningSecrets;
use billing::{FirmId, Role, SubscriptionPlan};
use bridge::notifications::Receiver;
use bridge::refresh_tokens::{Endpoints, refresh_due};
use bridge::sync::{SyncRequest, sync_due, sync_now};
use connection::callback::{self, CallbackConfig, CallbackParams, CallbackResult};
use connection::confirm::{self, ConfirmResult, Confirmation};
use connection::give_back::GiveBack;
use connection::sign_in::{self, AuthorizeRedirect, LinkRequest, LinkResult};
use jiff::Timestamp;
use simulator::ConsentDecision;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use store::Claimant;

/// The number of instances of our components.
const INSTANCES: usize = 3;

/// The result of a task, once the task has ended. It stays empty if the task crashes.
pub type TaskResult<T> = Rc<RefCell<Option<T>>>;

/// Returns the claimant of a lease or of a claim.
pub fn claimant(owner: &str, now: Timestamp) -> Claimant<'_> {
    Claimant { owner, now }
}

/// The user who asks for each link.
pub const OWNER: &str = "usr_17";

/// Returns the session of a user of a firm.
///
/// # Panics
/// If the user id is invalid.
pub fn session(firm: FirmId, user: &str) -> Session {
    Session {
        user: user.parse().expect("an id of a person"),
        firm,
        role: Role::Owner,
        plan: SubscriptionPlan::Pro,
        name: None,
    }
}

/// A request that was started.
pub struct StartedRequest<T> {
    /// The task that handles the request.
    pub task: TaskId,
    /// The result of the task.
    pub result: TaskResult<T>,
}

impl Deployment {
    /// Starts a request on a random instance.
    pub fn start<T: 'static>(
        &self,
        name: &'static str,
        work: impl Future<Output = T> + 'static,
    ) -> StartedRequest<T> {
        let instance = self.world.below(INSTANCES) as u8;
        let result = TaskResult::default();
        let filled = Rc::clone(&result);
        let work = async move {
            let output = work.await;
            filled.borrow_mut().replace(output);
        };
        let task = self.world.spawn(Place::Instance(instance), name, work);
        StartedRequest { task, result }
    }

    /// Starts the scheduled run that refreshes tokens and sends connection notifications.
    ///
    /// # Panics
    /// If the signing secret is invalid.
    pub fn scheduled_refresh(&self) -> TaskId {
        let (services, mut entropy, world) = (self.services(), self.entropy(), self.world.clone());
        let run = async move {
            let clock = || world.now();
            let secrets = SigningSecrets::parse("whsec_dGhlIG9uZSBzZWNyZXQgb2YgdGhlIHRlc3Rz");
            let receiver = Receiver {
                origin: format!("https://{RIVET}"),
                secrets: secrets.expect("a secret"),
            };
            let endpoints = Endpoints {
                revoke_origin: REVOKE_ORIGIN,
                receiver: Some(&receiver),
            };
            let report = refresh_due(&services.auth(), &endpoints, &mut entropy, clock).await;
            world.trace(|| format!("{report:?}"));
        };
        self.start("scheduled refresh", run).task
    }

    /// Starts the scheduled run that posts documents.
    pub fn scheduled_sync(&self) -> TaskId {
        let (services, mut entropy, world) = (self.services(), self.entropy(), self.world.clone());
        let run = async move {
            let clock = || world.now();
            let report = sync_due(&services, &mut entropy, clock).await;
            world.trace(|| format!("{report:?}"));
        };
        self.start("scheduled sync", run).task
    }

    /// Presses Sync Now for a firm.
    ///
    /// # Panics
    /// If the user id is invalid.
    pub fn press_sync_now(&self, firm: FirmId) -> TaskId {
        let (services, mut entropy, world) = (self.services(), self.entropy(), self.world.clone());
        let request = async move {
            let clock = || world.now();
            let user = OWNER.parse().expect("an id of a person");
            let sync = SyncRequest {
                firm: &firm,
                documents: None,
                requested_by: &user,
            };
            let synced = sync_now(&services, sync, &mut entropy, clock).await;
            world.trace(|| format!("{synced:?}"));
        };
        self.start("sync now", request).task
    }

    /// Connects a firm to its company, from the link to the confirmation.
    pub async fn connect(&self, which: usize) {
        let firm = firm_id(FIRMS[which]);
        if let Some(redirect) = self.open_connect_link(firm.clone()).await {
            let params = self.approve(redirect, COMPANIES[which]);
            let landing = self.handle_callback(params);
            self.world.join(landing.task).await;
            let landed = landing.result.take().flatten();
            if let Some(CallbackResult::Unconfirmed(value)) = landed {
                let confirming = self.confirm(session(firm, OWNER), value);
                self.world.join(confirming.task).await;
            }
        }
    }

    /// Asks for a connect link and opens it. Returns the redirect to Intuit, or nothing if a request fails.
    pub async fn open_connect_link(&self, firm: FirmId) -> Option<AuthorizeRedirect> {
        let (services, mut entropy, world) = (self.services(), self.entropy(), self.world.clone());
        let opening = async move {
            let session = session(firm, OWNER);
            let now = world.now();
            let issued = sign_in::issue_link(&services.store, &session, &mut entropy, now).await;
            let link = LinkRequest {
                ticket: &issued.ok()?.ticket,
                page: &authorize_page(),
            };
            let now = world.now();
            match sign_in::open_link(&services.store, link, &mut entropy, now).await {
                Ok(LinkResult::Opened(redirect)) => Some(redirect),
                Ok(LinkResult::Refused(_)) | Err(_) => None,
            }
        };
        let started = self.start("departure", opening);
        self.world.join(started.task).await;
        started.result.take().flatten()
    }

    /// Chooses a company at Intuit and approves. Returns the parameters with which the browser comes back.
    ///
    /// # Panics
    /// If Intuit refuses to show the consent page.
    pub fn approve(&self, redirect: AuthorizeRedirect, realm: &str) -> CallbackParams {
        let mut intuit = self.intuit.borrow_mut();
        intuit.set_now(self.world.now());
        let consented = intuit.consent(&redirect.authorize_url, realm, ConsentDecision::Connect);
        let callback_url = consented.expect("the person is an admin and the page is sound");
        let value = |name: &str| {
            let mut pairs = callback_url.query_pairs();
            let found = pairs.find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned())
        };
        CallbackParams {
            state: value("state"),
            code: value("code"),
            realm_id: value("realmId"),
            error: None,
            browser: Some(redirect.browser),
        }
    }

    /// Starts the callback request of the browser.
    pub fn handle_callback(
        &self,
        params: CallbackParams,
    ) -> StartedRequest<Option<CallbackResult>> {
        let (services, mut entropy, world) = (self.services(), self.entropy(), self.world.clone());
        let (owner, confirmation_secret) = (entropy.token(), entropy.token());
        let handling = async move {
            let config = CallbackConfig {
                redirect_uri: REDIRECT_URI,
                revoke_origin: REVOKE_ORIGIN,
                confirmation_secret: &confirmation_secret,
            };
            let claimant = claimant(&owner, world.now());
            let landed = callback::handle_callback(&services, &config, &params, claimant).await;
            world.trace(|| format!("lands: {landed:?}"));
            landed.ok()
        };
        self.start("landing", handling)
    }

    /// Starts the request of a person who confirms a new company.
    pub fn confirm(
        &self,
        session: Session,
        value: String,
    ) -> StartedRequest<Option<ConfirmResult>> {
        let (services, owner, world) =
            (self.services(), self.entropy().token(), self.world.clone());
        let confirming = async move {
            let give_back = GiveBack {
                auth: &services.auth(),
                revoke_origin: REVOKE_ORIGIN,
                claimant: claimant(&owner, world.now()),
            };
            let confirmation = Confirmation {
                value: &value,
                session: &session,
            };
            let confirmed = confirm::confirm(&give_back, &confirmation).await;
            world.trace(|| format!("confirms: {confirmed:?}"));
            confirmed.ok()
        };
        self.start("confirmation", confirming)
    }
}
