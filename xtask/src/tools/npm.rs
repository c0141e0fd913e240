//! Packages of npm, which has every version for every machine.

use std::{path::PathBuf, process::Command};

use super::apt;
use crate::{cache::Cache, environment::find_program, error::Error, step::Step};

/// Installs one package into `folder`, and gives back its `node_modules`. No script of the package runs.
pub fn install(
    cache: &Cache,
    step: &mut Step,
    folder: PathBuf,
    package: &str,
    version: &str,
) -> Result<PathBuf, Error> {
    if find_program("npm").is_none() {
        apt::install(step, &["nodejs", "npm"], "about 1 min").map_err(|error| match error {
            Error::Missing { what, .. } => Error::Missing {
                what: format!("npm, to install {package} with ({what})"),
                advice: "Install Node.js 18 or later with npm (https://nodejs.org), then run this again."
                    .into(),
            },
            other => other,
        })?;
    }
    step.announce("installing with npm", "a few seconds, the first time only");
    let staging = cache.staging(folder)?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier", "--prefix"])
        .arg(staging.product())
        .arg(format!("{package}@{version}"))
        .current_dir(staging.folder());
    step.run(&mut npm, "Check that the npm registry can be reached, then run the command again.")?;
    Ok(staging.finish()?.join("node_modules"))
}
