//! `cargo xtask simulate`: random networks, servers, tabs and users against the connection.

use std::process::Command;

use crate::{error::Error, project::Project};

/// What the simulator is asked to do; what is not said is left to it.
#[derive(Debug, Default, PartialEq)]
pub struct SimulateOptions {
    /// So many schedules.
    pub runs: Option<u64>,
    /// Tell the story of this one.
    pub seed: Option<u64>,
    /// Make deliberate mistakes, and see whether each is found.
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
    for (name, wanted) in [("--mutations", options.mutations), ("--storm", options.storm)] {
        if wanted {
            cargo.arg(name);
        }
    }
    cargo
}
