//! The command line.

use std::{ffi::OsString, path::PathBuf};

use lexopt::{
    Arg::{Long, Short, Value},
    Parser, ValueExt,
};

use crate::{
    bench_server::BenchServerOptions,
    bench_web::BenchWebOptions,
    error::Error,
    simulate::{SimulateOptions, Simulated},
    test::{Phase, TestOptions},
};

pub const HELP: &str = "\
Set-up, build, tests and benchmarks of Latido. Missing tools are installed on the way and cached.

  cargo xtask start              Build server and dashboard quickly, and serve them with demo data
      --port PORT                  on this port of 127.0.0.1 (8787)
      --data DIR                   with the database in this folder (data)
      --empty                      without the demo account and its thirty days
      --dev                        with Trunk's watch and reload: edit src/ and see it
  cargo xtask build              Build the dashboard for production into dist/. Configured by
                                   WS_URL     the socket, as /ws or wss://…; without it the page polls
                                   WS_AUTH    how the token travels: query or ticket
                                   WS_TIMING  delays and intervals, see the README
                                   API_URL    the REST API, /api if unset
  cargo xtask test [PHASE]…      Run all tests, or these phases: fmt clippy native simulate wasm e2e
      --only TEXT                  of native, wasm and e2e, tests whose path contains this
      --engine NAME                e2e in this browser: chromium, firefox, webkit (all); repeatable
  cargo xtask simulate           Simulate random faults, by seed
      --runs N                     number of schedules (100000)
      --from-commit                begin at a seed of the commit's own, not at 0
      --seed N                     print the story of one
      --families                   watch devices, messages and other families, too
      --mutations                  plant mistakes, and check that each is caught
      --storm                      cut off 10,000 clients at once, and count dials per second
  cargo xtask bench              Measure in Chromium: bytes, event to row, a burst
  cargo xtask bench server       Measure the server beside two Node servers, into docs/bench.md
      --rounds N                   each latency this often with each server (3)
  cargo xtask bench web          Measure the dashboard beside the same pages in React, into docs/bench.md
      --rounds N                   everything this often with each (5)
      --only SCENARIO              one of cold-start, event-to-dom, burst, long-list, memory; writes nothing
  cargo xtask bench bytes        Count the first page's bytes by crate, into docs/bench.md
  cargo xtask screenshots        Take pictures of every page into docs/screenshots/
  cargo xtask conformance        Run the Autobahn cases against the server's WebSocket
  cargo xtask help               Show this text

Tools are cached in ~/.cache/latido (or $LATIDO_CACHE), which may be deleted at any time.
";

#[derive(Debug, PartialEq)]
pub enum Command {
    Help,
    Start(StartOptions),
    Build,
    Test(TestOptions),
    Simulate(SimulateOptions),
    Bench,
    BenchServer(BenchServerOptions),
    Screenshots,
    BenchWeb(BenchWebOptions),
    BenchBytes,
    Conformance,
}

#[derive(Debug, PartialEq)]
pub struct StartOptions {
    pub port: u16,
    /// `None` is `data/` in the project.
    pub data: Option<PathBuf>,
    pub empty: bool,
    pub dev: bool,
}

pub const DEFAULT_PORT: u16 = 8787;

impl Default for StartOptions {
    fn default() -> Self {
        Self { port: DEFAULT_PORT, data: None, empty: false, dev: false }
    }
}

/// Reads a command line whose first element is the program's name.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command, Error> {
    parse_with(Parser::from_iter(args)).map_err(|error| Error::Usage(error.to_string()))
}

fn parse_with(mut parser: Parser) -> Result<Command, lexopt::Error> {
    let Some(first) = parser.next()? else { return Ok(Command::Help) };
    let name = match first {
        Long("help") | Short('h') => return Ok(Command::Help),
        Value(name) => name.string()?,
        other => return Err(other.unexpected()),
    };
    let command = match name.as_str() {
        "help" => Command::Help,
        "start" => return start(parser),
        "build" => Command::Build,
        "test" => return test(parser),
        "simulate" => return simulate(parser),
        "bench" => return bench(parser),
        "screenshots" => Command::Screenshots,
        "conformance" => Command::Conformance,
        _ => return Err(format!("there is no command `{name}`").into()),
    };
    match parser.next()? {
        None => Ok(command),
        Some(Long("help") | Short('h')) => Ok(Command::Help),
        Some(other) => Err(other.unexpected()),
    }
}

fn start(mut parser: Parser) -> Result<Command, lexopt::Error> {
    let mut options = StartOptions::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("port") => options.port = parser.value()?.parse()?,
            Long("data") => options.data = Some(parser.value()?.into()),
            Long("empty") => options.empty = true,
            Long("dev") => options.dev = true,
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Start(options))
}

fn test(mut parser: Parser) -> Result<Command, lexopt::Error> {
    let mut phases = Vec::new();
    let mut options = TestOptions::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Value(name) => phases.push(name.parse()?),
            Long("only") => options.only = Some(parser.value()?.string()?),
            Long("engine") => options.engines.push(parser.value()?.parse()?),
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected()),
        }
    }
    // In their fixed order, each once, however they were typed.
    options.phases =
        Phase::ALL.into_iter().filter(|phase| phases.is_empty() || phases.contains(phase)).collect();
    Ok(Command::Test(options))
}

