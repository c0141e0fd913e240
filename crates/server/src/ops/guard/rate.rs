//! So many a minute, by any key: the generic cell rate algorithm, which needs one instant a key.
//!
//! An allowance of ten a minute is ten at once and then one every six seconds. The instant is when the
//! allowance will be whole again; a key whose instant has passed is as good as none and is forgotten.
//! Written here and not taken from a library because of the bound: past [`KEYS`] keys, newcomers share one
//! allowance, so an attacker with many addresses pays for memory that is not taken.

use std::{
    collections::HashMap,
    hash::Hash,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Keys that are remembered at once: a few megabytes at most.
const KEYS: usize = 50_000;
/// What is forgotten is looked for when so many keys have come since the last time.
const SWEEP_EVERY: usize = 1000;

const WINDOW: Duration = Duration::from_mins(1);

/// How long until it is worth asking again. At least a second, so that it can be said in whole ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimited {
    pub retry_after: Duration,
}

pub struct RateLimiter<K> {
    /// What one costs.
    interval: Duration,
    most: usize,
    state: Mutex<LimiterState<K>>,
}

struct LimiterState<K> {
    full_at: HashMap<K, Instant>,
    /// The allowance of all who came when there was no more room.
    overflow_bucket: Option<Instant>,
    sweep_at: usize,
}

impl<K: Eq + Hash> RateLimiter<K> {
    pub fn per_minute(count: NonZeroU32) -> Self {
        Self::with_room_for(KEYS, count)
    }

    fn with_room_for(most: usize, count: NonZeroU32) -> Self {
        let state =
            LimiterState { full_at: HashMap::new(), overflow_bucket: None, sweep_at: SWEEP_EVERY.min(most) };
        Self { interval: WINDOW / count.get(), most, state: Mutex::new(state) }
    }

    /// Takes one from the allowance, or says how long it will be until there is one.
    pub fn consume(&self, key: K, now: Instant) -> Result<(), RateLimited> {
        self.consume_many(key, 1, now)
    }

    /// Takes as many from the allowance, or none and says how long it will be until there are as many.
    pub fn consume_many(&self, key: K, count: u32, now: Instant) -> Result<(), RateLimited> {
        let mut state = self.state();
        state.sweep(self.most, now);
        if state.full_at.len() >= self.most && !state.full_at.contains_key(&key) {
            return self.spend(state.overflow_bucket.get_or_insert(now), count, now);
        }
        let full_at = state.full_at.entry(key).or_insert(now);
        self.spend(full_at, count, now)
    }

    /// Gives back one that was taken.
    pub fn refund(&self, key: &K) {
        let mut state = self.state();
        if let Some(full_at) = state.full_at.get_mut(key)
            && let Some(before) = full_at.checked_sub(self.interval)
        {
            *full_at = before;
        }
    }

    fn spend(&self, full_at: &mut Instant, count: u32, now: Instant) -> Result<(), RateLimited> {
        let after = (*full_at).max(now) + self.interval * count;
        let wait = after.duration_since(now).saturating_sub(WINDOW);
        if wait.is_zero() {
            *full_at = after;
            return Ok(());
        }
        Err(RateLimited { retry_after: wait.max(Duration::from_secs(1)) })
    }

    fn state(&self) -> MutexGuard<'_, LimiterState<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> LimiterState<K> {
    fn sweep(&mut self, most: usize, now: Instant) {
        if self.full_at.len() >= self.sweep_at {
            self.full_at.retain(|_, full_at| *full_at > now);
            self.sweep_at = (self.full_at.len() + SWEEP_EVERY).min(most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten<K: Eq + Hash>(most: usize) -> RateLimiter<K> {
        RateLimiter::with_room_for(most, NonZeroU32::new(10).unwrap())
    }

    fn taken(rate: &RateLimiter<u32>, key: u32, now: Instant, of: usize) -> usize {
        (0..of).filter(|_| rate.consume(key, now).is_ok()).count()
    }

    #[test]
    fn ten_at_once_and_then_one_every_six_seconds() {
        let (rate, start) = (ten(100), Instant::now());
        assert_eq!(taken(&rate, 1, start, 30), 10);
        assert_eq!(rate.consume(1, start), Err(RateLimited { retry_after: Duration::from_secs(6) }));
        let later = start + Duration::from_secs(5);
        assert_eq!(rate.consume(1, later), Err(RateLimited { retry_after: Duration::from_secs(1) }));
        assert_eq!(taken(&rate, 1, start + Duration::from_secs(6), 30), 1);
        assert_eq!(taken(&rate, 1, start + Duration::from_mins(10), 30), 10);
    }

    #[test]
    fn one_who_takes_all_leaves_the_others_theirs() {
        let (rate, start) = (ten(100), Instant::now());
        assert_eq!(taken(&rate, 1, start, 1000), 10);
        assert_eq!(taken(&rate, 2, start, 5), 5);
    }

    #[test]
    fn many_are_taken_together_or_not_at_all() {
        let (rate, start) = (ten(100), Instant::now());
        assert!(rate.consume_many(1, 8, start).is_ok());
        assert_eq!(rate.consume_many(1, 4, start), Err(RateLimited { retry_after: Duration::from_secs(12) }));
        assert!(rate.consume_many(1, 2, start).is_ok(), "what was refused has taken nothing");
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let (rate, start) = (ten(100), Instant::now());
        assert_eq!(taken(&rate, 1, start, 30), 10);
        rate.refund(&1);
        assert_eq!(taken(&rate, 1, start, 30), 1);
    }

    #[test]
    fn past_the_bound_newcomers_share_one_allowance_and_nobody_is_remembered() {
        let (rate, start) = (ten(100), Instant::now());
        let admitted = (0..10_000).filter(|key| rate.consume(*key, start).is_ok()).count();
        assert_eq!(admitted, 110);
        assert_eq!(rate.state().full_at.len(), 100);
        assert_eq!(taken(&rate, 7, start, 30), 9, "who was known before has the rest of the own allowance");
    }

    #[test]
    fn keys_are_forgotten_when_they_mean_nothing_any_more() {
        let (rate, start) = (ten(5000), Instant::now());
        for key in 0..5000 {
            assert!(rate.consume(key, start).is_ok());
        }
        assert!(rate.consume(9999, start + Duration::from_secs(6)).is_ok());
        assert_eq!(rate.state().full_at.len(), 1);
    }
}
