//! The reasons why a sign-in failed, and their codes.

/// The reason why a sign-in failed. RIVET shows a message of its own for each code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectFailure {
    /// The person declined at Intuit.
    Declined,
    /// The state is unknown.
    UnknownState,
    /// The state was used before.
    UsedState,
    /// The state is older than ten minutes.
    ExpiredState,
    /// The callback came from another browser than the one that opened the link.
    OtherBrowser,
    /// Intuit reported an error.
    IntuitError,
    /// Intuit named no company.
    NoCompany,
    /// The code is missing, or Intuit did not honour it.
    CodeRefused,
    /// Intuit could not be reached or did not answer.
    IntuitUnavailable,
    /// Intuit refused the keys of RIVET's app.
    Misconfigured,
    /// The person is not an admin of the company.
    NotAdmin,
    /// The company's QuickBooks subscription is not active.
    CompanySuspended,
    /// The company does not answer to the new token.
    CompanyUnreachable,
    /// The company is not of the United States.
    CountryNotSupported,
    /// The company serves another firm.
    CompanyTaken,
    /// The firm is connected to another company.
    OtherCompany,
    /// Another sign-in or a disconnect holds the company at the moment.
    TryAgain,
}

impl ConnectFailure {
    /// Returns the stable code of the redirect to RIVET.
    pub fn code(self) -> &'static str {
        match self {
            Self::Declined => "access_denied",
            Self::UnknownState => "state_unknown",
            Self::UsedState => "state_used",
            Self::ExpiredState => "state_expired",
            Self::OtherBrowser => "other_browser",
            Self::IntuitError => "intuit_error",
            Self::NoCompany => "company_missing",
            Self::CodeRefused => "code_refused",
            Self::IntuitUnavailable => "intuit_unavailable",
            Self::Misconfigured => "app_misconfigured",
            Self::NotAdmin => "not_admin",
            Self::CompanySuspended => "company_suspended",
            Self::CompanyUnreachable => "company_unreachable",
            Self::CountryNotSupported => "country_not_supported",
            Self::CompanyTaken => "company_taken",
            Self::OtherCompany => "other_company",
            Self::TryAgain => "try_again",
        }
    }
}
