//! The way to the browser where rustup cannot download: Debian has a recent compiler together with the
//! sources of its standard library, which we compile for wasm32 and keep in the cache.
//!
//! Nothing is written to the system but packages: the compiler is pointed at our copy with `--sysroot`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::apt;
use crate::{cache::Cache, environment::output_of, error::Error, project::Project, step::Step};

pub const TRIPLE: &str = "wasm32-unknown-unknown";
pub const RUSTC: &str = "/usr/bin/rustc";
const PACKAGES: [&str; 4] = ["rustc-web", "rust-web-src", "rust-web-llvm", "lld-22"];
/// The oldest compiler this project builds with, as in `rust-version`.
const OLDEST: (u32, u32) = (1, 95);

/// Debian's compiler, recent enough and with the sources of its library.
pub struct DebianRust {
    /// Version and commit, as `1.96.0-ac68faa20`: a library works with exactly one compiler.
    id: String,
}

impl DebianRust {
    pub fn find() -> Option<Self> {
        let id = compiler_id(&output_of(RUSTC, &["-vV"])?)?;
        let sysroot = output_of(RUSTC, &["--print", "sysroot"])?;
        let sources = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std");
        let linker = Path::new("/usr/bin/rust-lld").exists();
        (sources.exists() && linker).then_some(Self { id })
    }

    /// The sysroot with the rebuilt library, if the cache has it.
    pub fn sysroot(&self, cache: &Cache) -> Option<PathBuf> {
        let sysroot = cache.wasm_std(&self.id);
        has_std(&library(&sysroot)).then_some(sysroot)
    }
}

/// The sysroot for [`RUSTC`].
pub fn ensure(project: &Project, cache: &Cache, step: &mut Step) -> Result<PathBuf, Error> {
    let _lock = cache.lock(|news| step.say(news))?;
    let debian = match DebianRust::find() {
        Some(debian) => debian,
        None => install(step)?,
    };
    if let Some(sysroot) = debian.sysroot(cache) {
        return Ok(sysroot);
    }
    step.announce("building its standard library", "about 35 s, the first time only");
    let staging = cache.staging(cache.wasm_std(&debian.id))?;
    let built = build(project, staging.folder(), step)?;
    collect(&built, &library(&staging.product()))?;
    staging.finish()
}

fn install(step: &mut Step) -> Result<DebianRust, Error> {
    let advice = "Make `rustup target add wasm32-unknown-unknown` work (it needs static.rust-lang.org), or \
                  use Debian 12 or later with its package rustc-web.";
    apt::install(step, &PACKAGES, "about 20 s").map_err(|error| match error {
        Error::Missing { what, advice: apt } => Error::Missing {
            what: format!("a compiler for the browser: rustup has none, and {what}"),
            advice: format!("{advice}\n\n{apt}"),
        },
        other => other,
    })?;
    DebianRust::find().ok_or_else(|| Error::Missing {
        what: format!("a compiler with sources that is at least {}.{}", OLDEST.0, OLDEST.1),
        advice: advice.into(),
    })
}

/// Compiles the library as a by-product of an empty crate; returns the folder with the results.
fn build(project: &Project, folder: &Path, step: &mut Step) -> Result<PathBuf, Error> {
    let source = folder.join("src");
    fs::create_dir_all(&source).map_err(Error::at("create", &source))?;
    let manifest = "[package]\nname = \"seed\"\nedition = \"2021\"\n\n[workspace]\n";
    for (file, text) in [(folder.join("Cargo.toml"), manifest), (source.join("lib.rs"), "#![no_std]\n")] {
        fs::write(&file, text).map_err(Error::at("write", &file))?;
    }
    let target = folder.join("target");
    let mut cargo = project.cargo();
    cargo
        .args(["build", "--release", "--target", TRIPLE])
        // `test` is for the tests that run in the browser.
        .arg("-Zbuild-std=std,panic_abort,test")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTC", RUSTC)
        // What unlocks `-Z` here, and here alone.
        .env("RUSTC_BOOTSTRAP", "1")
        // Link-time optimisation of the dashboard reads bitcode.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes");
    step.run(&mut cargo, "Check that crates.io can be reached, then run the command again.")?;
    Ok(target.join(TRIPLE).join("release/deps"))
}

fn library(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TRIPLE).join("lib")
}

/// Copies the library's crates, without the seed they were built for.
fn collect(built: &Path, library: &Path) -> Result<(), Error> {
    fs::create_dir_all(library).map_err(Error::at("create", library))?;
    for file in built.read_dir().map_err(Error::at("read", built))? {
        let file = file.map_err(Error::at("read", built))?;
        let name = file.file_name();
        let spelt = name.to_string_lossy();
        let is_crate = spelt.starts_with("lib") && file.path().extension().is_some_and(|kind| kind == "rlib");
        if is_crate && !spelt.starts_with("libseed-") {
            fs::copy(file.path(), library.join(&name)).map_err(Error::at("copy to", library))?;
        }
    }
    Ok(())
}

/// Whether a library folder holds a standard library.
pub fn has_std(folder: &Path) -> bool {
    folder.read_dir().is_ok_and(|mut files| {
        files.any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
    })
}

/// From `rustc -vV`; `None` if the compiler is too old for this project.
fn compiler_id(verbose: &str) -> Option<String> {
    let field = |name: &str| verbose.lines().find_map(|line| line.strip_prefix(name));
    let release = field("release: ")?;
    let mut numbers = release.split(['.', '-']).map(str::parse);
    let version = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    let commit = field("commit-hash: ").filter(|hash| *hash != "unknown");
    let id = match commit {
        Some(hash) => format!("{release}-{}", hash.get(..9).unwrap_or(hash)),
        None => release.to_owned(),
    };
    (version >= OLDEST).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_is_known_by_version_and_commit() {
        let verbose =
            "rustc 1.96.0 (ac68faa20 2026-05-25)\ncommit-hash: ac68faa20c58cbccd\nrelease: 1.96.0\n";
        assert_eq!(compiler_id(verbose).as_deref(), Some("1.96.0-ac68faa20"));
        let nameless = "commit-hash: unknown\nrelease: 1.96.0\n";
        assert_eq!(compiler_id(nameless).as_deref(), Some("1.96.0"));
    }

    #[test]
    fn a_compiler_that_is_too_old_is_none() {
        assert_eq!(compiler_id("release: 1.63.0\n"), None);
        assert_eq!(compiler_id("release: 1.95.0-nightly\n").as_deref(), Some("1.95.0-nightly"));
        assert_eq!(compiler_id("nonsense"), None);
    }
}
