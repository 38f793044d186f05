//! The store is set back to an earlier state, and RIVET sends everything since again. The books stay as they were.

use super::retainage::map_second_account;
use super::table::{Case, Ending, check, field_world};
use crate::support::lost_answers::refused;
use crate::support::usual_bill::{BILL, Figures, USUAL};
use crate::support::world::World;
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::{ClosedBooks, JobMode, SyncMode};
use reconciliation::tie_out::tie_out;
use serde_json::json;
use simulator::{Commit, Effect, Injection, RequestKind};
use store::document::decision::DecisionKind;

const EXPECTED: &str = "
case                                              | state  | reason |      A/R | retainage |  revenue | deposits | calls | reads
nothing happened since                            | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     0 |     0
everything was posted since                       | posted |        |     0.00 |   4850.00 | 48500.00 | 43650.00 |     3 |     3
entry of a refused invoice was reversed since     | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     2
the same, and both were posted again since        | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     2 |     2
the same, and the bill is revised afterwards      | posted |        | 36000.00 |   4000.00 | 40000.00 |     0.00 |     7 |     5
both were posted again since                      | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     5 |     5
entry was posted since, its invoice before        | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     3
lost answer was resolved and revised since        | posted |        | 36000.00 |   4000.00 | 40000.00 |     0.00 |     5 |     5
the same, and syncing is paused meanwhile         | posted |        | 36000.00 |   4000.00 | 40000.00 |     0.00 |     2 |     2
payment was posted since                          | posted |        |     0.00 |   4850.00 | 48500.00 | 43650.00 |     1 |     1
bill was voided since                             | voided |        |     0.00 |      0.00 |     0.00 |     0.00 |     3 |     3
bill was posted and voided since                  | voided |        |     0.00 |      0.00 |     0.00 |     0.00 |     3 |     3
void is sent again before its bill                | voided |        |     0.00 |      0.00 |     0.00 |     0.00 |     2 |     2
bill was revised since                            | posted |        | 36000.00 |   4000.00 | 40000.00 |     0.00 |     3 |     3
bill was revised to no retainage since            | posted |        | 40000.00 |      0.00 | 40000.00 |     0.00 |     3 |     3
bill became a credit since                        | posted |        | -2400.00 |      0.00 | -2400.00 |     0.00 |     3 |     3
bill was revised, then paid since                 | posted |        |     0.00 |   4000.00 | 40000.00 | 36000.00 |     4 |     4
revision was voided since, its void is sent first | voided |        |     0.00 |      0.00 |     0.00 |     0.00 |     3 |     3
conflict was decided for RIVET since              | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     2 |     2
bill was moved to the first open day since        | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     2 |     2
bill of a closed month was voided since           | voided |        |     0.00 |      0.00 |     0.00 |     0.00 |     4 |     4
payment was voided since                          | voided |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     2 |     2
check of a closed month came back since           | voided |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     2 |     2
release from two accounts was posted since        | posted |        | 97000.00 |      0.00 | 97000.00 |     0.00 |     1 |     1
another account was mapped and used since         | posted |        | 97000.00 |      0.00 | 97000.00 |     0.00 |     2 |     2
bill was moved below another job since            | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     2 |     2
grant was renewed since                           | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     4 |     4
QuickBooks does not list the bill yet             | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     5 |     4
bill not listed yet, its void is sent first       | voided |        |     0.00 |      0.00 |     0.00 |     0.00 |    10 |     8
";

/// Figures of a revision.
pub(super) const LESS: Figures = Figures {
    billed: "40000.00",
    retainage: "4000.00",
};

/// Figures of a revision that withholds nothing.
pub(super) const NOTHING_HELD: Figures = Figures {
    billed: "40000.00",
    retainage: "0.00",
};

/// Figures of a revision that takes the bill back and more.
pub(super) const CREDIT: Figures = Figures {
    billed: "-2400.00",
    retainage: "0.00",
};

/// The events before the copy of the store, and the events since.
struct Story {
    before: fn(&World),
    since: fn(&World),
    /// The events that RIVET sends again after the restore, usually the same.
    again: fn(&World),
    document: &'static str,
}

impl Story {
    fn of(before: fn(&World), since: fn(&World), document: &'static str) -> Self {
        Self {
            before,
            since,
            again: since,
            document,
        }
    }

    /// Plays the story, of which RIVET sends nothing again. The document is posted after the next day.
    fn play_until_posted(&self) -> Ending {
        let world = field_world();
        (self.before)(&world);
        let snapshot = world.snapshot();
        (self.since)(&world);
        let state = world.company_state();
        world.set_back(&snapshot);
        world.simulator().clear_traffic();
        world.run_schedules(4, SignedDuration::from_hours(8));
        assert_eq!(world.company_state(), state, "after the next day");
        world.ends(self.document)
    }

