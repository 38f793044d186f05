//! The texts that RIVET shows to a person whose sign-in failed.

use crate::callback::result::failure::ConnectFailure;

impl ConnectFailure {
    /// Returns the text that RIVET shows to the person.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Declined => {
                "The permission was declined at Intuit. Connect again and choose Connect there."
            }
            Self::UnknownState | Self::UsedState | Self::ExpiredState | Self::OtherBrowser => {
                "The answer did not belong to a sign-in of this browser. Start again from RIVET."
            }
            Self::IntuitError => "Intuit reported an error. Try again.",
            Self::NoCompany => {
                "Intuit named no company. Choose a QuickBooks Online company there; QuickBooks Desktop is not supported."
            }
            Self::CodeRefused => "Intuit did not honour the sign-in. Start again from RIVET.",
            Self::IntuitUnavailable => "Intuit could not be reached. Try again in a few minutes.",
            Self::Misconfigured => "RIVET's own keys at Intuit were refused. Tell RIVET's support.",
            Self::NotAdmin => {
                "Only an admin of the QuickBooks company can connect it. Ask one to sign in."
            }
            Self::CompanySuspended => {
                "The QuickBooks subscription of this company has ended or was not paid."
            }
            Self::CompanyUnreachable => {
                "The company does not answer as a QuickBooks Online company. QuickBooks Desktop is not supported."
            }
            Self::CountryNotSupported => {
                "The company is not of the United States. RIVET posts to companies of the United States only."
            }
            Self::CompanyTaken => "This QuickBooks company is connected to another RIVET account.",
            Self::OtherCompany => {
                "This is not the QuickBooks company that this account is connected to."
            }
            Self::TryAgain => {
                "The company is being connected or disconnected in another window. Try again in two minutes."
            }
        }
    }
}
