//! `cargo xtask bench bytes`: what the bytes of the first page are, by crate, for docs/bench.md.

use crate::{
    bench_pages::{Machine, Marks},
    cache::Cache,
    dashboard::{self, Settings},
    error::Error,
    project::Project,
    split,
    step::Steps,
    tools::ProductionTools,
};

const MARKS: Marks = Marks { begin: "<!-- bench bytes -->", end: "<!-- end of bench bytes -->" };

pub fn run() -> Result<(), Error> {
    let project = Project::find()?;
    let mut steps = Steps::new(project.logs(), ProductionTools::STEPS + 2);
    let tools = ProductionTools::ensure(&project, &Cache::find()?, &mut steps)?;
    let dist = project.production_dist();
    dashboard::build(&project, &tools, &Settings::bundled(), &dist, &mut steps)?;
    let named = steps.step("The same with names", |step| split::optimise_named(&project, &tools, step))?;

    let table = project.target().join("bench-bytes.md");
    let mut count = project.cargo();
    count.args(["run", "--release", "--package", "latido-e2e", "--bin", "bytes", "--"]);
    count.args([&named, &dist, &table]);
    let status = count.status().map_err(Error::io("count the bytes"))?;
    if !status.success() {
        return Err(Error::BenchFailed);
    }
    let by = format!("By `cargo xtask bench bytes` ({}):\n", Machine::look(&project));
    MARKS.write(&project, "docs/bench.md", &by, &table)
}