    /// Plays the story. The company must have afterwards what it had before, also after the next night.
    fn play(&self) -> Ending {
        let world = field_world();
        (self.before)(&world);
        let snapshot = world.snapshot();
        (self.since)(&world);
        let state = world.company_state();
        world.set_back(&snapshot);
        world.simulator().clear_traffic();
        (self.again)(&world);
        let ending = world.ends(self.document);
        assert_eq!(world.company_state(), state, "after the events");
        let view = world.view(self.document);
        world.run_schedules(4, SignedDuration::from_hours(8));
        assert_eq!(world.company_state(), state, "after the next day");
        let later = world.view(self.document);
        assert_eq!(later["state"], view["state"], "{later:#}");
        assert_tied_out(&world);
        ending
    }
}

/// Asserts that RIVET and the books agree.
pub(super) fn assert_tied_out(world: &World) {
    let view = block_on(tie_out(&world.services, &world.firm, world.claimant())).unwrap();
    let view = serde_json::to_value(view).unwrap();
    assert_eq!(view["tied_out"], true, "{view:#}");
}

fn nothing(_: &World) {}

fn bill(world: &World) {
    world.bill();
}

fn bill_and_pay(world: &World) {
    world.bill();
    world.pay(BILL, "43650.00");
}

fn revise(world: &World) {
    world.revise_bill(LESS);
}

fn void(world: &World) {
    world.void_bill(BILL, "2026-07-02");
}

fn void_payment(world: &World) {
    let data = json!({ "payment_id": "pay_pa_1", "voided_on": "2026-05-04" });
    world.deliver_data("payment.voided", data);
}

/// Delivers the void of revision 2.
pub(super) fn void_revision(world: &World) {
    let data = json!({ "pay_app_id": BILL, "revision": 2, "voided_on": "2026-07-02" });
    world.deliver_data("pay_app.voided", data);
}

/// Bills on two retainage accounts.
fn bill_on_two_accounts(world: &World) {
    world.bill();
    map_second_account(world);
    world.bill_next(2, USUAL);
}

/// Lets QuickBooks refuse the entry of the usual bill, so that only its invoice stands.
fn bill_without_entry(world: &World) {
    let write = Injection::new(refused("6000")).kind(RequestKind::Write);
    world
        .simulator()
        .inject(write.body_containing("1042-1R").always());
    world.bill();
    world.simulator().clear_injections();
}

/// Lets QuickBooks refuse the invoice of the usual bill, so that its entry is reversed.
fn refuse_invoice(world: &World) {
    world.refuse_item(0);
    world.bill();
    assert_eq!(world.view(BILL)["state"], "failed");
}

fn retry(world: &World) {
    world.press_retry(BILL);
}

/// Lets the answer to the usual bill be lost, so that its steps are open.
fn lose_bill(world: &World) {
    let write = Injection::new(Effect::Dropped(Commit::Before)).kind(RequestKind::Write);
    world
        .simulator()
        .inject(write.body_containing("JournalEntry"));
    world.bill();
    world.simulator().clear_injections();
}

fn find_and_revise(world: &World) {
    for _ in 0..4 {
        world.run_next_sync();
    }
    world.revise_bill(LESS);
}

fn set_mode(world: &World, mode: SyncMode) {
    world.save_settings(|settings| settings.sync.mode = mode);
}

fn decide(world: &World, kind: DecisionKind) {
    let seen = world.view(BILL)["seen_at"].as_str().map(str::to_owned);
    let mut decision = world.decision(kind);
    decision.conflict_seen_at = seen;
    world.record_decision(BILL, &decision).unwrap();
    world.run_next_sync();
}

fn bill_and_edit(world: &World) {
    world.bill();
    world.edit_last("Invoice", |form| {
        form["Line"][0]["Amount"] = json!(1.0);
    });
    world.advance(SignedDuration::from_hours(24));
    world.run_scheduled_sync();
    assert_eq!(world.view(BILL)["state"], "conflict");
}

/// Closes March, and lets documents be posted on the first open day.
fn close_and_post_later(world: &World) {
    world.close_books("2026-03-31");
    world.treat_closed_books(ClosedBooks::FirstOpenDay);
}

fn create_jobs(world: &World) {
    world.save_settings(|settings| settings.customers.jobs = JobMode::AutoCreate);
}

