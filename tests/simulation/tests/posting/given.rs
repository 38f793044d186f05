//! What a seed starts from: two firms with a company each, connected and set up, prepared once and then copied.

use bridge::replace_settings::{Replacement, replace};
use jiff::{SignedDuration, Timestamp};
use mapping::settings::{ClassMode, InvoiceLines, RetainageMethod};
use simulation::Conditions;
use simulation::deployment::{self, Deployment};
use simulation::memory::{BackEnd, Memory};
use simulation::witness::Nobody;
use simulation::world::World;
use simulator::{ClassTracking, Company, Rotation, Simulator};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use store::PAGE_CAPACITY;

pub use simulation::firms::{COMPANIES, FIRMS, firm_id};

const ROTATIONS: [Rotation; 2] = [Rotation::Grace24h, Rotation::Strict];

/// How the firms keep their books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ways {
    /// Retainage as a line of the invoice instead of an entry of its own.
    pub by_line: bool,
    /// A class for each project.
    pub classes: bool,
    /// A refresh token dies as soon as it is spent.
    pub strict: bool,
}

/// What a seed draws before anything happens.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    pub ways: Ways,
    pub back_end: BackEnd,
    /// How long Intuit remembers a request id.
    pub memory: Option<SignedDuration>,
    /// The time since the firms were connected.
    pub idle: SignedDuration,
    /// Room for documents on a shelf of a desk.
    pub shelf: usize,
    /// Odd answers of QuickBooks.
    pub troubles: u32,
    /// The firm's people choose, connect and disconnect, so that documents have to wait.
    pub holds: bool,
    /// People edit the companies by hand.
    pub people: bool,
    /// A lot is left to wait, and then asked for at once.
    pub backlog: bool,
    /// A project for each firm, and a pay app or two.
    pub few: bool,
    pub conditions: Conditions,
}

/// How much goes wrong.
pub fn faults(chance: &mut fastrand::Rng) -> Conditions {
    Conditions {
        one_in: 1 << chance.u32(1..7),
        crashes: chance.u32(..4),
        calls: chance.u32(..5),
        stores: chance.u32(..4).saturating_sub(1),
        ..Conditions::calm()
    }
}

impl Given {
    pub fn draw(chance: &mut fastrand::Rng) -> Self {
        let idle = [0, 50, 58];
        let people = chance.u8(..4) == 0;
        let memory = [None, Some(SignedDuration::ZERO)];
        // From a copy: what else a seed draws stays the same.
        let mut others = chance.clone();
        let (shelf, backlog) = (others.usize(..4), others.u8(..8) == 0);
        Self {
            ways: Ways {
                by_line: chance.bool(),
                classes: chance.bool(),
                strict: chance.u8(..4) == 0,
            },
            back_end: BackEnd::ALL[chance.usize(..4)],
            memory: memory[chance.usize(..2)],
            idle: SignedDuration::from_mins(idle[chance.usize(..3)]),
            troubles: chance.u32(..4).saturating_sub(1),
            holds: chance.bool() && !people && !backlog,
            people: people && !backlog,
            backlog,
            few: false,
            conditions: faults(chance),
            shelf: [1, 2, 3, PAGE_CAPACITY][shelf],
        }
    }

    /// Both firms are connected and set up.
    pub fn deploy(self, world: &World) -> Deployment {
        let start = Start::of(self.ways);
        let mut intuit = start.intuit.clone();
        intuit.switches_mut().request_id_memory = self.memory;
        Deployment {
            world: world.clone(),
            memory: Memory::holding(self.back_end, start.content.clone()),
            intuit: Rc::new(RefCell::new(intuit)),
            witness: Rc::new(Nobody),
            shelf: self.shelf,
        }
    }
}

/// A deployment at rest.
struct Start {
    content: BTreeMap<String, Vec<u8>>,
    intuit: Simulator,
}

thread_local! {
    static STARTS: RefCell<BTreeMap<Ways, Rc<Start>>> = RefCell::default();
}

impl Start {
    fn of(ways: Ways) -> Rc<Self> {
        STARTS.with_borrow_mut(|starts| {
            let start = starts.entry(ways);
            Rc::clone(start.or_insert_with(|| Rc::new(Self::prepare(ways))))
        })
    }

    fn prepare(ways: Ways) -> Self {
        let world = World::new(7, Conditions::calm(), beginning());
        let rotation = ROTATIONS[usize::from(ways.strict)];
        let mut intuit = deployment::intuit(&world, rotation);
        for realm in COMPANIES {
            let company = Company::new("Harbor Electric LLC").realm(realm);
            intuit.add_company(company.class_tracking(ClassTracking::PerLine));
        }
        let deployment = Deployment {
            world: world.clone(),
            memory: Memory::new(BackEnd::DynamoDb),
            intuit: Rc::new(RefCell::new(intuit)),
            witness: Rc::new(Nobody),
            shelf: PAGE_CAPACITY,
        };
        let stage = deployment.clone();
        let story = async move {
            for which in 0..FIRMS.len() {
                stage.connect(which).await;
                set_up(&stage, which, ways).await;
            }
        };
        world.run(story).expect("nothing goes wrong");
        let intuit = deployment.intuit.borrow().clone();
        Self {
            content: deployment.memory.content(),
            intuit,
        }
    }
}

async fn set_up(stage: &Deployment, which: usize, ways: Ways) {
    let (books, firm) = (stage.books(), firm_id(FIRMS[which]));
    let before = books.store.settings(&firm).await.unwrap();
    let mut settings = before.settings;
    let account = |name: &str| {
        let intuit = stage.intuit.borrow();
        intuit.find(COMPANIES[which], "Account", name)
    };
    settings.accounts.contract_revenue = account("Contract Revenue");
    settings.accounts.accounts_receivable = account("Accounts Receivable (A/R)");
    settings.accounts.retainage = account("Retainage Receivable");
    if ways.by_line {
        settings.retainage_method = RetainageMethod::InvoiceLine;
        settings.invoice_lines = InvoiceLines::BySovItem;
    }
    if ways.classes {
        settings.class_tracking.mode = ClassMode::AutoCreate;
    }
    let replacement = Replacement {
        version: before.version,
        settings,
    };
    let by = store::Claimant {
        owner: "office",
        now: stage.world.now(),
    };
    replace(&books, &firm, replacement, by).await.unwrap();
}

pub fn beginning() -> Timestamp {
    "2026-07-01T15:00:00Z".parse().unwrap()
}
