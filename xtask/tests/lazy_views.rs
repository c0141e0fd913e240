//! Every lazy view is in `ALL` of `src/lazy_views.rs`, the list of what is loaded in the background.
//!
//! A view that is missing there works, so no other test fails: its chunk is loaded only when the view is shown, which
//! takes a moment, and fails without a network.
#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The list, below the folder of the dashboard's sources.
const LIST: &str = "lazy_views.rs";

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../src").canonicalize().unwrap()
}

/// The Rust files below a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn without_comments(text: &str) -> String {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

/// The names of the views that a text declares: `lazy_view! { pub name: Component in chunk }`.
fn declared(text: &str) -> Vec<String> {
    let code = without_comments(text);
    let declarations = code.split("lazy_view!").skip(1).filter_map(|rest| rest.split_once(':'));
    let names = declarations.filter_map(|(before, _)| before.split_whitespace().last());
    names.map(str::to_owned).collect()
}

/// The names in `ALL`.
fn listed(text: &str) -> Vec<String> {
    let code = without_comments(text);
    let (_, list) = code.split_once("pub const ALL: &[LazyView] = &[").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| name.rsplit("::").next().unwrap_or(name).to_owned()).collect()
}

#[test]
fn every_lazy_view_is_loaded_in_the_background() {
    let folder = source_folder();
    let listed = listed(&fs::read_to_string(folder.join(LIST)).unwrap());
    let (mut found, mut forgotten) = (0, Vec::new());
    for path in rust_files(&folder) {
        for name in declared(&fs::read_to_string(&path).unwrap()) {
            found += 1;
            if !listed.contains(&name) {
                let file = path.strip_prefix(&folder).unwrap().display();
                forgotten.push(format!("{name} of src/{file} is not in ALL of src/{LIST}"));
            }
        }
    }
    assert!(forgotten.is_empty(), "{}", forgotten.join("\n"));
    assert_eq!(found, listed.len(), "each view of ALL is declared once, under a name of its own");
}

#[test]
fn declarations_are_found_in_every_layout() {
    let text = "/// As `lazy_view! { pub not_this: One in a }`.\n\
                lazy_view! { pub one: One in a }\n\
                lazy_view! {\n    pub(crate) two:\n    Two in b\n}";
    assert_eq!(declared(text), ["one", "two"]);
}
