//! Tickets: what a browser shows to open a socket instead of its token, because a socket's URL ends up
//! in logs and histories. A ticket is good once and for half a minute, so a copy of it is worthless.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use latido_domain::digest::Digest;
use latido_protocol::time::Timestamp;

use super::{AuthError, secret::Secret, token::Verified};
use crate::clock::Clock;

pub const LIFETIME_SECONDS: u32 = 30;
/// Above so many unused tickets of all users, the oldest go first, ...
const KEPT: usize = 10_000;
/// ... and above so many of one user, the user's own: nobody displaces the tickets of others.
const KEPT_OF_USER: usize = 20;

struct Issued {
    /// Counts up, because many are issued in one millisecond and the oldest has to be told.
    number: u64,
    owner: Verified,
    expires_at: Timestamp,
}

#[derive(Default)]
struct Out {
    by_digest: HashMap<Digest, Issued>,
    issued: u64,
}

/// The tickets that are out. They are held in memory: half a minute is not worth a database, and after
/// a restart a client asks for a new one anyway.
pub struct Tickets {
    clock: Arc<dyn Clock>,
    out: Mutex<Out>,
}

impl Tickets {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, out: Mutex::default() }
    }

    pub fn issue(&self, owner: Verified) -> Result<Secret, AuthError> {
        let ticket = Secret::random()?;
        let now = self.clock.now();
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let Out { by_digest, issued } = &mut *out;
        by_digest.retain(|_, issued| issued.expires_at > now);
        let own = by_digest.values().filter(|issued| issued.owner.user == owner.user).count();
        if own >= KEPT_OF_USER {
            remove_oldest(by_digest, |issued| issued.owner.user == owner.user);
        } else if by_digest.len() >= KEPT {
            remove_oldest(by_digest, |_| true);
        }
        *issued += 1;
        let expires_at = now.plus_ms(i64::from(LIFETIME_SECONDS) * 1000);
        by_digest.insert(ticket.digest(), Issued { number: *issued, owner, expires_at });
        Ok(ticket)
    }

    /// Whose ticket this is. It is used up by asking, and of two that ask at once one is told.
    pub fn redeem(&self, ticket: &str) -> Option<Verified> {
        let digest = Secret::presented(ticket).digest();
        let issued = self.out.lock().unwrap_or_else(PoisonError::into_inner).by_digest.remove(&digest)?;
        let now = self.clock.now();
        (now < issued.expires_at && now < issued.owner.expires_at).then_some(issued.owner)
    }
}

fn remove_oldest(out: &mut HashMap<Digest, Issued>, of: impl Fn(&Issued) -> bool) {
    let oldest = out.iter().filter(|(_, issued)| of(issued)).min_by_key(|(_, issued)| issued.number);
    if let Some(oldest) = oldest.map(|(key, _)| *key) {
        out.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use latido_protocol::session::UserId;

    use super::*;
    use crate::{
        auth::{session_id::SessionId, token::Origin},
        clock::ManualClock,
    };

    fn tickets() -> (Arc<ManualClock>, Tickets, Verified) {
        let now = Timestamp::from_unix_ms(1_795_248_900_000);
        let clock = Arc::new(ManualClock::at(now));
        let owner = Verified {
            user: UserId::new("u1"),
            session: SessionId::new("s1"),
            expires_at: now.plus_ms(3_600_000),
            origin: Origin::Here,
        };
        (clock.clone(), Tickets::new(clock), owner)
    }

    #[test]
    fn a_ticket_is_good_once() {
        let (_, tickets, owner) = tickets();
        let ticket = tickets.issue(owner.clone()).unwrap();
        assert_eq!(tickets.redeem(ticket.expose()), Some(owner));
        assert_eq!(tickets.redeem(ticket.expose()), None);
    }

    #[test]
    fn a_ticket_is_good_for_half_a_minute() {
        let (clock, tickets, owner) = tickets();
        let (first, second) = (tickets.issue(owner.clone()).unwrap(), tickets.issue(owner).unwrap());
        clock.advance_ms(29_999);
        assert!(tickets.redeem(first.expose()).is_some());
        clock.advance_ms(1);
        assert!(tickets.redeem(second.expose()).is_none());
    }

    #[test]
    fn a_ticket_does_not_outlive_its_token() {
        let (clock, tickets, owner) = tickets();
        clock.advance_ms(3_599_000);
        let ticket = tickets.issue(owner).unwrap();
        clock.advance_ms(1000);
        assert!(tickets.redeem(ticket.expose()).is_none());
    }

    #[test]
    fn many_tickets_of_one_user_displace_nobody_elses() {
        let (clock, tickets, lucia) = tickets();
        let marta = Verified { user: UserId::new("u2"), ..lucia.clone() };
        let (hers, first) = (tickets.issue(marta).unwrap(), tickets.issue(lucia.clone()).unwrap());
        for _ in 0..2 * KEPT {
            tickets.issue(lucia.clone()).unwrap();
        }
        clock.advance_ms(1);
        let last = tickets.issue(lucia).unwrap();
        assert!(tickets.redeem(hers.expose()).is_some());
        assert!(tickets.redeem(first.expose()).is_none());
        assert!(tickets.redeem(last.expose()).is_some());
    }

    #[test]
    fn of_tickets_of_one_millisecond_the_first_issued_is_the_oldest() {
        let (_, tickets, owner) = tickets();
        for _ in 0..20 {
            let issued: Vec<_> = (0..=KEPT_OF_USER).map(|_| tickets.issue(owner.clone()).unwrap()).collect();
            assert!(tickets.redeem(issued[0].expose()).is_none());
            assert!(issued[1..].iter().all(|ticket| tickets.redeem(ticket.expose()).is_some()));
        }
    }

    #[test]
    fn of_two_racing_uses_one_is_admitted() {
        let (_, tickets, owner) = tickets();
        for _ in 0..200 {
            let ticket = tickets.issue(owner.clone()).unwrap();
            let admitted = std::thread::scope(|scope| {
                let uses = [(); 2].map(|()| scope.spawn(|| tickets.redeem(ticket.expose()).is_some()));
                uses.map(|used| used.join().unwrap()).iter().filter(|admitted| **admitted).count()
            });
            assert_eq!(admitted, 1);
        }
    }
}
