//! A screen that nobody sees, for a browser that cannot do without one.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use crate::{child::Child, environment::find_program, error::Error};

/// Ends with its value.
pub struct Display {
    _xvfb: Child,
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
        let mut xvfb = Child::spawn(&mut xvfb)?;
        let mut number = String::new();
        if let Some(stdout) = xvfb.take_stdout() {
            BufReader::new(stdout).read_line(&mut number).map_err(Error::io("hear from Xvfb"))?;
        }
        match number.trim() {
            "" => Err(Error::Missing {
                what: format!("a screen for WebKit: Xvfb has stopped ({})", xvfb.status()),
                advice: "Run `Xvfb -displayfd 1` to see why.".into(),
            }),
            number => Ok(Self { name: format!(":{number}"), _xvfb: xvfb }),
        }
    }

    pub fn apply(&self, command: &mut Command) {
        command.env("DISPLAY", &self.name);
    }
}
