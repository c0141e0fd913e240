//! Builds and runs the bundled server.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use crate::{child::Child, error::Error, project::Project, step::Steps};

/// What it says, once, when it is ready.
const READY: &str = "listening on ";

pub fn build(project: &Project, steps: &mut Steps) -> Result<PathBuf, Error> {
    steps.step("Server", |step| {
        step.announce("building", "about 3 min the first time, then as much as has changed");
        let mut cargo = project.cargo();
        cargo.args(["build", "--release", "--package", "latido-server"]);
        cargo.env("CARGO_TARGET_DIR", project.target());
        step.run(&mut cargo, "If it is an error in the code, mend it; then run the command again.")?;
        Ok(project.target().join("release/latido-server"))
    })
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
        let (tell, told) = mpsc::channel();
        if let Some(stdout) = child.take_stdout() {
            thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    match line.strip_prefix(READY) {
                        Some(address) => drop(tell.send(address.trim().to_owned())),
                        None => println!("{line}"),
                    }
                }
            });
        }
        // The channel closes when the server's output does.
        match told.recv() {
            Ok(address) => Ok(Self { child, address }),
            Err(mpsc::RecvError) => Err(Error::ServerStopped { status: child.status() }),
        }
    }
}
