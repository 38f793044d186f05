//! Runs the targets without coverage: every seed, then random mutations of the seeds.
//!
//! The variable `RUNS` sets the number of mutations for each target (20 000 by default), and `SEED` sets the first seed.

use fastrand::Rng;
use fuzz::mutate::mutated;
use fuzz::{TARGETS, Target};
use std::panic::catch_unwind;
use std::time::Instant;

#[test]
fn no_input_makes_a_reader_panic() {
    let number =
        |name, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().unwrap());
    let (runs, first) = (number("RUNS", 20_000), number("SEED", 0));
    let mut broken = 0;
    for target in &TARGETS {
        let start = Instant::now();
        let seeds = (target.seeds)();
        let broken_seeds = seeds.iter().filter(|seed| !holds(target, seed)).count();
        let mutations = (first..first + runs).filter(|seed| {
            let input = mutated(&mut Rng::with_seed(*seed), &seeds);
            !holds(target, &input)
        });
        broken += broken_seeds + mutations.take(3).count();
        println!("{}: {runs} runs in {:?}", target.name, start.elapsed());
    }
    assert_eq!(broken, 0, "each failing input is printed above");
}

fn holds(target: &Target, input: &[u8]) -> bool {
    let run = target.run;
    let held = catch_unwind(|| run(input)).is_ok();
    if !held {
        println!("{} fails on {}", target.name, input.escape_ascii());
    }
    held
}

#[test]
fn readers_accept_all_seeds() {
    for seed in fuzz::seeds::billing_event() {
        assert!(billing::parse(&seed).is_ok(), "{}", seed.escape_ascii());
    }
    for seed in fuzz::seeds::intuit_webhook() {
        assert!(!quickbooks::webhook::read(&seed).unwrap().changes.is_empty());
    }
    for seed in fuzz::seeds::settings_body() {
        assert!(mapping::settings::parse(&seed).is_ok());
    }
    let [claims, .., token] = &fuzz::seeds::session_token()[..] else {
        panic!("there are too few seeds");
    };
    let token = str::from_utf8(token).unwrap();
    for token in [token, &fuzz::requests::session_of(claims)] {
        let opened = billing::session::verify(token, &[fuzz::requests::KEY], fuzz::requests::now());
        assert!(opened.is_ok(), "{opened:?}");
    }
}
