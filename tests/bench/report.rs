//! The figures, their budgets, and a table of both.

use std::fmt::{self, Display, Formatter};

use latido_e2e::{
    burst::{self, Burst},
    dist::{BUDGET, Weight},
};

use crate::{event_to_row::EventToRow, machine};

pub struct Report {
    pub weight: Weight,
    pub alone: EventToRow,
    pub stream: EventToRow,
    pub burst: Burst,
}

impl Report {
    /// The budgets that were missed, each in a sentence.
    pub fn missed(&self) -> Vec<String> {
        let mut missed = Vec::new();
        let bytes = self.weight.total();
        if bytes > BUDGET {
            missed.push(format!("{bytes} bytes are more than {BUDGET}"));
        }
        let (refetches, allowed) = (self.burst.refetches, self.burst.refetches_allowed());
        if refetches > allowed {
            missed.push(format!("{refetches} refetches are more than {allowed}"));
        }
        if !self.burst.long_tasks.is_empty() {
            missed.push(format!("tasks over 50 ms: {:?} ms", self.burst.long_tasks));
        }
        missed
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { weight, alone, stream, burst } = self;
        let longest = burst.long_tasks.iter().copied().fold(0.0, f64::max);
        writeln!(f, "{}, Chromium, {}\n", machine::name(), machine::today())?;
        writeln!(f, "| what | measured | budget |\n|---|---|---|")?;
        for (name, bytes) in &weight.needed {
            writeln!(f, "| {name}, brotli | {:.1} kB | |", kilo(*bytes))?;
        }
        writeln!(f, "| the first page | {:.1} kB | {:.0} kB |", kilo(weight.total()), kilo(BUDGET))?;
        let later = weight.later.iter().map(|(_, bytes)| bytes).sum();
        writeln!(
            f,
            "| {} parts, each loaded when it is shown | {:.1} kB | |",
            weight.later.len(),
            kilo(later)
        )?;
        for (how, times) in [("each alone", alone), ("25 a second", stream)] {
            let (count, p50, p95) = (times.count(), times.percentile(0.5), times.percentile(0.95));
            writeln!(f, "| event to row, {how}, p50 and p95 of {count} | {p50:.1} ms, {p95:.1} ms | |")?;
        }
        writeln!(
            f,
            "| burst of {} events, sent in | {:.2} s | 1 s |",
            burst::EVENTS,
            burst.took.as_secs_f64()
        )?;
        writeln!(f, "| refetches of the list | {} | {} |", burst.refetches, burst.refetches_allowed())?;
        match burst.long_tasks.len() {
            0 => writeln!(f, "| tasks over 50 ms | none | none |"),
            count => writeln!(f, "| tasks over 50 ms | {count}, the longest {longest:.0} ms | none |"),
        }
    }
}

fn kilo(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}
