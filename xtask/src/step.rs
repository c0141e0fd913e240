//! Numbered steps: a line about what is done and how long it takes, output in a log file, an explanation on failure.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::error::{Error, StepFailure};

/// How often a long step prints its newest line of output.
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

    /// Runs one step. `work` prints through the step what it does, if there is anything to do.
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

    /// Starts a program beside the steps that follow. [`finish`](Self::finish) is its own step.
    pub fn begin(&self, title: &str, command: &mut Command) -> Result<Background, Error> {
        let shown = show(command);
        let log_path = log_file(&self.logs, title);
        fs::create_dir_all(&self.logs).map_err(Error::at("create", &self.logs))?;
        let log = File::create(&log_path).map_err(Error::at("write", &log_path))?;
        let child = spawn(command, log, &log_path, &shown)?;
        Ok(Background { title: title.to_owned(), shown, log_path, child, started: Instant::now() })
    }

    /// Waits for a program that runs since [`begin`](Self::begin). `advice` is for when it fails.
    pub fn finish(&mut self, mut background: Background, usually: &str, advice: &str) -> Result<(), Error> {
        let title = background.title.clone();
        self.step(title, |step| {
            if let Ok(None) = background.child.try_wait() {
                let running = spoken(background.started.elapsed());
                step.announce(&format!("under way since {running}"), usually);
            }
            let status = background.wait()?;
            if status.success() {
                return Ok(());
            }
            Err(step.failure(background.shown.clone(), status.to_string(), advice))
        })
    }
}

/// A program that runs while other steps do, until a step of its own waits for it. Dropped before, it is stopped.
pub struct Background {
    title: String,
    shown: String,
    log_path: PathBuf,
    child: Child,
    started: Instant,
}

impl Background {
    fn wait(&mut self) -> Result<ExitStatus, Error> {
        let log_path = &self.log_path;
        wait(&mut self.child, self.started, &self.shown, || last_lines(&read_from(log_path, 0), 1))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
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
    /// Prints what is done and how long it usually takes (as `about 2 min`).
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
        let mut child = spawn(command, log, &self.log_path, shown)?;
        wait(&mut child, Instant::now(), shown, || last_lines(&read_from(&self.log_path, start), 1))
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

/// Starts a program that writes into the log alone.
fn spawn(command: &mut Command, log: File, log_path: &Path, shown: &str) -> Result<Child, Error> {
    let errors = log.try_clone().map_err(Error::at("write", log_path))?;
    command
        // A tool's own backtrace would push the reason out of sight.
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        .spawn()
        .map_err(Error::io(format!("start `{shown}`")))
}

/// Waits for a program that runs since `started`, and prints its newest line every [`SIGN_OF_LIFE`].
fn wait(
    child: &mut Child,
    started: Instant,
    shown: &str,
    last_line: impl Fn() -> String,
) -> Result<ExitStatus, Error> {
    let mut next_sign = started.elapsed() + SIGN_OF_LIFE;
    loop {
        if let Some(status) = child.try_wait().map_err(Error::io(format!("wait for `{shown}`")))? {
            return Ok(status);
        }
        if started.elapsed() >= next_sign {
            eprintln!("      {}: {}", spoken(next_sign), last_line().trim());
            next_sign += SIGN_OF_LIFE;
        }
        thread::sleep(Duration::from_millis(50));
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

/// A duration as text: `0.4 s`, `12 s`, `2 min 5 s`.
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
    fn failing_program_shows_the_end_of_its_output() {
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
        let shown = error.to_string();
        for part in ["Tool 1.0", "the end", "exit status: 3", "Try again.", "tool-1.0.log"] {
            assert!(shown.contains(part), "{part:?} is missing in:\n{shown}");
        }
        fs::remove_dir_all(logs).expect("clear up");
    }

    #[test]
    fn a_background_program_fails_at_its_own_step() {
        let logs = logs("background");
        let mut steps = Steps::new(logs.clone(), 2);
        let server = steps.begin("Server", Command::new("sh").args(["-c", "echo no disk; exit 4"]));
        steps.step("Tool", |_| Ok(())).expect("another step meanwhile");
        let error = steps.finish(server.expect("started"), "a while", "Try again.").expect_err("it fails");
        let shown = error.to_string();
        for part in ["Server", "no disk", "exit status: 4", "Try again.", "server.log"] {
            assert!(shown.contains(part), "{part:?} is missing in:\n{shown}");
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
    fn shows_only_the_last_nonempty_lines() {
        assert_eq!(last_lines("a\nb\n\nc\n\n", 2), "b\nc");
        assert_eq!(last_lines("", 3), "");
    }

    #[test]
    fn durations_are_short_text() {
        assert_eq!(spoken(Duration::from_millis(420)), "0.4 s");
        assert_eq!(spoken(Duration::from_millis(12_900)), "12 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 5 s");
    }
}
