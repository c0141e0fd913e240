//! So many at once: in all, and from one network. Whoever is let in has a permit, and gives it up by
//! dropping it.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::ops::client::Network;

/// Why there is no permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitExceeded {
    /// For nobody.
    Total,
    /// For this network.
    Network,
}

impl LimitExceeded {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Network => "address",
        }
    }
}

/// Cheap to clone.
#[derive(Clone)]
pub struct ConnectionLimit {
    most: usize,
    most_of_network: usize,
    open: Arc<Mutex<OpenConnections>>,
}

#[derive(Default)]
struct OpenConnections {
    all: usize,
    by_network: HashMap<Network, usize>,
}

impl ConnectionLimit {
    pub fn new(most: NonZeroU32, most_of_network: NonZeroU32) -> Self {
        let count = |count: NonZeroU32| usize::try_from(count.get()).unwrap_or(usize::MAX);
        Self { most: count(most), most_of_network: count(most_of_network), open: Arc::default() }
    }

    /// Lets one in. Without a network it counts towards all only.
    pub fn acquire(&self, network: Option<Network>) -> Result<Permit, LimitExceeded> {
        let mut open = self.open();
        if open.all >= self.most {
            return Err(LimitExceeded::Total);
        }
        if let Some(network) = network {
            let here = open.by_network.entry(network).or_default();
            if *here >= self.most_of_network {
                return Err(LimitExceeded::Network);
            }
            *here += 1;
        }
        open.all += 1;
        Ok(Permit { connection_limit: self.clone(), network })
    }

    fn open(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[must_use = "dropping it gives the permit up"]
pub struct Permit {
    connection_limit: ConnectionLimit,
    network: Option<Network>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.connection_limit.open();
        open.all -= 1;
        let Some(network) = self.network else { return };
        if let Some(here) = open.by_network.get_mut(&network) {
            *here -= 1;
            if *here == 0 {
                open.by_network.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn network(last: u8) -> Network {
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)).into()
    }

    #[test]
    fn seats_are_counted_by_network_and_in_all_and_come_free_again() {
        let connection_limit = ConnectionLimit::new(NonZeroU32::new(3).unwrap(), NonZeroU32::new(2).unwrap());
        let [first, _second] = [1, 1].map(|last| connection_limit.acquire(Some(network(last))).ok().unwrap());
        assert_eq!(connection_limit.acquire(Some(network(1))).err(), Some(LimitExceeded::Network));
        let _elsewhere = connection_limit.acquire(Some(network(2))).ok().unwrap();
        assert_eq!(connection_limit.acquire(None).err(), Some(LimitExceeded::Total));
        drop(first);
        drop(connection_limit.acquire(Some(network(1))).ok().unwrap());
        assert_eq!(connection_limit.open().all, 2);
    }

    #[test]
    fn nobody_is_remembered_who_has_left() {
        let connection_limit = ConnectionLimit::new(NonZeroU32::new(3).unwrap(), NonZeroU32::new(2).unwrap());
        for last in 0..200 {
            drop(connection_limit.acquire(Some(network(last))).ok().unwrap());
        }
        assert!(connection_limit.open().by_network.is_empty());
    }
}
