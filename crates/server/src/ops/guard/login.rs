//! Guessing passwords is slowed down twice: by the network it comes from and, since an attacker may have
//! many of those, by the account it is aimed at. Only failures count there, so an office that comes in
//! together in the morning is not held up. Right passwords cost the server as much as wrong ones, so all
//! attempts count as well, in allowances that are many times looser.
//!
//! A /64 of IPv6 is one household's, but whoever has a /56 has 256 of them and a /48 is a site's 65,536, and
//! both are to be had for nothing. So failures are counted by these as well.
//!
//! Three things must not follow from it. It must not tell which accounts exist: an address without an
//! account is counted like one with. It must not lock an owner out for as long as somebody else guesses:
//! from where an account has been signed in before, only the own network's failures count. And it must not
//! take memory without bound.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use latido_domain::digest::Digest;
use tokio::time::Instant;

use super::rate::{RateLimited, RateLimiter};
use crate::ops::client::Network;

/// How long it is remembered from where an account has been signed in, ...
const KNOWN_FOR: Duration = Duration::from_hours(30 * 24);
/// ... and of how many: a few megabytes at most. Without room for more, newcomers stay unknown.
const KNOWN: usize = 50_000;
/// So many times the failures of a /64 are a /56's, ...
const OF_56: u32 = 2;
/// ... and a /48's.
const OF_48: u32 = 5;
/// So many times the failures are the attempts for an account, right ones among them, ...
const ATTEMPTS_OF_ACCOUNT: u32 = 6;
/// ... and from a network, which may be a whole office's.
const ATTEMPTS_OF_NETWORK: u32 = 30;

/// What an attempt is counted towards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    NetworkFailures,
    FailuresOf56,
    FailuresOf48,
    AccountFailures,
    NetworkAttempts,
    AccountAttempts,
}

impl Count {
    /// In the order of the allowances in [`LoginThrottle`].
    const ALL: [Self; 6] = [
        Self::NetworkFailures,
        Self::FailuresOf56,
        Self::FailuresOf48,
        Self::AccountFailures,
        Self::NetworkAttempts,
        Self::AccountAttempts,
    ];

    /// How many times the failures of one network it allows.
    fn factor(self) -> u32 {
        match self {
            Self::NetworkFailures | Self::AccountFailures => 1,
            Self::FailuresOf56 => OF_56,
            Self::FailuresOf48 => OF_48,
            Self::NetworkAttempts => ATTEMPTS_OF_NETWORK,
            Self::AccountAttempts => ATTEMPTS_OF_ACCOUNT,
        }
    }

    fn is_of_failures(self) -> bool {
        !matches!(self, Self::NetworkAttempts | Self::AccountAttempts)
    }

    /// Whether it counts only where the account is not known.
    fn is_of_strangers(self) -> bool {
        matches!(self, Self::FailuresOf56 | Self::FailuresOf48 | Self::AccountFailures)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum ThrottleKey {
    Network(Network),
    Account(Digest),
}

pub struct LoginThrottle {
    allowances: [RateLimiter<ThrottleKey>; 6],
    /// Until when an account is known at a network.
    known: Mutex<HashMap<(Digest, Network), Instant>>,
}

/// A sign-in that is being tried. It counts as a failure until it is said to have succeeded.
#[must_use = "a success has to be said"]
pub struct Attempt<'s> {
    logins: &'s LoginThrottle,
    network: Network,
    account: Digest,
    known: bool,
    counted: Vec<(Count, ThrottleKey)>,
}

impl LoginThrottle {
    pub fn new(failures_per_minute: NonZeroU32) -> Self {
        let times = |factor| failures_per_minute.saturating_mul(NonZeroU32::MIN.saturating_add(factor - 1));
        Self {
            allowances: Count::ALL.map(|count| RateLimiter::per_minute(times(count.factor()))),
            known: Mutex::default(),
        }
    }

    /// Begins an attempt, unless there were too many. It is counted now and not when it has failed, or
    /// many at once would slip through.
    pub fn attempt(&self, network: Network, email: &str, now: Instant) -> Result<Attempt<'_>, RateLimited> {
        let account = Digest::of(email.as_bytes());
        let known = self.known().get(&(account, network)).is_some_and(|until| *until > now);
        let mut attempt = Attempt { logins: self, network, account, known, counted: Vec::new() };
        for count in Count::ALL.into_iter().filter(|count| !(known && count.is_of_strangers())) {
            let Some(key) = attempt.key(count) else { continue };
            if let Err(limited) = self.allowance(count).consume(key, now) {
                attempt.withdraw();
                return Err(limited);
            }
            attempt.counted.push((count, key));
        }
        Ok(attempt)
    }

    /// Remembers that the account is signed in at this network.
    pub fn remember(&self, network: Network, email: &str, now: Instant) {
        self.remember_place((Digest::of(email.as_bytes()), network), now);
    }

    fn remember_place(&self, place: (Digest, Network), now: Instant) {
        let mut known = self.known();
        if known.len() >= KNOWN {
            known.retain(|_, until| *until > now);
        }
        if known.len() < KNOWN || known.contains_key(&place) {
            known.insert(place, now + KNOWN_FOR);
        }
    }

    fn allowance(&self, count: Count) -> &RateLimiter<ThrottleKey> {
        &self.allowances[count as usize]
    }

    fn known(&self) -> MutexGuard<'_, HashMap<(Digest, Network), Instant>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// Whether the account has been signed in from this network before.
    pub fn is_known(&self) -> bool {
        self.known
    }

    pub fn succeeded(self, now: Instant) {
        self.refund(Count::is_of_failures);
        self.logins.remember_place((self.account, self.network), now);
    }

    /// It was refused before any work was done for it, and does not count.
    pub fn withdraw(self) {
        self.refund(|_| true);
    }

    fn key(&self, count: Count) -> Option<ThrottleKey> {
        match count {
            Count::NetworkFailures | Count::NetworkAttempts => Some(ThrottleKey::Network(self.network)),
            Count::FailuresOf56 => self.network.of_ipv6(56).map(ThrottleKey::Network),
            Count::FailuresOf48 => self.network.of_ipv6(48).map(ThrottleKey::Network),
            Count::AccountFailures | Count::AccountAttempts => Some(ThrottleKey::Account(self.account)),
        }
    }

    fn refund(&self, which: impl Fn(Count) -> bool) {
        for (count, key) in self.counted.iter().filter(|(count, _)| which(*count)) {
            self.logins.allowance(*count).refund(key);
        }
    }
}

#[cfg(test)]
#[path = "login_tests.rs"]
mod tests;
