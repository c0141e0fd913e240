//! A compiler for the browser: rustup's where rustup can, else a standard library of our own for Debian's.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    apt,
    wasm_std::{self, DebianRust},
};
use crate::{
    cache::Cache,
    environment::{find_program, output_of},
    error::Error,
    project::Project,
    step::Steps,
};

pub const TRIPLE: &str = "wasm32-unknown-unknown";

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
                return Ok(Self::Installed);
            }
            if let Some(rebuilt) = DebianRust::find().and_then(|debian| debian.rebuilt(cache)) {
                return Ok(rebuilt);
            }
            if find_program("rustup").is_some() {
                step.announce(&format!("rustup target add {TRIPLE}"), "a few seconds, the first time only");
                let added = step.try_run(Command::new("rustup").args(["target", "add", TRIPLE]))?;
                if added && has_target() {
                    return Ok(Self::Installed);
                }
            }
            wasm_std::ensure(project, cache, step)
        })
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

fn has_target() -> bool {
    output_of("rustc", &["--print", "target-libdir", "--target", TRIPLE])
        .is_some_and(|folder| has_std(Path::new(folder.trim())))
}

/// Whether a library folder holds a standard library.
pub fn has_std(folder: &Path) -> bool {
    folder.read_dir().is_ok_and(|mut files| {
        files.any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
    })
}
