//! `cargo xtask test`: everything that can be wrong, cheapest first.

use std::{
    fmt::{self, Display, Formatter},
    process::Command,
    str::FromStr,
    time::{Duration, Instant},
};

use crate::{
    cache::Cache,
    e2e::Stage,
    error::Error,
    project::Project,
    simulate::{self, SimulateOptions},
    step::{Steps, spoken},
    tools::{
        browsers::{self, Engine},
        wasm_bindgen,
        wasm_target::{TRIPLE, WasmTarget},
    },
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Fmt,
    Clippy,
    Native,
    Simulate,
    Wasm,
    E2e,
}

/// What the phase `simulate` runs: a minute's worth.
const SIMULATION: SimulateOptions =
    SimulateOptions { runs: Some(100_000), seed: None, mutations: false, storm: false };

/// How a phase went.
enum Outcome {
    Passed(Duration),
    Failed(Duration),
    /// There is nothing here to run it with, and that was said out loud.
    Skipped,
    NotRun,
}

impl Phase {
    pub const ALL: [Self; 6] = [Self::Fmt, Self::Clippy, Self::Native, Self::Simulate, Self::Wasm, Self::E2e];

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::Native => "native",
            Self::Simulate => "simulate",
            Self::Wasm => "wasm",
            Self::E2e => "e2e",
        }
    }

    /// `false` if it was skipped.
    fn run(self, project: &Project, cache: &Cache) -> Result<bool, Error> {
        match self {
            Self::Fmt => self.expect(project.cargo().args(["fmt", "--all", "--check"])),
            Self::Clippy => self.clippy(project, cache),
            Self::Native => {
                self.expect(project.cargo().args(["test", "--workspace", "--exclude", "latido-e2e"]))
            }
            Self::Simulate => self.expect(&mut simulate::command(project, &SIMULATION)),
            Self::Wasm => self.wasm(project, cache),
            Self::E2e => self.e2e(project, cache),
        }
    }

    fn clippy(self, project: &Project, cache: &Cache) -> Result<bool, Error> {
        const STRICT: [&str; 4] = ["--all-targets", "--", "-D", "warnings"];
        self.expect(project.cargo().args(["clippy", "--workspace"]).args(STRICT))?;

        let mut steps = Steps::new(project.logs(), 2);
        let target = WasmTarget::ensure(project, cache, &mut steps)?;
        // `protocol` and `connection` are linted with it, as its dependencies; their tests are native.
        let mut clippy = target.clippy(project, &mut steps)?;
        self.expect(clippy.args(["--package", "latido", "--target", TRIPLE]).args(STRICT))
    }

    fn wasm(self, project: &Project, cache: &Cache) -> Result<bool, Error> {
        let mut steps = Steps::new(project.logs(), 2 + browsers::steps(&[Engine::Chromium]));
        let target = WasmTarget::ensure(project, cache, &mut steps)?;
        let runner = wasm_bindgen::ensure(project, cache, &mut steps)?.join("wasm-bindgen-test-runner");
        let browsers = browsers::ensure(project, cache, &mut steps, &[Engine::Chromium])?;
        let Some(chromium) = browsers.first() else { return Ok(false) };

        let mut cargo = project.cargo();
        target.apply(&mut cargo, project);
        cargo
            // All targets, that is, without the examples in the documentation: those are run natively.
            .args(["test", "--package", "latido", "--all-targets", "--target", TRIPLE])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("CHROMEDRIVER", &chromium.driver)
            // All of them together: a minute, and on a busy machine more. The default is 20 s.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
        // The runner would prefer any of these to Chromium.
        for other in ["GECKODRIVER", "GECKODRIVER_REMOTE", "SAFARIDRIVER", "SAFARIDRIVER_REMOTE"] {
            cargo.env_remove(other);
        }
        self.expect(&mut cargo)
    }

    fn e2e(self, project: &Project, cache: &Cache) -> Result<bool, Error> {
        let stage = Stage::prepare(project, cache, &Engine::ALL)?;
        if !stage.has_browser() {
            return Ok(false);
        }
        let mut cargo = project.cargo();
        cargo.args(["test", "--package", "latido-e2e", "--", "--test-threads=1"]);
        stage.apply(&mut cargo);
        self.expect(&mut cargo)
    }

    /// Runs a program in full view.
    fn expect(self, command: &mut Command) -> Result<bool, Error> {
        let name = command.get_program().to_string_lossy().into_owned();
        let status = command.status().map_err(Error::io(format!("start {name}")))?;
        if status.success() { Ok(true) } else { Err(Error::PhaseFailed { phase: self.name() }) }
    }
}

impl FromStr for Phase {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|phase| phase.name() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("there is no phase `{name}`; there are {names}")
        })
    }
}

/// Runs the phases until one fails, and ends with how each went.
pub fn run(phases: &[Phase]) -> Result<(), Error> {
    let project = Project::find()?;
    let cache = Cache::find()?;
    let mut outcomes = Vec::new();
    let mut failure = None;
    for phase in phases {
        if failure.is_some() {
            outcomes.push((*phase, Outcome::NotRun));
            continue;
        }
        eprintln!("\n== {} ==", phase.name());
        let started = Instant::now();
        let outcome = match phase.run(&project, &cache) {
            Ok(true) => Outcome::Passed(started.elapsed()),
            Ok(false) => Outcome::Skipped,
            Err(error) => {
                failure = Some(error);
                Outcome::Failed(started.elapsed())
            }
        };
        outcomes.push((*phase, outcome));
    }
    eprint!("\n{}", Summary(&outcomes));
    failure.map_or(Ok(()), Err)
}

struct Summary<'a>(&'a [(Phase, Outcome)]);

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (phase, outcome) in self.0 {
            let (word, time) = match outcome {
                Outcome::Passed(time) => ("passed", spoken(*time)),
                Outcome::Failed(time) => ("FAILED", spoken(*time)),
                Outcome::Skipped => ("SKIPPED", String::new()),
                Outcome::NotRun => ("not run", String::new()),
            };
            writeln!(f, "{:8} {word:8} {time}", phase.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phase_is_found_by_its_name() {
        for phase in Phase::ALL {
            assert_eq!(phase.name().parse(), Ok(phase));
        }
    }

    #[test]
    fn the_summary_has_a_line_for_every_phase() {
        let outcomes = [
            (Phase::Fmt, Outcome::Passed(Duration::from_secs(1))),
            (Phase::Clippy, Outcome::Failed(Duration::from_secs(75))),
            (Phase::Wasm, Outcome::Skipped),
            (Phase::E2e, Outcome::NotRun),
        ];
        let said = Summary(&outcomes).to_string();
        for part in [
            "fmt      passed   1.0 s",
            "clippy   FAILED   1 min 15 s",
            "wasm     SKIPPED",
            "e2e      not run",
        ] {
            assert!(said.contains(part), "{part:?} is missing in:\n{said}");
        }
    }
}
