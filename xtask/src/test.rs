//! `cargo xtask test`: all tests, the fastest phase first.

use std::{
    fmt::{self, Display, Formatter},
    fs,
    num::NonZero,
    process::Command,
    str::FromStr,
    thread,
    time::{Duration, Instant},
};

use crate::{
    cache::Cache,
    e2e::E2eEnv,
    error::Error,
    project::Project,
    simulate::{self, SimulateOptions, Simulated},
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

/// The options of `cargo xtask test`.
#[derive(Debug, Default, PartialEq)]
pub struct TestOptions {
    pub phases: Vec<Phase>,
    /// Of the phases native, wasm and e2e, only tests whose path contains this.
    pub only: Option<String>,
    /// Browsers of the journeys; empty: all.
    pub engines: Vec<Engine>,
}

impl TestOptions {
    /// What follows `--` on cargo's command line.
    fn filter(&self, command: &mut Command) {
        if let Some(only) = &self.only {
            command.arg(only);
        }
    }

    fn engines(&self) -> &[Engine] {
        if self.engines.is_empty() { &Engine::ALL } else { &self.engines }
    }
}

/// What the phase `simulate` runs: a minute's worth, others with every commit.
const SIMULATION: SimulateOptions =
    SimulateOptions { runs: Some(100_000), from_commit: true, seed: None, what: Simulated::Schedules };

/// The result of a phase.
enum Outcome {
    Passed(Duration),
    Failed(Duration),
    /// A tool is missing, and the reason was printed.
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
    fn run(self, project: &Project, cache: &Cache, options: &TestOptions) -> Result<bool, Error> {
        match self {
            Self::Fmt => self.expect(project.cargo().args(["fmt", "--all", "--check"])),
            Self::Clippy => self.clippy(project, cache),
            Self::Native => {
                let mut cargo = project.cargo();
                cargo.args(["test", "--workspace", "--exclude", "latido-e2e", "--"]);
                options.filter(&mut cargo);
                self.expect(&mut cargo)
            }
            Self::Simulate => self.expect(&mut simulate::command(project, &SIMULATION)),
            Self::Wasm => self.wasm(project, cache, options),
            Self::E2e => self.e2e(project, cache, options),
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

    fn wasm(self, project: &Project, cache: &Cache, options: &TestOptions) -> Result<bool, Error> {
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
            // For all of them together: a minute, and more on a busy machine. The default is 20 s.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
        // The runner would prefer any of these to Chromium.
        for other in ["GECKODRIVER", "GECKODRIVER_REMOTE", "SAFARIDRIVER", "SAFARIDRIVER_REMOTE"] {
            cargo.env_remove(other);
        }
        cargo.arg("--");
        options.filter(&mut cargo);
        self.expect(&mut cargo)
    }

    fn e2e(self, project: &Project, cache: &Cache, options: &TestOptions) -> Result<bool, Error> {
        let env = E2eEnv::for_journeys(project, cache, options.engines())?;
        if !env.has_browser() {
            return Ok(false);
        }
        let mut cargo = project.cargo();
        cargo.args(["test", "--package", "latido-e2e", "--", &format!("--test-threads={}", side_by_side())]);
        options.filter(&mut cargo);
        env.apply(&mut cargo);
        let unsteady = project.unsteady_journeys();
        // Of an earlier run.
        let _ = fs::remove_file(&unsteady);
        cargo.env("LATIDO_UNSTEADY", &unsteady);
        let outcome = self.expect(&mut cargo);
        if let Ok(names) = fs::read_to_string(&unsteady) {
            eprintln!("\nUNSTEADY: these journeys failed beside others and passed alone\n{names}");
        }
        outcome
    }

    /// Runs a program in full view.
    fn expect(self, command: &mut Command) -> Result<bool, Error> {
        let name = command.get_program().to_string_lossy().into_owned();
        let status = command.status().map_err(Error::io(format!("start {name}")))?;
        if status.success() { Ok(true) } else { Err(Error::PhaseFailed { phase: self.name() }) }
    }
}

/// How many journeys run beside each other. Most of their time they wait, for a page or for a timer of the product.
fn side_by_side() -> usize {
    2 * thread::available_parallelism().map_or(1, NonZero::get).min(4)
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
pub fn run(options: &TestOptions) -> Result<(), Error> {
    let project = Project::find()?;
    let cache = Cache::find()?;
    let mut outcomes = Vec::new();
    let mut failure = None;
    for phase in &options.phases {
        if failure.is_some() {
            outcomes.push((*phase, Outcome::NotRun));
            continue;
        }
        eprintln!("\n== {} ==", phase.name());
        let started = Instant::now();
        let outcome = match phase.run(&project, &cache, options) {
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
        let shown = Summary(&outcomes).to_string();
        for part in [
            "fmt      passed   1.0 s",
            "clippy   FAILED   1 min 15 s",
            "wasm     SKIPPED",
            "e2e      not run",
        ] {
            assert!(shown.contains(part), "{part:?} is missing in:\n{shown}");
        }
    }
}
