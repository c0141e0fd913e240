//! Resolving the names of sources, in places of their own.
//!
//! The system's resolver blocks a thread for as long as it likes, and goes on after its caller has given up. The threads
//! it blocks are shared by everything that blocks. So at most [`PLACES`] lookups run at once, [`TENANT_PLACES`] of them for
//! one tenant, and a place is free again when the lookup ends, not when its caller has given up.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use latido_domain::account::TenantId;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Lookups that run at once. The server has 512 threads that may block.
pub const PLACES: usize = 16;
/// Those of one tenant.
pub const TENANT_PLACES: usize = 2;

/// Gives the addresses of a name and a port. It may block.
type Resolve = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;

#[derive(Clone)]
pub struct Lookups {
    resolve: Arc<Resolve>,
    places: Arc<Semaphore>,
    tenants: Arc<Mutex<HashMap<TenantId, Weak<Semaphore>>>>,
}

impl Default for Lookups {
    /// With the system's resolver.
    fn default() -> Self {
        Self::new(|host, port| Ok((host, port).to_socket_addrs()?.collect()))
    }
}

impl Lookups {
    pub fn new(resolve: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static) -> Self {
        Self { resolve: Arc::new(resolve), places: Arc::new(Semaphore::new(PLACES)), tenants: Arc::default() }
    }

    /// The addresses of a host. Waits for a place and has no deadline of its own.
    ///
    /// # Errors
    ///
    /// What the resolver says.
    pub async fn addresses(&self, tenant: &TenantId, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let own = self.places_of(tenant);
        let own = own.acquire_owned().await.map_err(io::Error::other)?;
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(io::Error::other)?;
        let (resolve, host) = (Arc::clone(&self.resolve), host.to_owned());
        let lookup = spawn_blocking(move || {
            let found = resolve(&host, port);
            drop((own, place));
            found
        });
        lookup.await.map_err(io::Error::other)?
    }

    fn places_of(&self, tenant: &TenantId) -> Arc<Semaphore> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        tenants.retain(|_, places| places.strong_count() > 0);
        if let Some(places) = tenants.get(tenant).and_then(Weak::upgrade) {
            return places;
        }
        let places = Arc::new(Semaphore::new(TENANT_PLACES));
        tenants.insert(tenant.clone(), Arc::downgrade(&places));
        places
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Condvar,
        atomic::{AtomicUsize, Ordering},
    };

    use futures_util::FutureExt;
    use tokio::task::JoinSet;

    use super::*;

    /// A resolver that answers for nobody until it is released.
    #[derive(Default)]
    struct Held {
        running: AtomicUsize,
        most: AtomicUsize,
        released: Mutex<bool>,
        release: Condvar,
    }

    impl Held {
        fn lookups(self: &Arc<Self>) -> Lookups {
            let held = Arc::clone(self);
            Lookups::new(move |host, port| {
                if host == "known.example" {
                    return Ok(vec![SocketAddr::from(([192, 0, 2, 1], port))]);
                }
                let running = held.running.fetch_add(1, Ordering::SeqCst) + 1;
                held.most.fetch_max(running, Ordering::SeqCst);
                let released = held.released.lock().unwrap();
                drop(held.release.wait_while(released, |released| !*released).unwrap());
                held.running.fetch_sub(1, Ordering::SeqCst);
                Err(io::ErrorKind::NotFound.into())
            })
        }

        fn release(&self) {
            *self.released.lock().unwrap() = true;
            self.release.notify_all();
        }

        async fn until_running(&self, count: usize) {
            while self.running.load(Ordering::SeqCst) < count {
                tokio::task::yield_now().await;
            }
        }
    }

    fn tenant(name: &str) -> TenantId {
        TenantId::new(name).unwrap()
    }

    #[tokio::test]
    async fn abandoned_lookups_of_one_tenant_leave_places_to_others() {
        let held = Arc::new(Held::default());
        let lookups = held.lookups();
        let mut restarts = JoinSet::new();
        for number in 0..100 {
            let lookups = lookups.clone();
            restarts.spawn(async move {
                let host = format!("never-{number}.example");
                let _ = lookups.addresses(&tenant("a"), &host, 80).await;
            });
        }
        held.until_running(TENANT_PLACES).await;
        // The dials are given up; their lookups are not over.
        restarts.shutdown().await;
        let other = lookups.addresses(&tenant("b"), "known.example", 80).await;
        assert_eq!(other.unwrap(), [SocketAddr::from(([192, 0, 2, 1], 80))]);
        let again = lookups.addresses(&tenant("a"), "known.example", 80).now_or_never();
        assert!(again.is_none(), "its places are still taken");
        assert_eq!(held.most.load(Ordering::SeqCst), TENANT_PLACES);

        held.release();
        assert!(lookups.addresses(&tenant("a"), "known.example", 80).await.is_ok());
    }

    #[tokio::test]
    async fn many_tenants_block_a_bounded_number_of_threads() {
        let held = Arc::new(Held::default());
        let lookups = held.lookups();
        let mut dials = JoinSet::new();
        for number in 0..50 {
            let lookups = lookups.clone();
            dials.spawn(async move {
                let _ = lookups.addresses(&tenant(&number.to_string()), "never.example", 80).await;
            });
        }
        held.until_running(PLACES).await;
        assert_eq!(tokio::task::spawn_blocking(|| 7).await.unwrap(), 7, "other work has its threads");
        assert_eq!(held.most.load(Ordering::SeqCst), PLACES);
        held.release();
        dials.join_all().await;
    }

    #[tokio::test]
    async fn an_address_needs_no_lookup() {
        let lookups = Lookups::new(|host, _| panic!("{host} was looked up"));
        for (host, port) in [("192.0.2.7", 80), ("fd12::5", 443)] {
            let found = lookups.addresses(&tenant("a"), host, port).await.unwrap();
            assert_eq!(found, [SocketAddr::new(host.parse().unwrap(), port)]);
        }
    }
}
