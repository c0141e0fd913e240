//! No import goes upward, and no two files import each other in a circle.
#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

mod crates;
mod floors;
mod graph;
mod source;
mod tokens;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use floors::Floors;
use source::Crate;

/// The root files with a table of floors.
const WITH_FLOORS: [&str; 4] =
    ["src/lib.rs", "crates/domain/src/lib.rs", "crates/realtime/src/lib.rs", "crates/server/src/lib.rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Of every crate of the workspace: its libraries, programs and tests.
#[test]
fn files_import_each_other_in_no_circle() {
    let mut found = BTreeSet::new();
    for file in crates::root_files() {
        let read = Crate::read(&root(), &file);
        let graph = graph::between_files(read.imports());
        for circle in graph::circles(&graph) {
            let files = circle.shortest.iter().chain(circle.shortest.first());
            let files: Vec<_> = files.map(|module| read.file(module)).collect();
            found.insert(format!("among {} files:\n{}", circle.members, files.join("\n   imports ")));
        }
    }
    assert!(
        found.is_empty(),
        "{} circles:\n{}",
        found.len(),
        found.into_iter().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn no_import_goes_upward_within_a_crate() {
    let mut wrong = Vec::new();
    for file in WITH_FLOORS {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let floors = Floors::parse(&text).unwrap_or_else(|| panic!("{file} has no table of floors"));
        wrong.extend(floors.violations(&Crate::read(&root(), Path::new(file))));
    }
    assert!(wrong.is_empty(), "{} imports:\n{}", wrong.len(), wrong.join("\n"));
}
