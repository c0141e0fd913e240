//! So many requests of one user at once. Requests differ in what they cost by a thousand times; what one user has
//! under way is what one user can hold of memory and of the database's time, whatever it costs.
//!
//! Who asks for more waits a while, which a page with many lists does not notice. A request is under way until
//! its answer has been taken: an answer that nobody reads is held, too.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::rate::RateLimited;

/// When it is worth asking again for one who was refused.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How much of one key may be under way and wait.
#[derive(Clone, Copy, Debug)]
pub struct AtOnce {
    pub under_way: usize,
    pub waiting: usize,
    pub wait: Duration,
}

/// Cheap to clone.
pub struct InFlight<K> {
    bounds: AtOnce,
    keys: Arc<Mutex<HashMap<K, KeyQueue>>>,
}

/// Those of one key: under way and waiting.
struct KeyQueue {
    places: Arc<Semaphore>,
    count: usize,
}

/// One that is counted. Dropping it makes room for another.
#[must_use = "dropping it gives the permit up"]
pub struct InFlightPermit<K: Eq + Hash> {
    keys: Arc<Mutex<HashMap<K, KeyQueue>>>,
    key: K,
    permit: Option<OwnedSemaphorePermit>,
}

impl<K: Eq + Hash + Clone> InFlight<K> {
    pub fn new(bounds: AtOnce) -> Self {
        Self { bounds, keys: Arc::default() }
    }

    /// Waits for a permit, unless too many wait already or it takes too long.
    pub async fn enter(&self, key: K) -> Result<InFlightPermit<K>, RateLimited> {
        let (mut slot, places) = self.join_queue(key)?;
        let permit = timeout(self.bounds.wait, places.acquire_owned()).await;
        slot.permit = permit.ok().and_then(Result::ok);
        if slot.permit.is_some() { Ok(slot) } else { Err(RateLimited { retry_after: RETRY_AFTER }) }
    }

    fn join_queue(&self, key: K) -> Result<(InFlightPermit<K>, Arc<Semaphore>), RateLimited> {
        let mut keys = lock(&self.keys);
        let line = keys.entry(key.clone()).or_insert_with(|| KeyQueue {
            places: Arc::new(Semaphore::new(self.bounds.under_way)),
            count: 0,
        });
        if line.count >= self.bounds.under_way + self.bounds.waiting {
            return Err(RateLimited { retry_after: RETRY_AFTER });
        }
        line.count += 1;
        Ok((InFlightPermit { keys: Arc::clone(&self.keys), key, permit: None }, Arc::clone(&line.places)))
    }
}

impl<K: Eq + Hash> Drop for InFlightPermit<K> {
    fn drop(&mut self) {
        let mut keys = lock(&self.keys);
        self.permit = None;
        if let Some(line) = keys.get_mut(&self.key) {
            line.count -= 1;
            if line.count == 0 {
                keys.remove(&self.key);
            }
        }
    }
}

fn lock<K>(keys: &Mutex<HashMap<K, KeyQueue>>) -> MutexGuard<'_, HashMap<K, KeyQueue>> {
    keys.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_at_once() -> InFlight<&'static str> {
        InFlight::new(AtOnce { under_way: 2, waiting: 1, wait: Duration::from_secs(10) })
    }

    #[tokio::test(start_paused = true)]
    async fn one_more_waits_until_a_place_comes_free() {
        let in_flight = Arc::new(two_at_once());
        let first = in_flight.enter("lucia").await.unwrap();
        let _second = in_flight.enter("lucia").await.unwrap();
        let waiting = tokio::spawn({
            let in_flight = Arc::clone(&in_flight);
            async move { in_flight.enter("lucia").await.is_ok() }
        });
        tokio::task::yield_now().await;
        assert!(in_flight.enter("lucia").await.is_err(), "no more than one waits");
        assert!(in_flight.enter("marta").await.is_ok(), "others have places of their own");
        drop(first);
        assert!(waiting.await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_ends_and_leaves_nothing_behind() {
        let in_flight = two_at_once();
        let places = [in_flight.enter("lucia").await.unwrap(), in_flight.enter("lucia").await.unwrap()];
        assert!(in_flight.enter("lucia").await.is_err());
        assert_eq!(lock(&in_flight.keys)["lucia"].count, 2);
        drop(places);
        assert!(lock(&in_flight.keys).is_empty());
    }
}
