//! What the service worker has to know about a build: its name, and the files that the page may ever load.
//!
//! The name is a hash over the names of those files, which have their own content's hash in them, and over the page,
//! which has none. Worker and page both carry it, so each can tell whether the other is of the same build. A
//! script or wasm without a hash in its name is not built: a browser could get an old one to a new page.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::error::Error;

/// The one script that keeps its name: browsers ask for it by name to learn whether there is another build.
pub const WORKER: &str = "sw.js";

const IN_THE_PAGE: &str = "data-build=\"\"";
const IN_THE_WORKER: [&str; 2] = ["const BUILD = \"\";", "const FILES = [];"];

/// Writes the build's name into page and worker, and its files into the worker. Whatever else changes the page or
/// adds files has to come before.
pub fn add(dist: &Path) -> Result<(), Error> {
    let (page, worker) = (dist.join("index.html"), dist.join(WORKER));
    let page_text = read(&page)?;
    let worker_text = read(&worker)?;
    let files = hashed_files(dist)?;
    let mut hash = Sha256::new_with_prefix(&page_text);
    hash.update(&worker_text);
    for file in &files {
        hash.update(file);
    }
    let first_bytes = hash.finalize().into_iter().take(8);
    let build = format!("{:016x}", first_bytes.fold(0, |bits: u64, byte| bits << 8 | u64::from(byte)));

    let list: Vec<_> = files.iter().map(|file| format!("\"/{file}\"")).collect();
    let [name_at, files_at] = IN_THE_WORKER;
    let worker_text = replace(&worker_text, name_at, &format!("const BUILD = \"{build}\";"))?;
    let worker_text = replace(&worker_text, files_at, &format!("const FILES = [{}];", list.join(", ")))?;
    write(&worker, &worker_text)?;
    write(&page, &replace(&page_text, IN_THE_PAGE, &format!("data-build=\"{build}\""))?)
}

/// The files with a hash in their name, sorted, as paths below the folder.
fn hashed_files(dist: &Path) -> Result<Vec<String>, Error> {
    let mut folders = vec![dist.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().map_err(Error::at("read", &folder))? {
            let path = entry.map_err(Error::at("read", &folder))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = name_below(dist, &path);
            let kind = path.extension().and_then(|extension| extension.to_str());
            match kind {
                Some("br" | "gz") => {}
                _ if has_hash(&name) => files.push(name),
                Some("js" | "wasm") if name != WORKER => {
                    return Err(Error::Missing {
                        what: format!("a hash of its content in the name of {name}"),
                        advice: "Without one a browser may load an old file into a new page.".into(),
                    });
                }
                _ => {}
            }
        }
    }
    files.sort();
    Ok(files)
}

fn name_below(dist: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(dist).unwrap_or(path).iter().map(|part| part.to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// As the server sees it, which lets such files be kept for ever.
fn has_hash(name: &str) -> bool {
    name.split('-').skip(1).any(|part| {
        let digits = part.split(['.', '_', '/']).next().unwrap_or_default();
        (12..=16).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

fn replace(text: &str, from: &str, to: &str) -> Result<String, Error> {
    if !text.contains(from) {
        return Err(Error::Missing {
            what: format!("the place where {from} stands"),
            advice: "index.html, public/sw.js and xtask/src/offline.rs have to agree.".into(),
        });
    }
    Ok(text.replacen(from, to, 1))
}

fn read(path: &PathBuf) -> Result<String, Error> {
    fs::read_to_string(path).map_err(Error::at("read", path))
}

fn write(path: &PathBuf, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(Error::at("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JS: &str = "latido-0123456789abcdef.js";

    fn dist(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let dist = std::env::temp_dir().join(format!("latido-offline-test-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dist);
        fs::create_dir_all(dist.join("snippets")).expect("folder");
        let page = include_str!("../../index.html");
        let worker = include_str!("../../public/sw.js");
        for (file, text) in [("index.html", page), (WORKER, worker)].iter().chain(files) {
            fs::write(dist.join(file), text).expect("file");
        }
        dist
    }

    fn text(dist: &Path, name: &str) -> String {
        read(&dist.join(name)).expect("text")
    }

    #[test]
    fn page_and_worker_share_the_build_name() {
        let files = [
            (JS, "1"),
            ("latido-0123456789abcdef_bg.wasm", "2"),
            ("snippets/part-00123456789abc.js", "3"),
            ("icon-192.png", "4"),
            ("latido-0123456789abcdef.js.br", "5"),
        ];
        let dist = dist("both", &files);
        add(&dist).expect("it is completed");
        let worker = text(&dist, WORKER);
        let list = "const FILES = [\"/latido-0123456789abcdef.js\", \"/latido-0123456789abcdef_bg.wasm\", \
                    \"/snippets/part-00123456789abc.js\"];";
        assert!(worker.contains(list), "{worker}");
        let (_, build) = worker.split_once("const BUILD = \"").expect("its name");
        let (build, _) = build.split_once('"').expect("its end");
        assert_eq!(build.len(), 16);
        assert!(text(&dist, "index.html").contains(&format!("data-build=\"{build}\"")));
        fs::remove_dir_all(dist).expect("clear up");
    }

    #[test]
    fn build_name_changes_only_with_the_page() {
        let build = |name: &str, page: &str| {
            let dist = dist(name, &[(JS, "1"), ("index.html", page)]);
            add(&dist).expect("it is completed");
            let worker = text(&dist, WORKER);
            fs::remove_dir_all(dist).expect("clear up");
            worker
        };
        let (one, other) = ("<html data-build=\"\">", "<html data-build=\"\"> ");
        assert_eq!(build("one", one), build("again", one));
        assert_ne!(build("one", one), build("other", other));
    }

    #[test]
    fn refuses_a_script_without_hash_in_its_name() {
        let dist = dist("plain", &[("loader.js", "1")]);
        let error = add(&dist).expect_err("it has no hash").to_string();
        assert!(error.contains("loader.js"), "{error}");
        fs::remove_dir_all(dist).expect("clear up");
    }
}
