//! Runs a scenario with many seeds, and prints the command that repeats a failing seed.
//!
//! Environment variables:
//!
//! | variable | effect |
//! |---|---|
//! | `SEEDS=n` or `SEEDS=from..to` | the seeds of [`Scenario::search`] |
//! | `SEED=n` | [`Scenario::replay`] runs this seed alone and prints its trace |
//! | `RIVET_TESTS=full` | [`TestSize`] counts in full |
//! | `TRACES=folder` | [`Scenario::replay`] writes each trace to `folder/<scenario>-<seed>.txt` |

use crate::world::Failure;
use std::io::Write;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// A search prints its progress after this many seeds.
const SEARCH_STEP: u64 = 10_000;

/// A check prints its progress this many times.
const CHECK_STEPS: u64 = 4;

/// The number of seeds that a test plays, or of what else it repeats.
pub struct TestSize {
    /// The number for a newcomer, who waits for it.
    pub usual: u64,
    /// The number with `RIVET_TESTS=full`.
    pub full: u64,
}

impl TestSize {
    /// Returns the number that the environment asks for.
    pub fn get(&self) -> u64 {
        match std::env::var("RIVET_TESTS").is_ok_and(|tests| tests == "full") {
            true => self.full,
            false => self.usual,
        }
    }
}

/// Returns the distance between the places of a run at which a test crashes, or between its cases: a newcomer plays every third,
/// `RIVET_TESTS=full` plays all.
pub fn stride() -> usize {
    let stride = TestSize { usual: 3, full: 1 };
    usize::try_from(stride.get()).unwrap_or(1)
}

/// A test that a seed decides.
pub struct Scenario {
    /// The name of its module in the test target `scenarios`.
    pub name: &'static str,
    /// Runs the scenario with a seed and returns the trace. The trace is empty if `traced` is false.
    pub run: fn(seed: u64, traced: bool) -> Result<Vec<String>, Failure>,
}

impl Scenario {
    /// Runs the first seeds, and prints the progress.
    ///
    /// # Panics
    /// If a seed fails: with the seed, and the command that runs it again.
    pub fn check(&self, seeds: &TestSize) {
        let seeds = seeds.get();
        report(&format!("{}: runs {seeds} seeds", self.name));
        self.run_with_progress(0..seeds, seeds.div_ceil(CHECK_STEPS));
    }

    /// Runs the seeds that the environment names in `SEEDS`, and prints the progress.
    ///
    /// # Panics
    /// If the environment names no seeds, or a seed fails.
    pub fn search(&self) {
        let named = std::env::var("SEEDS").unwrap_or_default();
        let (from, to) = named.split_once("..").unwrap_or(("0", &named));
        let (Ok(from), Ok(to)) = (from.parse::<u64>(), to.parse::<u64>()) else {
            panic!("SEEDS is {named:?} and should be a number or from..to");
        };
        self.run_with_progress(from..to, SEARCH_STEP);
    }

    fn run_with_progress(&self, seeds: Range<u64>, step: u64) {
        let total = seeds.end.saturating_sub(seeds.start);
        let mut next = seeds.start;
        while next < seeds.end {
            let end = seeds.end.min(next + step);
            self.run_seeds(next..end);
            let done = end - seeds.start;
            report(&format!("{}: {done} of {total} seeds passed", self.name));
            next = end;
        }
    }

    /// Runs all of these seeds, on all processors.
    ///
    /// # Panics
    /// If a seed fails: with the seed, and the command that runs it again.
    pub fn run_seeds(&self, seeds: Range<u64>) {
        let next = AtomicU64::new(seeds.start);
        let failed = Mutex::new(None::<(u64, String)>);
        let work = || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                let has_failed = failed.lock().is_ok_and(|failed| failed.is_some());
                if seed >= seeds.end || has_failed {
                    return;
                }
                if let Err(failure) = self.run_once(seed, false)
                    && let Ok(mut failed) = failed.lock()
                {
                    failed.get_or_insert((seed, failure.message));
                }
            }
        };
        let processors = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            for _ in 0..processors {
                scope.spawn(work);
            }
        });
        if let Ok(Some((seed, message))) = failed.into_inner() {
            panic!("{message}\n{}", self.replay_command(seed));
        }
    }

    /// Runs the seed that the environment names in `SEED` and prints its trace; without it, runs the first seeds. Each seed runs
    /// twice: a run that does not repeat proves nothing. If `TRACES` names a folder, each trace is written there.
    ///
    /// # Panics
    /// If a seed fails, its two runs differ, or its trace cannot be written.
    pub fn replay(&self, seeds: &TestSize) {
        let named = std::env::var("SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let traces = std::env::var("TRACES").ok();
        let played = named.map_or(0..seeds.get(), |seed| seed..seed + 1);
        for seed in played {
            let (first, second) = (self.run_once(seed, true), self.run_once(seed, true));
            if let Some(folder) = &traces {
                self.write_trace(Path::new(folder), seed, &trace_text(&first));
            }
            if named.is_some() {
                println!("{}", trace_text(&first));
            }
            assert_eq!(
                trace_text(&first),
                trace_text(&second),
                "seed {seed} does not repeat"
            );
            if let Err(failure) = first {
                panic!("{}\n{}", failure.message, self.replay_command(seed));
            }
        }
    }

    fn write_trace(&self, folder: &Path, seed: u64, trace: &str) {
        let file = folder.join(format!("{}-{seed}.txt", self.name));
        if let Err(error) = std::fs::write(&file, trace) {
            panic!("{}: {error}", file.display());
        }
    }

    fn run_once(&self, seed: u64, traced: bool) -> Result<Vec<String>, Failure> {
        let run = catch_unwind(AssertUnwindSafe(|| (self.run)(seed, traced)));
        run.unwrap_or_else(|_| {
            Err(Failure {
                message: "the code under test panicked".into(),
                trace: Vec::new(),
            })
        })
    }

    fn replay_command(&self, seed: u64) -> String {
        let name = self.name;
        format!(
            "SEED={seed} cargo test -p simulation --test scenarios {name}::replay -- --nocapture"
        )
    }
}

/// Prints a line even if the test harness captures the output of tests: a long check should show its progress.
fn report(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn trace_text(run: &Result<Vec<String>, Failure>) -> String {
    match run {
        Ok(trace) => trace.join("\n"),
        Err(failure) => failure.trace.join("\n"),
    }
}
