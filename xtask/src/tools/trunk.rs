//! Trunk builds the dashboard: cargo, wasm-bindgen, wasm-opt, hashed names.

use std::path::PathBuf;

use super::cargo_tool::CargoTool;
use crate::{cache::Cache, error::Error, project::Project, step::Steps};

/// 0.22 needs a newer compiler than this project does.
const VERSION: &str = "0.21.14";

/// The folder with `trunk`.
pub fn ensure(project: &Project, cache: &Cache, steps: &mut Steps) -> Result<PathBuf, Error> {
    let tool = CargoTool {
        name: "trunk",
        package: "trunk",
        version: VERSION,
        features: &[],
        programs: &["trunk"],
        usually: "about 2 min, the first time only",
    };
    steps.step(format!("Trunk {VERSION}"), |step| tool.ensure(project, cache, step))
}
