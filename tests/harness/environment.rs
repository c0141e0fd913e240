//! What `cargo xtask test e2e` and `cargo xtask bench` say in the environment.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The server's binary.
pub fn server() -> PathBuf {
    path("LATIDO_SERVER")
}

/// A build of the dashboard for the bundled server.
pub fn dist() -> PathBuf {
    path("LATIDO_DIST")
}

/// The production build of the dashboard: split, optimised, compressed.
pub fn production_dist() -> PathBuf {
    path("LATIDO_PRODUCTION_DIST")
}

/// The app of `examples/minimal`.
pub fn minimal_dist() -> PathBuf {
    path("LATIDO_MINIMAL_DIST")
}

/// The virtual screen that WebKit needs where there is no other.
pub fn xvfb() -> Option<PathBuf> {
    env::var_os("LATIDO_XVFB").map(PathBuf::from)
}

/// The script of axe-core.
pub fn axe() -> PathBuf {
    path("LATIDO_AXE")
}

/// A path that has to be set, and has to be there.
///
/// # Panics
///
/// With what to do about it.
pub fn path(name: &str) -> PathBuf {
    let value = required(name);
    let path = PathBuf::from(value);
    assert!(path.exists(), "{name} is {}, and there is nothing there.\n{ADVICE}", path.display());
    path
}

/// The list of journeys that failed beside others and passed alone.
pub fn unsteady() -> Option<PathBuf> {
    env::var_os("LATIDO_UNSTEADY").map(PathBuf::from)
}

/// Whether journeys in the engine of this id were asked for.
pub fn wants(engine: &str) -> bool {
    let asked = required("LATIDO_ENGINES");
    asked.split(',').any(|name| name.trim() == engine)
}

/// In CI nothing is skipped.
pub fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}

/// Pictures of pages on which a journey failed.
pub fn screenshots() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    target.join("e2e-screenshots")
}

fn required(name: &str) -> String {
    match env::var(name) {
        Ok(value) if !value.is_empty() => value,
        _ => panic!("{name} is not set, so there is nothing to test.\n{ADVICE}"),
    }
}

const ADVICE: &str = "Run `cargo xtask test e2e` (or `cargo xtask bench`): it builds the server and the \
                      dashboard, finds the browsers, and says here where they are.";
