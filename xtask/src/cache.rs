//! The per-user cache of tools, and of a standard library for the browser.
//!
//! `tools/<name>-<version>/` is complete whenever it exists: it is filled under another name and renamed at
//! the end. A lock file keeps two set-ups from filling the same folder.

use std::{
    env,
    ffi::OsString,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use crate::error::Error;

#[derive(Debug, Clone, PartialEq)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    pub fn find() -> Result<Self, Error> {
        Self::from_variables(|name| env::var_os(name)).ok_or_else(|| Error::Missing {
            what: "a folder to keep tools in (HOME is not set)".into(),
            advice: "Name one: LATIDO_CACHE=/path/to/folder cargo xtask …".into(),
        })
    }

    /// `$LATIDO_CACHE`, else `$XDG_CACHE_HOME/latido`, else `~/.cache/latido`.
    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let set = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let root = set("LATIDO_CACHE")
            .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("latido")))
            .or_else(|| set("HOME").map(|home| home.join(".cache/latido")))?;
        Some(Self { root: std::path::absolute(&root).unwrap_or(root) })
    }

    pub fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.root.join("tools").join(format!("{name}-{version}"))
    }

    /// The standard library for the browser, built for exactly one compiler.
    pub fn wasm_std(&self, compiler: &str) -> PathBuf {
        self.root.join(format!("wasm-std-{compiler}"))
    }

    /// Locks the cache. If another set-up holds the lock, prints that and waits.
    pub fn lock(&self, say: impl FnOnce(&str)) -> Result<Lock, Error> {
        fs::create_dir_all(&self.root).map_err(Error::at("create", &self.root))?;
        let path = self.root.join("lock");
        let file = File::create(&path).map_err(Error::at("create", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                say("another set-up is running; waiting for it to finish");
                file.lock().map_err(Error::at("lock", &path))?;
            }
            Err(TryLockError::Error(source)) => return Err(Error::at("lock", &path)(source)),
        }
        Ok(Lock { _file: file })
    }

    /// A staging directory for a tool. It keeps the files of an interrupted set-up, which goes on from there.
    pub fn staging(&self, finished: PathBuf) -> Result<StagingDir, Error> {
        let name = finished.file_name().unwrap_or_default();
        let folder = self.root.join("unfinished").join(name);
        fs::create_dir_all(&folder).map_err(Error::at("create", &folder))?;
        Ok(StagingDir { folder, finished })
    }
}

/// Held during an installation. The system releases it if the process is killed.
#[must_use = "the lock is held as long as this lives"]
pub struct Lock {
    _file: File,
}

/// A folder where a tool is installed before it is moved into the cache, whole.
pub struct StagingDir {
    folder: PathBuf,
    finished: PathBuf,
}

impl StagingDir {
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What becomes the finished folder.
    pub fn product(&self) -> PathBuf {
        self.folder.join("product")
    }

    /// Puts the product in its place, whole, and clears up the rest.
    pub fn finish(self) -> Result<PathBuf, Error> {
        let parent = self.finished.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent).map_err(Error::at("create", parent))?;
        if self.finished.exists() {
            // Only something incomplete can be here: a complete one would not have been made again.
            fs::remove_dir_all(&self.finished).map_err(Error::at("replace", &self.finished))?;
        }
        fs::rename(self.product(), &self.finished).map_err(Error::at("move into place", &self.finished))?;
        fs::remove_dir_all(&self.folder).map_err(Error::at("clear up", &self.folder))?;
        Ok(self.finished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Option<Cache> {
        Cache::from_variables(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
        })
    }

    fn scratch(name: &str) -> Cache {
        let root = env::temp_dir().join(format!("latido-cache-test-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        Cache { root }
    }

    #[test]
    fn the_most_specific_variable_names_the_cache() {
        let all = [("LATIDO_CACHE", "/a"), ("XDG_CACHE_HOME", "/b"), ("HOME", "/c")];
        assert_eq!(with(&all), Some(Cache { root: "/a".into() }));
        assert_eq!(with(&all[1..]), Some(Cache { root: "/b/latido".into() }));
        assert_eq!(with(&all[2..]), Some(Cache { root: "/c/.cache/latido".into() }));
        assert_eq!(with(&[("XDG_CACHE_HOME", ""), ("HOME", "/c")]), with(&[("HOME", "/c")]));
        assert_eq!(with(&[]), None);
    }

    #[test]
    fn tools_are_kept_by_name_and_version() {
        let cache = Cache { root: "/cache".into() };
        assert_eq!(cache.tool("trunk", "0.21.14"), Path::new("/cache/tools/trunk-0.21.14"));
        assert_eq!(cache.wasm_std("1.96.0-ac68faa20"), Path::new("/cache/wasm-std-1.96.0-ac68faa20"));
    }

    #[test]
    fn interrupted_installation_is_not_installed() {
        let cache = scratch("interrupted");
        let tool = cache.tool("trunk", "1.0.0");
        let staging = cache.staging(tool.clone()).expect("staging");
        fs::create_dir_all(staging.product().join("bin")).expect("half a tool");
        drop(staging);
        assert!(!tool.exists());

        let again = cache.staging(tool.clone()).expect("staging");
        assert!(again.product().join("bin").exists(), "what was done is kept");
        assert_eq!(again.finish().expect("finish"), tool);
        assert!(tool.join("bin").exists());
        assert!(!cache.root.join("unfinished/trunk-1.0.0").exists());
        fs::remove_dir_all(&cache.root).expect("clear up");
    }

    #[test]
    fn the_lock_is_held_until_it_is_dropped() {
        let cache = scratch("lock");
        let held = cache.lock(|_| ()).expect("lock");
        let other = File::create(cache.root.join("lock")).expect("open");
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        drop(held);
        assert!(other.try_lock().is_ok());
        fs::remove_dir_all(&cache.root).expect("clear up");
    }
}
