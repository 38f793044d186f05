//! The properties of every reachable state.

use crate::action::Action;
use crate::configuration::Rotation;
use crate::instance::Instance;
use crate::intuit::NewToken;
use crate::record::ConnectionStatus;
use crate::refresh_model::RefreshModel;
use crate::world::{Event, Faults, Person, Reading, World};
use stateright::{Model, Property};

/// Two living instances never send the same token, and none sends while the claim of another holds.
pub const ONE_SENDER: &str = "one sender of a token at a time";
/// No two instances may send or save for the same generation.
pub const ONE_OWNER: &str = "one owner of a generation at a time";
/// A token that was rotated away and lost leaves an open claim or the status needs reauthorization.
pub const LOSS_IS_KNOWN: &str = "a lost rotation is known";
/// Generations only rise.
pub const NEVER_OLDER: &str = "a grant never goes back";
/// The grant in the record belongs to the latest consent.
pub const LATEST_CONSENT: &str = "a reconnect is never overwritten";
/// Once no refresh is under way, one more refresh ends with working tokens.
///
/// If Intuit's rule allows no better, it ends with the status needs reauthorization.
pub const RECOVERS: &str = "one more refresh recovers or asks for reauthorization";
/// A refresh sends two tokens at most.
pub const NO_LOOP: &str = "a refresh sends two tokens at most";
/// A token that is known to be spent is sent only if an earlier refresh never reported its result.
pub const SPENT_WITH_CAUSE: &str = "a spent token is sent with cause only";
/// After an instance has read that its grant is gone, it sends nothing.
pub const NO_SEND_WITHOUT_GRANT: &str = "nothing is sent for a grant that is gone";
/// A refusal changes the status only of the grant that was refused.
pub const STATUS_OF_OWN_GRANT: &str = "a refusal changes the status of its own grant only";
/// Tokens that arrive after a disconnect are revoked.
pub const LATE_TOKENS_ARE_REVOKED: &str = "tokens that arrive after a disconnect are revoked";
/// The previous token is never one that was refused.
pub const USEFUL_PREVIOUS: &str = "no refused token is kept";
/// A new grant is saved with the status connected.
pub const NEW_GRANT_IS_USABLE: &str = "a new grant is usable";
/// Only a fault leaves a claim open.
pub const CLAIMS_ARE_ENDED: &str = "without a fault every claim is ended";

/// Reached: a second refresh is saved.
pub const REFRESHES: &str = "a second refresh is saved";
/// Reached: an instance takes over a claim whose owner never reported its result.
pub const TAKES_OVER: &str = "a claim is taken over";
/// Reached: the status is set to needs reauthorization.
pub const GIVES_UP: &str = "a person is asked to sign in again";
/// Reached under some rules only: Intuit accepts the previous token after it refused the present one.
pub const PREVIOUS_IS_ACCEPTED: &str = "the previous token is accepted";

/// Returns all properties: those that always hold and those that must be reached.
pub fn all() -> Vec<Property<RefreshModel>> {
    let mut all = always();
    all.extend(reached());
    all
}

fn always() -> Vec<Property<RefreshModel>> {
    vec![
        Property::always(ONE_SENDER, |_, world: &World| one_sender(world)),
        Property::always(ONE_OWNER, |_, world: &World| one_owner(world)),
        Property::always(LOSS_IS_KNOWN, |_, world: &World| loss_is_known(world)),
        Property::always(NEVER_OLDER, |_, world: &World| {
            !world.has_happened(Event::GrantRegressed)
        }),
        Property::always(LATEST_CONSENT, |_, world: &World| latest_consent(world)),
        Property::always(RECOVERS, recovers),
        Property::always(NO_LOOP, |_, world: &World| {
            world
                .instances
                .iter()
                .all(|instance| instance.refresh.sent_count <= 2)
        }),
        Property::always(SPENT_WITH_CAUSE, |_, world: &World| {
            !world.has_happened(Event::SpentTokenSent)
        }),
        Property::always(NO_SEND_WITHOUT_GRANT, |_, world: &World| {
            !world.has_happened(Event::SentForLostGrant)
        }),
        Property::always(STATUS_OF_OWN_GRANT, |_, world: &World| {
            !world.has_happened(Event::WrongStatus)
        }),
        Property::always(LATE_TOKENS_ARE_REVOKED, late_tokens_are_revoked),
        Property::always(USEFUL_PREVIOUS, |_, world: &World| {
            !world.has_happened(Event::RefusedTokenKept)
        }),
        Property::always(NEW_GRANT_IS_USABLE, |_, world: &World| {
            !world.has_happened(Event::NewGrantUnusable)
        }),
        Property::always(CLAIMS_ARE_ENDED, claims_are_ended),
    ]
}

fn pairs(world: &World) -> impl Iterator<Item = (&Instance, &Instance)> {
    [(0, 1), (0, 2), (1, 2)]
        .into_iter()
        .map(|(one, other)| (&world.instances[one], &world.instances[other]))
}

