//! On what, and when.

use std::{
    fs, thread,
    time::{SystemTime, UNIX_EPOCH},
};

use latido_protocol::time::Timestamp;

/// Model and number of cores.
pub fn name() -> String {
    let facts = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = facts.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("an unnamed processor", |(_, name)| name.trim());
    let cores = thread::available_parallelism().map_or(1, Into::into);
    format!("{model}, {cores} cores")
}

/// As in 2026-11-21.
pub fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Timestamp::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or_default());
    now.to_string().chars().take("2026-11-21".len()).collect()
}
