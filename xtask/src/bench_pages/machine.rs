//! On what it was measured, and when.

use std::{
    fmt::{self, Display, Formatter},
    fs,
    thread::available_parallelism,
};

use crate::{environment::output_of, project::Project};

pub struct Machine {
    processor: String,
    cores: usize,
    kernel: String,
    node: String,
    date: String,
    commit: String,
    /// How many programs wanted a processor in the last minute, before anything was measured.
    busy: String,
}

impl Machine {
    pub fn look(project: &Project) -> Self {
        let output = |program: &str, args: &[&str]| {
            output_of(program, args).map_or_else(|| "?".to_owned(), |text| text.trim().to_owned())
        };
        let root = project.root().display().to_string();
        Self {
            processor: processor().unwrap_or_else(|| "?".to_owned()),
            cores: available_parallelism().map_or(1, usize::from),
            kernel: output("uname", &["-sr"]),
            node: output("node", &["--version"]),
            date: output("date", &["-u", "+%F"]),
            commit: output("git", &["-C", &root, "rev-parse", "--short", "HEAD"]),
            busy: fs::read_to_string("/proc/loadavg")
                .ok()
                .and_then(|text| text.split_whitespace().next().map(str::to_owned))
                .unwrap_or_else(|| "?".to_owned()),
        }
    }
}

fn processor() -> Option<String> {
    let cpus = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = cpus.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

impl Display for Machine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, kernel, node, date, commit, busy } = self;
        write!(
            f,
            "{processor}, {cores} cores, everything on the same; {kernel}; Node {node}; commit \
             {commit}; {date}; load average before it {busy}"
        )
    }
}
