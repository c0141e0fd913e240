//! Measures the dashboard and its React peer side by side: the same server, the same Chromium, in turn.
//!
//! Run with `cargo xtask bench web`. Writes two tables for docs/bench.md, a full and a short one.
//!
//! | file | what it holds |
//! |---|---|
//! | [`side`] | one of the two builds, served and opened |
//! | [`scenario`] | what can be measured, and in which order |
//! | [`figure`] | values of both sides, and how they compare |
//! | [`table`] | the figures as Markdown |
//! | [`feed`] | a backend that sends a given number of events |
//! | [`page`] | measurements of the developer tools and of a script in the page |
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that fails has no other answer")]

mod burst;
mod cold_start;
mod event_to_dom;
mod feed;
mod figure;
mod long_list;
mod memory;
mod options;
mod page;
mod scenario;
mod side;
mod table;

use std::{fs, process::ExitCode};

use tokio::task::LocalSet;

use crate::{figure::Figures, options::Options, side::Side};

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let tables: Vec<_> = LocalSet::new().block_on(&runtime, async {
        let mut tables = Vec::new();
        for scenario in &options.scenarios {
            let mut figures = Figures::default();
            for round in 0..options.rounds {
                for side in Side::in_turn(round) {
                    eprintln!("{scenario}, round {} of {}: {side}", round + 1, options.rounds);
                    figures.add(side, scenario.measure(side).await);
                }
            }
            print!("{}", table::whole(*scenario, &figures));
            tables.push((*scenario, figures));
        }
        tables
    });
    if let Some(path) = &options.full {
        let text: Vec<_> =
            tables.iter().map(|(scenario, figures)| table::whole(*scenario, figures)).collect();
        fs::write(path, text.join("\n")).expect("the whole table can be written");
    }
    if let Some(path) = &options.brief {
        fs::write(path, table::brief(&tables)).expect("the short table can be written");
    }
    ExitCode::SUCCESS
}
