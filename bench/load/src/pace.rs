//! What is due when. A thread of its own calls it out: a runtime's timers are a millisecond coarse, and late when
//! the runtime is busy.

use std::{
    thread,
    time::{Duration, Instant},
};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Something to do, counted from 0.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    pub number: u64,
    /// When it was to be done; later if nobody was free to do it.
    pub at: Instant,
}

/// How many a second, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub per_second: u32,
    pub lasting: Duration,
}

impl Rate {
    pub fn count(self) -> u64 {
        (f64::from(self.per_second) * self.lasting.as_secs_f64()).round() as u64
    }
}

/// Calls out what is due, at even distances, in turn to so many lanes. A lane closes when all has been called out.
pub fn lanes(rate: Rate, lanes: usize) -> Vec<UnboundedReceiver<Due>> {
    let (begin, receivers) = lanes_later(rate, lanes);
    begin();
    receivers
}

/// The same, when it is told to begin.
pub fn lanes_later(rate: Rate, lanes: usize) -> (impl FnOnce(), Vec<UnboundedReceiver<Due>>) {
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..lanes).map(|_| unbounded_channel()).unzip();
    (move || drop(thread::spawn(move || call_out(rate, &senders))), receivers)
}

fn call_out(rate: Rate, lanes: &[UnboundedSender<Due>]) {
    let begun = Instant::now();
    let apart = Duration::from_secs(1) / rate.per_second.max(1);
    for (number, lane) in (0..rate.count()).zip(lanes.iter().cycle()) {
        let at = begun + apart * u32::try_from(number).unwrap_or(u32::MAX);
        thread::sleep(at.saturating_duration_since(Instant::now()));
        // Who gave up listening is not called; the others are.
        let _ = lane.send(Due { number, at });
    }
}
