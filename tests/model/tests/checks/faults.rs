//! The model can fail: each deliberate fault in the protocol is found, with a counterexample.

use crate::checking::{BOUNDS, LATE, breaks};
use model::properties::{
    CLAIMS_ARE_ENDED, ENDS_WELL, FRESH_IS_USABLE, JUST_VERDICTS, LATEST_CONSENT, LOSS_IS_KNOWN,
    NEVER_OLDER, NO_LOOP, NOT_IN_VAIN, NOTHING_LEFT_BEHIND, ONE_OWNER, ONE_SENDER,
    SPENT_WITH_CAUSE, USEFUL_PREVIOUS,
};
use model::setting::{Backend, Bounds, Deviation, Rotation, Setting};

fn strict(deviation: Deviation) -> Setting {
    Setting::new(Backend::Redis, Rotation::Strict, BOUNDS).with(deviation)
}

#[test]
fn believing_the_stores_report_makes_two_owners_who_send_the_same_token() {
    let believing = strict(Deviation::BelieveTheReport);
    assert!(breaks(believing.clone(), ONE_OWNER));
    assert!(breaks(believing, ONE_SENDER));
}

#[test]
fn a_claim_that_is_no_intent_forgets_a_lost_rotation() {
    assert!(breaks(strict(Deviation::NoIntent), LOSS_IS_KNOWN));
}

#[test]
fn saving_after_use_lets_the_lease_end_before_the_tokens_are_safe() {
    assert!(breaks(strict(Deviation::UseBeforeSave), ONE_OWNER));
}

#[test]
fn without_adoption_a_reconnected_grant_gets_the_verdict_of_the_old_one() {
    assert!(breaks(strict(Deviation::NoAdoption), JUST_VERDICTS));
    assert!(breaks(strict(Deviation::NoAdoption), ENDS_WELL));
}

#[test]
fn a_lease_no_longer_than_one_call_lets_two_own_a_generation() {
    assert!(breaks(strict(Deviation::ShortLease), ONE_OWNER));
}

#[test]
fn counting_anew_after_a_reconnect_lets_an_old_refresh_overwrite_it() {
    let counting = strict(Deviation::GenerationNotRaised);
    assert!(breaks(counting.clone(), LATEST_CONSENT));
    assert!(breaks(counting, NEVER_OLDER));
}

#[test]
fn saving_without_comparing_generations_overwrites_a_reconnect() {
    assert!(breaks(strict(Deviation::SaveRegardless), LATEST_CONSENT));
}

#[test]
fn taking_the_token_before_always_sends_what_is_known_to_be_spent() {
    assert!(breaks(strict(Deviation::PreviousAlways), SPENT_WITH_CAUSE));
}

#[test]
fn trying_again_after_a_refusal_is_a_loop() {
    assert!(breaks(strict(Deviation::TryAgain), NO_LOOP));
}

#[test]
fn a_claim_by_the_time_at_which_a_long_request_began_ends_before_its_call() {
    assert!(breaks(strict(Deviation::StaleNow), ONE_OWNER));
}

#[test]
fn releasing_a_claim_that_was_taken_over_forgets_a_lost_rotation() {
    assert!(breaks(strict(Deviation::ReleaseForgets), LOSS_IS_KNOWN));
}

#[test]
fn dropping_tokens_that_arrive_after_a_disconnect_leaves_them_alive_at_intuit() {
    let dropping = strict(Deviation::DropsLateTokens);
    assert!(breaks(dropping, NOTHING_LEFT_BEHIND));
}

#[test]
fn adopting_only_what_is_newer_sends_a_token_after_a_disconnect() {
    let sending = strict(Deviation::SendsAfterDisconnect);
    assert!(breaks(sending, NOT_IN_VAIN));
}

#[test]
fn a_stalled_owner_hides_its_fresh_grant_if_saving_keeps_the_verdict() {
    let bounds = Bounds {
        crashes: 0,
        lost: 0,
        person: false,
        ..BOUNDS
    };
    let stalling = Setting::new(Backend::Redis, Rotation::Strict, bounds).with(Deviation::Stalls);
    assert!(!breaks(stalling.clone(), FRESH_IS_USABLE));
    let keeping = stalling.with(Deviation::SaveKeepsVerdict);
    assert!(breaks(keeping, FRESH_IS_USABLE));
}

/// Reached only where [`Rotation::GraceReplacing`] voids a saved token late, and where another refresh then
/// leaves its intent.
#[test]
fn keeping_the_refused_token_keeps_what_is_of_no_use() {
    let setting = Setting::new(Backend::Sqlite, Rotation::GraceReplacing, LATE);
    assert!(!breaks(setting.clone(), USEFUL_PREVIOUS));
    assert!(breaks(
        setting.with(Deviation::KeepsRefused),
        USEFUL_PREVIOUS
    ));
}

#[test]
fn reading_what_may_be_old_leaves_claims_without_an_owner() {
    let setting = Setting::new(Backend::DynamoDbEventual, Rotation::Strict, BOUNDS);
    assert!(breaks(setting, CLAIMS_ARE_ENDED));
}
