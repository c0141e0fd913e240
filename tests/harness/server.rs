//! A server of one's own: its own data folder, its own port, dead at the end.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::{
    api::Api,
    contact::Contact,
    environment,
    process::{Lines, Process},
    wait::PATIENCE,
};

/// How a server is started.
#[derive(Clone)]
pub struct Serve {
    pub dist: PathBuf,
    /// `None` leaves the server's own choice.
    pub access_token_seconds: Option<u32>,
    /// `debug` logs the end of every socket.
    pub log_level: &'static str,
}

impl Default for Serve {
    fn default() -> Self {
        Self { dist: environment::dist(), access_token_seconds: None, log_level: "info" }
    }
}

impl Serve {
    /// The production build of the dashboard: for journeys about splitting, bytes and traps, for those that measure,
    /// and for one that shows that it works at all.
    pub fn production() -> Self {
        Self { dist: environment::production_dist(), ..Self::default() }
    }
}

pub struct Server {
    serve: Serve,
    data: TempDir,
    port: u16,
    stderr: Lines,
    process: Process,
}

impl Server {
    /// With the demo account and its thirty days.
    pub async fn start(serve: Serve) -> Self {
        let data = TempDir::with_prefix("latido-e2e-").expect("a temporary folder");
        let stderr = Lines::default();
        let (process, port) = listen(&serve, &data, 0, &stderr).await;
        Self { serve, data, port, stderr, process }
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its output, over all its lives.
    pub fn stderr(&self) -> &Lines {
        &self.stderr
    }

    /// Dies as in a power cut: no goodbye, no closing of sockets by the program.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Its data are gone. It has to be dead.
    pub fn lose_everything(&mut self) {
        self.data = TempDir::with_prefix("latido-e2e-").expect("a temporary folder");
    }

    /// Stops it gracefully (SIGTERM).
    pub async fn terminate(&mut self) {
        self.process.terminate(PATIENCE).await;
    }

    /// Comes back with the same data, at the same address.
    pub async fn restart(&mut self) {
        (self.process, self.port) = listen(&self.serve, &self.data, self.port, &self.stderr).await;
    }

    /// Changes the data while no server listens at this address: another server holds them meanwhile, at another
    /// address. So no browser can have received the change.
    pub async fn elsewhere(&mut self, change: impl AsyncFnOnce(&Api)) {
        let (mut process, port) = listen(&self.serve, &self.data, 0, &self.stderr).await;
        change(&Api::sign_in(&format!("http://127.0.0.1:{port}")).await).await;
        process.terminate(PATIENCE).await;
    }

    pub async fn api(&self) -> Api {
        Api::sign_in(&self.url()).await
    }

    /// Makes an account. It has to be dead or gone: a database is one server's at a time.
    ///
    /// # Panics
    ///
    /// If the command fails.
    pub fn add_user(&self, email: &str, password: &str) {
        let mut command = Command::new(environment::server());
        command.args(["user", "add", "--name", "Otra", "--password", password, "--data"]);
        command.arg(self.data.path()).arg(email);
        let Output { status, stderr, .. } = command.output().expect("the server's binary runs");
        assert!(status.success(), "`user add` failed: {}", String::from_utf8_lossy(&stderr));
    }

    /// Is the contact of this address.
    pub fn be(&self, address: &str) -> Contact {
        let mut command = Command::new(environment::server());
        command.args(["chat", "--contact", address, "--url", &self.url(), "--data"]).arg(self.data.path());
        Contact::new(Process::spawn_listening(&mut command, &self.stderr))
    }

    /// `latido-server log …`, the way the README has a newcomer log something.
    ///
    /// # Panics
    ///
    /// If the command fails.
    pub fn log(&self, what: &[&str]) {
        let mut command = Command::new(environment::server());
        command.arg("log").args(what).args(["--url", &self.url()]);
        let Output { status, stderr, .. } = command.output().expect("the server's binary runs");
        assert!(status.success(), "`log {what:?}` failed: {}", String::from_utf8_lossy(&stderr));
    }
}

async fn listen(serve: &Serve, data: &TempDir, port: u16, stderr: &Lines) -> (Process, u16) {
    let mut command = Command::new(environment::server());
    command
        .args(["serve", "--demo", "--host", "127.0.0.1", "--port", &port.to_string()])
        .args(["--log-level", serve.log_level])
        // What it connects to is simulated, on this machine.
        .args(["--link-network", "127.0.0.0/8"])
        .arg("--data")
        .arg(data.path())
        .arg("--dist")
        .arg(&serve.dist);
    if let Some(seconds) = serve.access_token_seconds {
        command.args(["--access-token-seconds", &seconds.to_string()]);
    }
    let process = Process::spawn(&mut command, stderr);
    let started = async {
        let url = process.stdout.wait_for("listening on ", PATIENCE).await;
        url.rsplit(':').next().and_then(|port| port.parse().ok())
    };
    let port = started.await.unwrap_or_else(|| panic!("no port:\n{}", stderr.tail(20)));
    (process, port)
}
