//! Child processes that end with their owner, and their output.

use std::{
    io::{BufRead, BufReader, Read},
    os::unix::process::CommandExt,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

use crate::wait::until;

/// The lines of a stream, as they arrive. Clones see the same lines.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn follow(&self, stream: impl Read + Send + 'static) {
        let lines = self.clone();
        thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut line = Vec::new();
            // Not all that a browser prints is UTF-8.
            while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                lines.push(String::from_utf8_lossy(&line).trim_end().to_owned());
                line.clear();
            }
        });
    }

    fn push(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn tail(&self, count: usize) -> String {
        let lines = self.all();
        lines[lines.len().saturating_sub(count)..].join("\n")
    }

    /// What follows `prefix` in the first line that starts with it.
    pub async fn wait_for(&self, prefix: &str, within: Duration) -> String {
        until(&format!("a line that starts with {prefix:?}"), within, async || {
            let lines = self.all();
            let found = lines.iter().find_map(|line| line.strip_prefix(prefix));
            found.map(|rest| rest.trim().to_owned()).ok_or_else(|| lines.join("\n"))
        })
        .await
    }
}

/// A child in a process group of its own, so that its own children go with it.
pub struct Process {
    name: String,
    child: Child,
    was_told_to_end: bool,
    pub stdout: Lines,
}

impl Process {
    /// Its stderr goes to the lines given, which may have those of an earlier one already.
    pub fn spawn(command: &mut Command, stderr: &Lines) -> Self {
        command.stdin(Stdio::null());
        Self::start(command, stderr)
    }

    /// A child that is spoken to.
    pub fn spawn_listening(command: &mut Command, stderr: &Lines) -> (Self, ChildStdin) {
        command.stdin(Stdio::piped());
        let mut process = Self::start(command, stderr);
        let stdin = process.child.stdin.take().expect("stdin is piped");
        (process, stdin)
    }

    fn start(command: &mut Command, stderr: &Lines) -> Self {
        command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{} did not start: {error}", command.get_program().display()));
        let stdout = Lines::default();
        if let Some(stream) = child.stdout.take() {
            stdout.follow(stream);
        }
        if let Some(stream) = child.stderr.take() {
            stderr.follow(stream);
        }
        let name = command.get_program().display().to_string();
        Self { name, child, was_told_to_end: false, stdout }
    }

    /// The whole group dies at once, without a word.
    pub fn kill(&mut self) {
        self.signal(Signal::SIGKILL);
        // It is dead, or was before.
        let _ = self.child.wait();
    }

    /// Asks it to end, and waits until it has.
    pub async fn terminate(&mut self, within: Duration) {
        self.signal(Signal::SIGTERM);
        let child = &mut self.child;
        until("a process to end that was told to", within, async || match child.try_wait() {
            Ok(Some(_)) => Ok(()),
            other => Err(format!("{other:?}")),
        })
        .await;
    }

    fn signal(&mut self, signal: Signal) {
        self.was_told_to_end = true;
        // Once waited for, its id may belong to another process.
        if matches!(self.child.try_wait(), Ok(None))
            && let Ok(id) = i32::try_from(self.child.id())
        {
            let _ = killpg(Pid::from_raw(id), signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.was_told_to_end
            && let Ok(Some(status)) = self.child.try_wait()
        {
            eprintln!("{} had ended by itself: {status}", self.name);
        }
        self.kill();
    }
}
