//! A screen that nobody sees, for a browser that cannot do without one.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use crate::{environment::find_program, error::Error};

/// Ends with its value, and by Ctrl-C together with us: it stays in our process group.
pub struct Display {
    xvfb: Child,
    name: String,
}

impl Display {
    /// `None` if there is a screen already, or no way to make one.
    pub fn if_none() -> Result<Option<Self>, Error> {
        let there = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some());
        match find_program("Xvfb") {
            Some(program) if !there => Self::start(Command::new(program)).map(Some),
            _ => Ok(None),
        }
    }

    fn start(mut xvfb: Command) -> Result<Self, Error> {
        // It picks a free number and prints it once it is ready.
        xvfb.args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]);
        xvfb.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let xvfb = xvfb.spawn().map_err(Error::io("start Xvfb"))?;
        let mut display = Self { xvfb, name: String::new() };
        let mut number = String::new();
        if let Some(stdout) = display.xvfb.stdout.take() {
            BufReader::new(stdout).read_line(&mut number).map_err(Error::io("hear from Xvfb"))?;
        }
        if number.trim().is_empty() {
            return Err(Error::Missing {
                what: "a screen for WebKit: Xvfb has stopped".into(),
                advice: "Run `Xvfb -displayfd 1` to see why.".into(),
            });
        }
        display.name = format!(":{}", number.trim());
        Ok(display)
    }

    pub fn apply(&self, command: &mut Command) {
        command.env("DISPLAY", &self.name);
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.xvfb.kill();
        let _ = self.xvfb.wait();
    }
}
