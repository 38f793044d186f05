//! Random edits: the books stay balanced, and webhooks and change data capture agree.

use std::collections::BTreeSet;

use super::connected_company::ConnectedCompany;
use crate::{Edit, Error};

/// Makes sixty random edits, adds the successful kinds to `done` and returns how many edits QuickBooks refused.
fn make_random_edits(seed: u64, done: &mut BTreeSet<Edit>) -> usize {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut company = ConnectedCompany::new();
    let all = Edit::all();
    let mut refused = 0;
    for _ in 0..60 {
        let edit = all[random.usize(..all.len())];
        company
            .client
            .simulator
            .advance(jiff::SignedDuration::from_secs(30));
        match company
            .person()
            .attempt(edit, &mut |below| random.usize(..below))
        {
            Ok(true) => drop(done.insert(edit)),
            Ok(false) => {}
            Err(Error::Refused { .. }) => {
                refused += 1;
                assert_eq!(company.events(), [""; 0], "{edit:?} left a trace");
            }
            Err(error) => panic!("{edit:?}: {error}"),
        }
        company.events();
    }
    refused
}

#[test]
fn random_edits_keep_books_balanced() {
    let mut done = BTreeSet::new();
    let refused: usize = (0..20).map(|seed| make_random_edits(seed, &mut done)).sum();
    let never: Vec<Edit> = Edit::all()
        .into_iter()
        .filter(|edit| !done.contains(edit))
        .collect();
    assert_eq!(never, [], "never came to pass");
    assert!(refused > 0 && refused < 600, "{refused}");
}

#[test]
fn all_edits_are_distinct() {
    let all: BTreeSet<Edit> = Edit::all().into_iter().collect();
    assert_eq!(all.len(), 47);
}
