//! A program that runs beside us and ends with us.

use std::{
    os::unix::process::CommandExt,
    process::{Child as Process, Command, ExitStatus},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

use crate::error::Error;

/// How long a program may take to end in order.
const PATIENCE: Duration = Duration::from_secs(10);
const GLANCE: Duration = Duration::from_millis(50);

/// Leads a process group of its own: Ctrl-C reaches us alone, and what the program started ends with it.
pub struct Child {
    process: Process,
}

impl Child {
    pub fn spawn(command: &mut Command) -> Result<Self, Error> {
        let name = command.get_program().to_string_lossy().into_owned();
        let process = command.process_group(0).spawn().map_err(Error::io(format!("start {name}")))?;
        Ok(Self { process })
    }

    pub fn take_stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.process.stdout.take()
    }

    /// `None` while it runs.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().ok().flatten()
    }

    /// How it ended, for people; waits for it.
    pub fn status(&mut self) -> String {
        self.process.wait().map_or_else(|error| error.to_string(), |status| status.to_string())
    }

    /// Sends SIGTERM, waits for [`PATIENCE`], then sends SIGKILL.
    pub fn stop(&mut self) {
        let started = Instant::now();
        self.signal(Signal::SIGTERM);
        while self.ended().is_none() && started.elapsed() < PATIENCE {
            thread::sleep(GLANCE);
        }
        if self.ended().is_none() {
            self.signal(Signal::SIGKILL);
            let _ = self.process.wait();
        }
    }

    fn signal(&mut self, signal: Signal) {
        // A process that ended and was waited for has given its number back.
        if let (None, Ok(id)) = (self.ended(), i32::try_from(self.process.id())) {
            let _ = killpg(Pid::from_raw(id), signal);
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Ctrl-C, SIGTERM and SIGHUP from now on arrive here instead of ending us.
pub fn interruptions() -> Result<Receiver<()>, Error> {
    let (sender, receiver) = mpsc::channel();
    ctrlc::set_handler(move || {
        let _ = sender.send(());
    })
    .map_err(|error| Error::Io { doing: "listen for Ctrl-C".into(), source: std::io::Error::other(error) })?;
    Ok(receiver)
}

/// Waits until we are interrupted (`None`) or one of the programs ends (its place in the list).
pub fn wait_for_end(interrupted: &Receiver<()>, children: &mut [&mut Child]) -> Option<usize> {
    loop {
        if interrupted.recv_timeout(GLANCE * 2) != Err(mpsc::RecvTimeoutError::Timeout) {
            return None;
        }
        let ended = children.iter_mut().position(|child| child.ended().is_some());
        if ended.is_some() {
            return ended;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_ends_the_whole_process_group() {
        let mut shell = Child::spawn(Command::new("sh").args(["-c", "sleep 60 & wait"])).expect("sh");
        thread::sleep(GLANCE);
        shell.stop();
        assert!(shell.ended().is_some());
    }

    #[test]
    fn the_program_that_ends_is_named() {
        let (_sender, receiver) = mpsc::channel();
        let mut long = Child::spawn(Command::new("sleep").arg("60")).expect("sleep");
        let mut short = Child::spawn(&mut Command::new("true")).expect("true");
        assert_eq!(wait_for_end(&receiver, &mut [&mut long, &mut short]), Some(1));
    }

    #[test]
    fn an_interruption_ends_the_wait() {
        let (sender, receiver) = mpsc::channel();
        sender.send(()).expect("send");
        let mut long = Child::spawn(Command::new("sleep").arg("60")).expect("sleep");
        assert_eq!(wait_for_end(&receiver, &mut [&mut long]), None);
    }
}
