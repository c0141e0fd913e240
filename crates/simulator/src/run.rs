//! One run from a seed, and many over threads.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use crate::{checks::Violation, plan::plan, story::Story, tally::Tally, world::World};

/// How a run went.
pub struct Outcome {
    pub violation: Option<Violation>,
    pub story: Story,
    pub tally: Tally,
}

/// Runs one seed; the same seed gives the same run. A panic is a violation like others, but its story
/// is lost.
pub fn run(seed: u64, families: bool, story: Story) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| run_to_the_end(seed, families, story))).unwrap_or_else(|_| Outcome {
        violation: Some(Violation { check: "nothing panics", at: 0, what: String::new() }),
        story: Story::default(),
        tally: Tally::default(),
    })
}

fn run_to_the_end(seed: u64, families: bool, story: Story) -> Outcome {
    let mut world = World::new(seed, families, story);
    let end = plan(&mut world);
    world.sign_in();
    world.run_until(end);
    if world.violation.is_none() {
        world.grow_quiet();
    }
    Outcome { violation: world.violation, story: world.story, tally: world.tally }
}

/// What many runs came to.
pub struct Summary {
    pub runs: u64,
    pub tally: Tally,
    /// The first failing seed that was found, and what failed.
    pub failure: Option<(u64, Violation)>,
}

/// Runs the seeds from `first`, so many, until one fails.
pub fn run_many(first: u64, runs: u64, families: bool, threads: usize) -> Summary {
    let next = AtomicU64::new(0);
    let failed = AtomicBool::new(false);
    let found = Mutex::new(Vec::new());
    let tallies = thread::scope(|scope| {
        let work = || {
            let mut tally = Tally::default();
            let mut done = 0;
            while !failed.load(Ordering::Relaxed) {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= runs {
                    break;
                }
                let outcome = run(first + number, families, Story::default());
                tally.add(&outcome.tally);
                done += 1;
                if let Some(violation) = outcome.violation {
                    failed.store(true, Ordering::Relaxed);
                    if let Ok(mut found) = found.lock() {
                        found.push((first + number, violation));
                    }
                }
            }
            (done, tally)
        };
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).collect::<Vec<_>>()
    });
    let mut summary = Summary { runs: 0, tally: Tally::default(), failure: None };
    for (done, tally) in tallies {
        summary.runs += done;
        summary.tally.add(&tally);
    }
    let mut found = found.into_inner().unwrap_or_default();
    found.sort_by_key(|(seed, _)| *seed);
    summary.failure = found.into_iter().next();
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Enough to notice at once what is badly wrong; `cargo xtask simulate` runs a hundred thousand.
    const SEEDS: u64 = 400;

    #[test]
    fn every_check_holds_for_the_first_seeds() {
        let summary = run_many(0, SEEDS, false, 2);
        if let Some((seed, violation)) = summary.failure {
            panic!("seed {seed}: {violation:?}\n{}", run(seed, false, Story::recorded()).story);
        }
        assert_eq!(summary.runs, SEEDS);
    }

    #[test]
    fn the_same_seed_tells_the_same_story() {
        for seed in [3, 1_000, 77_777] {
            let (first, second) = (run(seed, false, Story::recorded()), run(seed, false, Story::recorded()));
            assert_eq!(first.story, second.story);
            assert_eq!(first.tally, second.tally);
            assert_ne!(first.story, run(seed + 1, false, Story::recorded()).story);
        }
    }

    #[test]
    fn a_story_that_is_not_recorded_is_the_same_run() {
        assert_eq!(run(5, false, Story::default()).tally, run(5, false, Story::recorded()).tally);
    }
}
