//! Why a command stopped: what happened, and what to do about it.

use std::{
    fmt::{self, Display, Formatter},
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Debug)]
pub enum Error {
    /// The command line was not understood.
    Usage(String),
    /// A program that a step ran failed.
    Step(Box<StepFailure>),
    /// This machine lacks something that set-up may not or cannot install.
    Missing { what: String, advice: String },
    /// Another program listens on the port.
    PortTaken(u16),
    /// The server stopped by itself and has printed the reason.
    ServerStopped { status: String },
    /// A phase of `test` failed; its output has been shown.
    PhaseFailed { phase: &'static str },
    /// A check failed in the simulator, which has printed the story.
    SimulationFailed,
    /// The benchmark failed or missed its budget; its output has been shown.
    BenchFailed,
    /// A picture could not be taken; the reason has been printed.
    ScreenshotsFailed,
    /// Cases of the conformance suite failed, or it did not run; what it printed has been shown.
    ConformanceFailed,
    /// A file or a program could not be used.
    Io { doing: String, source: io::Error },
}

#[derive(Debug)]
pub struct StepFailure {
    pub step: String,
    pub command: String,
    /// As `exit status: 101`, or why it did not even start.
    pub status: String,
    /// The last lines the program printed.
    pub tail: String,
    pub log: PathBuf,
    pub advice: String,
}

impl Error {
    /// For `map_err`: adds what was being done when the system refused.
    pub fn io(doing: impl Display) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.to_string();
        move |source| Self::Io { doing, source }
    }

    /// The same, for a file or folder.
    pub fn at(doing: &str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::io(format!("{doing} {}", path.display()))
    }

    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(why) => write!(f, "{why}\n`cargo xtask help` lists the commands."),
            Self::Step(failure) => failure.fmt(f),
            Self::Missing { what, advice } => write!(f, "Missing: {what}\n\n{advice}"),
            Self::PortTaken(port) => write!(
                f,
                "Port {port} of 127.0.0.1 is taken by another program (a Latido that is still running?).\n\
                 Stop that one, or choose another port: cargo xtask start --port {}",
                port.checked_add(1).unwrap_or(8787)
            ),
            Self::ServerStopped { status } => write!(
                f,
                "The server stopped by itself ({status}); its output is above.\n\
                 The data folder is as it left it."
            ),
            Self::PhaseFailed { phase } => {
                write!(f, "`{phase}` failed; its output is above. To run it alone: cargo xtask test {phase}")
            }
            Self::SimulationFailed => write!(f, "The simulator found something; the story is above."),
            Self::BenchFailed => write!(f, "The benchmark failed; its output is above."),
            Self::ScreenshotsFailed => write!(f, "Not every picture could be taken; the reason is above."),
            Self::ConformanceFailed => write!(
                f,
                "The conformance suite did not pass; docs/conformance.md lists the cases if it ran to its end."
            ),
            Self::Io { doing, source } => write!(f, "Could not {doing}: {source}"),
        }
    }
}

impl Display for StepFailure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "This step failed: {}\n", self.step)?;
        for line in self.tail.lines() {
            writeln!(f, "    {line}")?;
        }
        writeln!(f, "\nCommand:   {}", self.command)?;
        writeln!(f, "Ended:     {}", self.status)?;
        writeln!(f, "Full log:  {}", self.log.display())?;
        writeln!(f, "To do:     {}", self.advice)?;
        write!(f, "What was finished before is kept; the same command goes on from there.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_comes_with_a_free_suggestion() {
        assert!(Error::PortTaken(8787).to_string().contains("--port 8788"));
        assert!(Error::PortTaken(u16::MAX).to_string().contains("--port 8787"));
    }

    #[test]
    fn failed_step_shows_name_reason_and_advice() {
        let failure = StepFailure {
            step: "Trunk 0.21.14".into(),
            command: "cargo install trunk".into(),
            status: "exit status: 101".into(),
            tail: "error: no space left".into(),
            log: "/tmp/trunk.log".into(),
            advice: "Free some space.".into(),
        };
        let shown = Error::Step(Box::new(failure)).to_string();
        for part in
            ["Trunk 0.21.14", "no space left", "exit status: 101", "/tmp/trunk.log", "Free some space."]
        {
            assert!(shown.contains(part), "{part:?} is missing in:\n{shown}");
        }
    }
}
