//! Splits the built dashboard: what the first page needs stays in one wasm file, and each part named in
//! `src/lazy_views.rs` gets one of its own, which the page loads when it shows that part.
//!
//! Trunk knows nothing of this. So it builds as ever, with everything in one piece; then what cargo made of the
//! code is taken apart, and goes the same way once more: wasm-bindgen, wasm-opt, hashed names. The files replace
//! Trunk's.
//!
//! Files of different builds never meet: the page names its script and its wasm by their hashes, and the script
//! names every part by its own. A part of another build is not run, and one that is gone is an error that the
//! dashboard shows.

mod loader;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    error::Error,
    hash::{content_hash, integrity},
    minify,
    project::Project,
    step::Step,
    tools::ProductionTools,
    tools::wasm_target::TRIPLE,
};
use loader::Part;

/// What the files of parts are called, before the name of the part.
pub const PREFIX: &str = "part-";
const NAME: &str = "latido";
/// As in index.html.
const PROFILE: &str = "wasm-release";
const ADVICE: &str =
    "Run the command again; if it fails again, remove target/web and the tools in the cache.";

/// Splits what Trunk has just built into `dist`.
pub fn split(project: &Project, tools: &ProductionTools, dist: &Path, step: &mut Step) -> Result<(), Error> {
    let built = project.web_target().join(TRIPLE).join(PROFILE).join(NAME).with_extension("wasm");
    let work = project.web_target().join("split");
    let _ = fs::remove_dir_all(&work);
    let (pieces, bound) = (work.join("pieces"), work.join("bound"));

    let mut cut = tools.wasm_split();
    cut.arg(built).arg(&pieces).args(["--out-name", NAME]);
    step.run(&mut cut, ADVICE)?;

    let mut bind = tools.web.wasm_bindgen();
    // The parts use exports of the linker's that would otherwise be taken away.
    bind.args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", NAME, "--out-dir"]);
    bind.arg(&bound).arg(pieces.join(NAME).with_extension("wasm"));
    step.run(&mut bind, ADVICE)?;

    let optimise = Optimiser::read(project)?;
    let main = bound.join(format!("{NAME}_bg.wasm"));
    copy(&main, &named(project))?;
    optimise.run(tools.wasm_opt(), &main, step)?;
    let mut parts = Vec::new();
    for path in files(&pieces)? {
        let Some(part) = loader::part_name(&path) else { continue };
        optimise.run(tools.wasm_opt(), &path, step)?;
        let name = format!("{PREFIX}{part}-{}.wasm", content_hash(&path)?);
        parts.push(Part { piece: file_name(&path), integrity: integrity(&path)?, name: name.clone() });
        copy(&path, &dist.join(name))?;
    }

    let wasm = format!("{NAME}-{}_bg.wasm", content_hash(&main)?);
    let script = bound.join(NAME).with_extension("js");
    let link = fs::read_to_string(pieces.join("__wasm_split.js")).map_err(Error::at("read", &pieces))?;
    let text = fs::read_to_string(&script).map_err(Error::at("read", &script))?;
    let text = loader::join(&text.replace(&format!("{NAME}_bg.wasm"), &wasm), &link, &parts)?;
    fs::write(&script, text).map_err(Error::at("write", &script))?;
    minify::module(&tools.esbuild, &script)?;
    hint(&script)?;
    replace(dist, &main, &wasm)?;
    replace(dist, &script, &format!("{NAME}-{}.js", content_hash(&script)?))
}

/// The first page's code as it was before its functions lost their names.
fn named(project: &Project) -> PathBuf {
    project.web_target().join("split").join("named.wasm")
}

/// The same code as in the last build, with the names of its functions.
pub fn optimise_named(project: &Project, tools: &ProductionTools, step: &mut Step) -> Result<PathBuf, Error> {
    let Optimiser(mut arguments) = Optimiser::read(project)?;
    arguments.push("--debuginfo".to_owned());
    let file = named(project);
    Optimiser(arguments).run(tools.wasm_opt(), &file, step)?;
    Ok(file)
}

