//! What must hold in every world that can be reached.

use crate::action::Action;
use crate::check::Refreshing;
use crate::record::Standing;
use crate::setting::Rotation;
use crate::world::{Instance, Mark, Person, World};
use stateright::{Model, Property};

/// Two living instances never have the same token under way, nor does one send while another's claim holds.
pub const ONE_SENDER: &str = "one sender of a token at a time";
/// No two instances may send or save for the same generation.
pub const ONE_OWNER: &str = "one owner of a generation at a time";
/// A token that was rotated away and lost leaves a verdict or an open claim.
pub const LOSS_IS_KNOWN: &str = "a lost rotation is known";
/// Generations only rise.
pub const NEVER_OLDER: &str = "a grant never goes back";
/// The record's grant is of the latest consent.
pub const LATEST_CONSENT: &str = "a reconnect is never overwritten";
/// When all is quiet, one more refresh ends with tokens that work, or with a verdict where Intuit allows no better.
pub const ENDS_WELL: &str = "one more refresh ends well";
/// A refresh sends two tokens at most.
pub const NO_LOOP: &str = "a refresh sends two tokens at most";
/// A token that is known to be spent is sent only if an earlier refresh never reported back.
pub const SPENT_WITH_CAUSE: &str = "a spent token is sent with cause only";
/// Nothing is sent for a grant that was read to be gone.
pub const NOT_IN_VAIN: &str = "nothing is sent for a grant that is gone";
/// No verdict falls on a grant that it was not about.
pub const JUST_VERDICTS: &str = "a verdict is about its own grant";
/// Tokens that arrive after a disconnect are revoked.
pub const NOTHING_LEFT_BEHIND: &str = "tokens that arrive after a disconnect are revoked";
/// The token before is never one that was refused.
pub const USEFUL_PREVIOUS: &str = "no refused token is kept";
/// Fresh tokens are usable.
pub const FRESH_IS_USABLE: &str = "a fresh grant is usable";
/// Only a fault leaves a claim behind.
pub const CLAIMS_ARE_ENDED: &str = "without a fault every claim is ended";

/// Reached: a second refresh is saved.
pub const REFRESHES: &str = "a second refresh is saved";
/// Reached: a claim is taken over whose owner never reported back.
pub const TAKES_OVER: &str = "a claim is taken over";
/// Reached: the verdict.
pub const GIVES_UP: &str = "a person is asked to sign in again";
/// Reached, under some rules only: the token before is accepted after the present one was refused.
pub const RESCUES: &str = "the token before is accepted";

/// All properties: what always holds, and what is reached.
pub fn all() -> Vec<Property<Refreshing>> {
    let mut all = always();
    all.extend(reached());
    all
}

