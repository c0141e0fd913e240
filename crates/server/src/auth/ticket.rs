//! Tickets: what a browser shows to open a socket instead of its token, because a socket's URL ends up
//! in logs and histories. A ticket is good once and for half a minute, so a copy of it is worthless.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use latido_protocol::time::Timestamp;

use super::{AuthError, secret::Secret, token::Verified};
use crate::{clock::Clock, digest::Digest};

pub const LIFETIME_SECONDS: u32 = 30;
/// Above so many unused tickets of all users, the oldest go first.
const KEPT: usize = 10_000;

struct Issued {
    owner: Verified,
    expires_at: Timestamp,
}

/// The tickets that are out. They are held in memory: half a minute is not worth a database, and after
/// a restart a client asks for a new one anyway.
pub struct Tickets {
    clock: Arc<dyn Clock>,
    out: Mutex<HashMap<Digest, Issued>>,
}

impl Tickets {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, out: Mutex::default() }
    }

    pub fn issue(&self, owner: Verified) -> Result<Secret, AuthError> {
        let ticket = Secret::random()?;
        let now = self.clock.now();
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        out.retain(|_, issued| issued.expires_at > now);
        if out.len() >= KEPT
            && let Some(oldest) = out.iter().min_by_key(|(_, issued)| issued.expires_at).map(|(key, _)| *key)
        {
            out.remove(&oldest);
        }
        let expires_at = now.plus_ms(i64::from(LIFETIME_SECONDS) * 1000);
        out.insert(ticket.digest(), Issued { owner, expires_at });
        Ok(ticket)
    }

    /// Whose ticket this is. It is used up by asking, and of two that ask at once one is told.
    pub fn redeem(&self, ticket: &str) -> Option<Verified> {
        let digest = Secret::presented(ticket).digest();
        let issued = self.out.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest)?;
        let now = self.clock.now();
        (now < issued.expires_at && now < issued.owner.expires_at).then_some(issued.owner)
    }
}

#[cfg(test)]
mod tests {
    use latido_protocol::session::UserId;

    use super::*;
    use crate::{
        auth::{session::SessionId, token::Origin},
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
