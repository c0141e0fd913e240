//! When to dial again: further apart every time, up to a cap, and never in step with others.
//!
//! The random part is added *behind* the cap. Where it is cut off by the cap, as in some clients,
//! everybody who has waited long comes back in the same instant.

use crate::random::Random;

/// `min(cap, initial × 2ⁿ) + random(0..=jitter)`, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    pub initial: i64,
    pub cap: i64,
    pub jitter: i64,
}

impl Default for Backoff {
    /// About 1, 2, 4, 8, 16, 30, 30, … seconds.
    fn default() -> Self {
        Self { initial: 1_000, cap: 30_000, jitter: 1_000 }
    }
}

impl Backoff {
    /// The pause before attempt `attempt`, counted from 1.
    pub fn delay(&self, attempt: u32, random: &mut Random) -> i64 {
        let doublings = attempt.saturating_sub(1).min(30);
        let growing = self.initial.saturating_mul(1 << doublings);
        growing.min(self.cap) + random.up_to(self.jitter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn delays_follow_the_documents_table() {
        let backoff = Backoff::default();
        let mut random = Random::seeded(1);
        for (attempt, seconds) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (10, 30)] {
            let delay = backoff.delay(attempt, &mut random);
            assert!((seconds * 1000..=seconds * 1000 + 1000).contains(&delay), "{attempt}: {delay}");
        }
    }

    #[test]
    fn clients_at_the_cap_do_not_return_together() {
        let backoff = Backoff::default();
        let delays: std::collections::BTreeSet<i64> =
            (0..100).map(|seed| backoff.delay(9, &mut Random::seeded(seed))).collect();
        assert!(delays.len() > 80, "only {} different delays", delays.len());
    }

    proptest! {
        #[test]
        fn no_attempt_overflows(attempt: u32, seed: u64) {
            let delay = Backoff::default().delay(attempt, &mut Random::seeded(seed));
            prop_assert!((1_000..=31_000).contains(&delay));
        }
    }
}