fn simulate(mut parser: Parser) -> Result<Command, lexopt::Error> {
    let mut options = SimulateOptions::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("runs") => options.runs = Some(parser.value()?.parse()?),
            Long("from-commit") => options.from_commit = true,
            Long("families") => options.what = Simulated::Families,
            Long("seed") => options.seed = Some(parser.value()?.parse()?),
            Long("mutations") => options.what = Simulated::Mutations,
            Long("storm") => options.what = Simulated::Storm,
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Simulate(options))
}

fn bench(mut parser: Parser) -> Result<Command, lexopt::Error> {
    match parser.next()? {
        None => Ok(Command::Bench),
        Some(Value(what)) if what == "web" => bench_web(parser),
        Some(Value(what)) if what == "bytes" => match parser.next()? {
            None => Ok(Command::BenchBytes),
            Some(other) => Err(other.unexpected()),
        },
        Some(Value(what)) if what == "server" => bench_server(parser),
        Some(Long("help") | Short('h')) => Ok(Command::Help),
        Some(other) => Err(other.unexpected()),
    }
}

fn bench_server(mut parser: Parser) -> Result<Command, lexopt::Error> {
    let mut options = BenchServerOptions::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("rounds") => options.rounds = parser.value()?.parse()?,
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::BenchServer(options))
}

fn bench_web(mut parser: Parser) -> Result<Command, lexopt::Error> {
    let mut options = BenchWebOptions::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("rounds") => options.rounds = parser.value()?.parse()?,
            Long("only") => options.only = Some(parser.value()?.string()?),
            Long("help") | Short('h') => return Ok(Command::Help),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::BenchWeb(options))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::browsers::Engine;

    fn parsed(line: &str) -> Result<Command, String> {
        let args = std::iter::once("xtask").chain(line.split_whitespace()).map(OsString::from);
        parse(args).map_err(|error| error.to_string())
    }

    #[test]
    fn empty_command_line_shows_help() {
        assert_eq!(parsed(""), Ok(Command::Help));
        assert_eq!(parsed("start --help"), Ok(Command::Help));
        assert_eq!(parsed("build -h"), Ok(Command::Help));
    }

    #[test]
    fn start_takes_its_options_in_any_order() {
        let options =
            StartOptions { port: 9000, data: Some(PathBuf::from("/tmp/here")), empty: true, dev: true };
        let expected = Ok(Command::Start(options));
        assert_eq!(parsed("start --dev --port 9000 --empty --data /tmp/here"), expected);
        assert_eq!(parsed("start"), Ok(Command::Start(StartOptions::default())));
    }

    #[test]
    fn a_port_that_is_no_port_is_refused() {
        assert!(parsed("start --port 99999").is_err());
        assert!(parsed("start --port").is_err());
    }

    #[test]
    fn simulate_takes_numbers() {
        let options = SimulateOptions { runs: Some(1_000_000), ..SimulateOptions::default() };
        assert_eq!(parsed("simulate --runs 1000000"), Ok(Command::Simulate(options)));
        let options = SimulateOptions { from_commit: true, ..SimulateOptions::default() };
        assert_eq!(parsed("simulate --from-commit"), Ok(Command::Simulate(options)));
        assert!(parsed("simulate --seed first").is_err());
    }

    #[test]
    fn phases_run_in_their_order_and_once() {
        let of = |phases: &[Phase]| {
            Ok(Command::Test(TestOptions { phases: phases.to_vec(), ..TestOptions::default() }))
        };
        assert_eq!(parsed("test wasm fmt wasm"), of(&[Phase::Fmt, Phase::Wasm]));
        assert_eq!(parsed("test"), of(&Phase::ALL));
    }

    #[test]
    fn tests_are_narrowed_by_name_and_engine() {
        let expected = TestOptions {
            phases: vec![Phase::E2e],
            only: Some("outbox".into()),
            engines: vec![Engine::Firefox],
        };
        assert_eq!(parsed("test e2e --engine firefox --only outbox"), Ok(Command::Test(expected)));
        assert!(parsed("test e2e --engine lynx").expect_err("no engine").contains("webkit"));
    }

    #[test]
    fn unknown_phase_error_lists_known_phases() {
        let error = parsed("test unit").expect_err("unit is no phase");
        assert!(error.contains("native"), "{error}");
    }

    #[test]
    fn bench_measures_the_dashboard_or_the_server() {
        assert_eq!(parsed("bench"), Ok(Command::Bench));
        assert_eq!(parsed("bench bytes"), Ok(Command::BenchBytes));
        let expected = Ok(Command::BenchWeb(BenchWebOptions { rounds: 2, only: Some("burst".into()) }));
        assert_eq!(parsed("bench web --only burst --rounds 2"), expected);
        let expected = Ok(Command::BenchServer(BenchServerOptions { rounds: 1 }));
        assert_eq!(parsed("bench server --rounds 1"), expected);
        assert!(parsed("bench client").is_err());
    }

    #[test]
    fn an_unknown_command_is_refused() {
        assert!(parsed("serve").expect_err("no command").contains("serve"));
        assert!(parsed("build extra").is_err());
    }
}
