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
pub struct TooMany {
    pub retry_after: Duration,
}

pub struct Rate<K> {
    /// What one costs.
    interval: Duration,
    most: usize,
    state: Mutex<State<K>>,
}

struct State<K> {
    whole_again: HashMap<K, Instant>,
    /// The allowance of all who came when there was no more room.
    crowd: Option<Instant>,
    sweep_at: usize,
}

impl<K: Eq + Hash> Rate<K> {
    pub fn per_minute(count: NonZeroU32) -> Self {
        Self::with_room_for(KEYS, count)
    }

    fn with_room_for(most: usize, count: NonZeroU32) -> Self {
        let state = State { whole_again: HashMap::new(), crowd: None, sweep_at: SWEEP_EVERY.min(most) };
        Self { interval: WINDOW / count.get(), most, state: Mutex::new(state) }
    }

    /// Takes one from the allowance, or says how long it will be until there is one.
    pub fn take(&self, key: K, now: Instant) -> Result<(), TooMany> {
        let mut state = self.state();
        state.sweep(self.most, now);
        if state.whole_again.len() >= self.most && !state.whole_again.contains_key(&key) {
            return self.spend(state.crowd.get_or_insert(now), now);
        }
        let whole_again = state.whole_again.entry(key).or_insert(now);
        self.spend(whole_again, now)
    }

    /// Gives back one that was taken.
    pub fn give_back(&self, key: &K) {
        let mut state = self.state();
        if let Some(whole_again) = state.whole_again.get_mut(key)
            && let Some(before) = whole_again.checked_sub(self.interval)
        {
            *whole_again = before;
        }
    }

    fn spend(&self, whole_again: &mut Instant, now: Instant) -> Result<(), TooMany> {
        let after = (*whole_again).max(now) + self.interval;
        let wait = after.duration_since(now).saturating_sub(WINDOW);
        if wait.is_zero() {
            *whole_again = after;
            return Ok(());
        }
        Err(TooMany { retry_after: wait.max(Duration::from_secs(1)) })
    }

    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> State<K> {
    fn sweep(&mut self, most: usize, now: Instant) {
        if self.whole_again.len() >= self.sweep_at {
            self.whole_again.retain(|_, whole_again| *whole_again > now);
            self.sweep_at = (self.whole_again.len() + SWEEP_EVERY).min(most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten<K: Eq + Hash>(most: usize) -> Rate<K> {
        Rate::with_room_for(most, NonZeroU32::new(10).unwrap())
    }

    fn taken(rate: &Rate<u32>, key: u32, now: Instant, of: usize) -> usize {
        (0..of).filter(|_| rate.take(key, now).is_ok()).count()
    }

    #[test]
    fn ten_at_once_and_then_one_every_six_seconds() {
        let (rate, start) = (ten(100), Instant::now());
        assert_eq!(taken(&rate, 1, start, 30), 10);
        assert_eq!(rate.take(1, start), Err(TooMany { retry_after: Duration::from_secs(6) }));
        let later = start + Duration::from_secs(5);
        assert_eq!(rate.take(1, later), Err(TooMany { retry_after: Duration::from_secs(1) }));
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
    fn what_is_given_back_can_be_taken_again() {
        let (rate, start) = (ten(100), Instant::now());
        assert_eq!(taken(&rate, 1, start, 30), 10);
        rate.give_back(&1);
        assert_eq!(taken(&rate, 1, start, 30), 1);
    }

    #[test]
    fn past_the_bound_newcomers_share_one_allowance_and_nobody_is_remembered() {
        let (rate, start) = (ten(100), Instant::now());
        let admitted = (0..10_000).filter(|key| rate.take(*key, start).is_ok()).count();
        assert_eq!(admitted, 110);
        assert_eq!(rate.state().whole_again.len(), 100);
        assert_eq!(taken(&rate, 7, start, 30), 9, "who was known before has the rest of the own allowance");
    }

    #[test]
    fn keys_are_forgotten_when_they_mean_nothing_any_more() {
        let (rate, start) = (ten(5000), Instant::now());
        for key in 0..5000 {
            assert!(rate.take(key, start).is_ok());
        }
        assert!(rate.take(9999, start + Duration::from_secs(6)).is_ok());
        assert_eq!(rate.state().whole_again.len(), 1);
    }
}
