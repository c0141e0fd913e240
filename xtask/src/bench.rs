//! `cargo xtask bench`: measures the built dashboard with the built server in Chromium.

use crate::{cache::Cache, e2e::E2eEnv, error::Error, project::Project, tools::browsers::Engine};

pub fn run() -> Result<(), Error> {
    let project = Project::find()?;
    let env = E2eEnv::for_release(&project, &Cache::find()?, &[Engine::Chromium])?;
    if !env.has_browser() {
        return Err(Error::Missing {
            what: "Chromium, which the benchmark runs in".into(),
            advice: "Install it as described above, then run the command again.".into(),
        });
    }
    let mut cargo = project.cargo();
    cargo.args(["run", "--release", "--package", "latido-e2e", "--bin", "bench"]);
    env.apply(&mut cargo);
    let status = cargo.status().map_err(Error::io("start the benchmark"))?;
    if status.success() { Ok(()) } else { Err(Error::BenchFailed) }
}
