//! wasm-opt makes the dashboard smaller. It comes from npm, which has every version for every machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::apt;
use crate::{
    cache::Cache,
    environment::{find_program, output_of},
    error::Error,
    step::{Step, Steps},
};

/// The same as `wasm_opt` in `Trunk.toml`, where it is spelt `version_132`.
const VERSION: &str = "132";

/// The folder with `wasm-opt`.
pub fn ensure(cache: &Cache, steps: &mut Steps) -> Result<PathBuf, Error> {
    steps.step(format!("wasm-opt {VERSION}"), |step| {
        let package = format!("{VERSION}.0.0");
        let folder = cache.tool("binaryen", &package);
        if let Some(bin) = find(&folder) {
            return Ok(bin);
        }
        let _lock = cache.lock(|news| step.say(news))?;
        match find(&folder) {
            Some(bin) => Ok(bin),
            None => install(cache, step, folder, &package),
        }
    })
}

fn programs(folder: &Path) -> PathBuf {
    folder.join("node_modules/.bin")
}

fn find(folder: &Path) -> Option<PathBuf> {
    let cached = programs(folder);
    // What npm installs is a script: without Node.js it would be there and not run.
    if cached.join("wasm-opt").is_file() && find_program("node").is_some() {
        return Some(cached);
    }
    let program = find_program("wasm-opt")?;
    let right = output_of(&program, &["--version"]).is_some_and(|said| names_version(&said));
    right.then(|| program.parent().map(Path::to_path_buf)).flatten()
}

/// `wasm-opt version 132 (version_132)`: the third word, and whole, as Trunk reads it.
fn names_version(said: &str) -> bool {
    said.trim().split(' ').nth(2) == Some(VERSION)
}

fn install(cache: &Cache, step: &mut Step, folder: PathBuf, package: &str) -> Result<PathBuf, Error> {
    if find_program("npm").is_none() {
        apt::install(step, &["nodejs", "npm"], "about 1 min").map_err(|error| match error {
            Error::Missing { what, .. } => Error::Missing {
                what: format!("npm, to install wasm-opt with ({what})"),
                advice: "Install Node.js 18 or later with npm (https://nodejs.org), then run this again."
                    .into(),
            },
            other => other,
        })?;
    }
    step.announce("installing with npm", "a few seconds, the first time only");
    let workshop = cache.workshop(folder)?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier", "--prefix"])
        .arg(workshop.product())
        .arg(format!("binaryen@{package}"))
        .current_dir(workshop.folder());
    step.run(&mut npm, "Check that the npm registry can be reached, then run the command again.")?;
    Ok(programs(&workshop.finish()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pinned_wasm_opt_will_do() {
        assert!(names_version("wasm-opt version 132 (version_132)\n"));
        assert!(!names_version("wasm-opt version 108\n"));
        assert!(!names_version("wasm-opt version 1320\n"));
    }

    #[test]
    fn trunk_is_told_the_same_version() {
        let trunk_toml = include_str!("../../../Trunk.toml");
        assert!(trunk_toml.contains(&format!("wasm_opt = \"version_{VERSION}\"")));
    }
}
