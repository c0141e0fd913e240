//! `cargo xtask screenshots`: pictures of every page, taken of the built dashboard with demo data.

use crate::{cache::Cache, e2e::Stage, error::Error, project::Project, tools::browsers::Engine};

pub fn run() -> Result<(), Error> {
    let project = Project::find()?;
    let stage = Stage::prepare(&project, &Cache::find()?, &[Engine::Chromium])?;
    if !stage.has_browser() {
        return Err(Error::Missing {
            what: "Chromium, which the pictures are taken in".into(),
            advice: "Install it as said above, then run the command again.".into(),
        });
    }
    let mut cargo = project.cargo();
    cargo.args(["run", "--package", "latido-e2e", "--bin", "screenshots"]);
    cargo.arg(project.root().join("docs/screenshots"));
    stage.apply(&mut cargo);
    let status = cargo.status().map_err(Error::io("start the browser for the pictures"))?;
    if status.success() { Ok(()) } else { Err(Error::ScreenshotsFailed) }
}
