//! QuickBooks makes something else of a write than RIVET sent. The document is never posted, RIVET is told once, and the conflict ends once
//! somebody puts it right.

use crate::support::events::parse_event;
use crate::support::polling::poll_times;
use crate::support::usual_bill::{BILL, Figures, USUAL, pay_app};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::{Outcome, accept};
use futures::executor::block_on;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulator::{Alteration, AlteredField, Commit, Effect, Injection, Subscription};
use store::activity::notification::DocumentNotification;
use store::document::decision::DecisionKind;

impl World {
    /// Makes QuickBooks alter what RIVET sends.
    pub fn alter(&self, kind: &'static str, field: AlteredField) {
        let alteration = Alteration { kind, field };
        let mut simulator = self.simulator();
        simulator.switches_mut().alterations.push(alteration);
    }

    /// Makes QuickBooks take what RIVET sends.
    pub fn take_as_sent(&self) {
        self.simulator().switches_mut().alterations.clear();
    }

    /// Lets QuickBooks announce changes.
    pub fn announce_changes(&self) {
        let subscription = Subscription::new("https://books.example/", "verifier");
        self.simulator().subscribe(subscription);
    }

    /// Enters a payment of the newest invoice just before RIVET's next payment arrives.
    pub fn pay_while_rivet_writes(&self, amount: &str) {
        let (simulator, realm) = (self.services.http.simulator.clone(), self.realm.clone());
        let customer = self.last("Invoice")["CustomerRef"]["value"].clone();
        let (invoice, amount) = (self.last_id("Invoice"), amount.parse().unwrap());
        self.before_next_write("/payment", move || {
            let mut simulator = simulator.borrow_mut();
            let mut person = simulator.person(&realm).unwrap();
            let paid = person.pay(customer.as_str().unwrap(), amount, &[(&invoice, amount)]);
            paid.unwrap();
        });
    }

    /// Puts the amount of the newest invoice right, as a person.
    pub fn put_invoice_right(&self) {
        self.advance(SignedDuration::from_mins(1));
        self.edit_last("Invoice", |invoice| {
            invoice["Line"][0]["Amount"] = json!(43650.00);
        });
        self.deliver_events_and_scan();
    }
}

/// Returns a world whose QuickBooks adds a cent to each invoice.
fn a_cent_more() -> World {
    let world = World::configured();
    world.announce_changes();
    world.alter("Invoice", AlteredField::Amount(Decimal::new(1, 2)));
    world
}

/// Returns what RIVET was told about each document.
fn told(world: &World) -> Vec<String> {
    let queue = block_on(world.services.store.queue(&world.firm)).unwrap();
    let told = queue.recent_activity.iter().filter_map(|entry| {
        let kind = match entry.notification.as_ref()? {
            DocumentNotification::Posted => "posted",
            DocumentNotification::Failed => "failed",
            DocumentNotification::Changed => "changed",
            DocumentNotification::Paid(_) => "paid",
        };
        Some(format!("{} {kind}", entry.document.id))
    });
    told.collect()
}

fn state(world: &World, id: &str) -> Value {
    world.view(id)["state"].clone()
}

fn decide(world: &World, kind: DecisionKind) {
    let decision = world.decision(kind);
    world.record_decision(BILL, &decision).unwrap();
    world.run_next_sync();
}

#[test]
fn differing_total_is_conflict_with_both_figures() {
    let world = a_cent_more();
    world.bill();
    let view = world.view(BILL);
    assert_eq!(view["state"], "conflict");
    assert_eq!(view["reason"]["code"], "posted_differently");
    assert_eq!(
        view["reason"]["message"],
        "What QuickBooks has differs from what RIVET sent: Invoice 1042-1 has total 43650.01 instead of 43650.00, other lines. \
         Choose which version to keep."
    );
    let invoice = &view["conflict"]["objects"][0];
    let total = |side: &str| invoice[side]["total"].clone();
    assert_eq!(
        [total("rivet"), total("quickbooks")],
        ["43650.00", "43650.01"]
    );
    assert_eq!(view["conflict"]["objects"].as_array().unwrap().len(), 1);
    assert_eq!(told(&world), ["pa_1 changed"]);
}

#[test]
fn later_scans_tell_the_difference_no_more() {
    let world = a_cent_more();
    world.bill();
    (0..2).for_each(|_| world.deliver_events_and_scan());
    world.edit_last("Invoice", |invoice| invoice["PrivateNote"] = json!("seen"));
    world.deliver_events_and_scan();
    world.run_next_day();
    world.press_sync_now();
    let view = world.view(BILL);
    assert_eq!(view["reason"]["code"], "posted_differently");
    assert_eq!(told(&world), ["pa_1 changed"]);
}

