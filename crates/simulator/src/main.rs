//! `latido-simulator [--runs N] [--from SEED] [--seed N] [--threads N]`

use std::{process::ExitCode, time::Instant};

use latido_simulator::{
    run::{run, run_many},
    story::Story,
};
use lexopt::{Arg::Long, ValueExt};

struct Options {
    runs: u64,
    from: u64,
    seed: Option<u64>,
    threads: usize,
}

fn main() -> ExitCode {
    match options() {
        Ok(Options { seed: Some(seed), .. }) => replay(seed),
        Ok(options) => simulate(&options),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn options() -> Result<Options, lexopt::Error> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut options = Options { runs: 100_000, from: 0, seed: None, threads };
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("runs") => options.runs = parser.value()?.parse()?,
            Long("from") => options.from = parser.value()?.parse()?,
            Long("seed") => options.seed = Some(parser.value()?.parse()?),
            Long("threads") => options.threads = parser.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}

/// Tells the story of one seed.
fn replay(seed: u64) -> ExitCode {
    let outcome = run(seed, Story::recorded());
    print!("{}", outcome.story);
    match outcome.violation {
        Some(violation) => {
            println!("\nFAILED at {} ms: {}\n{}", violation.at, violation.check, violation.what);
            ExitCode::FAILURE
        }
        None => {
            println!("\nAll checks held.");
            ExitCode::SUCCESS
        }
    }
}

fn simulate(options: &Options) -> ExitCode {
    let started = Instant::now();
    let summary = run_many(options.from, options.runs, options.threads);
    println!("{}", summary.tally);
    println!("{} schedules in {:.1} s", summary.runs, started.elapsed().as_secs_f64());
    if let Some((seed, _)) = summary.failure {
        println!("\nSeed {seed} failed. Its story:\n");
        return replay(seed);
    }
    let missing = summary.tally.missing();
    if missing.is_empty() {
        println!("All checks held.");
        ExitCode::SUCCESS
    } else {
        println!("FAILED: this never happened, so it was not tested: {}", missing.join("; "));
        ExitCode::FAILURE
    }
}
