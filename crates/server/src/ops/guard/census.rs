//! So many at once: in all, and from one network. Whoever is let in has a seat, and gives it up by
//! dropping it.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::ops::client::Network;

/// Why there is no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// For nobody.
    House,
    /// For this network.
    Network,
}

impl Full {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::House => "total",
            Self::Network => "address",
        }
    }
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Census {
    most: usize,
    most_of_network: usize,
    seated: Arc<Mutex<Seated>>,
}

#[derive(Default)]
struct Seated {
    all: usize,
    by_network: HashMap<Network, usize>,
}

impl Census {
    pub fn new(most: NonZeroU32, most_of_network: NonZeroU32) -> Self {
        let count = |count: NonZeroU32| usize::try_from(count.get()).unwrap_or(usize::MAX);
        Self { most: count(most), most_of_network: count(most_of_network), seated: Arc::default() }
    }

    /// Lets one in. Without a network it counts towards all only.
    pub fn seat(&self, network: Option<Network>) -> Result<Seat, Full> {
        let mut seated = self.seated();
        if seated.all >= self.most {
            return Err(Full::House);
        }
        if let Some(network) = network {
            let here = seated.by_network.entry(network).or_default();
            if *here >= self.most_of_network {
                return Err(Full::Network);
            }
            *here += 1;
        }
        seated.all += 1;
        Ok(Seat { census: self.clone(), network })
    }

    fn seated(&self) -> MutexGuard<'_, Seated> {
        self.seated.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[must_use = "dropping it gives the seat up"]
pub struct Seat {
    census: Census,
    network: Option<Network>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seated = self.census.seated();
        seated.all -= 1;
        let Some(network) = self.network else { return };
        if let Some(here) = seated.by_network.get_mut(&network) {
            *here -= 1;
            if *here == 0 {
                seated.by_network.remove(&network);
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
        let census = Census::new(NonZeroU32::new(3).unwrap(), NonZeroU32::new(2).unwrap());
        let [first, _second] = [1, 1].map(|last| census.seat(Some(network(last))).ok().unwrap());
        assert_eq!(census.seat(Some(network(1))).err(), Some(Full::Network));
        let _elsewhere = census.seat(Some(network(2))).ok().unwrap();
        assert_eq!(census.seat(None).err(), Some(Full::House));
        drop(first);
        drop(census.seat(Some(network(1))).ok().unwrap());
        assert_eq!(census.seated().all, 2);
    }

    #[test]
    fn nobody_is_remembered_who_has_left() {
        let census = Census::new(NonZeroU32::new(3).unwrap(), NonZeroU32::new(2).unwrap());
        for last in 0..200 {
            drop(census.seat(Some(network(last))).ok().unwrap());
        }
        assert!(census.seated().by_network.is_empty());
    }
}
