//! `cargo xtask bench server`: measures the bundled server beside two Node servers, and writes the figures into
//! docs/bench.md.

mod peers;

use crate::{
    bench_pages::{Machine, Marks},
    cache::Cache,
    error::Error,
    project::Project,
    server::{Profile, ServerBuild},
    step::Steps,
};

const FULL: Marks = Marks { begin: "<!-- bench server -->", end: "<!-- end of bench server -->" };
const BRIEF: Marks =
    Marks { begin: "<!-- bench server in short -->", end: "<!-- end of bench server in short -->" };

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
    let server = ServerBuild::begin(&project, Profile::Release, &steps)?.finish(&mut steps)?;
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
    FULL.write(&project, "docs/bench.md", &by, &full)?;
    BRIEF.write(&project, "docs/bench.md", &by, &brief)
}
