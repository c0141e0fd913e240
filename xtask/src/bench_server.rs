//! `cargo xtask bench server`: measures the bundled server beside two Node servers, and writes the figures into
//! docs/bench.md and, in short, into the README.

mod machine;
mod marked;
mod peers;

use std::{fs, path::Path};

use self::machine::Machine;
use crate::{cache::Cache, error::Error, project::Project, server, step::Steps};

#[derive(Debug, PartialEq)]
pub struct BenchServerOptions {
    /// How often a latency is measured with each server.
    pub rounds: usize,
}

impl Default for BenchServerOptions {
    fn default() -> Self {
        Self { rounds: 3 }
    }
}

pub fn run(options: &BenchServerOptions) -> Result<(), Error> {
    let project = Project::find()?;
    let mut steps = Steps::new(project.logs(), 3);
    let peers = peers::ensure(&project, &Cache::find()?, &mut steps)?;
    let server = server::build(&project, &mut steps)?;
    let load = steps.step("Load generator", |step| {
        step.announce("building", "about 1 min the first time");
        let mut cargo = project.cargo();
        cargo.args(["build", "--release", "--package", "latido-load"]);
        cargo.env("CARGO_TARGET_DIR", project.target());
        step.run(&mut cargo, "If it is an error in the code, mend it; then run the command again.")?;
        Ok(project.target().join("release/latido-load"))
    })?;

    let machine = Machine::look(&project);
    let [full, brief] = ["bench-full.md", "bench-brief.md"].map(|name| project.target().join(name));
    eprintln!(
        "\nMeasuring takes about {} minutes; leave the machine alone meanwhile.\n",
        6 + 4 * options.rounds
    );
    let mut measure = std::process::Command::new(load);
    measure.arg("--server").arg(server).arg("--peers").arg(peers);
    measure
        .arg("--full")
        .arg(&full)
        .arg("--brief")
        .arg(&brief)
        .args(["--rounds", &options.rounds.to_string()]);
    let status = measure.status().map_err(Error::io("start the load generator"))?;
    if !status.success() {
        return Err(Error::BenchFailed);
    }

    let rounds = options.rounds;
    let by = format!("By `cargo xtask bench server --rounds {rounds}` ({machine}):\n");
    for (measured, page) in [(full, "docs/bench.md"), (brief, "README.md")] {
        let measured = fs::read_to_string(&measured).map_err(Error::at("read", &measured))?;
        write(&project.root().join(page), &format!("{by}{measured}"))?;
        println!("Written into {page}.");
    }
    Ok(())
}

fn write(page: &Path, measured: &str) -> Result<(), Error> {
    let text = fs::read_to_string(page).map_err(Error::at("read", page))?;
    let text = marked::replace(&text, measured).ok_or_else(|| Error::Missing {
        what: format!("the lines `{}` and `{}` in {}", marked::BEGIN, marked::END, page.display()),
        advice: "Restore them: git checkout the file. The figures are in target/bench-full.md.".into(),
    })?;
    fs::write(page, text).map_err(Error::at("write", page))
}
