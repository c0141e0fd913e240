//! The servers, as processes with a fresh database each.

use std::{
    fmt, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use clap::ValueEnum;
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, SysconfVar, sysconf},
};
use tempfile::TempDir;

use crate::{accounts::Accounts, error::Error};

/// What they all say, once, when they are ready.
const READY: &str = "listening on http://";
/// How long one may take to end in order.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Kind {
    Latido,
    Ws,
    #[value(name = "socketio")]
    SocketIo,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Latido, Self::Ws, Self::SocketIo];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Latido => "Latido",
            Self::Ws => "ws",
            Self::SocketIo => "socket.io",
        })
    }
}

pub struct Programs {
    pub latido: PathBuf,
    pub peers: PathBuf,
}

impl Programs {
    fn command(&self, kind: Kind, accounts: &Accounts, data: &Path) -> Command {
        let peer = |file: &str| {
            let mut node = Command::new("node");
            node.arg(self.peers.join(file)).arg("--jwks").arg(accounts.jwks());
            node.arg("--accounts").arg(accounts.list()).env("NODE_ENV", "production");
            node
        };
        let mut command = match kind {
            Kind::Latido => {
                let mut latido = Command::new(&self.latido);
                latido.arg("serve").arg("--dist").arg(data);
                // The peers have no such limits, and the load is of more people than usually sit behind one
                // address.
                for limit in [
                    "--requests-per-user",
                    "--requests-per-address",
                    "--max-connections-per-address",
                    "--max-sockets-per-address",
                ] {
                    latido.args([limit, "1000000"]);
                }
                latido
            }
            Kind::Ws => peer("ws.js"),
            Kind::SocketIo => peer("socketio.js"),
        };
        command.args(["--port", "0", "--data"]).arg(data);
        command
    }
}

/// A server that is ready. It is stopped when this is dropped.
pub struct Server {
    pub kind: Kind,
    pub address: SocketAddr,
    child: Child,
    /// Removed with everything in it when the server has stopped.
    _data: TempDir,
}

impl Server {
    pub fn start(kind: Kind, programs: &Programs, accounts: &Accounts) -> Result<Self, Error> {
        let data = tempfile::tempdir().map_err(Error::io("make a temporary folder"))?;
        copy(&accounts.data(), data.path())?;
        let mut command = programs.command(kind, accounts, data.path());
        let program = PathBuf::from(command.get_program());
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(Error::io(format!("start {}", program.display())))?;
        match child.stdout.take().and_then(address) {
            Some(address) => Ok(Self { kind, address, child, _data: data }),
            None => Err(Error::NotListening { program }),
        }
    }

    /// What it occupies now.
    pub fn memory(&self) -> Memory {
        let status = fs::read_to_string(self.file("status")).unwrap_or_default();
        let kilobytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(f64::NAN)
        };
        Memory { resident_kb: kilobytes("VmRSS:"), peak_kb: kilobytes("VmHWM:") }
    }

    /// From now on [`Memory::peak_kb`] is the most since now. Where the system refuses, since the start.
    pub fn forget_peak(&self) {
        let _ = fs::write(self.file("clear_refs"), "5");
    }

    /// Processor time it has used, of all its threads, in the kernel and outside.
    pub fn processor_time(&self) -> Duration {
        let stat = fs::read_to_string(self.file("stat")).unwrap_or_default();
        // The fields after the name, which may have spaces in it: state is the 3rd, utime the 14th, stime the 15th.
        let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
        let ticks: u64 =
            fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        let a_second = sysconf(SysconfVar::CLK_TCK).ok().flatten().map_or(100.0, |ticks| ticks as f64);
        Duration::from_secs_f64(ticks as f64 / a_second)
    }

    fn file(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.child.id()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(id) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(id), Signal::SIGTERM);
        }
        let asked = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if asked.elapsed() > PATIENCE {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Kilobytes, as the system counts them: 1,024 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    pub resident_kb: f64,
    pub peak_kb: f64,
}

/// Waits for the line that says where it listens, and leaves the rest of the output unread: there is none.
fn address(stdout: std::process::ChildStdout) -> Option<SocketAddr> {
    let mut lines = BufReader::new(stdout).lines();
    lines.find_map(|line| line.ok()?.strip_prefix(READY)?.parse().ok())
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let failed = || format!("copy {} to {}", from.display(), to.display());
    for entry in fs::read_dir(from).map_err(Error::io(failed()))? {
        let entry = entry.map_err(Error::io(failed()))?;
        fs::copy(entry.path(), to.join(entry.file_name())).map_err(Error::io(failed()))?;
    }
    Ok(())
}
