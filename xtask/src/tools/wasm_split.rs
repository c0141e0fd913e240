//! wasm-split takes the dashboard apart, see `split`. It reads what the macro of `wasm_split_helpers` has left in
//! the wasm, so the two go together.

use std::path::PathBuf;

use super::cargo_tool::CargoTool;
use crate::{cache::Cache, error::Error, project::Project, step::Steps};

/// The one that knows version 0.2.3 of the library, which `Cargo.toml` pins.
const VERSION: &str = "0.2.4";

/// The folder with `wasm-split-cli`.
pub fn ensure(project: &Project, cache: &Cache, steps: &mut Steps) -> Result<PathBuf, Error> {
    let tool = CargoTool {
        name: "wasm-split",
        package: "wasm_split_cli_support",
        version: VERSION,
        features: &["build-binary"],
        programs: &["wasm-split-cli"],
        usually: "about 30 s, the first time only",
    };
    steps.step(format!("wasm-split {VERSION}"), |step| tool.ensure(project, cache, step))
}
