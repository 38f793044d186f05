//! The model can fail: for each deviation from the protocol the checker finds a counterexample.

use crate::checker::{BOUNDS, LATE, check, violates};
use model::configuration::{Backend, Bounds, Configuration, Deviation, Rotation};
use model::properties::{
    CLAIMS_ARE_ENDED, LATE_TOKENS_ARE_REVOKED, LATEST_CONSENT, LOSS_IS_KNOWN, NEVER_OLDER,
    NEW_GRANT_IS_USABLE, NO_LOOP, NO_SEND_WITHOUT_GRANT, ONE_OWNER, RECOVERS, REFRESHES,
    SPENT_WITH_CAUSE, STATUS_OF_OWN_GRANT, USEFUL_PREVIOUS,
};

fn strict(deviation: Deviation) -> Configuration {
    Configuration::new(Backend::Redis, Rotation::Strict, BOUNDS).with(deviation)
}

/// Redis reports each swap as a conflict. The instance that claimed does not know, and nobody ever refreshes.
#[test]
fn trusting_swap_report_leaves_claim_without_owner() {
    let trusting = strict(Deviation::TrustsSwapReport);
    assert!(violates(trusting.clone(), CLAIMS_ARE_ENDED));
    assert!(!check(trusting).found.contains(&REFRESHES));
}

#[test]
fn ignoring_open_claim_hides_lost_rotation() {
    assert!(violates(strict(Deviation::IgnoresOpenClaim), LOSS_IS_KNOWN));
}

#[test]
fn use_before_save_outlasts_lease() {
    assert!(violates(strict(Deviation::UsesBeforeSave), ONE_OWNER));
}

#[test]
fn skipped_reread_changes_status_of_reconnected_grant() {
    let skipping = strict(Deviation::SkipsReread);
    assert!(violates(skipping.clone(), STATUS_OF_OWN_GRANT));
    assert!(violates(skipping, RECOVERS));
}

#[test]
fn short_lease_makes_two_owners() {
    assert!(violates(strict(Deviation::ShortLease), ONE_OWNER));
}

#[test]
fn restarted_generation_lets_old_refresh_overwrite() {
    let restarting = strict(Deviation::RestartsGeneration);
    assert!(violates(restarting.clone(), LATEST_CONSENT));
    assert!(violates(restarting, NEVER_OLDER));
}

#[test]
fn saving_without_comparing_overwrites_reconnect() {
    let saving = strict(Deviation::SavesWithoutComparing);
    assert!(violates(saving, LATEST_CONSENT));
}

#[test]
fn always_trying_previous_sends_spent_token() {
    let trying = strict(Deviation::AlwaysTriesPrevious);
    assert!(violates(trying, SPENT_WITH_CAUSE));
}

#[test]
fn retry_after_refusal_sends_without_end() {
    assert!(violates(strict(Deviation::RetriesAfterRefusal), NO_LOOP));
}

#[test]
fn stale_claim_time_makes_two_owners() {
    assert!(violates(strict(Deviation::StaleClaimTime), ONE_OWNER));
}

#[test]
fn released_takeover_hides_lost_rotation() {
    assert!(violates(strict(Deviation::ReleaseForgets), LOSS_IS_KNOWN));
}

#[test]
fn dropped_late_tokens_stay_alive() {
    let dropping = strict(Deviation::DropsLateTokens);
    assert!(violates(dropping, LATE_TOKENS_ARE_REVOKED));
}

#[test]
fn refresh_after_disconnect_sends_token() {
    let sending = strict(Deviation::SendsAfterDisconnect);
    assert!(violates(sending, NO_SEND_WITHOUT_GRANT));
}

#[test]
fn kept_status_hides_grant_of_slow_owner() {
    let bounds = Bounds {
        crashes: 0,
        lost: 0,
        has_person: false,
        ..BOUNDS
    };
    let slow = Configuration::new(Backend::Redis, Rotation::Strict, bounds);
    let slow = slow.with(Deviation::SlowOwner);
    assert!(!violates(slow.clone(), NEW_GRANT_IS_USABLE));
    let keeping = slow.with(Deviation::KeepsOldStatus);
    assert!(violates(keeping, NEW_GRANT_IS_USABLE));
}

/// The state needs [`Rotation::GraceReplacing`] to void a saved token late, and another refresh with an open claim.
#[test]
fn refused_token_is_kept_under_late_requests() {
    let configuration = Configuration::new(Backend::Sqlite, Rotation::GraceReplacing, LATE);
    assert!(!violates(configuration.clone(), USEFUL_PREVIOUS));
    let keeping = configuration.with(Deviation::KeepsRefused);
    assert!(violates(keeping, USEFUL_PREVIOUS));
}

#[test]
fn eventual_reads_leave_claim_without_owner() {
    let configuration = Configuration::new(Backend::DynamoDbEventual, Rotation::Strict, BOUNDS);
    assert!(violates(configuration, CLAIMS_ARE_ENDED));
}
