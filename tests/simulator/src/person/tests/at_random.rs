//! Somebody who does anything at any time: the books stay balanced, and both ways of telling tell the same.

use std::collections::BTreeSet;

use super::shop::Shop;
use crate::{Edit, Error};

/// Sixty edits of every kind by chance. What was done, and what QuickBooks refused.
fn work(seed: u64, done: &mut BTreeSet<Edit>) -> usize {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut shop = Shop::new();
    let all = Edit::all();
    let mut refused = 0;
    for _ in 0..60 {
        let edit = all[random.usize(..all.len())];
        shop.client
            .simulator
            .advance(jiff::SignedDuration::from_secs(30));
        match shop
            .person()
            .attempt(edit, &mut |below| random.usize(..below))
        {
            Ok(true) => drop(done.insert(edit)),
            Ok(false) => {}
            Err(Error::Refused { .. }) => {
                refused += 1;
                assert_eq!(shop.told(), [""; 0], "{edit:?} left a trace");
            }
            Err(error) => panic!("{edit:?}: {error}"),
        }
        shop.told();
    }
    refused
}

#[test]
fn whoever_does_anything_leaves_the_books_balanced() {
    let mut done = BTreeSet::new();
    let refused: usize = (0..20).map(|seed| work(seed, &mut done)).sum();
    let never: Vec<Edit> = Edit::all()
        .into_iter()
        .filter(|edit| !done.contains(edit))
        .collect();
    assert_eq!(never, [], "never came to pass");
    assert!(refused > 0 && refused < 600, "{refused}");
}

#[test]
fn there_are_edits_of_more_than_thirty_kinds() {
    let all: BTreeSet<Edit> = Edit::all().into_iter().collect();
    assert_eq!(all.len(), 47);
}
