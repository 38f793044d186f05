//! Look-ups after an answer that was lost or refused.

use super::table::{Case, Ending, check, counted, field_world};
use crate::support::lost_answers::refused;
use crate::support::usual_bill::BILL;
use crate::support::world::World;
use jiff::SignedDuration;
use serde_json::json;
use simulator::{Commit, Effect, Injection, Outage, RequestKind};

const EXPECTED: &str = "
case                                    | state     | reason               |      A/R | retainage |  revenue | deposits | calls | reads
answer lost, bill stands                | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |     4 |     2
answer lost, bill does not stand        | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |     9 |     6
look-up refused for ten minutes         | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |    10 |     8
look-up meets a broken row              | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |    10 |     8
look-up gets a page with 403            | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |    12 |    10
look-up still refused                   | uncertain | outcome_unknown      |     0.00 |      0.00 |     0.00 |     0.00 |    10 |     8
index lags behind by 90 s               | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |     5 |     3
Retry while in doubt                    | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |     4 |     2
inner error, bill stands                | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |     4 |     2
inner error, bill does not stand        | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |     9 |     6
bill deleted while in doubt             | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |    10 |     6
bill copied while in doubt              | posted    |                      | 87300.00 |   4850.00 | 92150.00 |     0.00 |     4 |     2
bill and copy are alike                 | held      | copies_in_quickbooks | 87300.00 |   4850.00 | 92150.00 |     0.00 |     1 |     1
empty 400 for ever                      | failed    | no_clear_answer      |     0.00 |      0.00 |     0.00 |     0.00 |    81 |    63
customer's answer lost, look-up refused | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |    14 |    12
connection lost while in doubt          | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |     9 |     7
number with a long dash in doubt        | posted    |                      | 43650.00 |   4850.00 | 48500.00 |     0.00 |     4 |     2
";

pub fn cases() -> Vec<Case> {
    let case = |name, story| Case { name, story };
    vec![
        case("answer lost, bill stands", || {
            after_lost_answer(Commit::After)
        }),
        case("answer lost, bill does not stand", || {
            after_lost_answer(Commit::Before)
        }),
        case("look-up refused for ten minutes", || {
            after_refusal(refused("4000"))
        }),
        case("look-up meets a broken row", || {
            after_refusal(refused("4002"))
        }),
        case("look-up gets a page with 403", || {
            after_refusal(Effect::Outage(Outage::Page { status: 403 }, Commit::Before))
        }),
        case("look-up still refused", still_refused),
        case("index lags behind by 90 s", index_lag),
        case("Retry while in doubt", retry_in_doubt),
        case("inner error, bill stands", || {
            after_inner_error(Commit::After)
        }),
        case("inner error, bill does not stand", || {
            after_inner_error(Commit::Before)
        }),
        case("bill deleted while in doubt", deleted_in_doubt),
        case("bill copied while in doubt", copied_in_doubt),
        case("bill and copy are alike", alike_copies),
        case("empty 400 for ever", empty_answers),
        case("customer's answer lost, look-up refused", lost_customer),
        case("connection lost while in doubt", lost_connection),
        case("number with a long dash in doubt", wide_number),
    ]
}

#[test]
fn lookups_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}

fn settled(world: &World) -> Ending {
    world.run_half_minutes(40);
    world.ends(BILL)
}

fn after_lost_answer(commit: Commit) -> Ending {
    let world = field_world();
    world.lose_bill(commit);
    settled(&world)
}

fn after_refusal(effect: Effect) -> Ending {
    let world = field_world();
    world.lose_bill(Commit::After);
    world.refuse_queries(effect);
    world.run_half_minutes(20);
    world.simulator().clear_injections();
    settled(&world)
}

fn still_refused() -> Ending {
    let world = field_world();
    world.lose_bill(Commit::Before);
    world.refuse_queries(refused("4000"));
    settled(&world)
}

fn index_lag() -> Ending {
    let world = field_world();
    world.simulator().switches_mut().index_lag = SignedDuration::from_secs(90);
    world.lose_bill(Commit::After);
    settled(&world)
}

fn retry_in_doubt() -> Ending {
    let world = field_world();
    world.lose_bill(Commit::After);
    for _ in 0..3 {
        world.press_sync_now();
    }
    settled(&world)
}

fn after_inner_error(commit: Commit) -> Ending {
    let world = field_world();
    world.fail_bill(Effect::Outage(
        Outage::InternalError { status: 200 },
        commit,
    ));
    settled(&world)
}

fn deleted_in_doubt() -> Ending {
    let world = field_world();
    world.fail_bill(Effect::Dropped(Commit::After));
    world.delete_last("Invoice");
    world.delete_last("JournalEntry");
    settled(&world)
}

fn copied_in_doubt() -> Ending {
    let world = field_world();
    world.lose_bill(Commit::After);
    let original = world.last_id("Invoice");
    world
        .person(|person| person.copy("Invoice", &original))
        .unwrap();
    settled(&world)
}

fn alike_copies() -> Ending {
    let (world, _) = World::with_equal_copies();
    settled(&counted(world))
}

fn empty_answers() -> Ending {
    let world = field_world();
    let empty = Effect::Outage(Outage::Empty { status: 400 }, Commit::Before);
    let failing = Injection::new(empty).kind(RequestKind::Write);
    let failing = failing.body_containing("JournalEntry");
    world.simulator().inject(failing.always());
    world.bill();
    for _ in 0..48 {
        world.advance(SignedDuration::from_mins(5));
        world.run_scheduled_sync();
    }
    world.ends(BILL)
}

fn lost_customer() -> Ending {
    let world = field_world();
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
    let lost = lost.body_containing("Harbor Builders");
    world.simulator().inject(lost);
    world.bill();
    world.person(|person| person.forget_request_ids());
    world.refuse_queries(refused("4000"));
    world.run_half_minutes(20);
    world.simulator().clear_injections();
    let ending = settled(&world);
    assert_eq!(world.count("Customer"), 1);
    ending
}

fn lost_connection() -> Ending {
    let world = field_world();
    world.lose_bill(Commit::After);
    world.person(|person| person.disconnect_app());
    world.run_half_minutes(3);
    world.connect();
    settled(&world)
}

fn wide_number() -> Ending {
    let world = field_world();
    world.simulator().switches_mut().should_refuse_wide_queries = true;
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
    let lost = lost.body_containing("JournalEntry");
    world.simulator().inject(lost);
    world.bill_with(|bill| bill["project"]["number"] = json!("24–017"));
    world.person(|person| person.forget_request_ids());
    settled(&world)
}
