//! The state in which a seed starts: two firms, each connected to a company and set up. This state is prepared once and then copied.

use crate::posting::billing_events::{self, customer_name};
use bridge::replace_settings::{Replacement, replace};
use jiff::{SignedDuration, Timestamp};
use mapping::settings::{ClassMode, InvoiceLines, JobMode, RetainageMethod};
use serde_json::json;
use simulation::Conditions;
use simulation::behaviour::Behaviour;
use simulation::deployment::{self, Deployment};
use simulation::memory_store::{BackEnd, MemoryStore};
use simulation::observer::NoObserver;
use simulation::requests::claimant;
use simulation::world::World;
use simulator::{ClassTracking, Company, Rotation, Simulator};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use store::PAGE_CAPACITY;

pub use crate::posting::customs::Customs;
pub use simulation::firms::{COMPANIES, FIRMS, firm_id};

const ROTATIONS: [Rotation; 2] = [Rotation::Grace24h, Rotation::Strict];

/// The methods by which the firms keep their books in QuickBooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BookMethods {
    /// True if retainage is a line of the invoice, not a journal entry.
    pub has_retainage_lines: bool,
    /// True if retainage is billed when it is released, and lies on no account before.
    pub is_billed_on_release: bool,
    /// True if each project has a class.
    pub has_classes: bool,
    /// True if projects held retainage before RIVET.
    pub has_opening: bool,
    /// The use of jobs for projects.
    pub jobs: JobUse,
    /// True if a refresh token expires as soon as it is used.
    pub has_strict_rotation: bool,
}

/// The use of jobs for projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobUse {
    /// Documents name the customer.
    None,
    /// Each project gets a job.
    Created,
    /// Each project gets a job, and the first one is mapped to a Project of QuickBooks.
    Mapped,
}

/// The facts of a run that a seed draws first.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    pub methods: BookMethods,
    pub back_end: BackEnd,
    /// The behaviour of Intuit where its texts and reports differ.
    pub behaviour: Behaviour,
    /// The customs of the companies.
    pub customs: Customs,
    /// The time since the firms were connected.
    pub idle_for: SignedDuration,
    /// The number of documents that fit on a page of a queue.
    pub page_capacity: usize,
    /// The number of fault answers of QuickBooks.
    pub fault_answers_left: u32,
    /// True if people of the firms change settings, connect and disconnect, so that documents are held.
    pub has_firm_actions: bool,
    /// True if people edit the companies by hand.
    pub has_manual_edits: bool,
    /// True if QuickBooks is away for twenty minutes after the last event.
    pub has_long_outage: bool,
    /// True if people also type and copy documents of RIVET's, and QuickBooks alters what it saves.
    pub has_typed_documents: bool,
    /// True if the store is set back to an earlier state, and RIVET sends everything since again.
    pub is_restored: bool,
    /// True if a backlog waits and is then synced at once.
    pub has_backlog: bool,
    /// True if each firm has one project with one or two pay apps.
    pub is_small: bool,
    pub conditions: Conditions,
}

/// Draws the faults of a run.
pub fn faults(chance: &mut fastrand::Rng) -> Conditions {
    Conditions {
        one_in: 1 << chance.u32(1..7),
        crashes: chance.u32(..4),
        calls: chance.u32(..5),
        stores: chance.u32(..4).saturating_sub(1),
        ..Conditions::without_faults()
    }
}

/// Draws the use of jobs: in a third of the seeds.
fn draw_jobs(chance: &mut fastrand::Rng) -> JobUse {
    match chance.u8(..6) {
        0 => JobUse::Created,
        1 => JobUse::Mapped,
        _ => JobUse::None,
    }
}

impl Given {
    pub fn draw(chance: &mut fastrand::Rng) -> Self {
        let idle = [0, 50, 58];
        let people = chance.u8(..4) == 0;
        let memory = [None, Some(SignedDuration::ZERO)];
        // A copy of the generator draws these, so that all other draws of a seed stay the same.
        let mut copy = chance.clone();
        let (page_capacity, backlog) = (copy.usize(..4), copy.u8(..8) == 0);
        let behaviour = Behaviour::draw(&mut copy);
        let has_outages = copy.u8(..3) == 0;
        let has_typed_documents = copy.bool();
        let has_long_outage = copy.u8(..8) == 0;
        let customs = Customs::draw(&mut copy);
        let is_billed_on_release = copy.u8(..6) == 0;
        let jobs = draw_jobs(&mut copy);
        let is_restored = copy.u8(..3) == 0;
        let has_opening = copy.u8(..4) == 0;
        let given = Self {
            customs: Customs {
                applies_credits: customs.applies_credits && people && !backlog,
                ..customs
            },
            methods: BookMethods {
                has_retainage_lines: chance.bool(),
                is_billed_on_release: false,
                has_classes: chance.bool(),
                has_opening,
                jobs: match jobs {
                    _ if people => JobUse::None,
                    // The Project belongs to a customer whose name is known before.
                    JobUse::Mapped if customs.has_wide_names => JobUse::Created,
                    jobs => jobs,
                },
                has_strict_rotation: chance.u8(..4) == 0,
            },
            back_end: BackEnd::ALL[chance.usize(..4)],
            behaviour: behaviour.with_request_id_memory(memory[chance.usize(..2)]),
            idle_for: SignedDuration::from_mins(idle[chance.usize(..3)]),
            fault_answers_left: chance.u32(..4).saturating_sub(1),
            has_firm_actions: chance.bool() && !people && !backlog,
            has_manual_edits: people && !backlog,
            has_typed_documents,
            has_long_outage,
            has_backlog: backlog,
            is_restored,
            is_small: false,
            conditions: Conditions {
                has_outages,
                ..faults(chance)
            },
            page_capacity: [1, 2, 3, PAGE_CAPACITY][page_capacity],
        };
        // Decisions of people are in no event, so RIVET does not send them again.
        let is_restored = is_restored && !given.has_firm_actions && !people && !backlog;
        // People of the firms change between the other two methods, which have the same effect.
        Self {
            is_restored,
            behaviour: match is_restored {
                true => given
                    .behaviour
                    .with_request_id_memory(Some(SignedDuration::ZERO)),
                false => given.behaviour,
            },
            methods: BookMethods {
                is_billed_on_release: is_billed_on_release && !given.has_firm_actions,
                ..given.methods
            },
            ..given
        }
    }

