//! The pages in React of bench/peer-react, built as they would be delivered.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    compress,
    environment::find_program,
    error::Error,
    project::Project,
    step::{Step, Steps},
};

/// The folder to serve.
pub fn build(project: &Project, steps: &mut Steps) -> Result<PathBuf, Error> {
    let source = project.root().join("bench/peer-react");
    let dist = project.target().join("peer-react-dist");
    steps.step("React pages to compare with", |step| {
        if find_program("node").is_none() || find_program("npm").is_none() {
            return Err(Error::Missing {
                what: "Node.js with npm, which builds the pages to compare with".into(),
                advice: "Install Node.js 20.19 or later (https://nodejs.org), then run this again.".into(),
            });
        }
        step.announce("building", "about 20 s the first time");
        let lock = source.join("package-lock.json");
        // npm's own note of what it has installed.
        let installed = source.join("node_modules/.package-lock.json");
        if modified(&installed).is_none_or(|installed| modified(&lock).is_some_and(|lock| lock > installed)) {
            let advice = "Check that the npm registry can be reached, then run the command again.";
            npm(step, &source, &["ci", "--no-audit", "--no-fund", "--no-update-notifier"], advice)?;
        }
        let out = dist.display().to_string();
        let advice = "If it is an error in bench/peer-react, mend it; then run the command again.";
        npm(step, &source, &["run", "build", "--", "--emptyOutDir", "--outDir", &out], advice)?;
        compress::compress_folder(&dist)?;
        Ok(dist)
    })
}

fn npm(step: &mut Step, source: &PathBuf, words: &[&str], advice: &str) -> Result<(), Error> {
    step.run(Command::new("npm").args(words).current_dir(source), advice)
}

fn modified(file: &PathBuf) -> Option<std::time::SystemTime> {
    fs::metadata(file).and_then(|facts| facts.modified()).ok()
}
