//! A tool that comes from crates.io, in exactly one version.

use std::path::{Path, PathBuf};

use crate::{
    cache::Cache,
    environment::{find_program, output_of},
    error::Error,
    project::Project,
    step::Step,
};

pub struct CargoTool<'a> {
    /// Its folder in the cache.
    pub name: &'a str,
    pub package: &'a str,
    pub version: &'a str,
    /// Beside the default ones.
    pub features: &'a [&'a str],
    /// The version is read from the first.
    pub programs: &'a [&'a str],
    /// How long installing takes, as text.
    pub usually: &'a str,
}

impl CargoTool<'_> {
    /// The folder with its programs.
    pub fn ensure(&self, project: &Project, cache: &Cache, step: &mut Step) -> Result<PathBuf, Error> {
        let folder = cache.tool(self.name, self.version);
        if let Some(bin) = self.find(&folder) {
            return Ok(bin);
        }
        let _lock = cache.lock(|news| step.say(news))?;
        match self.find(&folder) {
            Some(bin) => Ok(bin),
            None => self.install(project, cache, step, folder),
        }
    }

    fn find(&self, folder: &Path) -> Option<PathBuf> {
        let cached = folder.join("bin");
        let complete = |bin: &Path| self.programs.iter().all(|program| bin.join(program).is_file());
        if complete(&cached) {
            return Some(cached);
        }
        let program = find_program(self.programs.first()?)?;
        let bin = program.parent()?.to_path_buf();
        let right =
            output_of(program, &["--version"]).is_some_and(|output| names_version(&output, self.version));
        (right && complete(&bin)).then_some(bin)
    }

    fn install(
        &self,
        project: &Project,
        cache: &Cache,
        step: &mut Step,
        folder: PathBuf,
    ) -> Result<PathBuf, Error> {
        step.announce("installing", self.usually);
        let staging = cache.staging(folder)?;
        let mut cargo = project.cargo();
        cargo
            .args(["install", self.package, "--version", self.version, "--locked"])
            .args(self.features.iter().flat_map(|feature| ["--features", feature]))
            .arg("--root")
            .arg(staging.product())
            // Not in the project: its cargo settings are not for this.
            .current_dir(staging.folder())
            .env("CARGO_TARGET_DIR", staging.folder().join("target"))
            // Compiled as fast as can be: such a tool runs for a second and is compiled for minutes.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
            .env("CARGO_PROFILE_RELEASE_STRIP", "true")
            .env_remove("RUSTFLAGS");
        step.run(
            &mut cargo,
            "Check that crates.io can be reached and the disk is not full, then run the command again.",
        )?;
        Ok(staging.finish()?.join("bin"))
    }
}

/// `trunk 0.21.14`, `geckodriver 0.37.1 ( 2026-…`: the second word.
fn names_version(output: &str, version: &str) -> bool {
    output.split_whitespace().nth(1) == Some(version)
}

#[cfg(test)]
mod tests {
    use super::names_version;

    #[test]
    fn only_exactly_the_wanted_version_will_do() {
        assert!(names_version("trunk 0.21.14\n", "0.21.14"));
        assert!(names_version("geckodriver 0.37.1 ( 2026-01-01)\n\nmore", "0.37.1"));
        assert!(!names_version("trunk 0.21.1\n", "0.21.14"));
        assert!(!names_version("", "0.21.14"));
    }
}
