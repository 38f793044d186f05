use super::*;
use crate::Rotation;
use crate::test_client::config;

const REDIRECT: &str = "http://127.0.0.1/callback";

/// An authorization server with a clock.
struct Server {
    oauth: Oauth,
    secrets: Secrets,
    switches: Switches,
    config: Config,
    now: Timestamp,
}

impl Server {
    fn new(rotation: Rotation) -> Self {
        Self {
            oauth: Oauth::default(),
            secrets: Secrets::new(1),
            switches: Switches::default(),
            config: Config {
                rotation,
                ..config()
            },
            now: "2026-03-02T15:00:00Z".parse().unwrap(),
        }
    }

    fn code(&mut self) -> String {
        self.oauth
            .issue_code("77", REDIRECT, self.now, &mut self.secrets)
    }

    fn exchange(&mut self, code: &str, redirect: &str) -> Result<Tokens, InvalidGrant> {
        let rules = TokenRules {
            config: &self.config,
            switches: &self.switches,
            now: self.now,
        };
        let presented = AuthorizationCode {
            code,
            redirect_uri: redirect,
        };
        self.oauth.exchange(&presented, &rules, &mut self.secrets)
    }

    fn connect(&mut self) -> Tokens {
        let code = self.code();
        self.exchange(&code, REDIRECT).unwrap()
    }

    fn refresh(&mut self, token: &str) -> Result<Tokens, InvalidGrant> {
        let rules = TokenRules {
            config: &self.config,
            switches: &self.switches,
            now: self.now,
        };
        self.oauth.refresh(token, &rules, &mut self.secrets)
    }

    fn advance(&mut self, hours: i64) {
        self.now += SignedDuration::from_hours(hours);
    }

    fn is_alive(&self, tokens: &Tokens) -> bool {
        self.oauth.find_company(&tokens.access_token, self.now) == Some("77")
    }
}

#[test]
fn reused_code_ends_its_grant() {
    let mut server = Server::new(Rotation::Strict);
    let code = server.code();
    let tokens = server.exchange(&code, REDIRECT).unwrap();
    assert!(server.is_alive(&tokens));
    assert!(server.exchange(&code, REDIRECT).is_err());
    assert!(!server.is_alive(&tokens));
    assert!(server.refresh(&tokens.refresh_token).is_err());
}

#[test]
fn code_needs_its_address_within_ten_minutes() {
    let mut server = Server::new(Rotation::Strict);
    let code = server.code();
    assert!(server.exchange(&code, "http://127.0.0.1/other").is_err());
    assert!(server.exchange("made up", REDIRECT).is_err());
    server.now += SignedDuration::from_secs(599);
    assert!(server.exchange(&code, REDIRECT).is_ok());
    let late = server.code();
    server.now += SignedDuration::from_secs(600);
    assert!(server.exchange(&late, REDIRECT).is_err());
}

#[test]
fn access_token_expires_after_an_hour() {
    let mut server = Server::new(Rotation::Strict);
    let tokens = server.connect();
    server.now += SignedDuration::from_secs(3599);
    assert!(server.is_alive(&tokens));
    server.now += SignedDuration::from_secs(1);
    assert!(!server.is_alive(&tokens));
}

#[test]
fn strict_rotation_refuses_old_value_at_once() {
    let mut server = Server::new(Rotation::Strict);
    let first = server.connect();
    server.advance(23);
    let same = server.refresh(&first.refresh_token).unwrap();
    assert_eq!(same.refresh_token, first.refresh_token);
    assert_ne!(same.access_token, first.access_token);
    server.advance(1);
    let second = server.refresh(&first.refresh_token).unwrap();
    assert_ne!(second.refresh_token, first.refresh_token);
    assert!(server.refresh(&first.refresh_token).is_err());
    assert!(server.refresh(&second.refresh_token).is_ok());
}

