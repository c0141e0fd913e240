//! The commands of this project, `cargo xtask …`: set-up, run, build, test, measure.
//!
//! A command is a file of its own (`start`, `build`, `test`, `simulate`, `bench`, `bench_server`, `bench_web`); what they need installed is in
//! `tools`, one file a tool; `step` announces, times and explains what happens.

mod args;
mod bench;
mod bench_bytes;
mod bench_pages;
mod bench_server;
mod bench_web;
mod build;
mod cache;
mod child;
mod compress;
mod conformance;
mod dashboard;
mod deferred_styles;
mod dev;
mod e2e;
mod environment;
mod error;
mod hash;
mod integrity;
mod minify;
mod offline;
mod prefetch;
mod project;
mod screenshots;
mod server;
mod simulate;
mod size;
mod split;
mod start;
mod step;
mod test;
mod tools;
mod welcome;

use std::process::ExitCode;

use args::Command;

#[cfg(not(unix))]
compile_error!("xtask needs Linux or macOS; on Windows run it inside WSL");

fn main() -> ExitCode {
    let outcome = args::parse(std::env::args_os()).and_then(|command| match command {
        Command::Help => {
            print!("{}", args::HELP);
            Ok(())
        }
        Command::Start(options) => start::run(&options),
        Command::Build => build::run(),
        Command::Test(options) => test::run(&options),
        Command::Simulate(options) => simulate::run(&options),
        Command::Bench => bench::run(),
        Command::BenchServer(options) => bench_server::run(&options),
        Command::Screenshots => screenshots::run(),
        Command::BenchBytes => bench_bytes::run(),
        Command::BenchWeb(options) => bench_web::run(&options),
        Command::Conformance => conformance::run(),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error}");
            error.exit_code()
        }
    }
}
