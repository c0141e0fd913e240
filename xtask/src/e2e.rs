//! What journeys and benchmarks run against: a server, a dashboard, browsers, and the variables that name them.

use std::{path::PathBuf, process::Command};

use crate::{
    cache::Cache,
    dashboard::{self, Settings},
    environment::find_program,
    error::Error,
    project::Project,
    server::{Profile, ServerBuild},
    step::Steps,
    tools::{
        ProductionTools, WebTools, axe,
        browsers::{self, Browser, Engine},
    },
};

pub struct E2eEnv {
    server: PathBuf,
    /// The dashboard of most journeys, or what is measured.
    dist: PathBuf,
    production_dist: PathBuf,
    /// The app of `examples/minimal`; only for journeys.
    minimal_dist: Option<PathBuf>,
    axe: PathBuf,
    browsers: Vec<Browser>,
}

impl E2eEnv {
    /// The quick builds, which are compiled fast, and the production build for the journeys that are about it.
    pub fn for_journeys(project: &Project, cache: &Cache, engines: &[Engine]) -> Result<Self, Error> {
        let total = ProductionTools::STEPS + browsers::steps(engines) + 5;
        let mut steps = Steps::new(project.logs(), total);
        let server = ServerBuild::begin(project, Profile::Quick, &steps)?;
        let web = WebTools::ensure(project, cache, &mut steps)?;
        let dist = project.quick_dist();
        dashboard::build_quick(project, &web, &dist, &mut steps)?;
        let minimal_dist = project.minimal_dist();
        dashboard::build_minimal(project, &web, &minimal_dist, &mut steps)?;
        let tools = ProductionTools::complete(web, project, cache, &mut steps)?;
        let env = Self::finish(project, cache, engines, &mut steps, server, &tools, Some(dist))?;
        Ok(Self { minimal_dist: Some(minimal_dist), ..env })
    }

    /// Release builds alone, for what is measured or shown.
    pub fn for_release(project: &Project, cache: &Cache, engines: &[Engine]) -> Result<Self, Error> {
        let total = ProductionTools::STEPS + browsers::steps(engines) + 3;
        let mut steps = Steps::new(project.logs(), total);
        let server = ServerBuild::begin(project, Profile::Release, &steps)?;
        let tools = ProductionTools::ensure(project, cache, &mut steps)?;
        Self::finish(project, cache, engines, &mut steps, server, &tools, None)
    }

    fn finish(
        project: &Project,
        cache: &Cache,
        engines: &[Engine],
        steps: &mut Steps,
        server: ServerBuild,
        tools: &ProductionTools,
        quick: Option<PathBuf>,
    ) -> Result<Self, Error> {
        let browsers = browsers::ensure(project, cache, steps, engines)?;
        let axe = axe::ensure(cache, steps)?;
        let production_dist = project.production_dist();
        dashboard::build(project, tools, &Settings::bundled(), &production_dist, steps)?;
        let server = server.finish(steps)?;
        let dist = quick.unwrap_or_else(|| production_dist.clone());
        Ok(Self { server, dist, production_dist, minimal_dist: None, axe, browsers })
    }

    /// Whether there is any browser at all.
    pub fn has_browser(&self) -> bool {
        !self.browsers.is_empty()
    }

    pub fn apply(&self, command: &mut Command) {
        command
            .env("LATIDO_SERVER", &self.server)
            .env("LATIDO_DIST", &self.dist)
            .env("LATIDO_PRODUCTION_DIST", &self.production_dist)
            .env("LATIDO_AXE", &self.axe);
        if let Some(minimal_dist) = &self.minimal_dist {
            command.env("LATIDO_MINIMAL_DIST", minimal_dist);
        }
        browsers::apply(&self.browsers, command);
        // Without a screen of the user's, each WebKit gets a virtual one of its own.
        let has_screen = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
        if let Some(xvfb) = find_program("Xvfb").filter(|_| !has_screen) {
            command.env("LATIDO_XVFB", xvfb);
        }
    }
}