/// Bills, and a person moves the invoice to another job of the customer.
fn bill_and_move(world: &World) {
    let is_first = world.count("Invoice") == 0;
    world.bill();
    if is_first {
        let parent = world.customer_named("Harbor Builders");
        let job = json!({ "DisplayName": "Other site", "Job": true,
            "ParentRef": { "value": parent } });
        let job = world.enter("Customer", job);
        world.edit_last("Invoice", |form| {
            form["CustomerRef"] = json!({ "value": job })
        });
    }
}

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "nothing happened since",
            story: || Story::of(bill, bill, BILL).play(),
        },
        Case {
            name: "everything was posted since",
            story: || Story::of(nothing, bill_and_pay, "pay_pa_1").play(),
        },
        Case {
            name: "entry of a refused invoice was reversed since",
            story: || {
                let world = field_world();
                let snapshot = world.snapshot();
                refuse_invoice(&world);
                world.set_back(&snapshot);
                world.simulator().clear_traffic();
                world.bill();
                assert_eq!(world.invoices_and_entries(), (1, 3));
                let ending = world.ends(BILL);
                assert_tied_out(&world);
                ending
            },
        },
        Case {
            name: "the same, and both were posted again since",
            story: || {
                Story {
                    again: bill,
                    ..Story::of(
                        nothing,
                        |world| {
                            refuse_invoice(world);
                            retry(world);
                        },
                        BILL,
                    )
                }
                .play()
            },
        },
        Case {
            name: "the same, and the bill is revised afterwards",
            story: || {
                let world = field_world();
                let snapshot = world.snapshot();
                refuse_invoice(&world);
                retry(&world);
                world.set_back(&snapshot);
                world.bill();
                world.simulator().clear_traffic();
                revise(&world);
                let ending = world.ends(BILL);
                assert_tied_out(&world);
                ending
            },
        },
        Case {
            name: "both were posted again since",
            story: || Story::of(refuse_invoice, retry, BILL).play(),
        },
        Case {
            name: "entry was posted since, its invoice before",
            story: || Story::of(bill_without_entry, retry, BILL).play(),
        },
        Case {
            name: "lost answer was resolved and revised since",
            story: || Story::of(lose_bill, find_and_revise, BILL).play(),
        },
        Case {
            name: "the same, and syncing is paused meanwhile",
            story: || {
                Story {
                    again: |world| {
                        set_mode(world, SyncMode::Paused);
                        find_and_revise(world);
                        set_mode(world, SyncMode::Automatic);
                        world.run_next_sync();
                    },
                    ..Story::of(lose_bill, find_and_revise, BILL)
                }
                .play()
            },
        },
        Case {
            name: "payment was posted since",
            story: || Story::of(bill, bill_and_pay, "pay_pa_1").play(),
        },
        Case {
            name: "bill was voided since",
            story: || Story::of(bill, void, BILL).play(),
        },
        Case {
            name: "bill was posted and voided since",
            story: || {
                let both = |world: &World| {
                    bill(world);
                    void(world);
                };
                Story::of(nothing, both, BILL).play()
            },
        },
        Case {
            name: "void is sent again before its bill",
            story: || {
                Story {
                    again: |world| {
                        void(world);
                        bill(world);
                        world.run_next_sync();
                    },
                    ..Story::of(
                        nothing,
                        |world| {
                            bill(world);
                            void(world);
                        },
                        BILL,
                    )
                }
                .play()
            },
        },
        Case {
            name: "bill was revised since",
            story: || Story::of(bill, revise, BILL).play(),
        },
        Case {
            name: "bill was revised to no retainage since",
            story: || {
                let revise = |world: &World| {
                    world.revise_bill(NOTHING_HELD);
                };
                Story::of(bill, revise, BILL).play()
            },
        },
        Case {
            name: "bill became a credit since",
            story: || {
                let revise = |world: &World| {
                    world.revise_bill(CREDIT);
                };
                Story::of(bill, revise, BILL).play()
            },
        },
        Case {
            name: "bill was revised, then paid since",
            story: || {
                let both = |world: &World| {
                    revise(world);
                    world.pay(BILL, "36000.00");
                };
                Story::of(bill, both, "pay_pa_1").play()
            },
        },
        Case {
            name: "revision was voided since, its void is sent first",
            story: || {
                Story {
                    again: |world| {
                        void_revision(world);
                        revise(world);
                        world.run_next_sync();
                    },
                    ..Story::of(
                        bill,
                        |world| {
                            revise(world);
                            void_revision(world);
                        },
                        BILL,
                    )
                }
                .play()
            },
        },
        Case {
            name: "conflict was decided for RIVET since",
            story: || {
                let decide = |world: &World| decide(world, DecisionKind::KeepRivet);
                Story::of(bill_and_edit, decide, BILL).play_until_posted()
            },
        },
        Case {
            name: "bill was moved to the first open day since",
            story: || Story::of(close_and_post_later, bill, BILL).play(),
        },
        Case {
            name: "bill of a closed month was voided since",
            story: || {
                let close = |world: &World| {
                    bill(world);
                    world.close_books("2026-03-31");
                };
                Story::of(close, void, BILL).play()
            },
        },
        Case {
            name: "payment was voided since",
            story: || Story::of(bill_and_pay, void_payment, "pay_pa_1").play(),
        },
        Case {
            name: "check of a closed month came back since",
            story: || {
                let close = |world: &World| {
                    bill_and_pay(world);
                    world.close_books("2026-04-30");
                };
                Story::of(close, void_payment, "pay_pa_1").play()
            },
        },
        Case {
            name: "release from two accounts was posted since",
            story: || {
                let release = |world: &World| {
                    world.release(1, "9700.00");
                };
                Story::of(bill_on_two_accounts, release, "rel_1").play()
            },
        },
        Case {
            name: "another account was mapped and used since",
            story: || {
                Story {
                    again: |world| {
                        world.bill_next(2, USUAL);
                        world.release(1, "9700.00");
                    },
                    ..Story::of(
                        bill,
                        |world| {
                            map_second_account(world);
                            world.bill_next(2, USUAL);
                            world.release(1, "9700.00");
                        },
                        "rel_1",
                    )
                }
                .play()
            },
        },
        Case {
            name: "bill was moved below another job since",
            story: || Story::of(create_jobs, bill_and_move, BILL).play(),
        },
        Case {
            name: "grant was renewed since",
            story: || {
                let world = field_world();
                let snapshot = world.snapshot();
                world.run_schedules(40, SignedDuration::from_hours(1));
                world.bill();
                world.set_back(&snapshot);
                world.simulator().clear_traffic();
                world.bill();
                assert_eq!(world.view(BILL)["reason"]["code"], "not_connected");
                world.connect();
                world.run_next_sync();
                assert_eq!(world.invoices_and_entries(), (1, 1));
                world.ends(BILL)
            },
        },
        Case {
            name: "QuickBooks does not list the bill yet",
            story: || {
                let world = field_world();
                world.simulator().switches_mut().index_lag = SignedDuration::from_secs(100);
                let snapshot = world.snapshot();
                world.bill();
                let state = world.company_state();
                world.put_back(&snapshot);
                world.tell_of_restore(&snapshot);
                world.simulator().clear_traffic();
                world.bill();
                assert_eq!(world.view(BILL)["state"], "uncertain");
                world.run_next_sync();
                assert_eq!(world.company_state(), state);
                world.ends(BILL)
            },
        },
        Case {
            name: "bill not listed yet, its void is sent first",
            story: || {
                let world = field_world();
                world.simulator().switches_mut().index_lag = SignedDuration::from_secs(100);
                let snapshot = world.snapshot();
                world.bill();
                world.put_back(&snapshot);
                world.tell_of_restore(&snapshot);
                world.simulator().clear_traffic();
                void(&world);
                world.bill();
                assert_eq!(world.view(BILL)["state"], "uncertain");
                world.run_next_sync();
                world.run_next_sync();
                world.ends(BILL)
            },
        },
    ]
}

