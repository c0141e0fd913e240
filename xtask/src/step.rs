//! Steps: say what is being done and how long that usually takes, do it quietly, and if it fails explain.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::error::{Error, StepFailure};

/// How often a long step says that it is alive.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);
/// How much of the output a failure shows, in lines.
const TAIL: usize = 30;

/// A numbered sequence of steps, as `[2/6] Trunk 0.21.14 … ready`.
pub struct Steps {
    logs: PathBuf,
    number: usize,
    total: usize,
}

impl Steps {
    pub fn new(logs: PathBuf, total: usize) -> Self {
        Self { logs, number: 0, total }
    }

    /// Runs one step; `work` says through the step what it does, if there is anything to do.
    pub fn step<T>(
        &mut self,
        title: impl Into<String>,
        work: impl FnOnce(&mut Step) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.number += 1;
        let title = title.into();
        eprint!("[{}/{}] {title} … ", self.number, self.total);
        let _ = std::io::stderr().flush();
        let started = Instant::now();
        let mut step = Step { log_path: log_file(&self.logs, &title), log: None, title, announced: false };
        let result = work(&mut step);
        match (&result, step.announced) {
            (Ok(_), false) => eprintln!("ready"),
            (Ok(_), true) => eprintln!("      done in {}", spoken(started.elapsed())),
            (Err(_), announced) => eprintln!("{}failed", if announced { "      " } else { "" }),
        }
        result
    }
}

/// A step under way.
pub struct Step {
    title: String,
    log_path: PathBuf,
    log: Option<File>,
    announced: bool,
}

impl Step {
    /// Says that there is something to do, and how long it usually takes (as `about 2 min`).
    pub fn announce(&mut self, doing: &str, usually: &str) {
        self.say(&format!("{doing} ({usually})"));
    }

    /// The first line goes on where the title ends, the others go below it.
    pub fn say(&mut self, line: &str) {
        eprintln!("{}{line}", if self.announced { "      " } else { "" });
        self.announced = true;
    }

    /// Runs a program with its output in the step's log file. `advice` is for when it fails.
    pub fn run(&mut self, command: &mut Command, advice: &str) -> Result<(), Error> {
        let shown = show(command);
        let status = self.run_logged(command, &shown)?;
        if status.success() { Ok(()) } else { Err(self.failure(shown, status.to_string(), advice)) }
    }

    /// The same when failing is a possible outcome rather than an error.
    pub fn try_run(&mut self, command: &mut Command) -> Result<bool, Error> {
        let shown = show(command);
        Ok(self.run_logged(command, &shown)?.success())
    }

    fn run_logged(&mut self, command: &mut Command, shown: &str) -> Result<ExitStatus, Error> {
        let mut log = self.open_log()?;
        let start = writeln!(log, "$ {shown}").and_then(|()| log.stream_position());
        let start = start.map_err(Error::at("write", &self.log_path))?;
        let errors = log.try_clone().map_err(Error::at("write", &self.log_path))?;
        let mut child = command
            // A tool's own backtrace would push the reason out of sight.
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(Error::io(format!("start `{shown}`")))?;

        let begun = Instant::now();
        let mut next_sign = SIGN_OF_LIFE;
        loop {
            if let Some(status) = child.try_wait().map_err(Error::io(format!("wait for `{shown}`")))? {
                return Ok(status);
            }
            if begun.elapsed() >= next_sign {
                let last = last_lines(&read_from(&self.log_path, start), 1);
                eprintln!("      {}: {}", spoken(next_sign), last.trim());
                next_sign += SIGN_OF_LIFE;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The first program of a step begins the log, the others go on in it: handles share one position.
    fn open_log(&mut self) -> Result<File, Error> {
        let log = match (self.log.take(), self.log_path.parent()) {
            (Some(log), _) => log,
            (None, folder) => {
                let folder = folder.unwrap_or(Path::new("."));
                fs::create_dir_all(folder).map_err(Error::at("create", folder))?;
                File::create(&self.log_path).map_err(Error::at("write", &self.log_path))?
            }
        };
        let handle = log.try_clone().map_err(Error::at("write", &self.log_path))?;
        self.log = Some(log);
        Ok(handle)
    }

    fn failure(&self, command: String, status: String, advice: &str) -> Error {
        Error::Step(Box::new(StepFailure {
            step: self.title.clone(),
            command,
            status,
            tail: last_lines(&read_from(&self.log_path, 0), TAIL),
            log: self.log_path.clone(),
            advice: advice.to_owned(),
        }))
    }
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn read_from(path: &Path, start: u64) -> String {
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(path) {
        let _ = file.seek(SeekFrom::Start(start)).and_then(|_| file.read_to_end(&mut bytes));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// `Trunk 0.21.14` is logged in `trunk-0.21.14.log`.
fn log_file(logs: &Path, title: &str) -> PathBuf {
    let name: String = title
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' })
        .collect();
    logs.join(format!("{name}.log"))
}

/// As a person would say it: `0.4 s`, `12 s`, `2 min 5 s`.
pub fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logs(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("latido-step-test-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn a_failing_program_is_explained_with_the_end_of_its_output() {
        let logs = logs("failing");
        let mut steps = Steps::new(logs.clone(), 1);
        let error = steps
            .step("Tool 1.0", |step| {
                step.run(
                    Command::new("sh").args(["-c", "echo beginning; echo the end >&2; exit 3"]),
                    "Try again.",
                )
            })
            .expect_err("the program fails");
        let said = error.to_string();
        for part in ["Tool 1.0", "the end", "exit status: 3", "Try again.", "tool-1.0.log"] {
            assert!(said.contains(part), "{part:?} is missing in:\n{said}");
        }
        fs::remove_dir_all(logs).expect("clear up");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let logs = logs("absent");
        let mut steps = Steps::new(logs.clone(), 1);
        let error =
            steps.step("x", |step| step.run(&mut Command::new("/nowhere/tool"), "")).expect_err("absent");
        assert!(error.to_string().contains("/nowhere/tool"));
        fs::remove_dir_all(logs).expect("clear up");
    }

    #[test]
    fn only_the_last_lines_with_something_in_them_are_shown() {
        assert_eq!(last_lines("a\nb\n\nc\n\n", 2), "b\nc");
        assert_eq!(last_lines("", 3), "");
    }

    #[test]
    fn times_are_said_as_a_person_would() {
        assert_eq!(spoken(Duration::from_millis(420)), "0.4 s");
        assert_eq!(spoken(Duration::from_millis(12_900)), "12 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 5 s");
    }
}
