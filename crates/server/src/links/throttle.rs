//! How fast a source may talk. One that floods is read no faster than this; what it sends waits in the
//! network's buffers, and then in its own.

use std::time::Duration;

use tokio::time::Instant;

const MESSAGES: u32 = 200;
const WINDOW: Duration = Duration::from_secs(1);

pub struct ReadThrottle {
    begun: Instant,
    count: u32,
}

impl ReadThrottle {
    pub fn new(now: Instant) -> Self {
        Self { begun: now, count: 0 }
    }

    /// A message was read.
    pub fn count(&mut self, now: Instant) {
        if now >= self.begun + WINDOW {
            (self.begun, self.count) = (now, 0);
        }
        self.count += 1;
    }

    /// When the next message may be read, if not now.
    pub fn resumes_at(&self, now: Instant) -> Option<Instant> {
        let ends = self.begun + WINDOW;
        (self.count >= MESSAGES && now < ends).then_some(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_read_at_a_bounded_pace() {
        let begun = Instant::now();
        let mut pace = ReadThrottle::new(begun);
        for _ in 0..MESSAGES {
            assert_eq!(pace.resumes_at(begun), None);
            pace.count(begun);
        }
        let resumes = pace.resumes_at(begun).expect("enough for now");
        assert_eq!(pace.resumes_at(resumes), None);
        pace.count(resumes);
        assert_eq!(pace.resumes_at(resumes), None);
    }
}
