//! Builds the dashboard with Trunk, splits it and compresses it.

use std::{
    borrow::Cow,
    env,
    ffi::OsString,
    fmt::{self, Display, Formatter},
    path::Path,
    process::Command,
};

use crate::{
    compress, deferred_styles,
    error::Error,
    integrity, minify, offline, prefetch,
    project::Project,
    server::Profile,
    size::FileSize,
    split,
    step::Steps,
    tools::{ProductionTools, WebTools},
};

/// A variable, its value, and what holds without one.
type Setting<'a> = (&'static str, Option<&'a OsString>, &'static str);

/// What is compiled into the dashboard. `None` is not set at all.
#[derive(Debug, PartialEq)]
pub struct Settings {
    ws_url: Option<OsString>,
    ws_auth: Option<OsString>,
    ws_timing: Option<OsString>,
    api_url: Option<OsString>,
}

impl Settings {
    /// For the bundled server: same origin, and no token in any URL.
    pub fn bundled() -> Self {
        Self {
            ws_url: Some("/ws".into()),
            ws_auth: Some("ticket".into()),
            ws_timing: None,
            api_url: Some("/api".into()),
        }
    }

    /// Behind Trunk, whose proxy does not pass on which subprotocol the server chose: a browser then
    /// refuses a socket that was opened with a ticket.
    pub fn behind_trunk() -> Self {
        Self { ws_auth: Some("query".into()), ..Self::bundled() }
    }

    /// As the user has set them.
    pub fn from_environment() -> Self {
        Self {
            ws_url: env::var_os("WS_URL"),
            ws_auth: env::var_os("WS_AUTH"),
            ws_timing: env::var_os("WS_TIMING"),
            api_url: env::var_os("API_URL"),
        }
    }

    fn all(&self) -> [Setting<'_>; 4] {
        [
            ("WS_URL", self.ws_url.as_ref(), "not set: the page polls"),
            ("WS_AUTH", self.ws_auth.as_ref(), "not set: query"),
            ("WS_TIMING", self.ws_timing.as_ref(), "not set: the contract's times"),
            ("API_URL", self.api_url.as_ref(), "not set: /api"),
        ]
    }

    /// As `src/config.rs` reads it.
    fn api_url(&self) -> Cow<'_, str> {
        let set = self.api_url.as_ref().filter(|url| !url.is_empty());
        set.map_or(Cow::Borrowed("/api"), |url| url.to_string_lossy())
    }

    pub fn apply(&self, command: &mut Command) {
        for (name, value, _) in self.all() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
    }
}

impl Display for Settings {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (name, value, default) in self.all() {
            match value {
                Some(value) => writeln!(f, "  {name:9}  {}", value.display())?,
                None => writeln!(f, "  {name:9}  {default}")?,
            }
        }
        Ok(())
    }
}

/// The production build: split, optimised and compressed into `dist`, which is emptied first. Returns the sizes.
pub fn build(
    project: &Project,
    tools: &ProductionTools,
    settings: &Settings,
    dist: &Path,
    steps: &mut Steps,
) -> Result<Vec<FileSize>, Error> {
    steps.step("Dashboard", |step| {
        step.announce("building", "about 2 min the first time, then as much as has changed");
        let mut trunk = tools.trunk(project, step);
        trunk.args(["build", "--release", "--features", "split", "--dist"]).arg(dist);
        settings.apply(&mut trunk);
        step.run(&mut trunk, ADVICE)?;
        split::split(project, tools, dist, step)?;
        prefetch::write_api_url(dist, &settings.api_url())?;
        minify::folder(&tools.esbuild, dist)?;
        deferred_styles::merge(dist)?;
        integrity::add(dist)?;
        offline::add(dist)?;
        compress::compress_folder(dist)
    })
}

/// The quick build, for `start` and the journeys: the same page and code in one piece, neither optimised for size nor
/// compressed. The settings are those of the bundled server.
pub fn build_quick(project: &Project, tools: &WebTools, dist: &Path, steps: &mut Steps) -> Result<(), Error> {
    let settings = Settings::bundled();
    steps.step("Dashboard, quick build", |step| {
        step.announce("building", "about 2 min the first time, then as much as has changed");
        let mut trunk = tools.trunk(project);
        trunk.args(["build", "--cargo-profile", Profile::Quick.name(), "--dist"]).arg(dist);
        settings.apply(&mut trunk);
        step.run(&mut trunk, ADVICE)?;
        prefetch::write_api_url(dist, &settings.api_url())?;
        deferred_styles::merge(dist)?;
        integrity::add(dist)?;
        offline::add(dist)
    })
}

/// The app of `examples/minimal`, built as `build_quick` builds the dashboard.
pub fn build_minimal(
    project: &Project,
    tools: &WebTools,
    dist: &Path,
    steps: &mut Steps,
) -> Result<(), Error> {
    steps.step("examples/minimal", |step| {
        step.announce("building", "half a minute the first time, then as much as has changed");
        let mut trunk = tools.trunk(project);
        trunk.current_dir(project.root().join("examples/minimal"));
        trunk.args(["build", "--cargo-profile", Profile::Quick.name(), "--dist"]).arg(dist);
        step.run(&mut trunk, ADVICE)
    })
}

const ADVICE: &str = "If it is an error in the code, mend it; then run the command again.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_variable_is_removed_from_the_build() {
        let settings = Settings { ws_url: None, api_url: Some("/v1".into()), ..Settings::bundled() };
        let mut command = Command::new("trunk");
        settings.apply(&mut command);
        let set: Vec<_> = command.get_envs().collect();
        assert!(set.contains(&("WS_URL".as_ref(), None)));
        assert!(set.contains(&("API_URL".as_ref(), Some("/v1".as_ref()))));
    }

    #[test]
    fn settings_without_socket_mention_polling() {
        let settings = Settings { ws_url: None, ..Settings::bundled() };
        assert!(settings.to_string().contains("polls"));
        assert!(!Settings::bundled().to_string().contains("polls"));
    }
}
