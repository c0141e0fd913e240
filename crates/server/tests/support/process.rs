//! The program itself, as a user runs it.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_latido-server");

pub struct Process {
    pub child: Child,
    pub address: SocketAddr,
    pub data: TempDir,
}

impl Process {
    /// Starts `serve` with the demo account, and waits for the line that says where.
    pub fn start(more: &[&str]) -> Self {
        Self::start_on(tempfile::tempdir().unwrap(), more)
    }

    pub fn start_on(data: TempDir, more: &[&str]) -> Self {
        Self::start_in(data, more, &[])
    }

    /// With these variables set.
    pub fn start_saying(more: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), more, variables)
    }

    /// The same with more of an environment.
    pub fn start_in(data: TempDir, more: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = serve(data.path(), more);
        let mut child = command.envs(environment.iter().copied()).stderr(Stdio::piped()).spawn().unwrap();
        let address = listening_at(&mut child).expect("it ended before it listened");
        Self { child, address, data }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How much of the machine's memory it holds at the moment, in KiB.
    #[cfg(target_os = "linux")]
    pub fn resident_kib(&self) -> u64 {
        self.status_kib("VmRSS:")
    }

    /// The most that it has ever held.
    #[cfg(target_os = "linux")]
    pub fn peak_kib(&self) -> u64 {
        self.status_kib("VmHWM:")
    }

    #[cfg(target_os = "linux")]
    fn status_kib(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Sends SIGTERM, waits for the end, and gives what was said and the data.
    pub fn terminate(self) -> (Output, TempDir) {
        let status = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(status.success());
        (self.child.wait_with_output().unwrap(), self.data)
    }
}

/// The command `serve` on a directory that is there already, on a free port.
pub fn serve(data: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(["serve", "--port", "0", "--dist", "no-such-directory", "--data"])
        .arg(data)
        .args(more)
        // Tests ask for more than people do; a flag goes before these.
        .envs(["LATIDO_REQUESTS_PER_USER", "LATIDO_REQUESTS_PER_ADDRESS"].map(|limit| (limit, "1000000")))
        .stdout(Stdio::piped());
    command
}

/// Waits until a child that [`serve`] has started listens; `None` when it ends before.
pub fn listening_at(child: &mut Child) -> Option<SocketAddr> {
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    if line.is_empty() {
        return None;
    }
    let address = line.trim_end().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line}"));
    Some(address.parse().unwrap())
}

/// Runs another command of the program to its end.
pub fn run(args: &[&str]) -> (bool, String, String) {
    let output = Command::new(PROGRAM).args(args).env_remove("LATIDO_PASSWORD").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}