#[test]
fn corrected_invoice_is_posted_by_itself() {
    let world = a_cent_more();
    world.bill();
    world.put_invoice_right();
    let view = world.view(BILL);
    assert_eq!(
        (&view["state"], view.get("conflict")),
        (&json!("posted"), None)
    );
    assert_eq!(told(&world), ["pa_1 changed", "pa_1 posted"]);
    world.take_as_sent();
    world.revise_bill(Figures {
        billed: "50000.00",
        ..USUAL
    });
    assert_eq!(state(&world, BILL), "posted");
}

#[test]
fn lost_answer_leads_to_the_same_conflict() {
    for commit in [Commit::After, Commit::Before] {
        let world = a_cent_more();
        let lost = Injection::new(Effect::Dropped(commit)).body_containing("SalesItemLineDetail");
        world.simulator().inject(lost);
        world.bill();
        assert_eq!(state(&world, BILL), "uncertain");
        (0..2).for_each(|_| world.run_next_sync());
        let view = world.view(BILL);
        assert_eq!(view["reason"]["code"], "posted_differently", "{commit:?}");
        world.deliver_events_and_scan();
        assert_eq!(told(&world), ["pa_1 changed"], "{commit:?}");
        world.put_invoice_right();
        assert_eq!(state(&world, BILL), "posted", "{commit:?}");
    }
}

#[test]
fn crashed_worker_leaves_the_same_conflict() {
    for polls in 1..24 {
        let world = a_cent_more();
        let data = json!({ "firm_id": "firm_harbor", "plan": "pro", "pay_app": pay_app(1, USUAL) });
        let event = json!({ "type": "pay_app.approved", "timestamp": world.now().to_string(), "data": data });
        let event = parse_event(&event.to_string());
        let mut entropy = world.entropy();
        let accepted = accept(&world.services, event, &mut entropy, || world.now());
        poll_times(polls, accepted);
        world.bill();
        (0..3).for_each(|_| world.run_next_sync());
        let view = world.view(BILL);
        assert_eq!(view["reason"]["code"], "posted_differently", "{polls}");
        assert_eq!(world.invoices_and_entries(), (1, 1), "{polls}");
        assert_eq!(told(&world), ["pa_1 changed"], "{polls}");
    }
}

#[test]
fn only_differing_document_of_batch_is_in_conflict() {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = mapping::SyncMode::Manual);
    world.alter("CreditMemo", AlteredField::Amount(Decimal::ONE));
    for number in 1..=4 {
        let billed = if number == 3 { "-100.00" } else { "100.00" };
        let retainage = "0.00";
        world.bill_next(number, Figures { billed, retainage });
    }
    assert_eq!(world.press_sync_now().posted, 3);
    let states: Vec<Value> = (1..=4).map(|n| state(&world, &format!("pa_{n}"))).collect();
    assert_eq!(states, ["posted", "posted", "conflict", "posted"]);
}

#[test]
fn kept_rivet_version_is_sent_and_compared_again() {
    let world = a_cent_more();
    world.bill();
    decide(&world, DecisionKind::KeepRivet);
    assert_eq!(world.view(BILL)["reason"]["code"], "posted_differently");
    world.take_as_sent();
    decide(&world, DecisionKind::KeepRivet);
    assert_eq!(state(&world, BILL), "posted");
    assert_eq!(world.last("Invoice")["TotalAmt"].to_string(), "43650.00");
    assert_eq!(told(&world), ["pa_1 changed", "pa_1 posted"]);
}

#[test]
fn kept_quickbooks_version_stands_until_revised() {
    let world = a_cent_more();
    world.bill();
    decide(&world, DecisionKind::KeepQuickbooks);
    assert_eq!(state(&world, BILL), "posted");
    world.deliver_events_and_scan();
    assert_eq!(state(&world, BILL), "posted");
    assert_eq!(world.last("Invoice")["TotalAmt"].to_string(), "43650.01");
    world.take_as_sent();
    world.revise_bill(USUAL);
    assert_eq!(world.last("Invoice")["TotalAmt"].to_string(), "43650.00");
}

#[test]
fn ignored_difference_changes_nothing() {
    let world = a_cent_more();
    world.bill();
    decide(&world, DecisionKind::Ignore);
    assert_eq!(state(&world, BILL), "skipped");
    assert_eq!(world.invoices_and_entries(), (1, 1));
    assert_eq!(world.last("Invoice")["TotalAmt"].to_string(), "43650.01");
}

#[test]
fn differing_entry_is_reversed_as_it_stands() {
    let world = World::configured();
    world.alter("JournalEntry", AlteredField::Amount(Decimal::ONE));
    world.bill();
    assert_eq!(state(&world, BILL), "conflict");
    world.take_as_sent();
    world.void_bill(BILL, "2026-04-02");
    assert_eq!(world.view(BILL)["reason"]["code"], "posted_differently");
    decide(&world, DecisionKind::KeepRivet);
    assert_eq!(state(&world, BILL), "voided");
    let accounts = world.accounts();
    for account in [accounts.receivable, accounts.retainage, accounts.revenue] {
        assert!(world.balance(&account).is_zero());
    }
}

