//! `docs/security.md` says for each promise which tests keep it. This keeps the page true: every line is
//! there, every test that the page names exists and is a test, and every path of the table exists.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// How many promises there are.
const LINES: usize = 27;
/// Where tests are.
const FOLDERS: [&str; 8] = [
    "crates/server/src",
    "crates/server/tests",
    "tests/journeys",
    "xtask/src",
    "crates/protocol/src",
    "crates/import/src",
    "crates/store-sqlite/src",
    "src/web_tests",
];

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A line of the table: the paths where its promise is kept, and the tests that it names.
struct Promise {
    number: usize,
    paths: Vec<String>,
    tests: Vec<String>,
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn promises(page: &str) -> Vec<Promise> {
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<_> =
            line.trim().strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
        let [number, _promise, paths, tests] = cells.try_into().ok()?;
        Some(Promise { number: number.parse().ok()?, paths: quoted(paths), tests: quoted(tests) })
    });
    rows.collect()
}

/// Whether a name in the prose is that of a test: three words or more, joined as functions are.
fn is_test_name(name: &str) -> bool {
    name.matches('_').count() > 1
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The names of all tests in a file: functions under a `#[test]`, `#[tokio::test]` or `#[wasm_bindgen_test]`, those of
/// proptest, and journeys, which a macro makes tests of.
fn tests_in(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if ["#[test]", "#[tokio::test", "#[wasm_bindgen_test"].iter().any(|mark| line.starts_with(mark)) {
            is_test = true;
        } else if line.starts_with("#[ignore") {
            // What does not run keeps no promise.
            is_test = false;
        } else if let Some((_, after)) = line.split_once("fn ").filter(|_| is_test) {
            found.extend(after.split(['(', '<']).next().map(str::to_owned));
            is_test = false;
        } else if !line.starts_with("#[") && !line.starts_with("//") {
            is_test = false;
        }
    }
    for journeys in source.split("in_every_engine!(").skip(1).chain(source.split("in_chromium!(").skip(1)) {
        let list = journeys.split(')').next().unwrap_or_default();
        found.extend(list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
    }
    found
}

fn all_tests(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_tests(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.extend(tests_in(&fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

#[test]
fn every_promise_names_tests_that_exist() {
    let root = project();
    let page = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let lines = promises(&page);
    let numbers: Vec<_> = lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, (1..=LINES).collect::<Vec<_>>(), "all lines, in their order, each once");
    let tests: BTreeSet<_> = FOLDERS.iter().flat_map(|folder| all_tests(&root.join(folder))).collect();
    assert!(tests.len() > 300, "only {} tests were found", tests.len());
    let missing: Vec<_> = lines
        .iter()
        .flat_map(|line| line.tests.iter().map(move |name| (line.number, name)))
        .filter(|(_, name)| !tests.contains(*name))
        .collect();
    assert!(missing.is_empty(), "docs/security.md names tests that are not there: {missing:#?}");
    assert!(lines.iter().all(|line| !line.tests.is_empty()), "a promise without a test");
    let (known, missing): (Vec<_>, Vec<_>) =
        quoted(&page).into_iter().filter(|name| is_test_name(name)).partition(|name| tests.contains(name));
    assert!(known.len() > 100, "only {} names were found", known.len());
    assert!(missing.is_empty(), "the prose of docs/security.md names tests that are not there: {missing:#?}");
}

#[test]
fn every_path_of_the_table_exists() {
    let root = project();
    let page = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let is_there =
        |path: &&String| ["crates/server/src", ""].iter().any(|folder| root.join(folder).join(path).exists());
    let paths: Vec<_> = promises(&page).into_iter().flat_map(|line| line.paths).collect();
    assert!(paths.len() > 30, "only {} paths were found", paths.len());
    let missing: Vec<_> = paths.iter().filter(|path| !is_there(path)).collect();
    assert!(missing.is_empty(), "docs/security.md names paths that are not there: {missing:#?}");
}

#[test]
fn a_function_that_is_no_test_does_not_count() {
    let source = "fn helper() {}\n#[test]\nfn one() {}\n#[tokio::test(flavor = \"x\")]\n#[ignore]\nasync fn two() {\n}\n\
                  #[derive(Debug)]\nfn three() {}\nin_every_engine!(four, five);\n";
    let found: Vec<_> = tests_in(source).into_iter().collect();
    assert_eq!(found, ["five", "four", "one"]);
}
