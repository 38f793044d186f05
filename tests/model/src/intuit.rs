//! Intuit's side: which refresh tokens live, and what using one does.

use crate::record::Token;
use crate::setting::Rotation;

/// The tokens of up to two consents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Intuit {
    /// How many tokens were issued.
    issued: Token,
    /// The tokens that work, as bits.
    live: u32,
    /// The newest token of each consent.
    newest: [Token; 2],
    /// The tokens of the second consent, as bits.
    later: u32,
}

impl Default for Intuit {
    /// One consent with its first token.
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
    /// Whether a token works.
    pub fn honours(&self, token: Token) -> bool {
        self.live & 1 << token != 0
    }

    /// Whether a token is of the latest consent.
    pub fn is_of_latest_consent(&self, token: Token) -> bool {
        self.later == 0 || self.consent(token) == 1
    }

    /// Whether any token of the latest consent works.
    pub fn stands(&self) -> bool {
        let latest = |token: &Token| self.is_of_latest_consent(*token);
        (1..=self.issued)
            .filter(latest)
            .any(|token| self.honours(token))
    }

    /// A refresh: the token that it gives, or none if it is refused. `same`: within a day of a rotation.
    pub fn refresh(&mut self, rotation: Rotation, token: Token, same: bool) -> Option<Token> {
        let consent = self.consent(token);
        if !self.honours(token) {
            if rotation == Rotation::StrictFamily {
                self.end(consent);
            }
            return None;
        }
        let replaced = self.newest[consent];
        match (rotation, token == replaced) {
            (Rotation::SameOrStrict, _) if same => Some(token),
            (Rotation::Grace, false) => Some(replaced),
            (Rotation::GraceGrowing, false) => Some(self.issue(consent, &[token, replaced])),
            (Rotation::Grace | Rotation::GraceGrowing | Rotation::GraceReplacing, _) => {
                Some(self.issue(consent, &[token]))
            }
            _ => Some(self.issue(consent, &[])),
        }
    }

    /// A person consents again: the first token of it. The earlier consent's live on until they are
    /// revoked, which is the worse for us.
    pub fn consent_again(&mut self) -> Token {
        self.issue(1, &[])
    }

    /// Ends the app's permission for the company, if the token works; a dead one changes nothing.
    pub fn revoke(&mut self, token: Token) {
        if self.honours(token) {
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

    fn issue(&mut self, consent: usize, outlive: &[Token]) -> Token {
        self.end(consent);
        self.issued += 1;
        self.newest[consent] = self.issued;
        self.later |= (consent as u32) << self.issued;
        let live = outlive
            .iter()
            .fold(1 << self.issued, |bits, token| bits | 1 << token);
        self.live |= live;
        self.issued
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Refreshes with each token and says what came of it.
    fn answers(rotation: Rotation, tokens: &[Token]) -> Vec<Option<Token>> {
        let mut intuit = Intuit::default();
        let mut refresh = |token: &Token| intuit.refresh(rotation, *token, false);
        tokens.iter().map(&mut refresh).collect()
    }

    #[test]
    fn strictly_a_spent_token_is_refused() {
        let expected = [Some(2), None, Some(3)];
        assert_eq!(answers(Rotation::Strict, &[1, 1, 2]), expected);
    }

    #[test]
    fn a_spent_token_may_end_the_grant() {
        let expected = [Some(2), None, None];
        assert_eq!(answers(Rotation::StrictFamily, &[1, 1, 2]), expected);
    }

    #[test]
    fn grace_gives_what_counts_now_or_something_new() {
        let twice = |rotation| answers(rotation, &[1, 1, 2]);
        assert_eq!(twice(Rotation::Grace), [Some(2), Some(2), Some(3)]);
        assert_eq!(twice(Rotation::GraceGrowing), [Some(2), Some(3), Some(4)]);
        assert_eq!(twice(Rotation::GraceReplacing), [Some(2), Some(3), None]);
    }

    #[test]
    fn grace_is_for_the_token_before_only() {
        let expected = [Some(2), Some(3), None];
        assert_eq!(answers(Rotation::Grace, &[1, 2, 1]), expected);
    }

    #[test]
    fn only_a_living_token_revokes_and_then_all_of_the_company() {
        let mut intuit = Intuit::default();
        intuit.refresh(Rotation::Strict, 1, false);
        intuit.revoke(1);
        assert!(intuit.stands());
        let again = intuit.consent_again();
        intuit.revoke(2);
        assert!(!intuit.honours(again));
    }
}