#[test]
fn assigned_number_is_taken_over() {
    let options = WorldOptions::with_company(|company| company.custom_numbers(false));
    let world = World::configured_with(options, |_| {});
    world.announce_changes();
    world.bill();
    assert_eq!(state(&world, BILL), "posted");
    (0..2).for_each(|_| world.deliver_events_and_scan());
    assert_eq!(told(&world), ["pa_1 posted"]);
}

/// The preferences tell whose number it is. While QuickBooks does not tell them, nobody is bothered.
#[test]
fn replaced_number_waits_for_unread_preferences() {
    let world = World::configured();
    world.person(|person| person.set_custom_numbers(false));
    let unread = Injection::new(Effect::Unavailable).path_containing("/preferences");
    world.simulator().inject(unread.always());
    assert_ne!(world.bill(), Outcome::Posted);
    assert_eq!(world.view(BILL)["state"], "pending");
    world.simulator().clear_injections();
    world.run_half_minutes(6);
    let view = world.view(BILL);
    assert_eq!(view["state"], "posted", "{view}");
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

/// Sync Now asks for the preferences first. A question without an answer tells nothing about a number that is found then.
#[test]
fn found_number_waits_for_unanswered_preferences() {
    let world = World::configured();
    world.person(|person| person.set_custom_numbers(false));
    world.lose_bill(Commit::After);
    world.advance(SignedDuration::from_mins(3));
    let unanswered = Injection::new(Effect::Unavailable).path_containing("/companyinfo");
    world.simulator().inject(unanswered);
    world.press_sync_now();
    world.run_half_minutes(6);
    let view = world.view(BILL);
    assert_eq!(view["state"], "posted", "{view}");
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

#[test]
fn assigned_number_is_taken_over_before_it_is_known() {
    let world = World::configured();
    world.announce_changes();
    world.person(|person| person.set_custom_numbers(false));
    world.bill();
    assert_eq!(state(&world, BILL), "posted");
    let number = world.last("Invoice")["DocNumber"].clone();
    assert_eq!(world.view(BILL)["quickbooks"][0]["number"], number);
}

#[test]
fn automatic_credit_is_told_once_and_counted() {
    let options = WorldOptions::with_company(|company| company.auto_apply_credit(true));
    let world = World::configured_with(options, |_| {});
    world.announce_changes();
    let retainage = "0.00";
    world.bill_next(
        1,
        Figures {
            billed: "-2280.00",
            retainage,
        },
    );
    world.bill_next(
        2,
        Figures {
            billed: "10000.00",
            retainage,
        },
    );
    let payment = &world.view("pa_2")["payment"];
    assert_eq!(
        [&payment["paid"], &payment["balance"]],
        ["2280.00", "7720.00"]
    );
    (0..2).for_each(|_| world.deliver_events_and_scan());
    world.run_next_day();
    assert_eq!(state(&world, "pa_2"), "posted");
    assert_eq!(told(&world), ["pa_1 posted", "pa_2 posted"]);
    let detail = world.view("pa_2")["attempts"][0]["detail"].clone();
    assert!(
        detail.as_str().unwrap().contains("a credit of 2280.00"),
        "{detail}"
    );
}

#[test]
fn excessive_payment_is_conflict_over_unapplied_amount() {
    let world = World::configured();
    world.simulator().switches_mut().should_refuse_overpayment = false;
    world.bill();
    world.pay_while_rivet_writes("40000.00");
    world.pay(BILL, "43650.00");
    let view = world.view("pay_pa_1");
    assert_eq!(view["reason"]["code"], "posted_differently", "{view}");
    let payment = &view["conflict"]["objects"][0];
    let unapplied = |side: &str| payment[side]["unapplied_amount"].clone();
    assert_eq!(
        [unapplied("rivet"), unapplied("quickbooks")],
        ["0.00", "40000.00"]
    );
    assert_eq!(told(&world).last().unwrap(), "pay_pa_1 changed");
}

#[test]
fn sales_tax_never_changes_a_bill() {
    let rate = Some(Decimal::new(825, 2));
    for (first, later) in [(rate, rate), (None, rate), (rate, None)] {
        let world = World::configured();
        world.person(|person| person.set_sales_tax(first));
        world.bill();
        assert_eq!(world.last("Invoice")["TotalAmt"].to_string(), "43650.00");
        world.person(|person| person.set_sales_tax(later));
        world.advance(SignedDuration::from_hours(1));
        world.revise_bill(Figures {
            billed: "50000.00",
            retainage: "5000.00",
        });
        assert_eq!(state(&world, BILL), "posted", "{first:?} {later:?}");
        let receivable = world.balance(&world.accounts().receivable);
        assert_eq!(receivable, Decimal::from(45_000));
    }
}

#[test]
fn connected_company_keeps_its_tax_preferences() {
    let options = WorldOptions::with_company(|company| company.sales_tax(Decimal::new(825, 2)));
    let world = World::configured_with(options, |_| {});
    let books = world.connection().company.unwrap().preferences;
    assert!(books.uses_sales_tax && books.has_automated_tax);
}
