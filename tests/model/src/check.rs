//! The model as the checker sees it.

use crate::action::Action;
use crate::properties;
use crate::record::Verb;
use crate::setting::{Rotation, Setting};
use crate::world::{Call, INSTANCES, Person, Step, World};
use stateright::{Model, Property};

/// One configuration, ready to be checked.
#[derive(Clone, Debug)]
pub struct Refreshing(pub Setting);

impl Model for Refreshing {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(&self.0)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for who in 0..INSTANCES as u8 {
            self.of_instance(world, who, actions);
        }
        for (index, token) in world.flight.into_iter().enumerate() {
            if token != 0 && !world.flight[..index].contains(&token) {
                actions.extend([Action::Late(token), Action::Vanish(token)]);
            }
        }
        if world.can_tick(&self.0) {
            actions.push(Action::Tick);
        }
        if world.left.touches > 0 {
            actions.push(Action::Touch);
        }
        let person = self.0.bounds.person;
        if person && world.person == Person::Away {
            actions.extend([Action::Disconnect, Action::EndInQuickBooks]);
        }
        if person && world.person != Person::Back {
            actions.push(Action::Reconnect);
        }
        if world.record.revocation.is_some() {
            actions.push(Action::Revoke);
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let (setting, mut next) = (&self.0, world.clone());
        match action {
            Action::Begin(who, age) => next.begin(setting, (who, age))?,
            Action::Store(who, older) => next.store(setting, (who, older))?,
            Action::Take(who, same) => next.take(setting, (who, same)),
            Action::Answer(who) => next.answer(setting, who),
            Action::Used(who) => next.used(who),
            Action::Unsent(who) => next.unsent(who),
            Action::Lose(who) => {
                next.left.lost -= 1;
                next.abandon(who);
            }
            Action::Crash(who) => {
                next.left.crashes -= 1;
                next.abandon(who);
            }
            Action::Late(token) => next.land(setting, (token, true)),
            Action::Vanish(token) => next.land(setting, (token, false)),
            Action::Touch => {
                next.left.touches -= 1;
                next.write(setting, world.record);
            }
            Action::Tick => next.tick(setting),
            Action::Disconnect => next.person(setting, Person::Gone),
            Action::EndInQuickBooks => {
                next.person = Person::Ended;
                next.intuit.end_all();
            }
            Action::Reconnect => next.person(setting, Person::Back),
            Action::Revoke => next.revoke(setting),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}

impl Refreshing {
    fn of_instance(&self, world: &World, who: u8, actions: &mut Vec<Action>) {
        let left = world.left;
        match world.instances[usize::from(who)].step {
            Step::Idle if left.starts > 0 => {
                actions.extend((0..=self.0.oldest_now()).map(|age| Action::Begin(who, age)));
            }
            Step::Idle => {}
            Step::Call(Call::Out(_)) => {
                actions.push(Action::Take(who, false));
                if self.0.rotation == Rotation::SameOrStrict {
                    actions.push(Action::Take(who, true));
                }
                actions.extend((left.unsent > 0).then_some(Action::Unsent(who)));
                actions.extend((left.lost > 0).then_some(Action::Lose(who)));
            }
            Step::Call(Call::Back(..)) => {
                actions.push(Action::Answer(who));
                actions.extend((left.lost > 0).then_some(Action::Lose(who)));
            }
            Step::Use => actions.push(Action::Used(who)),
            Step::Read(_) | Step::Check(..) | Step::Reread => {
                actions.push(Action::Store(who, false));
                actions.extend(world.older.map(|_| Action::Store(who, true)));
            }
            Step::Swap(..) => actions.push(Action::Store(who, false)),
        }
        if left.crashes > 0 && self.crash_matters(world, who) {
            actions.push(Action::Crash(who));
        }
    }

    /// Before its claim is written, an instance that crashes is as one that never began.
    fn crash_matters(&self, world: &World, who: u8) -> bool {
        !matches!(
            world.instances[usize::from(who)].step,
            Step::Idle | Step::Read(Verb::Claim) | Step::Swap(Verb::Claim, _)
        )
    }
}
