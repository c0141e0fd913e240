//! A compiler for the browser: rustup's where rustup can, else a standard library of our own for Debian's.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    apt,
    wasm_std::{self, DebianRust, RUSTC, has_std},
};
use crate::{
    cache::Cache,
    environment::{find_program, output_of},
    error::Error,
    project::Project,
    step::{Step, Steps},
};

pub use super::wasm_std::TRIPLE;

pub enum WasmTarget {
    /// The compiler on the `PATH` has the target.
    Installed,
    /// Debian's compiler with a standard library that was built from its sources.
    Rebuilt { rustc: PathBuf, sysroot: PathBuf },
}

impl WasmTarget {
    pub fn ensure(project: &Project, cache: &Cache, steps: &mut Steps) -> Result<Self, Error> {
        steps.step("Rust for the browser", |step| {
            if has_target() {
                fetch_sources(step)?;
                return Ok(Self::Installed);
            }
            if let Some(sysroot) = DebianRust::find().and_then(|debian| debian.sysroot(cache)) {
                return Ok(Self::rebuilt(sysroot));
            }
            if find_program("rustup").is_some() {
                step.announce(&format!("rustup target add {TRIPLE}"), "a few seconds, the first time only");
                let added = step.try_run(Command::new("rustup").args(["target", "add", TRIPLE]))?;
                if added && has_target() {
                    fetch_sources(step)?;
                    return Ok(Self::Installed);
                }
            }
            wasm_std::ensure(project, cache, step).map(Self::rebuilt)
        })
    }

    fn rebuilt(sysroot: PathBuf) -> Self {
        Self::Rebuilt { rustc: RUSTC.into(), sysroot }
    }

    /// Clippy for the browser; of the compiler's own version, or the two do not understand each other.
    pub fn clippy(&self, project: &Project, steps: &mut Steps) -> Result<Command, Error> {
        let mut clippy = steps.step("Clippy for the browser", |step| match self {
            Self::Installed => Ok(project.cargo()),
            Self::Rebuilt { rustc, .. } => {
                let program = rustc.with_file_name("cargo-clippy");
                if !program.is_file() {
                    apt::install(step, &["rust-web-clippy"], "a few seconds")?;
                }
                let mut clippy = Command::new(program);
                clippy.current_dir(project.root());
                Ok(clippy)
            }
        })?;
        clippy.arg("clippy");
        self.apply(&mut clippy, project);
        Ok(clippy)
    }

    /// Makes a build for production compile Rust's own library along, for size, with panics that trap at once: a tenth
    /// of the first page. Needs the library's sources; without them the build is larger and prints so.
    pub fn shrink(&self, command: &mut Command, step: &mut Step) {
        let rustc = match self {
            Self::Installed => Path::new("rustc"),
            Self::Rebuilt { rustc, .. } => rustc,
        };
        if !sources(rustc).is_some_and(|sources| sources.exists()) {
            step.say("without the sources of Rust's library the dashboard is about 20 kB larger");
            return;
        }
        command
            // Unlocks the two settings of cargo and the flag of the compiler.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
            .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
                "-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none -Zlocation-detail=none",
            )
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
    }

    /// Makes cargo, or what calls cargo, build for the browser with this compiler, in a folder of its own.
    pub fn apply(&self, command: &mut Command, project: &Project) {
        command.env("CARGO_TARGET_DIR", project.web_target());
        if let Self::Rebuilt { rustc, sysroot } = self {
            // For the target alone: build scripts and procedural macros keep the compiler's own library.
            // Cargo ignores flags of the target where RUSTFLAGS is set.
            command
                .env("RUSTC", rustc)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", sysroot_flag(sysroot))
                .env_remove("RUSTFLAGS")
                .env_remove("CARGO_ENCODED_RUSTFLAGS");
        }
    }
}

fn sysroot_flag(sysroot: &Path) -> std::ffi::OsString {
    let mut flag = std::ffi::OsString::from("--sysroot=");
    flag.push(sysroot);
    flag
}

/// Where the sources of a compiler's library would be.
fn sources(rustc: &Path) -> Option<PathBuf> {
    let sysroot = output_of(rustc, &["--print", "sysroot"])?;
    Some(Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std"))
}

/// Fetches the sources of the library of the compiler on the `PATH`, where rustup can.
fn fetch_sources(step: &mut Step) -> Result<(), Error> {
    let missing = sources(Path::new("rustc")).is_some_and(|sources| !sources.exists());
    if missing && find_program("rustup").is_some() {
        step.announce("rustup component add rust-src", "a few seconds, the first time only");
        step.try_run(Command::new("rustup").args(["component", "add", "rust-src"]))?;
    }
    Ok(())
}

fn has_target() -> bool {
    output_of("rustc", &["--print", "target-libdir", "--target", TRIPLE])
        .is_some_and(|folder| has_std(Path::new(folder.trim())))
}
