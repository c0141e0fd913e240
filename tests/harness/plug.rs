//! A simulated plug with relays, to which a server holds a connection.

use std::process::Command;

use reqwest::StatusCode;
use serde_json::json;

use crate::{
    api::Api,
    environment,
    process::{Lines, Process},
    wait::PATIENCE,
};

pub struct Plug {
    process: Process,
    url: String,
}

impl Plug {
    /// With so many relays, at a port of its own.
    pub async fn start(switches: u32) -> Self {
        let mut command = Command::new(environment::server());
        command.args(["simulate", "shelly", "--port", "0", "--measure-every", "300"]);
        command.args(["--switches", &switches.to_string()]);
        let process = Process::spawn(&mut command, &Lines::default());
        let url = process.stdout.wait_for("simulating on ", PATIENCE).await;
        Self { process, url }
    }

    /// Has the server connect to it.
    pub async fn join(&self, api: &Api) {
        let connection = json!({ "type": "SHELLY", "referenceId": "plug", "metadata": { "url": self.url } });
        api.post("/websocket", connection, StatusCode::CREATED).await;
    }

    /// Where a managed connection to it leads.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Is pulled out.
    pub fn pull_out(&mut self) {
        self.process.kill();
    }
}
