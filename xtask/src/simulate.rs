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
    /// Let half of the schedules watch families beside health records.
    pub families: bool,
    /// Print the story of this seed.
    pub seed: Option<u64>,
    /// Plant mistakes, and check that each is caught.
    pub mutations: bool,
    /// Cut ten thousand clients off at once, under every policy.
    pub storm: bool,
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
    let flags = [
        ("--from-commit", options.from_commit),
        ("--families", options.families),
        ("--mutations", options.mutations),
        ("--storm", options.storm),
    ];
    for (name, wanted) in flags {
        if wanted {
            cargo.arg(name);
        }
    }
    cargo
}
