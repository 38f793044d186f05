//! The reasons why a confirmation connects nothing.

use billing::Id;
use jiff::Timestamp;
use store::connection::FailedAttempt;
use store::unconfirmed_sign_in::ConfirmationRefusal;

/// The reason why a confirmation connects nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmRefusal {
    /// No sign-in has this confirmation.
    Unknown,
    /// Another person asked for the link, or the person asked for another firm.
    NotYours,
    /// The confirmation was used before.
    Used,
    /// The ten minutes are over.
    Expired,
    /// A later sign-in to the same company replaced the grant.
    Superseded,
    /// The company serves another firm by now.
    CompanyTaken,
    /// The firm is connected to another company by now.
    OtherCompany,
    /// Another request holds the company at the moment. The same confirmation works a moment later.
    TryAgain,
}

impl ConfirmRefusal {
    /// Returns the text for the person.
    pub fn message(self) -> &'static str {
        match self {
            Self::Unknown => "This is not a confirmation of a sign-in. Start again from RIVET.",
            Self::NotYours => {
                "Only the person who asked for the connection can confirm it, in the same RIVET account. Nothing was connected."
            }
            Self::Used => "This sign-in was confirmed or refused before.",
            Self::Expired => {
                "More than ten minutes have passed since the sign-in, so nothing was connected. Start again from RIVET."
            }
            Self::Superseded => {
                "A later sign-in to the same QuickBooks company replaced this one. Confirm that one, or start again from RIVET."
            }
            Self::CompanyTaken => "This QuickBooks company is connected to another RIVET account.",
            Self::OtherCompany => {
                "This account was connected to another QuickBooks company meanwhile. Nothing was changed."
            }
            Self::TryAgain => {
                "The company is being connected or disconnected in another window. Try again in a moment."
            }
        }
    }

    /// Returns whether nobody may confirm the sign-in any more.
    pub(super) fn ends_sign_in(self) -> bool {
        match self {
            Self::NotYours
            | Self::Expired
            | Self::Superseded
            | Self::CompanyTaken
            | Self::OtherCompany => true,
            Self::Unknown | Self::Used | Self::TryAgain => false,
        }
    }

    /// Returns the failure that the firm's status shows, if the firm should see one.
    pub(super) fn failed_attempt(self, user: &Id, at: Timestamp) -> Option<FailedAttempt> {
        let code = match self {
            Self::NotYours => "confirmation_not_yours",
            Self::Expired => "confirmation_expired",
            Self::Superseded => "confirmation_superseded",
            Self::CompanyTaken => "company_taken",
            Self::OtherCompany => "other_company",
            Self::Unknown | Self::Used | Self::TryAgain => return None,
        };
        Some(FailedAttempt {
            at,
            user: user.clone(),
            code: code.into(),
            message: self.message().into(),
        })
    }
}

impl From<ConfirmationRefusal> for ConfirmRefusal {
    fn from(refusal: ConfirmationRefusal) -> Self {
        match refusal {
            ConfirmationRefusal::Unknown => Self::Unknown,
            ConfirmationRefusal::NotYours => Self::NotYours,
            ConfirmationRefusal::Used => Self::Used,
            ConfirmationRefusal::Expired => Self::Expired,
        }
    }
}
