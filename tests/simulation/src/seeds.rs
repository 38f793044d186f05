//! Runs many seeds, and tells of one that fails how to see it again.

use crate::world::Broken;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// After so many seeds a long run tells how far it is.
const PROGRESS: u64 = 10_000;

/// A story that a seed decides.
pub struct Scenario {
    /// The name of its test file.
    pub name: &'static str,
    /// Runs it with this seed, and keeps a trace if so asked.
    pub run: fn(seed: u64, traced: bool) -> Result<Vec<String>, Broken>,
}

impl Scenario {
    /// Runs all of these seeds, on all processors.
    ///
    /// # Panics
    /// If a promise is broken: with the seed, and the command that runs it again.
    pub fn hunt(&self, seeds: Range<u64>) {
        let next = AtomicU64::new(seeds.start);
        let failed = Mutex::new(None::<(u64, String)>);
        let work = || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                let found = failed.lock().is_ok_and(|failed| failed.is_some());
                if seed >= seeds.end || found {
                    return;
                }
                if let Err(broken) = self.one(seed, false)
                    && let Ok(mut failed) = failed.lock()
                {
                    failed.get_or_insert((seed, broken.what));
                }
            }
        };
        let processors = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            for _ in 0..processors {
                scope.spawn(work);
            }
        });
        if let Ok(Some((seed, what))) = failed.into_inner() {
            panic!("{what}\n{}", self.again(seed));
        }
    }

    /// Runs the seeds that the environment names, `SEEDS=n` or `SEEDS=from..to`, and tells how far it is.
    ///
    /// # Panics
    /// If it names none, or a promise is broken.
    pub fn long(&self) {
        let named = std::env::var("SEEDS").unwrap_or_default();
        let (from, to) = named.split_once("..").unwrap_or(("0", &named));
        let (Ok(from), Ok(to)) = (from.parse::<u64>(), to.parse::<u64>()) else {
            panic!("SEEDS is {named:?} and should be a number or from..to");
        };
        let mut at = from;
        while at < to {
            let next = to.min(at + PROGRESS);
            self.hunt(at..next);
            eprintln!("{}: {} of {} seeds", self.name, next - from, to - from);
            at = next;
        }
    }

    /// Runs the seed that the environment names with its trace, else `usual` ones, each twice: a run that does not
    /// repeat itself proves nothing.
    ///
    /// # Panics
    /// If a promise is broken, or a run differs from itself.
    pub fn replay(&self, usual: Range<u64>) {
        let named = std::env::var("SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seeds = named.map_or(usual, |seed| seed..seed + 1);
        for seed in seeds {
            let (once, again) = (self.one(seed, true), self.one(seed, true));
            let trace = |run: &Result<Vec<String>, Broken>| match run {
                Ok(trace) => trace.join("\n"),
                Err(broken) => broken.trace.join("\n"),
            };
            if named.is_some() {
                println!("{}", trace(&once));
            }
            assert_eq!(trace(&once), trace(&again), "seed {seed} does not repeat");
            if let Err(broken) = once {
                panic!("{}\n{}", broken.what, self.again(seed));
            }
        }
    }

    fn one(&self, seed: u64, traced: bool) -> Result<Vec<String>, Broken> {
        let run = catch_unwind(AssertUnwindSafe(|| (self.run)(seed, traced)));
        run.unwrap_or_else(|_| {
            Err(Broken {
                what: "the code under test panicked".into(),
                trace: Vec::new(),
            })
        })
    }

    fn again(&self, seed: u64) -> String {
        let name = self.name;
        format!("SEED={seed} cargo test -p simulation --test {name} replay -- --nocapture")
    }
}
