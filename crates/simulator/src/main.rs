//! `latido-simulator [--runs N] [--from SEED | --from-commit] [--families] [--threads N]` runs schedules, `--seed N` tells
//! the story of one, `--storm` and `--mutations [--only NAME]` do what [`storm`] and [`mutate`] say.

use std::{process::ExitCode, time::Instant};

use latido_simulator::{
    commit::Commit,
    mutate,
    old_failures::OLD_FAILURES,
    run::{run, run_many},
    storm::{Server, policies, storm},
    story::Story,
};
use lexopt::{Arg::Long, ValueExt};

struct Options {
    runs: u64,
    from: u64,
    /// Begin at the commit's own seed instead.
    from_commit: bool,
    seed: Option<u64>,
    /// Half of the runs watch families beside health records.
    families: bool,
    threads: usize,
    what: What,
    only: String,
}

enum What {
    Schedules,
    /// One line, for the mutations' table.
    Brief,
    Storm,
    Mutations,
}

/// As the storm test has it.
const STORM_CLIENTS: u32 = 10_000;
const STORM_PEAK: usize = 700;

fn main() -> ExitCode {
    match options() {
        Ok(Options { seed: Some(seed), families, .. }) => replay(seed, families),
        Ok(options) => match options.what {
            What::Schedules => simulate(&options),
            What::Brief => brief(&options),
            What::Storm => storms(),
            What::Mutations => mutations(&options),
        },
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn options() -> Result<Options, lexopt::Error> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut options = Options {
        runs: 100_000,
        from: 0,
        from_commit: false,
        seed: None,
        families: false,
        threads,
        what: What::Schedules,
        only: String::new(),
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("runs") => options.runs = parser.value()?.parse()?,
            Long("from") => options.from = parser.value()?.parse()?,
            Long("from-commit") => options.from_commit = true,
            Long("seed") => options.seed = Some(parser.value()?.parse()?),
            Long("threads") => options.threads = parser.value()?.parse()?,
            Long("brief") => options.what = What::Brief,
            Long("families") => options.families = true,
            Long("storm") => options.what = What::Storm,
            Long("mutations") => options.what = What::Mutations,
            Long("only") => options.only = parser.value()?.string()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}

/// Tells the story of one seed.
fn replay(seed: u64, families: bool) -> ExitCode {
    let outcome = run(seed, families, Story::recorded());
    print!("{}", outcome.story);
    if let Some(violation) = outcome.violation {
        println!("\nFAILED at {} ms: {}\n{}", violation.at, violation.check, violation.what);
        ExitCode::FAILURE
    } else {
        println!("\nAll checks held.");
        ExitCode::SUCCESS
    }
}

fn simulate(options: &Options) -> ExitCode {
    let started = Instant::now();
    let commit = Commit::of_checkout();
    match &commit {
        Some(commit) => println!("Simulates {commit}."),
        None => println!("Simulates what no git tells the commit of."),
    }
    let its_own = commit.as_ref().and_then(Commit::first_seed).filter(|_| options.from_commit);
    let from = its_own.unwrap_or(options.from);
    println!(
        "Seeds from {from}, again with --from {from}, and before them {} that failed once.",
        OLD_FAILURES.len()
    );
    for (seed, _) in OLD_FAILURES {
        if run(*seed, false, Story::default()).violation.is_some() {
            println!("\nSeed {seed} failed, as it did once. Its story:\n");
            return replay(*seed, false);
        }
    }
    let summary = run_many(from, options.runs, options.families, options.threads);
    println!("{}", summary.tally);
    println!("{} schedules in {:.1} s", summary.runs, started.elapsed().as_secs_f64());
    if let Some((seed, _)) = summary.failure {
        println!("\nSeed {seed} failed. Its story:\n");
        return replay(seed, options.families);
    }
    let missing = summary.tally.missing(options.families);
    if missing.is_empty() {
        println!("All checks held, in {} schedules from seed {from}.", summary.runs);
        ExitCode::SUCCESS
    } else {
        println!("FAILED: this never happened, so it was not tested: {}", missing.join("; "));
        ExitCode::FAILURE
    }
}

fn brief(options: &Options) -> ExitCode {
    let (name, backoff) = policies()[3];
    for server in [Server::Back, Server::Refuses { ms: 60_000 }] {
        if storm(STORM_CLIENTS, backoff, server).peak > STORM_PEAK {
            println!("failed - 1 the storm: {name}, at most {STORM_PEAK} dials a second");
            return ExitCode::FAILURE;
        }
    }
    let summary = run_many(options.from, options.runs, options.families, options.threads);
    if let Some((seed, violation)) = summary.failure {
        println!("failed {seed} {} {}", summary.runs, violation.check);
        ExitCode::FAILURE
    } else {
        println!("held");
        ExitCode::SUCCESS
    }
}

fn storms() -> ExitCode {
    println!("| policy | server | most dials in a second | all back after |\n|---|---|---|---|");
    for (name, backoff) in policies() {
        for (server, said) in
            [(Server::Back, "back at once"), (Server::Refuses { ms: 60_000 }, "refuses for 60 s")]
        {
            let storm = storm(STORM_CLIENTS, backoff, server);
            println!("| {name} | {said} | {} | {:.1} s |", storm.peak, storm.over_after as f64 / 1000.0);
        }
    }
    ExitCode::SUCCESS
}

fn mutations(options: &Options) -> ExitCode {
    match mutate::run(options.runs, &options.only) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
