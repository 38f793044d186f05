//! The state machine that the checker explores.

use crate::action::Action;
use crate::configuration::{Configuration, Rotation};
use crate::instance::{Call, Step};
use crate::intuit::NewToken;
use crate::properties;
use crate::record::InstanceId;
use crate::update::Update;
use crate::world::{INSTANCES, Person, Reading, World};
use stateright::{Model, Property};

/// The refresh protocol in one configuration.
#[derive(Clone, Debug)]
pub struct RefreshModel(pub Configuration);

impl Model for RefreshModel {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(&self.0)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for id in 0..INSTANCES as u8 {
            self.add_instance_actions(world, id, actions);
        }
        for (index, token) in world.abandoned.into_iter().enumerate() {
            if token != 0 && !world.abandoned[..index].contains(&token) {
                actions.extend([Action::Late(token), Action::Vanish(token)]);
            }
        }
        if world.can_tick(&self.0) {
            actions.push(Action::Tick);
        }
        if world.remaining.touches > 0 {
            actions.push(Action::Touch);
        }
        let person = self.0.bounds.has_person;
        if person && world.person == Person::Connected {
            actions.extend([Action::Disconnect, Action::EndInQuickBooks]);
        }
        if person && world.person != Person::Reconnected {
            actions.push(Action::Reconnect);
        }
        if world.record.revocation.is_some() {
            actions.push(Action::Revoke);
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let (configuration, mut next) = (&self.0, world.clone());
        match action {
            Action::Begin { id, age } => next.begin(configuration, id, age)?,
            Action::Store { id, reading } => next.access_store(configuration, id, reading)?,
            Action::Take { id, answer } => next.take(configuration, id, answer),
            Action::Answer(id) => next.receive(configuration, id),
            Action::Used(id) => next.finish_use(id),
            Action::Unsent(id) => next.fail_to_send(id),
            Action::Lose(id) => {
                next.remaining.lost -= 1;
                next.abandon(id);
            }
            Action::Crash(id) => {
                next.remaining.crashes -= 1;
                next.abandon(id);
            }
            Action::Late(token) => next.take_late(configuration, token),
            Action::Vanish(token) => next.vanish(token),
            Action::Touch => {
                next.remaining.touches -= 1;
                next.write(configuration, world.record);
            }
            Action::Tick => next.tick(configuration),
            Action::Disconnect => next.change_by_person(configuration, Person::Disconnected),
            Action::EndInQuickBooks => {
                next.person = Person::EndedInQuickBooks;
                next.intuit.end_all();
            }
            Action::Reconnect => next.change_by_person(configuration, Person::Reconnected),
            Action::Revoke => next.revoke(configuration),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}

impl RefreshModel {
    fn add_instance_actions(&self, world: &World, id: InstanceId, actions: &mut Vec<Action>) {
        let remaining = world.remaining;
        let store = |reading| Action::Store { id, reading };
        let take = |answer| Action::Take { id, answer };
        match world.instances[usize::from(id)].step {
            Step::Idle if remaining.starts > 0 => {
                let ages = 0..=self.0.oldest_now();
                actions.extend(ages.map(|age| Action::Begin { id, age }));
            }
            Step::Idle => {}
            Step::Call(Call::Out(_)) => {
                actions.push(take(NewToken::Rotated));
                if self.0.rotation == Rotation::SameOrStrict {
                    actions.push(take(NewToken::Unchanged));
                }
                actions.extend((remaining.unsent > 0).then_some(Action::Unsent(id)));
                actions.extend((remaining.lost > 0).then_some(Action::Lose(id)));
            }
            Step::Call(Call::Back(..)) => {
                actions.push(Action::Answer(id));
                actions.extend((remaining.lost > 0).then_some(Action::Lose(id)));
            }
            Step::Use => actions.push(Action::Used(id)),
            Step::Read(_) | Step::Check { .. } | Step::Reread => {
                actions.push(store(Reading::Latest));
                actions.extend(world.older.map(|_| store(Reading::Older)));
            }
            Step::Swap { .. } => actions.push(store(Reading::Latest)),
        }
        if remaining.crashes > 0 && crash_matters(world, id) {
            actions.push(Action::Crash(id));
        }
    }
}

/// Returns whether a crash makes a difference. Before its claim is written, an instance has changed nothing.
fn crash_matters(world: &World, id: InstanceId) -> bool {
    !matches!(
        world.instances[usize::from(id)].step,
        Step::Idle
            | Step::Read(Update::Claim)
            | Step::Swap {
                update: Update::Claim,
                ..
            }
    )
}
