//! wasm-opt makes the dashboard smaller. It comes from npm.

use std::path::{Path, PathBuf};

use super::npm;
use crate::{
    cache::Cache,
    environment::{find_program, output_of},
    error::Error,
    step::Steps,
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
            None => Ok(npm::install(cache, step, folder, "binaryen", &package)?.join(".bin")),
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
    let right = output_of(&program, &["--version"]).is_some_and(|output| names_version(&output));
    right.then(|| program.parent().map(Path::to_path_buf)).flatten()
}

/// `wasm-opt version 132 (version_132)`: the third word, and whole, as Trunk reads it.
fn names_version(output: &str) -> bool {
    output.trim().split(' ').nth(2) == Some(VERSION)
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
    fn trunk_toml_names_the_same_version() {
        let trunk_toml = include_str!("../../../Trunk.toml");
        assert!(trunk_toml.contains(&format!("wasm_opt = \"version_{VERSION}\"")));
    }
}
