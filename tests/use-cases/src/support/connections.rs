//! Sign-in, token refresh and disconnect of the firm.

use super::network::{RIVET, SimulatedNetwork};
use super::world::{REDIRECT, TestServices, World};
use billing::session::Session;
use billing::webhook::SigningSecrets;
use bridge::notifications::Receiver;
use bridge::refresh_tokens::{DueReport, Endpoints, refresh_due};
use connection::callback::{
    CallbackConfig, CallbackParams, CallbackResult, ConnectFailure, handle_callback,
};
use connection::confirm::{self, ConfirmRefusal, ConfirmResult, Confirmation};
use connection::disconnect::disconnect;
use connection::give_back::GiveBack;
use connection::services::Services;
use connection::sign_in::{self, LinkRequest, LinkResult};
use futures::executor::block_on;
use oauth2::ClientId;
use ports::records::{Records, StoreError};
use quickbooks::oauth::AuthorizePage;
use simulator::ConsentDecision;
use store::Claimant;
use store::connection::Connection;

const REVOKE: &str = "https://developer.api.intuit.com";

/// The end of a sign-in, after the confirmation if one was needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInResult {
    /// The firm confirmed a new company.
    Connected,
    /// The firm is connected to its own company again.
    Reconnected,
    /// The person declined at Intuit.
    Denied,
    /// The callback failed.
    Failed(ConnectFailure),
    /// The confirmation was refused.
    NotConfirmed(ConfirmRefusal),
}

impl World {
    /// Connects the firm: opens the link, consents at Intuit, handles the callback, and confirms a new company.
    pub fn connect(&self) -> SignInResult {
        let params = self.decide_at_intuit(ConsentDecision::Connect);
        self.finish_sign_in(&params)
    }

    /// Handles a callback, and confirms a new company.
    pub fn finish_sign_in(&self, params: &CallbackParams) -> SignInResult {
        match self.handle_callback(params) {
            CallbackResult::Unconfirmed(value) => match self.confirm(&value) {
                ConfirmResult::Connected => SignInResult::Connected,
                ConfirmResult::Refused(refusal) => SignInResult::NotConfirmed(refusal),
            },
            CallbackResult::Reconnected => SignInResult::Reconnected,
            CallbackResult::Denied => SignInResult::Denied,
            CallbackResult::Failed(why) => SignInResult::Failed(why),
        }
    }

    /// Signs in up to the offer of a new company. Returns the confirmation.
    pub fn offer(&self) -> String {
        let params = self.decide_at_intuit(ConsentDecision::Connect);
        match self.handle_callback(&params) {
            CallbackResult::Unconfirmed(value) => value,
            other => panic!("{other:?}"),
        }
    }

    /// Confirms a new company as the owner of the firm.
    pub fn confirm(&self, value: &str) -> ConfirmResult {
        self.confirm_as(&self.session(), value)
    }

    /// Confirms a new company with this session.
    pub fn confirm_as(&self, session: &Session, value: &str) -> ConfirmResult {
        let owner = self.entropy().token();
        let give_back = GiveBack {
            auth: &self.services.auth(),
            revoke_origin: REVOKE,
            claimant: Claimant {
                owner: &owner,
                now: self.now(),
            },
        };
        let confirmation = Confirmation { value, session };
        block_on(confirm::confirm(&give_back, &confirmation)).unwrap()
    }

    /// Opens the link and decides on Intuit's page. Returns the parameters of the callback.
    pub fn decide_at_intuit(&self, decision: ConsentDecision) -> CallbackParams {
        let mut entropy = self.entropy();
        let store = &self.services.store;
        let ticket = block_on(sign_in::issue_link(
            store,
            &self.session(),
            &mut entropy,
            self.now(),
        ));
        let page = AuthorizePage {
            authorize_url: "https://appcenter.intuit.com/connect/oauth2".into(),
            client_id: ClientId::new("app".into()),
            redirect_uri: REDIRECT.into(),
        };
        let request = LinkRequest {
            ticket: &ticket.unwrap().ticket,
            page: &page,
        };
        let opened = block_on(sign_in::open_link(store, request, &mut entropy, self.now()));
        let LinkResult::Opened(redirect) = opened.unwrap() else {
            panic!("the link opens");
        };
        let realm = self.realm.clone();
        let back = self
            .simulator()
            .consent(&redirect.authorize_url, &realm, decision)
            .unwrap();
        let value = |name: &str| {
            back.query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        CallbackParams {
            state: value("state"),
            code: value("code"),
            realm_id: value("realmId"),
            error: value("error"),
            browser: Some(redirect.browser),
        }
    }

    /// Handles a callback.
    pub fn handle_callback(&self, params: &CallbackParams) -> CallbackResult {
        self.handle_callback_by(&self.services, params).unwrap()
    }

    /// Lets an instance handle a callback.
    ///
    /// # Errors
    /// The store of the instance fails.
    pub fn handle_callback_by<R: Records>(
        &self,
        services: &Services<SimulatedNetwork, R>,
        params: &CallbackParams,
    ) -> Result<CallbackResult, StoreError> {
        let mut entropy = self.entropy();
        let (owner, confirmation_secret) = (entropy.token(), entropy.token());
        let config = CallbackConfig {
            redirect_uri: REDIRECT,
            revoke_origin: REVOKE,
            confirmation_secret: &confirmation_secret,
        };
        let claimant = Claimant {
            owner: &owner,
            now: self.now(),
        };
        block_on(handle_callback(services, &config, params, claimant))
    }

    /// Runs the scheduled token refresh.
    pub fn refresh_tokens(&self) -> DueReport {
        self.refresh_tokens_by(&self.services)
    }

    /// Returns the receiver of notifications.
    pub fn receiver(&self) -> Receiver {
        Receiver {
            origin: RIVET.into(),
            secrets: SigningSecrets::parse("whsec_dGhlIG9uZSBzZWNyZXQgb2YgdGhlIHRlc3Rz").unwrap(),
        }
    }

    /// Runs the scheduled token refresh in another instance.
    pub fn refresh_tokens_by(&self, instance: &TestServices) -> DueReport {
        let receiver = instance.notifies_documents.then(|| self.receiver());
        let endpoints = Endpoints {
            revoke_origin: REVOKE,
            receiver: receiver.as_ref(),
        };
        let (auth, mut entropy) = (instance.auth(), self.entropy());
        block_on(refresh_due(&auth, &endpoints, &mut entropy, || self.now())).unwrap()
    }

    /// Disconnects the firm.
    pub fn disconnect(&self) -> Connection {
        block_on(disconnect(
            &self.services.auth(),
            &self.firm,
            REVOKE,
            self.claimant(),
        ))
        .unwrap()
    }

    /// Returns the connection record of the firm.
    pub fn connection(&self) -> Connection {
        block_on(self.services.store.connection(&self.firm)).unwrap()
    }
}