fn one_sender(world: &World) -> bool {
    let same = |(one, other): (&Instance, &Instance)| {
        one.is_sending() && other.is_sending() && one.refresh.sent_token == other.refresh.sent_token
    };
    let intrudes = |index: usize, instance: &Instance| {
        instance.is_sending()
            && world.record.is_of(instance.refresh.generation)
            && world.record.claim.is_some_and(|claim| {
                claim.ticks_left > 0 && claim.owner.is_some_and(|owner| usize::from(owner) != index)
            })
    };
    let mut instances = world.instances.iter().enumerate();
    !pairs(world).any(same) && !instances.any(|(index, instance)| intrudes(index, instance))
}

fn one_owner(world: &World) -> bool {
    !pairs(world).any(|(one, other)| {
        one.is_owner() && other.is_owner() && one.refresh.generation == other.refresh.generation
    })
}

fn loss_is_known(world: &World) -> bool {
    let Some(grant) = world.record.grant else {
        return true;
    };
    let lost = !world.intuit.accepts(grant.token) && world.intuit.has_live_token();
    let is_owner = |instance: &Instance| {
        instance.is_owner() && instance.refresh.generation == grant.generation
    };
    !lost
        || world.record.status != ConnectionStatus::Connected
        || world.record.claim.is_some()
        || world.instances.iter().any(is_owner)
}

fn latest_consent(world: &World) -> bool {
    world
        .record
        .grant
        .is_none_or(|grant| world.intuit.is_of_latest_consent(grant.token))
}

/// Returns whether one more refresh, alone and without faults, recovers the grant or finds it gone.
///
/// The refresh runs after all leases have ended, through the steps of the model itself.
fn recovers(model: &RefreshModel, world: &World) -> bool {
    if !world.is_quiet() || world.record.status == ConnectionStatus::Disconnected {
        return true;
    }
    let end = run_alone(model, world.clone());
    let works = end.record.status == ConnectionStatus::Connected
        && end.record.claim.is_none()
        && end
            .record
            .grant
            .is_some_and(|grant| end.intuit.accepts(grant.token));
    works
        || (end.record.status == ConnectionStatus::NeedsReauthorization
            && may_be_gone(model, world))
}

/// The number of steps of the longest undisturbed refresh.
const LONGEST_REFRESH: usize = 16;

/// Returns whether the grant may be gone.
///
/// A person may have ended it inside QuickBooks. Under the strict rules one lost answer or crash is enough, and
/// under grace two are.
fn may_be_gone(model: &RefreshModel, world: &World) -> bool {
    let Faults { lost, .. } = world.faults(&model.0);
    if world.person == Person::EndedInQuickBooks {
        return true;
    }
    match model.0.rotation {
        Rotation::Strict | Rotation::StrictFamily | Rotation::SameOrStrict => lost > 0,
        Rotation::Grace | Rotation::GraceGrowing | Rotation::GraceReplacing => lost > 1,
    }
}

fn run_alone(model: &RefreshModel, mut world: World) -> World {
    while world.can_tick(&model.0) {
        world.tick(&model.0);
    }
    world.remaining.starts = 1;
    world.remaining.crashes = 0;
    let mut next = model.next_state(&world, Action::Begin { id: 0, age: 0 });
    for _ in 0..LONGEST_REFRESH {
        let Some(after) = next else { break };
        world = after;
        let own_actions = [
            Action::Store {
                id: 0,
                reading: Reading::Latest,
            },
            Action::Used(0),
            Action::Take {
                id: 0,
                answer: NewToken::Rotated,
            },
            Action::Answer(0),
        ];
        let changed = |action| {
            model
                .next_state(&world, action)
                .filter(|after| *after != world)
        };
        next = own_actions.into_iter().find_map(changed);
    }
    world
}

/// Returns whether no token is alive after a disconnect.
///
/// A crash or a lost answer excuses a live token, because no instance ever saw it.
fn late_tokens_are_revoked(model: &RefreshModel, world: &World) -> bool {
    let is_done = world.is_quiet() && world.record.revocation.is_none();
    let Faults { lost, .. } = world.faults(&model.0);
    !is_done || world.person != Person::Disconnected || lost > 0 || !world.intuit.has_live_token()
}

fn claims_are_ended(model: &RefreshModel, world: &World) -> bool {
    let is_ownerless = world
        .record
        .claim
        .is_some_and(|claim| claim.owner.is_none());
    let no_faults = Faults { lost: 0, unsent: 0 };
    !is_ownerless || world.faults(&model.0) != no_faults
}

/// Returns the states that must be reached, so that a model in which nothing happens does not pass.
fn reached() -> [Property<RefreshModel>; 4] {
    [
        Property::sometimes(REFRESHES, |_, world: &World| world.record.is_of(3)),
        Property::sometimes(TAKES_OVER, |_, world: &World| {
            world
                .instances
                .iter()
                .any(|instance| instance.is_owner() && instance.refresh.is_interrupted)
        }),
        Property::sometimes(GIVES_UP, |_, world: &World| {
            world.record.status == ConnectionStatus::NeedsReauthorization
        }),
        Property::sometimes(PREVIOUS_IS_ACCEPTED, |_, world: &World| {
            world.has_happened(Event::PreviousAccepted)
        }),
    ]
}
