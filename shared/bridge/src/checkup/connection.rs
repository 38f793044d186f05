//! Checks of the connection: the person who connected, the subscription, and the announcements.

use super::finding::Finding;
use super::input::CheckInput;
use super::places;
use jiff::SignedDuration;
use store::connection::{CompanyError, ConnectionStatus, ReauthorizationReason};

/// The time after a sign-in within which the first announcement arrives: RIVET's own postings are announced too.
const FIRST_NOTICE: SignedDuration = SignedDuration::from_hours(24);

/// Checks that the person who connected is still an admin. QuickBooks answers for no other person.
pub(super) fn admin_rights(input: &CheckInput) -> Finding {
    let lost = ConnectionStatus::NeedsReauthorization(ReauthorizationReason::AdminRightsLost);
    let detail = "QuickBooks lets RIVET post only while the person who connected is an admin of the company.";
    if input.status == lost {
        let title = "The person who connected is no admin of the company any more.";
        return Finding::fail(title, format!("{detail} New documents wait; nothing is lost."))
            .action("In Manage users, make that person an admin again. Or let an admin press Reconnect in RIVET.")
            .on(places::USERS);
    }
    if input.company.info.is_none() {
        return Finding::unread("whether the person who connected is an admin");
    }
    let title = "QuickBooks answers for the person who connected.";
    Finding::pass(title, detail).on(places::USERS)
}

/// Checks that the subscription is paid.
pub(super) fn subscription(input: &CheckInput) -> Finding {
    let detail = "Without a subscription QuickBooks takes no new transaction.";
    let renew = "In Account and settings, Billing & subscription, renew the subscription. RIVET then goes on by itself.";
    if input.status == ConnectionStatus::Error(CompanyError::SubscriptionEnded) {
        let title = "The QuickBooks subscription has ended or was not paid.";
        return Finding::fail(
            title,
            format!("{detail} New documents wait; nothing is lost."),
        )
        .action(renew)
        .on(places::BILLING);
    }
    let Some(info) = &input.company.info else {
        return Finding::unread("whether the subscription is paid");
    };
    let found = match info.subscription_status() {
        Some("PAID" | "SUBSCRIBED") => Finding::pass("The subscription is paid.", detail),
        Some("TRIAL" | "TRIALOPTIN") => {
            Finding::warn("The company is a free trial.", detail).action(
                "In Account and settings, Billing & subscription, subscribe before the trial ends.",
            )
        }
        Some(ended) if info.has_lapsed() || ended == "RESTRICTED" => {
            let title = format!("The subscription is {}.", ended.to_lowercase());
            Finding::fail(title, detail).action(renew)
        }
        _ => Finding::warn("QuickBooks does not say whether the subscription is paid.", detail)
            .action("In Account and settings, Billing & subscription, look whether the subscription is active."),
    };
    found.on(places::BILLING)
}

/// Checks that QuickBooks announces changes.
pub(super) fn notices(input: &CheckInput) -> Finding {
    let detail = "QuickBooks tells RIVET within minutes what people change: a payment, an edited invoice, a closed month.";
    if let Some(at) = input.notices.newest_at {
        let title = format!(
            "QuickBooks announces changes; the newest arrived on {}.",
            day(at)
        );
        return Finding::pass(title, detail);
    }
    if input.notices.any {
        return Finding::pass("QuickBooks announces changes.", detail);
    }
    let nightly = "Until then RIVET finds changes when it asks each night.";
    let connected_for = input.connected_at.map(|at| input.now.duration_since(at));
    if connected_for.is_some_and(|span| span < FIRST_NOTICE) {
        let title = "No change was announced yet; the company was connected less than a day ago.";
        return Finding::pass(title, format!("{detail} {nightly}"));
    }
    let title = "QuickBooks has announced no change so far.";
    Finding::warn(title, format!("{detail} {nightly}"))
        .action("Once RIVET has posted something, tell RIVET's support if this does not change within a day.")
}

fn day(at: jiff::Timestamp) -> String {
    jiff::tz::Offset::UTC.to_datetime(at).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::super::finding::CheckState::{Fail, Pass, Warn};
    use super::super::input::Notices;
    use super::super::input::tests::{informed, passing, unanswered};
    use super::*;

    fn with_status(status: ConnectionStatus) -> CheckInput {
        CheckInput {
            status,
            ..unanswered()
        }
    }

    #[test]
    fn lost_admin_rights_fail_that_check_alone() {
        let lost = with_status(ConnectionStatus::NeedsReauthorization(
            ReauthorizationReason::AdminRightsLost,
        ));
        assert_eq!(admin_rights(&passing()).state, Pass);
        assert_eq!(admin_rights(&lost).state, Fail);
        assert_eq!(subscription(&lost).state, Warn);
    }

    #[test]
    fn ended_subscription_fails() {
        let ended = with_status(ConnectionStatus::Error(CompanyError::SubscriptionEnded));
        assert_eq!(subscription(&ended).state, Fail);
        assert_eq!(admin_rights(&ended).state, Warn);
        let named = |status: &str| {
            let input = informed(|info| {
                for pair in &mut info.name_value {
                    if pair.name == "SubscriptionStatus" {
                        status.clone_into(&mut pair.value);
                    }
                }
            });
            subscription(&input).state
        };
        assert_eq!([named("PAID"), named("SUBSCRIBED")], [Pass, Pass]);
        assert_eq!([named("TRIAL"), named("TRIALOPTIN")], [Warn, Warn]);
        for ended in ["RESTRICTED", "SUSPENDED", "EXPIRED", "CANCELLED"] {
            assert_eq!(named(ended), Fail, "{ended}");
        }
        assert_eq!(named("UNKNOWN"), Warn);
    }

    #[test]
    fn missing_notices_warn_after_a_day() {
        let without = |hours: i64| {
            let mut input = passing();
            input.notices = Notices {
                any: false,
                newest_at: None,
            };
            input.connected_at = Some(input.now - SignedDuration::from_hours(hours));
            notices(&input).state
        };
        assert_eq!([without(23), without(24)], [Pass, Warn]);
        let mut old = passing();
        old.notices.newest_at = None;
        assert_eq!(notices(&old).state, Pass);
        assert!(notices(&passing()).title.contains("2026-03-31"));
    }
}
