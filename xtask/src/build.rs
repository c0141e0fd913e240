//! `cargo xtask build`: the dashboard as static files, for any web server.

use crate::{
    cache::Cache,
    dashboard::{self, Settings},
    error::Error,
    project::Project,
    size::SizeTable,
    step::Steps,
    tools::ProductionTools,
};

pub fn run() -> Result<(), Error> {
    let project = Project::find()?;
    let cache = Cache::find()?;
    let settings = Settings::from_environment();
    let mut steps = Steps::new(project.logs(), ProductionTools::STEPS + 1);
    let tools = ProductionTools::ensure(&project, &cache, &mut steps)?;
    let sizes = dashboard::build(&project, &tools, &settings, &project.dist(), &mut steps)?;

    println!("\nBuilt into dist/, for any web server, with\n\n{settings}\n{}", SizeTable(&sizes));
    Ok(())
}
