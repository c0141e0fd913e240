//! Facts about this machine: programs on the `PATH`, the user, continuous integration.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Full path of a program on the `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// The output of a program, or `None` if it is absent or fails.
pub fn output_of(program: impl AsRef<Path>, args: &[&str]) -> Option<String> {
    let output = Command::new(program.as_ref()).args(args).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

pub fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// In continuous integration nothing may be left out.
pub fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| value != "false" && value != "0" && !value.is_empty())
}

/// `PATH` with these folders in front.
pub fn path_with<'a>(folders: impl IntoIterator<Item = &'a Path>) -> std::ffi::OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let all = folders.into_iter().map(Path::to_path_buf).chain(env::split_paths(&path));
    // Only a folder with a colon in its name cannot be joined; it could not be on a PATH at all.
    env::join_paths(all).unwrap_or(path)
}
