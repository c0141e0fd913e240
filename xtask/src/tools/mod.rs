//! What has to be installed, one file a tool. Each is looked for first and installed only if it is missing.

pub mod apt;
pub mod axe;
pub mod browsers;
mod cargo_tool;
pub mod esbuild;
pub mod kosoku;
pub mod npm;
pub mod trunk;
pub mod wasm_bindgen;
pub mod wasm_opt;
pub mod wasm_split;
mod wasm_std;
pub mod wasm_target;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    cache::Cache,
    environment::path_with,
    error::Error,
    project::Project,
    step::{Step, Steps},
};
use esbuild::Esbuild;
use wasm_target::WasmTarget;

/// Tools for a build of the dashboard in one piece.
pub struct WebTools {
    target: WasmTarget,
    // Folders of programs.
    trunk: PathBuf,
    wasm_bindgen: PathBuf,
}

impl WebTools {
    /// How many steps `ensure` takes.
    pub const STEPS: usize = 3;

    pub fn ensure(project: &Project, cache: &Cache, steps: &mut Steps) -> Result<Self, Error> {
        let target = WasmTarget::ensure(project, cache, steps)?;
        let trunk = trunk::ensure(project, cache, steps)?;
        let wasm_bindgen = wasm_bindgen::ensure(project, cache, steps)?;
        Ok(Self { target, trunk, wasm_bindgen })
    }

    /// Trunk, which finds the pinned tools on its `PATH` and so has nothing to download.
    pub fn trunk(&self, project: &Project) -> Command {
        self.trunk_with(project, &[&self.wasm_bindgen])
    }

    fn trunk_with(&self, project: &Project, programs: &[&Path]) -> Command {
        let mut trunk = Command::new(self.trunk.join("trunk"));
        trunk
            .current_dir(project.root())
            .env("PATH", path_with(programs.iter().copied()))
            .env("TRUNK_SKIP_VERSION_CHECK", "true");
        // Trunk knows `true` and `false` only and stops at the customary `NO_COLOR=1`.
        if std::env::var_os("NO_COLOR").is_some() {
            trunk.env("NO_COLOR", "true");
        }
        self.target.apply(&mut trunk, project);
        trunk
    }

    pub fn wasm_bindgen(&self) -> Command {
        Command::new(self.wasm_bindgen.join("wasm-bindgen"))
    }
}

/// Tools for the production build, which is split and optimised.
pub struct ProductionTools {
    pub web: WebTools,
    wasm_opt: PathBuf,
    wasm_split: PathBuf,
    pub esbuild: Esbuild,
}

impl ProductionTools {
    /// How many steps `ensure` takes.
    pub const STEPS: usize = WebTools::STEPS + Self::MORE;
    /// How many steps `complete` takes.
    pub const MORE: usize = 3;

    pub fn ensure(project: &Project, cache: &Cache, steps: &mut Steps) -> Result<Self, Error> {
        let web = WebTools::ensure(project, cache, steps)?;
        Self::complete(web, project, cache, steps)
    }

    /// Adds what the production build needs besides.
    pub fn complete(
        web: WebTools,
        project: &Project,
        cache: &Cache,
        steps: &mut Steps,
    ) -> Result<Self, Error> {
        let wasm_opt = wasm_opt::ensure(cache, steps)?;
        let wasm_split = wasm_split::ensure(project, cache, steps)?;
        let esbuild = Esbuild::ensure(cache, steps)?;
        Ok(Self { web, wasm_opt, wasm_split, esbuild })
    }

    /// Trunk for a release build.
    pub fn trunk(&self, project: &Project, step: &mut Step) -> Command {
        let mut trunk = self.web.trunk_with(project, &[&self.web.wasm_bindgen, &self.wasm_opt]);
        self.web.target.shrink(&mut trunk, step);
        trunk
    }

    pub fn wasm_split(&self) -> Command {
        Command::new(self.wasm_split.join("wasm-split-cli"))
    }

    pub fn wasm_opt(&self) -> Command {
        Command::new(self.wasm_opt.join("wasm-opt"))
    }
}
