//! The figures: they are right, and their text is OpenMetrics.

use crate::support::usual_bill::USUAL;
use crate::support::world::World;
use bridge::operations::metrics;
use futures::executor::block_on;
use jiff::SignedDuration;
use simulator::Commit;
use std::collections::{BTreeMap, BTreeSet};

impl World {
    /// Returns the samples by name and labels, after a check of the format.
    fn samples(&self) -> BTreeMap<String, f64> {
        let figures = block_on(metrics::collect(&self.services.store, self.now())).unwrap();
        parse(&figures.text())
    }
}

/// Parses the text as OpenMetrics 1.0: families with type and help, samples of their family alone, and an end.
fn parse(text: &str) -> BTreeMap<String, f64> {
    let body = text
        .strip_suffix("# EOF\n")
        .expect("the text ends with # EOF");
    let (mut samples, mut families) = (BTreeMap::new(), BTreeSet::new());
    let mut family = (String::new(), String::new());
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(["gauge", "counter"].contains(&kind), "{line}");
            assert!(families.insert(name.to_owned()), "{name} has two families");
            family = (name.to_owned(), kind.to_owned());
        } else if let Some(rest) = line.strip_prefix("# HELP ") {
            assert!(rest.starts_with(&format!("{} ", family.0)), "{line}");
        } else {
            let (name, value) = line.rsplit_once(' ').unwrap();
            let metric = name.split('{').next().unwrap();
            let suffix = if family.1 == "counter" { "_total" } else { "" };
            assert_eq!(metric, format!("{}{suffix}", family.0), "{line}");
            assert!(
                metric
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            );
            let known = samples.insert(name.to_owned(), value.parse().unwrap());
            assert_eq!(known, None, "{name} twice");
        }
    }
    samples
}

#[test]
fn metrics_count_held_and_due_firms() {
    let world = World::connected();
    world.bill();
    world.bill_next(2, USUAL);
    world.advance(SignedDuration::from_hours(1));
    let samples = world.samples();
    assert_eq!(samples["rivet_books_firms"], 1.0);
    assert_eq!(samples["rivet_books_firms_counted"], 1.0);
    assert_eq!(samples["rivet_books_documents{state=\"held\"}"], 2.0);
    let reason = "rivet_books_documents_held{reason=\"settings_incomplete\"}";
    assert_eq!(samples[reason], 2.0);
    assert_eq!(samples["rivet_books_firms_due{job=\"connection\"}"], 1.0);
    assert_eq!(
        samples["rivet_books_oldest_due_seconds{job=\"connection\"}"],
        2999.0
    );
    world.refresh_tokens();
    let samples = world.samples();
    assert_eq!(
        samples["rivet_books_refreshes_total{outcome=\"refreshed\"}"],
        1.0
    );
    assert_eq!(
        samples["rivet_books_oldest_due_seconds{job=\"connection\"}"],
        0.0
    );
}

#[test]
fn metrics_show_age_of_document_in_doubt() {
    let world = World::configured();
    world.lose_bill(Commit::After);
    world.advance(SignedDuration::from_secs(20));
    let samples = world.samples();
    assert_eq!(samples["rivet_books_documents{state=\"uncertain\"}"], 1.0);
    assert_eq!(samples["rivet_books_oldest_uncertain_seconds"], 20.0);
}

#[test]
fn metrics_of_empty_store_are_zero() {
    let world = World::new(crate::support::world::WorldOptions::default());
    let samples = world.samples();
    let limit = "rivet_books_quickbooks_reads_limit";
    for (name, value) in samples {
        assert!(value == 0.0 || name == limit, "{name} {value}");
    }
}