    /// Returns a deployment in which both firms are connected and set up.
    pub fn deploy(self, world: &World) -> Deployment {
        let start = Start::of(self.methods);
        let mut intuit = start.intuit.clone();
        self.behaviour.apply_to(&mut intuit);
        self.customs.apply_to(&mut intuit);
        Deployment {
            world: world.clone(),
            memory: MemoryStore::with_content(self.back_end, start.content.clone()),
            intuit: Rc::new(RefCell::new(intuit)),
            observer: Rc::new(NoObserver),
            page_capacity: self.page_capacity,
        }
    }
}

/// A deployment without running tasks.
struct Start {
    content: BTreeMap<String, Vec<u8>>,
    intuit: Simulator,
}

thread_local! {
    static STARTS: RefCell<BTreeMap<BookMethods, Rc<Start>>> = RefCell::default();
}

impl Start {
    fn of(methods: BookMethods) -> Rc<Self> {
        STARTS.with_borrow_mut(|starts| {
            let start = starts.entry(methods);
            Rc::clone(start.or_insert_with(|| Rc::new(Self::prepare(methods))))
        })
    }

    fn prepare(methods: BookMethods) -> Self {
        let world = World::new(7, Conditions::without_faults(), start_time());
        let rotation = ROTATIONS[usize::from(methods.has_strict_rotation)];
        let mut intuit = deployment::intuit(&world, rotation);
        for realm in COMPANIES {
            let company = Company::new("Harbor Electric LLC").realm(realm);
            intuit.add_company(company.class_tracking(ClassTracking::PerLine));
        }
        let deployment = Deployment {
            world: world.clone(),
            memory: MemoryStore::new(BackEnd::DynamoDb),
            intuit: Rc::new(RefCell::new(intuit)),
            observer: Rc::new(NoObserver),
            page_capacity: PAGE_CAPACITY,
        };
        let prepared = deployment.clone();
        let story = async move {
            for which in 0..FIRMS.len() {
                prepared.connect(which).await;
                set_up(&prepared, which, methods).await;
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

async fn set_up(deployment: &Deployment, which: usize, methods: BookMethods) {
    let (services, firm) = (deployment.services(), firm_id(FIRMS[which]));
    let before = services.store.settings(&firm).await.unwrap();
    let mut settings = before.settings;
    let account = |name: &str| {
        let intuit = deployment.intuit.borrow();
        intuit.find(COMPANIES[which], "Account", name)
    };
    settings.accounts.contract_revenue = account("Contract Revenue");
    settings.accounts.accounts_receivable = account("Accounts Receivable (A/R)");
    settings.accounts.retainage = account("Retainage Receivable");
    if methods.has_retainage_lines {
        settings.retainage_method = RetainageMethod::InvoiceLine;
        settings.invoice_lines = InvoiceLines::BySovItem;
    }
    if methods.is_billed_on_release {
        settings.retainage_method = RetainageMethod::BilledOnRelease;
    }
    if methods.has_classes {
        settings.class_tracking.mode = ClassMode::AutoCreate;
    }
    if methods.has_opening {
        settings.retainage_opening = billing_events::openings();
    }
    if methods.jobs != JobUse::None {
        settings.customers.jobs = JobMode::AutoCreate;
    }
    if methods.jobs == JobUse::Mapped {
        let project = open_project(&mut deployment.intuit.borrow_mut(), COMPANIES[which]);
        settings.customers.projects = [("prj_0".to_owned(), project)].into();
    }
    let replacement = Replacement {
        version: before.version,
        settings,
    };
    let by = claimant("office", deployment.world.now());
    replace(&services, &firm, replacement, by).await.unwrap();
}

/// Opens a Project of the first customer, and returns its id.
fn open_project(intuit: &mut Simulator, realm: &str) -> String {
    let mut person = intuit.person(realm).unwrap();
    let customer = json!({ "DisplayName": customer_name("gc_0") });
    let customer = person.create("Customer", customer).unwrap();
    person.open_project(&customer, "Site of the first").unwrap()
}

pub fn start_time() -> Timestamp {
    "2026-07-01T15:00:00Z".parse().unwrap()
}
