//! `cargo xtask conformance`: the Autobahn cases against the server's WebSocket, and their verdicts in
//! docs/conformance.md.
//!
//! They are run twice. With the limit on messages raised, every case can be played through, and each
//! verdict is about the protocol. With the server's own limit, whatever is longer has to end with 1009.

mod report;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use self::report::{Report, Verdict};
use crate::{cache::Cache, child::Child, error::Error, project::Project, step::Steps, tools::kosoku::Kosoku};

/// The longest message of the cases has 16 MiB, and a frame around it.
const RAISED: usize = 32 * 1024 * 1024;

pub fn run() -> Result<(), Error> {
    let project = Project::find()?;
    let mut steps = Steps::new(project.logs(), 4);
    let kosoku = Kosoku::ensure(&Cache::find()?, &mut steps)?;
    steps.step("Echo server", |step| {
        step.announce("building", "about 2 min the first time");
        let mut cargo = project.cargo();
        cargo.args(["build", "--package", "latido-server", "--example", "echo"]);
        step.run(&mut cargo, "If it is an error in the code, mend it; then run the command again.")
    })?;
    let echo = project.target().join("debug/examples/echo");
    let raised = steps.step("Cases, with longer messages allowed", |step| {
        step.announce("running", "half a minute");
        verdicts(&kosoku, Command::new(&echo).arg(RAISED.to_string()))
    })?;
    let own = steps.step("Cases, with the server's own limit", |step| {
        step.announce("running", "half a minute");
        verdicts(&kosoku, &mut Command::new(&echo))
    })?;
    let report = Report { raised, own };
    let path = project.root().join("docs/conformance.md");
    fs::write(&path, report.to_string()).map_err(Error::at("write", &path))?;
    println!(
        "\n{}\nAll verdicts: {}",
        report.summary(),
        path.strip_prefix(project.root()).unwrap_or(Path::new("docs")).display()
    );
    if report.passes() { Ok(()) } else { Err(Error::ConformanceFailed) }
}

/// Plays all cases against this server, whose first line is its address.
fn verdicts(kosoku: &Kosoku, echo: &mut Command) -> Result<Vec<Verdict>, Error> {
    let mut echo = Child::spawn(echo.stdout(Stdio::piped()))?;
    let mut address = String::new();
    if let Some(stdout) = echo.take_stdout() {
        BufReader::new(stdout).read_line(&mut address).map_err(Error::io("read where the echo server is"))?;
    }
    let mut suite = kosoku.python(include_str!("conformance/cases.py"));
    let output = suite.arg(address.trim()).stderr(Stdio::inherit()).output();
    let output = output.map_err(Error::io("start the conformance suite"))?;
    let verdicts: Vec<_> =
        String::from_utf8_lossy(&output.stdout).lines().filter_map(Verdict::parse).collect();
    if verdicts.is_empty() { Err(Error::ConformanceFailed) } else { Ok(verdicts) }
}
