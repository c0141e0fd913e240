//! What has to be installed, one file a tool. Each is looked for first and installed only if it is missing.

pub mod apt;
pub mod axe;
pub mod browsers;
mod cargo_tool;
pub mod kosoku;
pub mod npm;
pub mod trunk;
pub mod wasm_bindgen;
pub mod wasm_opt;
mod wasm_std;
pub mod wasm_target;

use std::{path::PathBuf, process::Command};

use crate::{cache::Cache, environment::path_with, error::Error, project::Project, step::Steps};
use wasm_target::WasmTarget;

/// All it takes to build the dashboard.
pub struct WebTools {
    target: WasmTarget,
    trunk: PathBuf,
    /// Folders of the programs that Trunk calls.
    called: Vec<PathBuf>,
}

impl WebTools {
    /// How many steps `ensure` takes.
    pub const STEPS: usize = 4;

    pub fn ensure(project: &Project, cache: &Cache, steps: &mut Steps) -> Result<Self, Error> {
        let target = WasmTarget::ensure(project, cache, steps)?;
        let trunk = trunk::ensure(project, cache, steps)?;
        let wasm_bindgen = wasm_bindgen::ensure(project, cache, steps)?;
        let wasm_opt = wasm_opt::ensure(cache, steps)?;
        Ok(Self { target, trunk: trunk.join("trunk"), called: vec![wasm_bindgen, wasm_opt] })
    }

    /// Trunk, which finds the pinned tools on its `PATH` and so has nothing to download.
    pub fn trunk(&self, project: &Project) -> Command {
        let mut trunk = Command::new(&self.trunk);
        trunk
            .current_dir(project.root())
            .env("PATH", path_with(self.called.iter().map(PathBuf::as_path)))
            .env("TRUNK_SKIP_VERSION_CHECK", "true");
        // Trunk knows `true` and `false` only and stops at the customary `NO_COLOR=1`.
        if std::env::var_os("NO_COLOR").is_some() {
            trunk.env("NO_COLOR", "true");
        }
        self.target.apply(&mut trunk, project);
        trunk
    }
}
