//! What the end-to-end tests and the benchmark run against: the built server, the built dashboard, browsers.

use std::{path::PathBuf, process::Command};

use crate::{
    cache::Cache,
    dashboard::{self, Settings},
    display::Display,
    error::Error,
    project::Project,
    server,
    step::Steps,
    tools::{
        WebTools, axe,
        browsers::{self, Browser, Engine},
    },
};

pub struct Stage {
    server: PathBuf,
    dist: PathBuf,
    axe: PathBuf,
    browsers: Vec<Browser>,
    display: Option<Display>,
}

impl Stage {
    pub fn prepare(project: &Project, cache: &Cache, engines: &[Engine]) -> Result<Self, Error> {
        let total = WebTools::STEPS + browsers::steps(engines) + 3;
        let mut steps = Steps::new(project.logs(), total);
        let tools = WebTools::ensure(project, cache, &mut steps)?;
        let browsers = browsers::ensure(project, cache, &mut steps, engines)?;
        let axe = axe::ensure(cache, &mut steps)?;
        let server = server::build(project, &mut steps)?;
        let dist = project.bundled_dist();
        dashboard::build(project, &tools, &Settings::bundled(), &dist, &mut steps)?;
        let webkit = browsers.iter().any(|browser| browser.engine == Engine::WebKit);
        let display = if webkit { Display::if_none()? } else { None };
        Ok(Self { server, dist, axe, browsers, display })
    }

    /// Whether there is any browser at all.
    pub fn has_browser(&self) -> bool {
        !self.browsers.is_empty()
    }

    pub fn apply(&self, command: &mut Command) {
        command
            .env("LATIDO_SERVER", &self.server)
            .env("LATIDO_DIST", &self.dist)
            .env("LATIDO_AXE", &self.axe);
        browsers::apply(&self.browsers, command);
        if let Some(display) = &self.display {
            display.apply(command);
        }
    }
}
