//! The built dashboard: what it weighs, and copies of it in which something is different.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::environment;

/// What wasm, JavaScript, CSS and HTML of the first page may weigh together, in bytes over the wire.
pub const BUDGET: u64 = 215_000;

/// The prefix of the files that lazy views load.
const PART: &str = "part-";

/// A copy of the build; gone at the end.
pub struct Dist(TempDir);

impl Dist {
    pub fn copy() -> Self {
        Self::of(&environment::dist())
    }

    pub fn of_production() -> Self {
        Self::of(&environment::production_dist())
    }

    fn of(build: &Path) -> Self {
        let folder = TempDir::with_prefix("latido-e2e-dist-").expect("a temporary folder");
        for (name, path) in files(build) {
            fs::copy(path, folder.path().join(name)).expect("a file of the build can be copied");
        }
        Self(folder)
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    /// Removes a chunk and its compressed copies.
    pub fn remove_part(&self, part: &str) {
        let begin = format!("{PART}{part}-");
        let part: Vec<_> =
            files(self.0.path()).into_iter().filter(|(name, _)| name.starts_with(&begin)).collect();
        assert!(!part.is_empty(), "the build has no file {begin}*");
        for (_, path) in part {
            fs::remove_file(path).expect("a file of the copy can be removed");
        }
    }

    pub fn add(&self, name: &str, content: &str) {
        fs::write(self.0.path().join(name), content).expect("the copy can be written to");
    }

    /// From now on this is another build: with another name, and with other names for its files. Those of the
    /// build that it was are gone.
    pub fn become_another_build(&self) {
        let worker = fs::read_to_string(self.0.path().join("sw.js")).expect("the build has a worker");
        let (_, build) = worker.split_once("const BUILD = \"").expect("it has a name");
        let mut names = vec![build.split('"').next().unwrap_or_default().to_owned()];
        for (name, _) in files(self.0.path()) {
            let hash = name.strip_prefix("latido-").and_then(|rest| rest.split(['.', '_']).next());
            names.extend(hash.map(str::to_owned));
        }
        names.sort();
        names.dedup();
        let renamed = |text: &str| {
            let other = |text: String, name: &String| text.replace(name, &backwards(name));
            names.iter().fold(text.to_owned(), other)
        };
        for (name, path) in files(self.0.path()) {
            if name.starts_with("index.html.") || name.starts_with("sw.js.") {
                fs::remove_file(path).expect("what was made of the original can go");
            } else if name == "index.html" || name == "sw.js" {
                let text = fs::read_to_string(&path).expect("it can be read");
                fs::write(path, renamed(&text)).expect("it can be written");
            } else {
                fs::rename(&path, path.with_file_name(renamed(&name))).expect("it can be renamed");
            }
        }
    }

    /// Sets the page's build settings: `latido-ws-url` and its siblings.
    pub fn set(&self, setting: &str, value: &str) {
        self.add_to_head(&format!("<meta name=\"{setting}\" content=\"{value}\">"));
    }

    /// Puts something in front of everything else in the head of `index.html`.
    pub fn add_to_head(&self, html: &str) {
        let index = self.0.path().join("index.html");
        let before = fs::read_to_string(&index).expect("the build has an index.html");
        assert!(before.contains("<head>"), "index.html has no head");
        fs::write(&index, before.replacen("<head>", &format!("<head>{html}"), 1)).expect("it can be written");
        // Made of the original.
        for compressed in ["index.html.br", "index.html.gz"] {
            let _ = fs::remove_file(self.0.path().join(compressed));
        }
    }
}

/// Bytes that a browser without a cache loads, compressed with brotli.
pub struct Weight {
    /// Of what the first page needs: wasm, JavaScript, CSS, HTML. Name and bytes, heaviest first.
    pub needed: Vec<(String, u64)>,
    /// The chunks with their styles, which load when they are shown, and the service worker, heaviest first.
    pub later: Vec<(String, u64)>,
    /// Of all else, such as icons.
    pub other: Vec<(String, u64)>,
}

impl Weight {
    pub fn of(dist: &Path) -> Self {
        let all = files(dist).into_iter().filter_map(|(name, path)| {
            let original = name.strip_suffix(".br")?.to_owned();
            Some((original, fs::metadata(path).ok()?.len()))
        });
        let is_needed = |name: &str| {
            let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("wasm" | "js" | "css" | "html"))
        };
        let page = fs::read_to_string(dist.join("index.html")).expect("the build has an index.html");
        // Chunks, the service worker, and the stylesheets that are only announced.
        let is_later = |name: &str| {
            let announced = page.split('<').find(|element| element.contains(name));
            name.starts_with(PART)
                || name == "sw.js"
                || announced.is_some_and(|element| element.contains("data-later"))
        };
        let (mut later, rest): (Vec<_>, Vec<_>) = all.partition(|(name, _)| is_later(name));
        let (mut needed, other): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(name, _)| is_needed(name));
        for files in [&mut needed, &mut later] {
            files.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        }
        Self { needed, later, other }
    }

    pub fn total(&self) -> u64 {
        self.needed.iter().map(|(_, bytes)| bytes).sum()
    }
}

/// Another name that looks like one made of a hash.
fn backwards(name: &str) -> String {
    name.chars().rev().collect()
}

/// Name and path of every file. A build is one flat folder.
fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).expect("the build can be read");
    let paths = entries.map(|entry| entry.expect("a file of the build").path()).filter(|path| path.is_file());
    paths
        .map(|path| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path.clone()))
        .collect()
}
