//! `cargo xtask simulate`: random networks, servers, tabs and users against the connection.

use std::process::Command;

use crate::{error::Error, project::Project};

/// Options that are passed on to the simulator. Without a value it uses its own default.
#[derive(Debug, Default, PartialEq)]
pub struct SimulateOptions {
    /// Number of schedules.
    pub runs: Option<u64>,
    /// Begin at a seed that is the commit's own.
    pub from_commit: bool,
    /// Print the story of this seed.
    pub seed: Option<u64>,
    pub what: Simulated,
}

/// What is simulated.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Simulated {
    /// Schedules of faults.
    #[default]
    Schedules,
    /// Schedules of which half watch families beside health records.
    Families,
    /// Planted mistakes, and whether each is caught.
    Mutations,
    /// Ten thousand clients that are cut off at once, under every policy.
    Storm,
}

pub fn run(options: &SimulateOptions) -> Result<(), Error> {
    let status = command(&Project::find()?, options).status().map_err(Error::io("start the simulator"))?;
    if status.success() { Ok(()) } else { Err(Error::SimulationFailed) }
}

/// The simulator in a release build: a schedule takes a third of a millisecond there.
pub fn command(project: &Project, options: &SimulateOptions) -> Command {
    let mut cargo = project.cargo();
    cargo.args(["run", "--release", "--package", "latido-simulator", "--"]);
    for (name, value) in [("--runs", options.runs), ("--seed", options.seed)] {
        if let Some(value) = value {
            cargo.args([name, &value.to_string()]);
        }
    }
    if options.from_commit {
        cargo.arg("--from-commit");
    }
    match options.what {
        Simulated::Schedules => {}
        Simulated::Families => _ = cargo.arg("--families"),
        Simulated::Mutations => _ = cargo.arg("--mutations"),
        Simulated::Storm => _ = cargo.arg("--storm"),
    }
    cargo
}
