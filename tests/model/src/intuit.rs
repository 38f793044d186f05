//! Intuit's side: the refresh tokens that are alive, and the effect of a refresh.

use crate::configuration::Rotation;
use crate::record::Token;

/// The tokens of up to two consents of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Intuit {
    /// The number of tokens that were issued.
    issued: Token,
    /// The tokens that are alive, as bits.
    live: u32,
    /// The newest token of each consent.
    newest: [Token; 2],
    /// The tokens of the second consent, as bits.
    later: u32,
}

/// The token that Intuit returns where [`Rotation::SameOrStrict`] leaves a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewToken {
    /// Intuit rotates the token.
    Rotated,
    /// Intuit returns the same token, as within a day of the last rotation.
    Unchanged,
}

impl Default for Intuit {
    /// Returns one consent with its first token.
    fn default() -> Self {
        Self {
            issued: 1,
            live: 1 << 1,
            newest: [1, 0],
            later: 0,
        }
    }
}

impl Intuit {
    /// Returns whether Intuit accepts a token.
    pub fn accepts(&self, token: Token) -> bool {
        self.live & 1 << token != 0
    }

    /// Returns whether a token belongs to the latest consent.
    pub fn is_of_latest_consent(&self, token: Token) -> bool {
        self.later == 0 || self.consent(token) == 1
    }

    /// Returns whether Intuit accepts any token of the latest consent.
    pub fn has_live_token(&self) -> bool {
        let latest = |token: &Token| self.is_of_latest_consent(*token);
        (1..=self.issued)
            .filter(latest)
            .any(|token| self.accepts(token))
    }

    /// Refreshes with a token and returns the new token, or none if Intuit refuses.
    pub fn refresh(&mut self, rotation: Rotation, token: Token, answer: NewToken) -> Option<Token> {
        let consent = self.consent(token);
        if !self.accepts(token) {
            if rotation == Rotation::StrictFamily {
                self.end(consent);
            }
            return None;
        }
        let current = self.newest[consent];
        match (rotation, token == current) {
            (Rotation::SameOrStrict, _) if answer == NewToken::Unchanged => Some(token),
            (Rotation::Grace, false) => Some(current),
            (Rotation::GraceGrowing, false) => Some(self.issue(consent, &[token, current])),
            (Rotation::Grace | Rotation::GraceGrowing | Rotation::GraceReplacing, _) => {
                Some(self.issue(consent, &[token]))
            }
            _ => Some(self.issue(consent, &[])),
        }
    }

    /// Records a second consent and returns its first token.
    ///
    /// The tokens of the earlier consent stay alive until they are revoked, which is the harder case for us.
    pub fn consent_again(&mut self) -> Token {
        self.issue(1, &[])
    }

    /// Ends the app's permission for the company if the token is alive. A dead token changes nothing.
    pub fn revoke(&mut self, token: Token) {
        if self.accepts(token) {
            self.end_all();
        }
    }

    /// Ends the app's permission for the company.
    pub fn end_all(&mut self) {
        self.live = 0;
    }

    fn consent(&self, token: Token) -> usize {
        usize::from(self.later & 1 << token != 0)
    }

    fn end(&mut self, consent: usize) {
        let dead = (1..=self.issued).filter(|token| self.consent(*token) == consent);
        self.live &= !dead.fold(0, |bits, token| bits | 1 << token);
    }

    fn issue(&mut self, consent: usize, surviving: &[Token]) -> Token {
        self.end(consent);
        self.issued += 1;
        self.newest[consent] = self.issued;
        self.later |= (consent as u32) << self.issued;
        let live = surviving
            .iter()
            .fold(1 << self.issued, |bits, token| bits | 1 << token);
        self.live |= live;
        self.issued
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Refreshes with each token in turn and returns the answers.
    fn answers(rotation: Rotation, tokens: &[Token]) -> Vec<Option<Token>> {
        let mut intuit = Intuit::default();
        let mut refresh = |token: &Token| intuit.refresh(rotation, *token, NewToken::Rotated);
        tokens.iter().map(&mut refresh).collect()
    }

    #[test]
    fn strict_rotation_refuses_spent_token() {
        let expected = [Some(2), None, Some(3)];
        assert_eq!(answers(Rotation::Strict, &[1, 1, 2]), expected);
    }

    #[test]
    fn strict_family_rotation_ends_grant_on_reuse() {
        let expected = [Some(2), None, None];
        assert_eq!(answers(Rotation::StrictFamily, &[1, 1, 2]), expected);
    }

    #[test]
    fn grace_rotations_accept_previous_token() {
        let twice = |rotation| answers(rotation, &[1, 1, 2]);
        assert_eq!(twice(Rotation::Grace), [Some(2), Some(2), Some(3)]);
        assert_eq!(twice(Rotation::GraceGrowing), [Some(2), Some(3), Some(4)]);
        assert_eq!(twice(Rotation::GraceReplacing), [Some(2), Some(3), None]);
    }

    #[test]
    fn grace_rotation_refuses_token_before_previous() {
        let expected = [Some(2), Some(3), None];
        assert_eq!(answers(Rotation::Grace, &[1, 2, 1]), expected);
    }

    #[test]
    fn only_live_token_revokes_company_permission() {
        let mut intuit = Intuit::default();
        intuit.refresh(Rotation::Strict, 1, NewToken::Rotated);
        intuit.revoke(1);
        assert!(intuit.has_live_token());
        let again = intuit.consent_again();
        intuit.revoke(2);
        assert!(!intuit.accepts(again));
    }
}