fn always() -> Vec<Property<Refreshing>> {
    vec![
        Property::always(ONE_SENDER, |_, world: &World| one_sender(world)),
        Property::always(ONE_OWNER, |_, world: &World| one_owner(world)),
        Property::always(LOSS_IS_KNOWN, |_, world: &World| loss_is_known(world)),
        Property::always(NEVER_OLDER, |_, world: &World| {
            !world.is_marked(Mark::Regressed)
        }),
        Property::always(LATEST_CONSENT, |_, world: &World| latest_consent(world)),
        Property::always(ENDS_WELL, ends_well),
        Property::always(NO_LOOP, |_, world: &World| {
            world
                .instances
                .iter()
                .all(|instance| instance.turn.sent <= 2)
        }),
        Property::always(SPENT_WITH_CAUSE, |_, world: &World| {
            !world.is_marked(Mark::SpentForNothing)
        }),
        Property::always(NOT_IN_VAIN, |_, world: &World| {
            !world.is_marked(Mark::SentInVain)
        }),
        Property::always(JUST_VERDICTS, |_, world: &World| {
            !world.is_marked(Mark::Slandered)
        }),
        Property::always(NOTHING_LEFT_BEHIND, nothing_left_behind),
        Property::always(USEFUL_PREVIOUS, |_, world: &World| {
            !world.is_marked(Mark::KeptRefused)
        }),
        Property::always(FRESH_IS_USABLE, |_, world: &World| {
            !world.is_marked(Mark::Hidden)
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
        one.sends() && other.sends() && one.turn.sending == other.turn.sending
    };
    let intrudes = |index: usize, instance: &Instance| {
        instance.sends()
            && world.record.is_of(instance.turn.generation)
            && world.record.claim.is_some_and(|claim| {
                claim.left > 0 && claim.owner.is_some_and(|owner| usize::from(owner) != index)
            })
    };
    let mut instances = world.instances.iter().enumerate();
    !pairs(world).any(same) && !instances.any(|(index, instance)| intrudes(index, instance))
}

fn one_owner(world: &World) -> bool {
    !pairs(world).any(|(one, other)| {
        one.owns() && other.owns() && one.turn.generation == other.turn.generation
    })
}

fn loss_is_known(world: &World) -> bool {
    let Some(grant) = world.record.grant else {
        return true;
    };
    let lost = !world.intuit.honours(grant.token) && world.intuit.stands();
    let at_it =
        |instance: &Instance| instance.owns() && instance.turn.generation == grant.generation;
    !lost
        || world.record.standing != Standing::Connected
        || world.record.claim.is_some()
        || world.instances.iter().any(at_it)
}

fn latest_consent(world: &World) -> bool {
    world
        .record
        .grant
        .is_none_or(|grant| world.intuit.is_of_latest_consent(grant.token))
}

/// Lets one refresh run alone and without faults, after all leases, by the very steps of the model.
fn ends_well(model: &Refreshing, world: &World) -> bool {
    if !world.is_quiet() || world.record.standing == Standing::Disconnected {
        return true;
    }
    let end = alone(model, world.clone());
    let works = end.record.standing == Standing::Connected
        && end.record.claim.is_none()
        && end
            .record
            .grant
            .is_some_and(|grant| end.intuit.honours(grant.token));
    works || (end.record.standing == Standing::NeedsReauthorization && may_end(model, world))
}

/// Steps of the longest refresh that nobody disturbs.
const LONGEST: usize = 16;

/// Whether the grant may be gone: if it was ended inside QuickBooks; under the strict rules once
/// something went wrong; under grace only if two things did.
fn may_end(model: &Refreshing, world: &World) -> bool {
    let (faults, _) = world.faults(&model.0);
    if world.person == Person::Ended {
        return true;
    }
    match model.0.rotation {
        Rotation::Strict | Rotation::StrictFamily | Rotation::SameOrStrict => faults > 0,
        Rotation::Grace | Rotation::GraceGrowing | Rotation::GraceReplacing => faults > 1,
    }
}

fn alone(model: &Refreshing, mut world: World) -> World {
    while world.can_tick(&model.0) {
        world.tick(&model.0);
    }
    world.left.starts = 1;
    world.left.crashes = 0;
    let mut next = model.next_state(&world, Action::Begin(0, 0));
    for _ in 0..LONGEST {
        let Some(after) = next else { break };
        world = after;
        let goes_on = [
            Action::Store(0, false),
            Action::Used(0),
            Action::Take(0, false),
            Action::Answer(0),
        ];
        let changed = |action| {
            model
                .next_state(&world, action)
                .filter(|after| *after != world)
        };
        next = goes_on.into_iter().find_map(changed);
    }
    world
}

/// After a disconnect, unless an answer was lost with tokens that nobody ever saw.
fn nothing_left_behind(model: &Refreshing, world: &World) -> bool {
    let settled = world.is_quiet() && world.record.revocation.is_none();
    let (faults, _) = world.faults(&model.0);
    !settled || world.person != Person::Gone || faults > 0 || !world.intuit.stands()
}

fn claims_are_ended(model: &Refreshing, world: &World) -> bool {
    let deserted = world
        .record
        .claim
        .is_some_and(|claim| claim.owner.is_none());
    !deserted || world.faults(&model.0) != (0, 0)
}

/// What is to be reached at all, so that a model in which nothing happens does not pass.
fn reached() -> [Property<Refreshing>; 4] {
    [
        Property::sometimes(REFRESHES, |_, world: &World| world.record.is_of(3)),
        Property::sometimes(TAKES_OVER, |_, world: &World| {
            world
                .instances
                .iter()
                .any(|instance| instance.owns() && instance.turn.interrupted)
        }),
        Property::sometimes(GIVES_UP, |_, world: &World| {
            world.record.standing == Standing::NeedsReauthorization
        }),
        Property::sometimes(RESCUES, |_, world: &World| world.is_marked(Mark::Rescued)),
    ]
}
