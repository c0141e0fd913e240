//! Journeys that failed beside others and passed alone. Nothing hides them: `cargo xtask test e2e` ends with their names.

use std::{
    any::Any,
    fs::OpenOptions,
    io::Write,
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::environment;

/// More than this many in one run are no accident.
const AT_MOST: usize = 3;

static FAILED: AtomicUsize = AtomicUsize::new(0);

/// Whether a journey that failed may be run once more: the first [`AT_MOST`] of a run may, where somebody reads the list.
pub fn allow(name: &str) -> bool {
    if environment::unsteady().is_none() {
        return false;
    }
    let before = FAILED.fetch_add(1, Ordering::Relaxed);
    if before < AT_MOST {
        eprintln!("{name} is run once more, alone");
    }
    before < AT_MOST
}

/// Adds a journey that passed alone, and why it had failed before, to the list in `LATIDO_UNSTEADY`.
///
/// # Panics
///
/// If the list cannot be written: then nobody would learn of it.
pub fn passed(name: &str, failure: &dyn Any) {
    let Some(list) = environment::unsteady() else { return };
    let mut list =
        OpenOptions::new().create(true).append(true).open(list).expect("a list of unsteady journeys");
    let told = failure.downcast_ref::<String>().map(String::as_str);
    let why = told.or_else(|| failure.downcast_ref::<&str>().copied()).unwrap_or("a panic without words");
    writeln!(list, "{name}: {why}").expect("a line in the list of unsteady journeys");
}
