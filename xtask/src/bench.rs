//! `cargo xtask bench`: measures the built dashboard with the built server in Chromium.

use crate::{cache::Cache, e2e::Stage, error::Error, project::Project, tools::browsers::Engine};

pub fn run() -> Result<(), Error> {
    let project = Project::find()?;
    let stage = Stage::prepare(&project, &Cache::find()?, &[Engine::Chromium])?;
    if !stage.has_browser() {
        return Err(Error::Missing {
            what: "Chromium, which the benchmark runs in".into(),
            advice: "Install it as said above, then run the command again.".into(),
        });
    }
    let mut cargo = project.cargo();
    cargo.args(["run", "--release", "--package", "latido-e2e", "--bin", "bench"]);
    stage.apply(&mut cargo);
    let status = cargo.status().map_err(Error::io("start the benchmark"))?;
    if status.success() { Ok(()) } else { Err(Error::BenchFailed) }
}
