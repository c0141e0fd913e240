//! `cargo xtask bench web`: measures the dashboard beside the same pages in React, in Chromium, and writes the figures
//! into docs/bench.md.

mod peer;

use std::{env, path::PathBuf, process::Command};

use crate::{
    bench_pages::{Machine, Marks},
    cache::Cache,
    e2e::E2eEnv,
    environment::output_of,
    error::Error,
    project::Project,
    step::Steps,
    tools::browsers::{self, Browser, Engine},
};

const FULL: Marks = Marks { begin: "<!-- bench web -->", end: "<!-- end of bench web -->" };
const BRIEF: Marks =
    Marks { begin: "<!-- bench web in short -->", end: "<!-- end of bench web in short -->" };

#[derive(Debug, PartialEq)]
pub struct BenchWebOptions {
    /// How often everything is measured with each side.
    pub rounds: usize,
    /// One scenario instead of all. Its figures are printed and written nowhere.
    pub only: Option<String>,
}

impl Default for BenchWebOptions {
    fn default() -> Self {
        Self { rounds: 5, only: None }
    }
}

pub fn run(options: &BenchWebOptions) -> Result<(), Error> {
    let project = Project::find()?;
    let cache = Cache::find()?;
    let built = Built::prepare(&project, &cache)?;
    let mut steps = Steps::new(project.logs(), 1);
    let peer = peer::build(&project, &mut steps)?;

    let machine = Machine::look(&project);
    let [full, brief] = ["bench-web-full.md", "bench-web-brief.md"].map(|name| project.target().join(name));
    let mut measure = project.cargo();
    measure.args(["run", "--release", "--package", "latido-e2e", "--bin", "bench-web", "--"]);
    measure.args(["--rounds", &options.rounds.to_string()]);
    match &options.only {
        Some(scenario) => measure.args(["--only", scenario]),
        None => measure.arg("--full").arg(&full).arg("--brief").arg(&brief),
    };
    built.apply(&mut measure);
    measure.env("LATIDO_PEER_DIST", peer);
    eprintln!("\nLeave the machine alone meanwhile: a round of everything takes about six minutes.\n");
    let status = measure.status().map_err(Error::io("start the measurement"))?;
    if !status.success() {
        return Err(Error::BenchFailed);
    }
    if options.only.is_some() {
        return Ok(());
    }
    let rounds = options.rounds;
    let browser = built.browser_version();
    let by = format!("By `cargo xtask bench web --rounds {rounds}` ({browser}; {machine}):\n");
    FULL.write(&project, "docs/bench.md", &by, &full)?;
    BRIEF.write(&project, "docs/bench.md", &by, &brief)
}

/// The server, the dashboard and the browser.
enum Built {
    Now(E2eEnv),
    /// `LATIDO_SERVER` and `LATIDO_DIST` say where they are: to measure a build that is there already, or another one.
    Before(Vec<Browser>),
}

impl Built {
    fn prepare(project: &Project, cache: &Cache) -> Result<Self, Error> {
        let is_set = |name| env::var_os(name).map(PathBuf::from).is_some_and(|path| path.exists());
        let (built, has_browser) = if is_set("LATIDO_SERVER") && is_set("LATIDO_DIST") {
            let mut steps = Steps::new(project.logs(), browsers::steps(&[Engine::Chromium]));
            let found = browsers::ensure(project, cache, &mut steps, &[Engine::Chromium])?;
            let any = !found.is_empty();
            (Self::Before(found), any)
        } else {
            let env = E2eEnv::for_release(project, cache, &[Engine::Chromium])?;
            let any = env.has_browser();
            (Self::Now(env), any)
        };
        if has_browser {
            return Ok(built);
        }
        Err(Error::Missing {
            what: "Chromium, which the benchmark runs in".into(),
            advice: "Install it as described above, then run the command again.".into(),
        })
    }

    fn apply(&self, command: &mut Command) {
        match self {
            Self::Now(env) => env.apply(command),
            Self::Before(browsers) => browsers::apply(browsers, command),
        }
    }

    fn browser_version(&self) -> String {
        let mut probe = Command::new("chromium");
        self.apply(&mut probe);
        let program =
            probe.get_envs().find(|(name, _)| *name == "LATIDO_CHROMIUM").and_then(|(_, path)| path);
        let version = program.and_then(|program| output_of(program, &["--version"]));
        // As in "Chromium 150.0.7871.46 built on Debian".
        version.map_or_else(
            || "Chromium".to_owned(),
            |text| text.split_whitespace().take(2).collect::<Vec<_>>().join(" "),
        )
    }
}
