//! A virtual screen for one browser. WebKit has no headless mode, and two windows on one screen take each other's focus.

use std::process::Command;

use crate::{
    engine::Engine,
    environment,
    process::{Lines, Process},
    wait::PATIENCE,
};

pub struct Screen {
    /// As `:7`.
    pub(crate) display: String,
    _xvfb: Process,
}

impl Screen {
    /// `None` if the engine needs none, or the user has a screen.
    pub(crate) async fn start(engine: Engine, stderr: &Lines) -> Option<Self> {
        let program = environment::xvfb().filter(|_| engine == Engine::WebKit)?;
        let mut command = Command::new(program);
        // Xvfb picks a free number and prints it once it is ready.
        command.args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]);
        let xvfb = Process::spawn(&mut command, stderr);
        let number = xvfb.stdout.wait_for("", PATIENCE).await;
        Some(Self { display: format!(":{number}"), _xvfb: xvfb })
    }
}
