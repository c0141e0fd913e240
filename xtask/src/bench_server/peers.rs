//! The Node servers of bench/peers with their packages, in the cache.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    cache::Cache,
    environment::find_program,
    error::Error,
    project::Project,
    step::{Step, Steps},
};

const MANIFEST: [&str; 3] = [".npmrc", "package.json", "package-lock.json"];

/// The folder to run them in.
pub fn ensure(project: &Project, cache: &Cache, steps: &mut Steps) -> Result<PathBuf, Error> {
    let source = project.root().join("bench/peers");
    steps.step("Node servers to compare with", |step| {
        if find_program("node").is_none() || find_program("npm").is_none() {
            return Err(Error::Missing {
                what: "Node.js with npm, which the servers to compare with run in".into(),
                advice: "Install Node.js 20 or later (https://nodejs.org), then run this again.".into(),
            });
        }
        let lock = source.join("package-lock.json");
        let mut hasher = DefaultHasher::new();
        fs::read(&lock).map_err(Error::at("read", &lock))?.hash(&mut hasher);
        let folder = cache.tool("bench-peers", &format!("{:016x}", hasher.finish()));
        let _lock = cache.lock(|news| step.say(news))?;
        if !folder.exists() {
            install(cache, step, &source, &folder)?;
        }
        // Their own code changes more often than their packages.
        for entry in fs::read_dir(&source).map_err(Error::at("read", &source))? {
            let path = entry.map_err(Error::at("read", &source))?.path();
            if path.extension().is_some_and(|extension| extension == "js") {
                copy(&path, &folder)?;
            }
        }
        Ok(folder)
    })
}

fn install(cache: &Cache, step: &mut Step, source: &Path, folder: &Path) -> Result<(), Error> {
    step.announce("installing with npm", "about 1 min, the first time only: SQLite may be compiled");
    let staging = cache.staging(folder.to_owned())?;
    let product = staging.product();
    fs::create_dir_all(&product).map_err(Error::at("create", &product))?;
    for name in MANIFEST {
        copy(&source.join(name), &product)?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--no-update-notifier"]).current_dir(&product);
    step.run(&mut npm, "Check that the npm registry can be reached, then run the command again.")?;
    staging.finish()?;
    Ok(())
}

fn copy(file: &Path, folder: &Path) -> Result<(), Error> {
    let name = file.file_name().unwrap_or_default();
    fs::copy(file, folder.join(name)).map_err(Error::at("copy", file))?;
    Ok(())
}
