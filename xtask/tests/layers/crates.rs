//! Which crate may use which, and which packages from outside stay out of some.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::root;

/// A crate, the crates of this workspace that it may use, and packages that it must not use.
const FLOORS: [(&str, &[&str], &[&str]); 12] = [
    ("latido-protocol", &[], NO_ENVIRONMENT),
    ("latido-chart", &["latido-protocol"], NO_ENVIRONMENT),
    ("latido-connection", &["latido-protocol"], NO_ENVIRONMENT),
    ("latido-cache", &["latido-protocol"], NO_ENVIRONMENT),
    ("latido-realtime", &["latido-protocol", "latido-connection"], &["tokio", "axum", "rusqlite"]),
    ("latido-simulator", &["latido-protocol", "latido-connection", "latido-cache"], NO_ENVIRONMENT),
    ("latido-import", &["latido-protocol"], NO_ENGINE),
    ("latido-domain", &["latido-protocol", "latido-connection"], NO_ENGINE),
    ("latido-store-sqlite", &["latido-protocol", "latido-domain"], NO_HTTP),
    ("latido-devtools", &["latido-protocol", "latido-domain", "latido-import"], NO_ENGINE),
    (
        "latido-server",
        &[
            "latido-protocol",
            "latido-connection",
            "latido-domain",
            "latido-store-sqlite",
            "latido-import",
            "latido-devtools",
        ],
        &["leptos"],
    ),
    (
        "latido",
        &["latido-protocol", "latido-connection", "latido-cache", "latido-chart", "latido-realtime"],
        NO_SERVER,
    ),
];

/// Pure crates: no clock, no socket, no browser, no server.
const NO_ENVIRONMENT: &[&str] = &["tokio", "axum", "rusqlite", "leptos", "web-sys", "js-sys", "gloo-net"];
const NO_SERVER: &[&str] = &["tokio", "axum", "rusqlite"];
const NO_ENGINE: &[&str] = &["axum", "hyper", "rusqlite", "leptos"];
const NO_HTTP: &[&str] = &["axum", "hyper", "leptos"];

#[test]
fn crates_use_what_lies_below_them() {
    let mut wrong = Vec::new();
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let Some((_, may_use, must_not_use)) = FLOORS.iter().find(|(floor, ..)| *floor == name) else {
            continue;
        };
        for dependency in dependencies(&package) {
            let ours = dependency.starts_with("latido");
            if ours && !may_use.contains(&dependency.as_str()) || must_not_use.contains(&dependency.as_str())
            {
                let manifest = package["manifest_path"].as_str().unwrap();
                wrong.push(format!("{name} uses {dependency} ({manifest})"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The file that each target of the workspace starts with, relative to the repository.
pub fn root_files() -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for package in packages() {
        for target in package["targets"].as_array().unwrap() {
            let path = Path::new(target["src_path"].as_str().unwrap());
            files.insert(path.strip_prefix(root()).unwrap().to_path_buf());
        }
    }
    files
}

fn packages() -> Vec<Value> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root());
    let output = cargo.output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Of the product: tests may use more.
fn dependencies(package: &Value) -> BTreeSet<String> {
    let all = package["dependencies"].as_array().unwrap().iter();
    let product = all.filter(|dependency| dependency["kind"] != "dev");
    product.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect()
}
