//! The records that are kept: request ids, repeated events and pace.

use super::table::{Case, Ending, check, counted, field_world};
use crate::request_ids::{billed, deliver_own, manual_world};
use crate::support::events::parse_event;
use crate::support::usual_bill::{BILL, Figures, USUAL, pay_app};
use crate::support::world::{TestServices, World, WorldOptions};
use bridge::accept_event::accept;
use futures::executor::block_on;
use jiff::SignedDuration;
use serde_json::json;
use simulation::memory_store::BackEnd;
use simulator::{Commit, Effect, Injection, RequestKind};

const EXPECTED: &str = "
case                                              | state  | reason                         |       A/R | retainage |   revenue | deposits | calls | reads
plain bill                                        | posted |                                |  43650.00 |   4850.00 |  48500.00 |     0.00 |     3 |     1
same event twice                                  | posted |                                |  43650.00 |   4850.00 |  48500.00 |     0.00 |     3 |     1
release of all retainage, then paid               | posted |                                |      0.00 |      0.00 |  48500.00 | 48500.00 |     7 |     2
bill revised                                      | posted |                                |  45000.00 |   5000.00 |  50000.00 |     0.00 |     7 |     3
bill voided                                       | voided |                                |      0.00 |      0.00 |      0.00 |     0.00 |     8 |     4
first bill on Redis                               | posted |                                |  43650.00 |   4850.00 |  48500.00 |     0.00 |     3 |     1
two deliveries at once on Redis                   | posted |                                |  43650.00 |   4850.00 |  48500.00 |     0.00 |     3 |     1
three and three customers, batches answered again | posted | Abel Birch Cole Dunn Eads Ford | 261900.00 |  29100.00 | 291000.00 |     0.00 |    12 |     9
every second call a 503 page, eight times         | posted |                                | 130950.00 |  14550.00 | 145500.00 |     0.00 |    16 |    10
every second answer lost, eight times             | posted |                                | 130950.00 |  14550.00 | 145500.00 |     0.00 |    11 |     9
two hours of 503 pages, then a new bill           | posted |                                | 218250.00 |  24250.00 | 242500.00 |     0.00 |     7 |     4
one bill never answered, two others               | posted |                                |  87300.00 |   9700.00 |  97000.00 |     0.00 |     7 |     3
";

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "plain bill",
            story: || {
                let world = field_world();
                world.bill();
                world.ends(BILL)
            },
        },
        Case {
            name: "same event twice",
            story: || {
                let world = field_world();
                world.bill();
                world.bill();
                world.ends(BILL)
            },
        },
        Case {
            name: "release of all retainage, then paid",
            story: || {
                let world = field_world();
                world.bill();
                world.release(1, "4850.00");
                world.pay("pa_1", "43650.00");
                world.pay("rel_1", "4850.00");
                world.ends("pay_rel_1")
            },
        },
        Case {
            name: "bill revised",
            story: || {
                let world = field_world();
                world.bill();
                world.revise_bill(Figures {
                    billed: "50000.00",
                    retainage: "5000.00",
                });
                world.ends(BILL)
            },
        },
        Case {
            name: "bill voided",
            story: || {
                let world = field_world();
                world.bill();
                world.void_bill(BILL, "2026-07-02");
                world.ends(BILL)
            },
        },
        Case {
            name: "first bill on Redis",
            story: || {
                let world = on_redis();
                world.bill();
                world.ends(BILL)
            },
        },
        Case {
            name: "two deliveries at once on Redis",
            story: || {
                let world = on_redis();
                let (one, other) = (world.new_instance(), world.new_instance());
                world.bill_at_once(&[&one, &other]);
                world.run_next_sync();
                world.ends(BILL)
            },
        },
        Case {
            name: "three and three customers, batches answered again",
            story: || {
                let names = ["Abel", "Birch", "Cole", "Dunn", "Eads", "Ford"];
                let world = manual_world(&names);
                for three in [0..3, 3..6] {
                    three.for_each(|n| deliver_own(&world, n, names[n]));
                    world.press_sync_now();
                }
                let billed = billed(&world).join(" ");
                world.ends_as("posted", &billed)
            },
        },
        Case {
            name: "every second call a 503 page, eight times",
            story: || {
                let world = field_world();
                world.fail_every_second(8, &Effect::Unavailable);
                world.bills_until_well(4)
            },
        },
        Case {
            name: "every second answer lost, eight times",
            story: || {
                let world = field_world();
                world.fail_every_second(8, &Effect::Dropped(Commit::After));
                world.bills_until_well(4)
            },
        },
        Case {
            name: "two hours of 503 pages, then a new bill",
            story: || {
                let world = field_world();
                world.bill_next(9, USUAL);
                let outage = Injection::new(Effect::Unavailable);
                world.simulator().inject(outage.always());
                for number in 1..=3 {
                    world.bill_next(number, USUAL);
                }
                for _ in 0..24 {
                    world.advance(SignedDuration::from_mins(5));
                    world.run_scheduled_sync();
                }
                world.simulator().clear_injections();
                world.advance(SignedDuration::from_mins(5));
                world.simulator().clear_traffic();
                world.bill_next(4, USUAL);
                world.run_scheduled_sync();
                world.ends("pa_3")
            },
        },
        Case {
            name: "one bill never answered, two others",
            story: || {
                let world = field_world();
                let failure = Injection::new(Effect::ApplicationError(Commit::Before));
                let failure = failure.kind(RequestKind::Write).body_containing("pa_1 ");
                world.simulator().inject(failure.always());
                for number in 1..=3 {
                    world.bill_next(number, USUAL);
                }
                world.run_next_sync();
                world.ends("pa_3")
            },
        },
    ]
}

fn on_redis() -> World {
    let options = WorldOptions {
        back_end: BackEnd::Redis,
        ..WorldOptions::default()
    };
    counted(World::configured_with(options, |_| {}))
}

impl World {
    /// Delivers the usual bill to several instances at the same moment.
    fn bill_at_once(&self, instances: &[&TestServices]) {
        let data = json!({ "firm_id": self.firm, "plan": "pro", "pay_app": pay_app(1, USUAL) });
        let event = json!({ "type": "pay_app.approved", "timestamp": self.now().to_string(), "data": data });
        let (event, now) = (event.to_string(), self.now());
        let deliveries = instances.iter().map(|instance| {
            let (event, mut entropy) = (parse_event(&event), self.entropy());
            async move { accept(instance, event, &mut entropy, || now).await }
        });
        block_on(futures::future::join_all(deliveries));
    }

    /// Delivers three bills, and runs the schedule until this many calls failed and QuickBooks is well. Ends after the next run.
    fn bills_until_well(&self, failures: usize) -> Ending {
        for number in 1..=3 {
            self.bill_next(number, USUAL);
        }
        while self.simulator().traffic().len() < 2 * failures {
            self.run_next_sync();
        }
        self.run_next_sync();
        self.ends("pa_3")
    }
}

#[test]
fn store_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
