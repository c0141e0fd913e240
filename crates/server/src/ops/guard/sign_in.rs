//! Guessing passwords is slowed down twice: by the network it comes from and, since an attacker may have
//! many of those, by the account it is aimed at. Only failures count, so an office that comes in together
//! in the morning is not held up.
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

use tokio::time::Instant;

use super::rate::{Rate, TooMany};
use crate::{digest::Digest, ops::client::Network};

/// How long it is remembered from where an account has been signed in, ...
const KNOWN_FOR: Duration = Duration::from_hours(30 * 24);
/// ... and of how many: a few megabytes at most. Without room for more, newcomers stay unknown.
const KNOWN: usize = 50_000;

pub struct SignIns {
    by_network: Rate<Network>,
    by_account: Rate<Digest>,
    /// Until when an account is known at a network.
    known: Mutex<HashMap<(Digest, Network), Instant>>,
}

/// A sign-in that is being tried. It counts as a failure until it is said to have succeeded.
#[must_use = "a success has to be said"]
pub struct Attempt<'s> {
    sign_ins: &'s SignIns,
    network: Network,
    account: Digest,
    counted_by_account: bool,
}

impl SignIns {
    pub fn new(failures_per_minute: NonZeroU32) -> Self {
        Self {
            by_network: Rate::per_minute(failures_per_minute),
            by_account: Rate::per_minute(failures_per_minute),
            known: Mutex::default(),
        }
    }

    /// Begins an attempt, unless there were too many. It is counted now and not when it has failed, or
    /// many at once would slip through.
    pub fn attempt(&self, network: Network, email: &str, now: Instant) -> Result<Attempt<'_>, TooMany> {
        let account = Digest::of(email.as_bytes());
        let known = self.known().get(&(account, network)).is_some_and(|until| *until > now);
        self.by_network.take(network, now)?;
        if !known {
            self.by_account.take(account, now).inspect_err(|_| self.by_network.give_back(&network))?;
        }
        Ok(Attempt { sign_ins: self, network, account, counted_by_account: !known })
    }

    fn known(&self) -> MutexGuard<'_, HashMap<(Digest, Network), Instant>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    pub fn succeeded(self, now: Instant) {
        self.sign_ins.by_network.give_back(&self.network);
        if self.counted_by_account {
            self.sign_ins.by_account.give_back(&self.account);
        }
        let mut known = self.sign_ins.known();
        if known.len() >= KNOWN {
            known.retain(|_, until| *until > now);
        }
        let place = (self.account, self.network);
        if known.len() < KNOWN || known.contains_key(&place) {
            known.insert(place, now + KNOWN_FOR);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn ten() -> SignIns {
        SignIns::new(NonZeroU32::new(10).unwrap())
    }

    fn network(last: u8) -> Network {
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)).into()
    }

    fn failures(sign_ins: &SignIns, last: u8, email: &str, now: Instant, of: usize) -> usize {
        (0..of).filter(|_| sign_ins.attempt(network(last), email, now).is_ok()).count()
    }

    #[test]
    fn an_address_is_slowed_down_whatever_account_it_tries() {
        let (sign_ins, now) = (ten(), Instant::now());
        let tried = (0..50).filter(|n| sign_ins.attempt(network(1), &format!("{n}@x.org"), now).is_ok());
        assert_eq!(tried.count(), 10);
        assert_eq!(failures(&sign_ins, 2, "lucia@x.org", now, 1), 1, "others are not");
    }

    #[test]
    fn an_account_is_guarded_against_many_addresses() {
        let (sign_ins, now) = (ten(), Instant::now());
        let tried: usize = (0..50).map(|last| failures(&sign_ins, last, "lucia@x.org", now, 1)).sum();
        assert_eq!(tried, 10);
    }

    #[test]
    fn an_owner_gets_in_from_a_known_address_while_others_guess() {
        let (sign_ins, now) = (ten(), Instant::now());
        sign_ins.attempt(network(1), "lucia@x.org", now).unwrap().succeeded(now);
        for last in 2..50 {
            failures(&sign_ins, last, "lucia@x.org", now, 10);
        }
        assert!(
            sign_ins.attempt(network(60), "lucia@x.org", now).is_err(),
            "the control: it is under attack"
        );
        assert!(sign_ins.attempt(network(1), "lucia@x.org", now).is_ok());
        let much_later = now + KNOWN_FOR;
        for last in 2..50 {
            failures(&sign_ins, last, "lucia@x.org", much_later, 10);
        }
        assert!(sign_ins.attempt(network(1), "lucia@x.org", much_later).is_err(), "it is not known for ever");
    }

    #[test]
    fn an_office_that_comes_in_together_is_not_held_up() {
        let (sign_ins, now) = (ten(), Instant::now());
        for n in 0..200 {
            sign_ins.attempt(network(1), &format!("{n}@x.org"), now).unwrap().succeeded(now);
        }
    }
}
