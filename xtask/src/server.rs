//! Builds and runs the bundled server.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use crate::{
    child::Child,
    error::Error,
    project::Project,
    step::{Background, Steps},
};

/// The beginning of the line that the server prints when it is ready.
const READY: &str = "listening on ";

/// A cargo profile of `Cargo.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Compiles fast and incrementally: for `start` and the journeys.
    Quick,
    /// For what is measured or deployed.
    Release,
}

impl Profile {
    pub fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Release => "release",
        }
    }
}

/// A build of the server under way.
pub struct ServerBuild {
    cargo: Background,
    program: PathBuf,
}

impl ServerBuild {
    /// Starts to compile, beside the steps that follow.
    pub fn begin(project: &Project, profile: Profile, steps: &Steps) -> Result<Self, Error> {
        let mut cargo = project.cargo();
        cargo.args(["build", "--profile", profile.name(), "--package", "latido-server"]);
        cargo.env("CARGO_TARGET_DIR", project.target());
        let program = project.target().join(profile.name()).join("latido-server");
        Ok(Self { cargo: steps.begin("Server", &mut cargo)?, program })
    }

    /// The path of the program, once it is there.
    pub fn finish(self, steps: &mut Steps) -> Result<PathBuf, Error> {
        let usually = "about 3 min the first time, then as much as has changed";
        steps.finish(
            self.cargo,
            usually,
            "If it is an error in the code, mend it; then run the command again.",
        )?;
        Ok(self.program)
    }
}

/// A server that is ready.
pub struct Server {
    pub child: Child,
    /// As `http://127.0.0.1:8787`.
    pub address: String,
}

impl Server {
    /// Runs it on a port of 127.0.0.1 (0: any that is free) and waits until it is ready.
    pub fn start(
        program: &Path,
        port: u16,
        data: &Path,
        dist: &Path,
        more: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Result<Self, Error> {
        let mut command = Command::new(program);
        command.args(["serve", "--host", "127.0.0.1", "--port", &port.to_string()]);
        command.arg("--data").arg(data).arg("--dist").arg(dist).args(more);
        let mut child = Child::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
        let (sender, receiver) = mpsc::channel();
        if let Some(stdout) = child.take_stdout() {
            thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    match line.strip_prefix(READY) {
                        Some(address) => drop(sender.send(address.trim().to_owned())),
                        None => println!("{line}"),
                    }
                }
            });
        }
        // The channel closes when the server's output does.
        match receiver.recv() {
            Ok(address) => Ok(Self { child, address }),
            Err(mpsc::RecvError) => Err(Error::ServerStopped { status: child.status() }),
        }
    }
}
