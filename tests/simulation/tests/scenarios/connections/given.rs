//! The state in which a seed starts, prepared once and then copied.

use crate::connections::actions::{self, Confirming, Person, SignInAnswer};
use crate::connections::invariants::Invariants;
use connection::confirm::ConfirmResult;
use jiff::{SignedDuration, Timestamp};
use simulation::Conditions;
use simulation::behaviour::Behaviour;
use simulation::deployment::{self, Deployment};
use simulation::firms::{COMPANIES, FIRMS, firm_id};
use simulation::memory_store::{BackEnd, MemoryStore};
use simulation::observer::Observer;
use simulation::world::World;
use simulator::{Company, Rotation, Simulator};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use store::PAGE_CAPACITY;

const ROTATIONS: [Rotation; 4] = [
    Rotation::Strict,
    Rotation::Grace24h,
    Rotation::EachRefresh,
    Rotation::EachRefreshGrace24h,
];

/// The facts of a run that a seed draws first.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    pub rotation: Rotation,
    pub back_end: BackEnd,
    /// The number of firms that are connected, each to its own company.
    pub connected: usize,
    /// The time since the firms were connected.
    pub idle: SignedDuration,
    /// True if a new sign-in ends the refresh tokens of earlier sign-ins.
    pub supersedes: bool,
    /// True if people connect and disconnect. Otherwise grants are only refreshed.
    pub people: bool,
    /// The behaviour of Intuit where its texts and reports differ.
    pub behaviour: Behaviour,
    pub conditions: Conditions,
}

impl Given {
    pub fn draw(chance: &mut fastrand::Rng) -> Self {
        let idle = [0, 50, 23 * 60 + 40, 25 * 60];
        // A copy of the generator draws these, so that all other draws of a seed stay the same.
        let mut copy = chance.clone();
        let (behaviour, has_outages) = (Behaviour::draw(&mut copy), copy.u8(..3) == 0);
        Self {
            rotation: ROTATIONS[chance.usize(..4)],
            back_end: BackEnd::ALL[chance.usize(..4)],
            connected: chance.usize(..3),
            idle: SignedDuration::from_mins(idle[chance.usize(..4)]),
            supersedes: chance.bool(),
            people: chance.bool(),
            behaviour,
            conditions: Conditions {
                one_in: 1 << chance.u32(1..6),
                crashes: chance.u32(..3),
                calls: chance.u32(..4),
                stores: chance.u32(..4).saturating_sub(1),
                has_outages,
                ..Conditions::without_faults()
            },
        }
    }

    /// Returns a deployment in which the firms are connected.
    pub fn deploy(self, world: &World, invariants: &Rc<Invariants>) -> Deployment {
        let start = Start::of(self.rotation, self.connected);
        invariants.start_from(&start.invariants);
        let observer: Rc<dyn Observer> = Rc::clone(invariants) as _;
        let deployment = Deployment {
            world: world.clone(),
            memory: MemoryStore::with_content(self.back_end, start.content.clone()),
            intuit: Rc::new(RefCell::new(start.intuit.clone())),
            observer,
            page_capacity: PAGE_CAPACITY,
        };
        invariants.observe(&deployment);
        let mut intuit = deployment.intuit.borrow_mut();
        self.behaviour.apply_to(&mut intuit);
        intuit.switches_mut().should_revoke_on_reconnect = self.supersedes;
        drop(intuit);
        deployment
    }
}

/// A deployment without running tasks.
#[derive(Clone)]
struct Start {
    content: BTreeMap<String, Vec<u8>>,
    intuit: Simulator,
    invariants: Rc<Invariants>,
}

thread_local! {
    static STARTS: RefCell<BTreeMap<(usize, usize), Rc<Start>>> = RefCell::default();
}

impl Start {
    fn of(rotation: Rotation, connected: usize) -> Rc<Self> {
        let index = ROTATIONS.iter().position(|rule| *rule == rotation).unwrap();
        STARTS.with_borrow_mut(|starts| {
            let start = starts.entry((index, connected));
            Rc::clone(start.or_insert_with(|| Rc::new(Self::prepare(rotation, connected))))
        })
    }

    fn prepare(rotation: Rotation, connected: usize) -> Self {
        let world = World::new(7, Conditions::without_faults(), beginning());
        let mut intuit = deployment::intuit(&world, rotation);
        for realm in COMPANIES {
            intuit.add_company(Company::new("Harbor Electric LLC").realm(realm));
        }
        let invariants = Rc::new(Invariants::new(&world));
        let deployment = Deployment {
            world: world.clone(),
            memory: MemoryStore::new(BackEnd::DynamoDb),
            intuit: Rc::new(RefCell::new(intuit)),
            observer: Rc::clone(&invariants) as _,
            page_capacity: PAGE_CAPACITY,
        };
        invariants.observe(&deployment);
        let prepared = deployment.clone();
        let watched = Rc::clone(&invariants);
        let story = async move {
            for (firm, realm) in FIRMS.iter().zip(COMPANIES).take(connected) {
                let person = Person {
                    firm: firm_id(firm),
                    realm,
                    reloads_callback: false,
                    confirming: Confirming::Once,
                };
                let answers = actions::connect(&prepared, &watched, person).await;
                let connected = SignInAnswer::Confirmed(ConfirmResult::Connected);
                assert!(answers.contains(&connected), "{answers:?}");
            }
        };
        world.run(story).expect("nothing goes wrong");
        let intuit = deployment.intuit.borrow().clone();
        Self {
            content: deployment.memory.content(),
            intuit,
            invariants,
        }
    }
}

pub fn beginning() -> Timestamp {
    "2026-03-02T15:00:00Z".parse().unwrap()
}
