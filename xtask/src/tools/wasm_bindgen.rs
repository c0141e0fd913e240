//! The wasm-bindgen programs. They must have the version of the library, which `Cargo.lock` names.

use std::path::PathBuf;

use super::cargo_tool::CargoTool;
use crate::{cache::Cache, error::Error, project::Project, step::Steps};

/// The folder with `wasm-bindgen` and `wasm-bindgen-test-runner`.
pub fn ensure(project: &Project, cache: &Cache, steps: &mut Steps) -> Result<PathBuf, Error> {
    let version = project.locked_version("wasm-bindgen")?;
    let tool = CargoTool {
        name: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: &version,
        features: &[],
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        usually: "about 1 min, the first time only",
    };
    steps.step(format!("wasm-bindgen {version}"), |step| tool.ensure(project, cache, step))
}
