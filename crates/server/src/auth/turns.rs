//! Turns at work that is dear: so many at once, so many waiting, and none beyond. Whoever comes when the
//! queue is full is told at once, so that work that nobody has paid for does not pile up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many may wait, ...
pub const WAITING: usize = 32;
/// ... of whom so many only from networks where their account is known.
pub const KEPT_FOR_KNOWN: usize = 8;

/// The queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

pub struct Turns {
    at_work: Arc<Semaphore>,
    waiting: Mutex<usize>,
}

/// Somebody's turn. It ends when this is dropped.
#[must_use = "dropping it ends the turn"]
pub struct Turn {
    _permit: OwnedSemaphorePermit,
}

/// A place in the queue, given up by dropping it: whoever stops waiting makes room.
struct Place<'t>(&'t Turns);

impl Turns {
    pub fn new(at_once: usize) -> Self {
        Self { at_work: Arc::new(Semaphore::new(at_once)), waiting: Mutex::default() }
    }

    /// Waits for a turn, in the order of arrival. A turn that is not waited for any more is given up.
    pub async fn turn(&self, known: bool) -> Result<Turn, Busy> {
        let _place = self.queue(known)?;
        let permit = Arc::clone(&self.at_work).acquire_owned().await.map_err(|_| Busy)?;
        Ok(Turn { _permit: permit })
    }

    /// How many wait at the moment.
    pub fn queue_length(&self) -> usize {
        *self.waiting()
    }

    fn queue(&self, known: bool) -> Result<Place<'_>, Busy> {
        let most = if known { WAITING } else { WAITING - KEPT_FOR_KNOWN };
        let mut waiting = self.waiting();
        // Whoever is served at once waits for nobody.
        if *waiting >= most && self.at_work.available_permits() == 0 {
            return Err(Busy);
        }
        *waiting += 1;
        Ok(Place(self))
    }

    fn waiting(&self) -> MutexGuard<'_, usize> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.waiting() -= 1;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, future::BoxFuture};

    use super::*;

    /// So many that wait.
    fn crowd(turns: &Turns, known: bool, count: usize) -> Vec<BoxFuture<'_, Result<Turn, Busy>>> {
        let come = |_| {
            let mut waits = turns.turn(known).boxed();
            assert!((&mut waits).now_or_never().is_none(), "it has to wait");
            waits
        };
        (0..count).map(come).collect()
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let turns = Turns::new(1);
        let _first = turns.turn(false).await.unwrap();
        let _strangers = crowd(&turns, false, WAITING - KEPT_FOR_KNOWN);
        assert_eq!(turns.turn(false).await.err(), Some(Busy));
        let _known = crowd(&turns, true, KEPT_FOR_KNOWN);
        assert_eq!(turns.turn(true).await.err(), Some(Busy));
    }

    #[tokio::test]
    async fn whoever_stops_waiting_makes_room() {
        let turns = Turns::new(1);
        let first = turns.turn(false).await.unwrap();
        drop(crowd(&turns, false, WAITING - KEPT_FOR_KNOWN));
        let waits = crowd(&turns, false, 1).remove(0);
        drop(first);
        assert!(waits.now_or_never().is_some(), "those who left are not waited for");
    }

    #[tokio::test]
    async fn turns_come_in_the_order_of_arrival() {
        let turns = Turns::new(1);
        let first = turns.turn(false).await.unwrap();
        let mut waiting = crowd(&turns, false, 2);
        drop(first);
        assert!((&mut waiting[1]).now_or_never().is_none());
        assert!((&mut waiting[0]).now_or_never().is_some());
    }
}