/// Most of the script's functions are called as soon as the wasm is there. Where a browser knows this word (Chromium
/// does), it compiles them while that is still on its way, rather than each when it is first called.
fn hint(script: &Path) -> Result<(), Error> {
    let text = fs::read_to_string(script).map_err(Error::at("read", script))?;
    fs::write(script, format!("//# allFunctionsCalledOnLoad\n{text}")).map_err(Error::at("write", script))
}

/// wasm-opt with the options that index.html has for Trunk.
struct Optimiser(Vec<String>);

impl Optimiser {
    fn read(project: &Project) -> Result<Self, Error> {
        let path = project.root().join("index.html");
        let page = fs::read_to_string(&path).map_err(Error::at("read", &path))?;
        Self::of(&page).ok_or_else(|| Error::Missing {
            what: "data-wasm-opt and data-wasm-opt-params in index.html".into(),
            advice: "xtask/src/split.rs looks for them.".into(),
        })
    }

    fn of(page: &str) -> Option<Self> {
        let value = |name: &str| page.split_once(&format!(" {name}=\""))?.1.split('"').next();
        let level = format!("-O{}", value("data-wasm-opt")?);
        let params = value("data-wasm-opt-params")?;
        Some(Self(params.split_whitespace().map(str::to_owned).chain([level]).collect()))
    }

    fn run(&self, mut wasm_opt: Command, file: &Path, step: &mut Step) -> Result<(), Error> {
        wasm_opt.arg(file).args(&self.0).arg("-o").arg(file);
        step.run(&mut wasm_opt, ADVICE)
    }
}

/// Puts a file in the place of Trunk's file of the same kind, and its name into the page.
fn replace(dist: &Path, file: &Path, name: &str) -> Result<(), Error> {
    let ours = |path: &PathBuf| path.extension() == file.extension() && file_name(path).starts_with(NAME);
    let old = files(dist)?.into_iter().find(ours).ok_or_else(|| Error::Missing {
        what: format!("the file in {} that {name} replaces", dist.display()),
        advice: "The name in xtask/src/split.rs and that of the program in Cargo.toml have to agree.".into(),
    })?;
    let index = dist.join("index.html");
    let page = fs::read_to_string(&index).map_err(Error::at("read", &index))?;
    fs::write(&index, page.replace(&file_name(&old), name)).map_err(Error::at("write", &index))?;
    fs::remove_file(&old).map_err(Error::at("remove", &old))?;
    copy(file, &dist.join(name))
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    fs::copy(from, to).map(drop).map_err(Error::at("write", to))
}

/// The folder's files, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = folder.read_dir().map_err(Error::at("read", folder))?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(Error::at("read", folder))?;
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_opt_gets_the_options_of_index_html() {
        let Optimiser(arguments) = Optimiser::of(include_str!("../../index.html")).expect("both attributes");
        assert_eq!(arguments.last().map(String::as_str), Some("-Os"));
        assert!(arguments.iter().any(|argument| argument == "--reorder-functions-by-name"), "{arguments:?}");
        assert!(arguments.iter().all(|argument| argument.starts_with('-')), "{arguments:?}");
    }

    #[test]
    fn replaces_trunks_file_in_folder_and_page() {
        let dist = std::env::temp_dir().join(format!("latido-split-test-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dist);
        fs::create_dir_all(dist.join("new")).expect("folder");
        let page = "fetch(\"/latido-1_bg.wasm\"); import(\"/latido-1.js\");";
        for (file, text) in
            [("index.html", page), ("latido-1.js", "old"), ("latido-1_bg.wasm", ""), ("new/latido.js", "new")]
        {
            fs::write(dist.join(file), text).expect("file");
        }
        replace(&dist, &dist.join("new/latido.js"), "latido-2.js").expect("replaced");
        let page = fs::read_to_string(dist.join("index.html")).expect("page");
        assert_eq!(page, "fetch(\"/latido-1_bg.wasm\"); import(\"/latido-2.js\");");
        assert!(!dist.join("latido-1.js").exists());
        assert_eq!(fs::read_to_string(dist.join("latido-2.js")).expect("script"), "new");
        fs::remove_dir_all(dist).expect("clear up");
    }
}
