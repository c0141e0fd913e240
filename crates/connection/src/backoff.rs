//! When to dial again: further apart every time, up to a cap, and never in step with others.
//!
//! Three policies to choose from. Whatever the policy, what is random stays random at the cap: where the
//! cap cuts the jitter off, as in some clients, everybody who has waited long comes back in the same
//! instant.
//!
//! | policy | delays | for |
//! |---|---|---|
//! | [`Backoff::quick`] | 1, 2, 4, 8, 16, 30 s, and up to one more | a person who wants to be back (integration document) |
//! | [`Backoff::patient`] | 3, 6, 12, 24, 30 s, give or take half | servers with cold starts (realtime architecture document) |
//! | [`Backoff::with_full_jitter`] | anywhere up to the cap, from the first | a fleet of thousands that is cut off at once |

use crate::random::Random;

/// The growing delay between dials: exponential, with a cap and jitter. All times in milliseconds.
///
/// ```
/// use latido_connection::{backoff::Backoff, random::Random};
///
/// let mut random = Random::seeded(7);
/// assert!((1_000..=2_000).contains(&Backoff::quick().delay(1, &mut random)));
/// assert!((30_000..=31_000).contains(&Backoff::quick().delay(9, &mut random)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The delay before the first attempt, without jitter. It doubles with each attempt.
    pub initial: i64,
    /// The longest delay, without the jitter of [`Jitter::Behind`].
    pub cap: i64,
    /// What is random about a delay.
    pub jitter: Jitter,
}

/// What is random about a delay. In the formulas `n` is the attempt, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// `min(cap, initial × 2ⁿ) + random(0..=ms)`.
    Behind {
        /// The most that is added, in milliseconds.
        ms: i64,
    },
    /// `min(cap, initial × 2ⁿ)`, give or take so many percent of it, but never more than the cap.
    Around {
        /// The most that is added or taken off, in percent of the delay.
        percent: i64,
    },
    /// `random(0..=cap)`, and from the second attempt on `random(cap/2..=cap)`. The width of the first
    /// window decides how many of those who were cut off together dial in the same second, so it is the
    /// cap and not, as is usual, the first delay.
    Full,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::quick()
    }
}

impl Backoff {
    /// The default policy: 1, 2, 4, 8, 16, 30 s, and up to one second more.
    pub const fn quick() -> Self {
        Self { initial: 1_000, cap: 30_000, jitter: Jitter::Behind { ms: 1_000 } }
    }

    /// The policy for servers with cold starts: 3, 6, 12, 24, 30 s, give or take half, never above 30 s.
    pub const fn patient() -> Self {
        Self { initial: 3_000, cap: 30_000, jitter: Jitter::Around { percent: 50 } }
    }

    /// The same delays with [`Jitter::Full`]. Only the cap still matters.
    #[must_use]
    pub const fn with_full_jitter(self) -> Self {
        Self { jitter: Jitter::Full, ..self }
    }

    /// The pause before attempt `attempt`, counted from 1, in milliseconds.
    pub fn delay(&self, attempt: u32, random: &mut Random) -> i64 {
        let doublings = attempt.saturating_sub(1).min(30);
        let growing = self.initial.saturating_mul(1 << doublings).min(self.cap);
        match self.jitter {
            Jitter::Behind { ms } => growing + random.up_to(ms),
            Jitter::Around { percent } => {
                let swing = growing / 100 * percent;
                let (least, most) = (growing - swing, (growing + swing).min(self.cap));
                least + random.up_to(most - least)
            }
            Jitter::Full if attempt <= 1 => random.up_to(self.cap),
            Jitter::Full => self.cap / 2 + random.up_to(self.cap / 2),
        }
    }

    /// A random addition to the delay of a `goaway`, in milliseconds: all clients got the same delay at the same
    /// moment. At most the jitter of [`Jitter::Behind`], `initial` with [`Jitter::Around`], `cap` with
    /// [`Jitter::Full`].
    pub fn spread(&self, random: &mut Random) -> i64 {
        random.up_to(match self.jitter {
            Jitter::Behind { ms } => ms,
            Jitter::Around { .. } => self.initial,
            Jitter::Full => self.cap,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The delays of an attempt over many seeds, in milliseconds: shortest and longest.
    fn range(backoff: Backoff, attempt: u32) -> (i64, i64) {
        let delays = (0..2_000).map(|seed| backoff.delay(attempt, &mut Random::seeded(seed)));
        delays.fold((i64::MAX, i64::MIN), |(least, most), delay| (least.min(delay), most.max(delay)))
    }

    fn assert_range(backoff: Backoff, attempt: u32, least: i64, most: i64) {
        let (shortest, longest) = range(backoff, attempt);
        assert!(shortest >= least && longest <= most, "attempt {attempt}: {shortest}..{longest}");
        // And it does use its range, or it would be no jitter.
        let slack = (most - least) / 20;
        assert!(shortest <= least + slack && longest >= most - slack, "{attempt}: {shortest}..{longest}");
    }

    #[test]
    fn quick_follows_the_integration_documents_table() {
        for (attempt, seconds) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (10, 30)] {
            assert_range(Backoff::quick(), attempt, seconds * 1_000, seconds * 1_000 + 1_000);
        }
    }

    #[test]
    fn patient_follows_the_architecture_documents_settings() {
        for (attempt, least, most) in [
            (1, 1_500, 4_500),
            (2, 3_000, 9_000),
            (3, 6_000, 18_000),
            (4, 12_000, 30_000),
            (5, 15_000, 30_000),
        ] {
            assert_range(Backoff::patient(), attempt, least, most);
        }
        assert_range(Backoff::patient(), 10, 15_000, 30_000);
    }

    #[test]
    fn full_jitter_spreads_the_first_attempt_over_the_whole_cap() {
        let backoff = Backoff::patient().with_full_jitter();
        assert_range(backoff, 1, 0, 30_000);
        assert_range(backoff, 2, 15_000, 30_000);
    }

    proptest! {
        #[test]
        fn no_attempt_overflows(attempt: u32, seed: u64) {
            for backoff in [Backoff::quick(), Backoff::patient(), Backoff::patient().with_full_jitter()] {
                let delay = backoff.delay(attempt, &mut Random::seeded(seed));
                prop_assert!((0..=31_000).contains(&delay));
            }
        }
    }
}