#[test]
fn restored_store_ends_as_expected() {
    check(&cases(), EXPECTED);
}

/// Lets QuickBooks refuse every part of the usual bill.
fn refuse_bill(world: &World) {
    forbid(world, &["Invoice", "JournalEntry"]);
    world.bill();
    assert_eq!(world.view(BILL)["state"], "failed");
    forbid(world, &[]);
}

fn forbid(world: &World, kinds: &[&'static str]) {
    world.simulator().switches_mut().forbidden_kinds = kinds.to_vec();
}

fn bill_without_retainage(world: &World) {
    world.bill_next(1, NOTHING_HELD);
}

/// A posting that began after the restore is carried on, however old its document is.
#[test]
fn lost_answer_after_restore_is_looked_up() {
    type Act = fn(&World);
    let stories: [(Act, Act); 2] = [(refuse_bill, nothing), (nothing, bill_without_retainage)];
    for (before, since) in stories {
        let world = field_world();
        before(&world);
        let snapshot = world.snapshot();
        since(&world);
        world.set_back(&snapshot);
        world.simulator().switches_mut().index_lag = SignedDuration::from_secs(100);
        let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
        world
            .simulator()
            .inject(lost.body_containing("JournalEntry"));
        world.revise_bill(LESS);
        for _ in 0..12 {
            world.advance(SignedDuration::from_secs(40));
            world.press_retry(BILL);
        }
        assert_eq!(world.view(BILL)["state"], "posted");
        assert_eq!(world.invoices_and_entries(), (1, 1));
        assert_tied_out(&world);
    }
}

#[test]
fn restore_in_the_future_is_refused() {
    let world = field_world();
    let later = world.now() + SignedDuration::from_secs(1);
    let told = bridge::restored::restored(&world.services.store, later, world.now());
    let error = block_on(told).unwrap_err();
    assert_eq!(error.to_string(), "since: must not be in the future");
}
