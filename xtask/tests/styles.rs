//! Styles of pages that are loaded later must not change the pages that are there: no two stylesheets may speak of
//! the same thing.
#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn stylesheets() -> Vec<PathBuf> {
    let style = Path::new(env!("CARGO_MANIFEST_DIR")).join("../style");
    let mut found = Vec::new();
    for folder in [style.clone(), style.join("pages")] {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        found.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "css")));
    }
    found
}

/// The selectors of its rules in full, without the layers and widths that they stand in.
fn selectors(css: &str) -> Vec<String> {
    let mut bare = String::new();
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);

    let (mut open, mut found, mut prelude) = (Vec::<String>::new(), Vec::new(), String::new());
    for character in bare.chars() {
        match character {
            '{' => {
                let name = prelude.split_whitespace().collect::<Vec<_>>().join(" ");
                if !name.starts_with('@') && !open.iter().any(|outer| outer.starts_with("@keyframes")) {
                    let outer: Vec<_> =
                        open.iter().filter(|outer| !outer.starts_with('@')).cloned().collect();
                    let outer = outer.join(" ");
                    found.extend(single(&name).map(|one| format!("{outer} {one}").trim().to_owned()));
                }
                open.push(name);
                prelude.clear();
            }
            '}' => {
                open.pop();
                prelude.clear();
            }
            ';' => prelude.clear(),
            other => prelude.push(other),
        }
    }
    found
}

/// The selectors of a list; a comma within parentheses belongs to one of them.
fn single(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    list.split(move |character: char| {
        depth += i32::from(character == '(') - i32::from(character == ')');
        depth == 0 && character == ','
    })
    .map(str::trim)
}

#[test]
fn no_two_stylesheets_style_the_same() {
    let mut first: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut twice = Vec::new();
    for path in stylesheets() {
        for selector in selectors(&fs::read_to_string(&path).unwrap()) {
            if !selector.contains('.') {
                continue;
            }
            let before = first.entry(selector.clone()).or_insert_with(|| path.clone());
            if *before != path {
                twice.push(format!("{selector} in {} and {}", before.display(), path.display()));
            }
        }
    }
    assert!(first.len() > 300, "only {} selectors were found", first.len());
    // What a narrow screen changes about a component stands with the layout.
    twice.retain(|line| !line.contains("/components.css and") || !line.contains("/layout.css"));
    twice.retain(|line| !line.contains("/layout.css and") || !line.contains("/components.css"));
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}