#[test]
fn graced_old_value_gives_present_one() {
    let mut server = Server::new(Rotation::Grace24h);
    let first = server.connect();
    server.advance(24);
    let second = server.refresh(&first.refresh_token).unwrap();
    server.advance(23);
    let healed = server.refresh(&first.refresh_token).unwrap();
    assert_eq!(healed.refresh_token, second.refresh_token);
    server.advance(1);
    assert!(server.refresh(&first.refresh_token).is_err());
}

#[test]
fn each_refresh_rotation_changes_value_every_time() {
    let mut server = Server::new(Rotation::EachRefresh);
    let first = server.connect();
    let second = server.refresh(&first.refresh_token).unwrap();
    assert_ne!(second.refresh_token, first.refresh_token);
    assert!(server.refresh(&first.refresh_token).is_err());
    let mut graced = Server::new(Rotation::EachRefreshGrace24h);
    let first = graced.connect();
    let second = graced.refresh(&first.refresh_token).unwrap();
    let again = graced.refresh(&first.refresh_token).unwrap();
    assert_eq!(again.refresh_token, second.refresh_token);
}

#[test]
fn spent_value_ends_grant_if_switched_on() {
    let mut server = Server::new(Rotation::EachRefresh);
    server.switches.should_revoke_on_reused_refresh_token = true;
    let first = server.connect();
    let winner = server.refresh(&first.refresh_token).unwrap();
    assert!(server.refresh(&first.refresh_token).is_err());
    assert!(!server.is_alive(&winner));
    assert!(server.refresh(&winner.refresh_token).is_err());
}

#[test]
fn refresh_restarts_101_idle_days() {
    let mut server = Server::new(Rotation::Strict);
    let tokens = server.connect();
    assert_eq!(tokens.refresh_expires_in, 8_726_400);
    server.advance(100 * 24);
    let tokens = server.refresh(&tokens.refresh_token).unwrap();
    assert_eq!(tokens.refresh_expires_in, 8_726_400);
    server.advance(101 * 24);
    assert!(server.refresh(&tokens.refresh_token).is_err());
}

#[test]
fn refresh_fails_after_five_years() {
    let mut server = Server::new(Rotation::Strict);
    let mut tokens = server.connect();
    assert_eq!(tokens.hard_expires_in, 157_680_000);
    for _ in 0..18 {
        server.advance(100 * 24);
        tokens = server.refresh(&tokens.refresh_token).unwrap();
    }
    assert_eq!(tokens.hard_expires_in, 157_680_000 - 1800 * 86_400);
    assert_eq!(tokens.refresh_expires_in, tokens.hard_expires_in);
    server.advance(25 * 24);
    assert!(server.refresh(&tokens.refresh_token).is_err());
}

#[test]
fn revoking_either_token_ends_grant() {
    for by_access in [true, false] {
        let mut server = Server::new(Rotation::Strict);
        let tokens = server.connect();
        let token = if by_access {
            &tokens.access_token
        } else {
            &tokens.refresh_token
        };
        server.oauth.revoke(token, server.now).unwrap();
        assert!(!server.is_alive(&tokens));
        assert!(server.refresh(&tokens.refresh_token).is_err());
        assert!(server.oauth.revoke(token, server.now).is_err());
    }
}

#[test]
fn spent_or_unknown_token_revokes_nothing() {
    let mut server = Server::new(Rotation::EachRefresh);
    let first = server.connect();
    let second = server.refresh(&first.refresh_token).unwrap();
    assert!(
        server
            .oauth
            .revoke(&first.refresh_token, server.now)
            .is_err()
    );
    assert!(server.oauth.revoke("made up", server.now).is_err());
    assert!(server.is_alive(&second));
}

#[test]
fn new_consent_replaces_earlier_one_if_switched_on() {
    for supersedes in [true, false] {
        let mut server = Server::new(Rotation::Strict);
        server.switches.should_revoke_on_reconnect = supersedes;
        let first = server.connect();
        let second = server.connect();
        assert_eq!(server.refresh(&first.refresh_token).is_err(), supersedes);
        assert!(server.refresh(&second.refresh_token).is_ok());
        assert!(server.is_alive(&first));
    }
}
