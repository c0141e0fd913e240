//! The checkout: where things are, and which versions its lock file names.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::error::Error;

/// All paths are absolute.
pub struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    pub fn find() -> Result<Self, Error> {
        // Cargo names xtask's own folder when it runs it; the project is around that.
        let root = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(xtask) => Path::new(&xtask).join(".."),
            None => PathBuf::from("."),
        };
        let root = root.canonicalize().map_err(Error::io("find the project's folder"))?;
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(target) => std::path::absolute(target).map_err(Error::io("use CARGO_TARGET_DIR"))?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What cargo builds for this machine.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// What cargo builds for the browser. Apart, since another compiler may build it: both in one folder
    /// would throw out each other's work.
    pub fn web_target(&self) -> PathBuf {
        self.target.join("web")
    }

    /// Where `build` puts the dashboard.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The production build for the bundled server, for some journeys and `bench`. Not `dist/`, which is the user's.
    pub fn production_dist(&self) -> PathBuf {
        self.target.join("production-dist")
    }

    /// The quick build for the bundled server, for `start` and the journeys.
    pub fn quick_dist(&self) -> PathBuf {
        self.target.join("quick-dist")
    }

    /// The app of `examples/minimal`, for its journey.
    pub fn minimal_dist(&self) -> PathBuf {
        self.target.join("minimal-dist")
    }

    /// The journeys of the last run that failed beside others and passed alone.
    pub fn unsteady_journeys(&self) -> PathBuf {
        self.target.join("unsteady-journeys.txt")
    }

    /// Full output of the steps.
    pub fn logs(&self) -> PathBuf {
        self.target.join("xtask-logs")
    }

    /// The cargo that runs us, so that one toolchain does everything.
    pub fn cargo(&self) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root);
        cargo
    }

    /// Version of a package in `Cargo.lock`.
    pub fn locked_version(&self, package: &str) -> Result<String, Error> {
        let path = self.root.join("Cargo.lock");
        let lock = fs::read_to_string(&path).map_err(Error::at("read", &path))?;
        locked_version(&lock, package).ok_or_else(|| Error::Missing {
            what: format!("the package {package} in Cargo.lock"),
            advice: "Restore the committed lock file: git checkout Cargo.lock".into(),
        })
    }
}

/// Cargo writes `name` and `version` of a package on two lines, in this order.
fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "\
version = 4

[[package]]
name = \"wasm-bindgen-macro\"
version = \"0.2.1\"

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.128\"
source = \"registry+https://github.com/rust-lang/crates.io-index\"
";

    #[test]
    fn locked_version_matches_the_exact_package_name() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen").as_deref(), Some("0.2.128"));
    }

    #[test]
    fn unlocked_package_has_no_version() {
        assert_eq!(locked_version(LOCK, "wasm"), None);
        assert_eq!(locked_version("", "wasm-bindgen"), None);
    }
}
