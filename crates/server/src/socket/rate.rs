//! How much a client may say: so many messages in any window, besides some pings and hellos, which a
//! healthy client needs more of when its network is bad.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use crate::config::Limits;

pub struct Rate {
    window: Duration,
    messages: Log,
    free: Log,
}

impl Rate {
    pub fn new(limits: &Limits) -> Self {
        Self {
            window: limits.window,
            messages: Log::new(limits.messages),
            free: Log::new(limits.free_messages),
        }
    }

    /// Whether another message may come in now. Those that may be free are so until there are too many.
    pub fn allows(&mut self, may_be_free: bool, now: Instant) -> bool {
        (may_be_free && self.free.admit(self.window, now)) || self.messages.admit(self.window, now)
    }
}

/// The times of the last messages, at most as many as are allowed.
struct Log {
    allowed: usize,
    times: VecDeque<Instant>,
}

impl Log {
    fn new(allowed: usize) -> Self {
        Self { allowed, times: VecDeque::new() }
    }

    fn admit(&mut self, window: Duration, now: Instant) -> bool {
        while self.times.front().is_some_and(|oldest| now.duration_since(*oldest) >= window) {
            self.times.pop_front();
        }
        let admitted = self.times.len() < self.allowed;
        if admitted {
            self.times.push_back(now);
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(rate: &mut Rate, free: bool, now: Instant, of: usize) -> usize {
        (0..of).filter(|_| rate.allows(free, now)).count()
    }

    #[test]
    fn sixty_messages_a_minute_and_twelve_free_ones() {
        let mut rate = Rate::new(&Limits::default());
        let start = Instant::now();
        assert_eq!(admitted(&mut rate, true, start, 10), 10);
        assert_eq!(admitted(&mut rate, false, start, 100), 60);
        assert_eq!(admitted(&mut rate, true, start, 100), 2, "the two free ones that are left");
    }

    #[test]
    fn pings_beyond_the_free_ones_count() {
        let mut rate = Rate::new(&Limits::default());
        let start = Instant::now();
        assert_eq!(admitted(&mut rate, true, start, 100), 72);
        assert_eq!(admitted(&mut rate, false, start, 1), 0);
    }

    #[test]
    fn the_window_slides() {
        let mut rate = Rate::new(&Limits::default());
        let start = Instant::now();
        assert_eq!(admitted(&mut rate, false, start, 30), 30);
        let later = start + Duration::from_secs(40);
        assert_eq!(admitted(&mut rate, false, later, 60), 30);
        let after_the_first_half = start + Duration::from_mins(1);
        assert_eq!(admitted(&mut rate, false, after_the_first_half, 60), 30);
    }
}
