//! Outages and gateways between RIVET and QuickBooks, and connections that heal.

use super::table::{Case, Ending, check, counted, field_world};
use crate::support::usual_bill::BILL;
use crate::support::world::{World, WorldOptions};
use bridge::views::connection_status::current_status;
use jiff::SignedDuration;
use simulator::{
    AnswerSpelling, BalanceSpelling, Commit, Effect, Injection, Outage, RequestKind, TokenLifetimes,
};

const EXPECTED: &str = "
case                                           | state  | reason                 |      A/R | retainage |  revenue | deposits | calls | reads
500 with code 3100 on the write                | posted |                        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     6 |     3
500 with code 120 on the look                  | posted |                        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     1
page with 403 on the write                     | posted |                        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     6 |     3
401 with code 130 in XML on the write          | posted |                        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     6 |     3
FaultInfo on the write                         | posted |                        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     6 |     3
inner error with 200, and the write stands     | posted |                        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     4 |     2
new token rejected too                         | posted |                        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     9 |     5
empty 400 for ever on the write                | failed | no_clear_answer        |     0.00 |      0.00 |     0.00 |     0.00 |     0 |     0
no answer for a day                            | error  | quickbooks_unavailable |     0.00 |      0.00 |     0.00 |     0.00 |     0 |     0
subscription lapsed, mended, Retry             | posted |                        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     6 |     4
subscription lapsed, not mended, Sync Now      | error  | subscription_ended     |     0.00 |      0.00 |     0.00 |     0.00 |     1 |     1
no administrator any more, mended, schedule    | posted |                        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     7 |     5
lifetime of the token is a word                | posted |                        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     1
ids as numbers, amounts as text, null balances | posted |                        |     0.00 |   4850.00 | 48500.00 | 43650.00 |     5 |     2
Canadian company connects                      | failed | country_not_supported  |     0.00 |      0.00 |     0.00 |     0.00 |     2 |     2
";

pub fn cases() -> Vec<Case> {
    let mut cases = outage_cases();
    cases.extend(connection_cases());
    cases
}

fn outage_cases() -> Vec<Case> {
    vec![
        Case {
            name: "500 with code 3100 on the write",
            story: || billed_through(RequestKind::Write, server_fault("3100")),
        },
        Case {
            name: "500 with code 120 on the look",
            story: || billed_through(RequestKind::Read, server_fault("120")),
        },
        Case {
            name: "page with 403 on the write",
            story: || billed_through(RequestKind::Write, Outage::Page { status: 403 }),
        },
        Case {
            name: "401 with code 130 in XML on the write",
            story: || {
                let code = "130".into();
                billed_through(RequestKind::Write, Outage::Unauthorized { code })
            },
        },
        Case {
            name: "FaultInfo on the write",
            story: || billed_through(RequestKind::Write, Outage::FaultInfo),
        },
        Case {
            name: "inner error with 200, and the write stands",
            story: || {
                let world = field_world();
                let inner = Outage::InternalError { status: 200 };
                world.disturb(RequestKind::Batch, Effect::Outage(inner, Commit::After));
                world.bill();
                world.half_an_hour_passes();
                world.ends(BILL)
            },
        },
        Case {
            name: "new token rejected too",
            story: || {
                let world = field_world();
                let rejected = Injection::new(Effect::Unauthorized).kind(RequestKind::Write);
                world.simulator().inject(rejected.times(2));
                world.bill();
                world.half_an_hour_passes();
                world.ends(BILL)
            },
        },
        Case {
            name: "empty 400 for ever on the write",
            story: || {
                let world = field_world();
                let empty = Outage::Empty { status: 400 };
                world.disturb_writes_always(&Effect::Outage(empty, Commit::Before), "");
                world.bill();
                world.run_schedules(24 * 4, SignedDuration::from_mins(15));
                world.simulator().clear_traffic();
                world.ends(BILL)
            },
        },
        Case {
            name: "no answer for a day",
            story: || {
                let world = field_world();
                let page = Outage::Page { status: 503 };
                world.disturb_always(Effect::Outage(page, Commit::Before));
                world.bill();
                world.run_schedules(25, SignedDuration::from_hours(1));
                world.simulator().clear_traffic();
                ends_as_connection(&world)
            },
        },
    ]
}

fn connection_cases() -> Vec<Case> {
    vec![
        Case {
            name: "subscription lapsed, mended, Retry",
            story: || {
                let world = field_world();
                world.person(|person| person.set_subscribed(false));
                world.bill();
                world.person(|person| person.set_subscribed(true));
                world.press_retry(BILL);
                world.ends(BILL)
            },
        },
        Case {
            name: "subscription lapsed, not mended, Sync Now",
            story: || {
                let world = field_world();
                world.person(|person| person.set_subscribed(false));
                world.bill();
                world.simulator().clear_traffic();
                world.press_sync_now();
                ends_as_connection(&world)
            },
        },
        Case {
            name: "no administrator any more, mended, schedule",
            story: || {
                let world = field_world();
                world.person(|person| person.set_admin(false));
                world.bill();
                world.person(|person| person.set_admin(true));
                world.run_schedules(24, SignedDuration::from_hours(1));
                world.ends(BILL)
            },
        },
        Case {
            name: "lifetime of the token is a word",
            story: || {
                let world = field_world();
                world.simulator().switches_mut().token_lifetimes = TokenLifetimes::Unreadable;
                world.run_schedules(5, SignedDuration::from_mins(50));
                world.bill();
                world.ends(BILL)
            },
        },
        Case {
            name: "ids as numbers, amounts as text, null balances",
            story: || {
                let world = field_world();
                world.simulator().switches_mut().answer_spelling = AnswerSpelling {
                    has_numeric_ids: true,
                    has_text_amounts: true,
                    balances: BalanceSpelling::Null,
                    omits_empty_links: true,
                    omits_change_positions: true,
                };
                world.bill();
                world.pay(BILL, "43650.00");
                world.ends(BILL)
            },
        },
        Case {
            name: "Canadian company connects",
            story: || {
                let abroad = WorldOptions::with_company(|company| company.country("CA"));
                let world = counted(World::new(abroad));
                world.connect();
                let attempt = world.connection().attempt.unwrap();
                world.ends_as("failed", &attempt.code)
            },
        },
    ]
}

fn server_fault(code: &str) -> Outage {
    Outage::ServerFault { code: code.into() }
}

/// Bills while the first call of this kind meets an outage before it is carried out.
fn billed_through(kind: RequestKind, outage: Outage) -> Ending {
    let world = field_world();
    world.disturb(kind, Effect::Outage(outage, Commit::Before));
    world.bill();
    world.half_an_hour_passes();
    world.ends(BILL)
}

/// Ends a story with the status of the connection.
fn ends_as_connection(world: &World) -> Ending {
    let current = current_status(world.connection().status);
    let reason = current.reason.map(|reason| reason.code).unwrap_or_default();
    world.ends_as(current.status, &reason)
}

#[test]
fn outages_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
