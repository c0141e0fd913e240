//! `cargo xtask screenshots`: pictures of every page, taken of the built dashboard with demo data.

use crate::{cache::Cache, e2e::E2eEnv, error::Error, project::Project, tools::browsers::Engine};

pub fn run() -> Result<(), Error> {
    let project = Project::find()?;
    let env = E2eEnv::for_release(&project, &Cache::find()?, &[Engine::Chromium])?;
    if !env.has_browser() {
        return Err(Error::Missing {
            what: "Chromium, which the pictures are taken in".into(),
            advice: "Install it as described above, then run the command again.".into(),
        });
    }
    let mut cargo = project.cargo();
    cargo.args(["run", "--package", "latido-e2e", "--bin", "screenshots"]);
    cargo.arg(project.root().join("docs/screenshots"));
    env.apply(&mut cargo);
    let status = cargo.status().map_err(Error::io("start the browser for the pictures"))?;
    if status.success() { Ok(()) } else { Err(Error::ScreenshotsFailed) }
}
