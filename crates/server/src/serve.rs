//! Running the server: listening, and going away without losing anything.
//!
//! | file | what it holds |
//! |---|---|
//! | [`listener`] | accepting connections, within bounds |
//! | [`stream`] | one connection's bytes, encrypted or not |
//! | [`exposure`] | settings that are warned of |
//! | [`session_watch`] | closes the sockets of sessions that another process has ended |
//! | [`patience`] | how long a connection may take nothing of what is sent |

mod exposure;
mod listener;
mod patience;
mod session_watch;
mod stream;

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
    task::JoinSet,
    time::timeout,
};
use tracing::{error, info, warn};

use self::listener::{Listener, told};
use crate::{
    clock::Clock,
    config::Settings,
    ops::{
        guard::connections::ConnectionLimit,
        metrics::endpoint::{self, MetricsError},
        tls::Certificate,
    },
    router,
    shutdown::{Signal, Signals},
    startup::{self, StartError},
    state::AppState,
};

/// How long requests and sockets have to finish when the server goes away.
const DRAIN_WITHIN: Duration = Duration::from_secs(4);
/// How many connections may wait to be accepted. What does not fit in there is dropped by the system, and
/// its sender tries again only after a second; the usual 1,024 are gone in an instant when everybody comes
/// back at once.
const BACKLOG: u32 = 4096;
/// Connections to the address for metrics.
const SCRAPERS: NonZeroU32 = NonZeroU32::new(32).unwrap();
/// File handles for the database, the dashboard's files and the log.
const OWN_HANDLES: u64 = 128;

/// A server that is listening.
pub struct Running {
    pub app: AppState,
    pub address: SocketAddr,
    /// Where the metrics can be read.
    pub metrics: Option<SocketAddr>,
    certificate: Option<Arc<Certificate>>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// Opens the database and begins to listen.
pub async fn start(
    settings: Settings,
    clock: Arc<dyn Clock>,
    host: IpAddr,
    port: u16,
) -> Result<Running, StartError> {
    let wanted = SocketAddr::new(host, port);
    let tcp = listen(wanted).map_err(|error| listen_error(wanted, error))?;
    let operations = settings.operations.clone();
    let certificate = Certificate::open(&operations)?;
    let tls = certificate.as_ref().map(Certificate::acceptor).transpose()?;
    raise_file_limit(operations.max_connections);
    for warning in exposure::warnings(&settings, host) {
        warn!("{warning}");
    }

    let app = startup::open(settings, clock).await?;
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let metrics = match operations.metrics {
        Some(address) => Some(serve_metrics(address, &mut tasks, stopped.clone()).await?),
        None => None,
    };
    let address = tcp.local_addr().map_err(|error| listen_error(wanted, error))?;
    let listener = Listener {
        tcp,
        tls,
        router: router::router(&app).with_state(()),
        connection_limit: ConnectionLimit::new(
            operations.max_connections,
            operations.max_connections_per_address,
        ),
        proxies: operations.trusted_proxies,
    };
    tasks.spawn(listener.serve(stopped.clone()));
    tasks.spawn(session_watch::watch(app.clone(), stopped));
    app.webhooks.start(&app.store, &app.clock, &app.typing);
    Ok(Running { app, address, metrics, certificate, stop, tasks })
}

/// Listens with room for [`BACKLOG`] connections that wait to be accepted.
fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that was just stopped must not keep its successor from the port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

async fn serve_metrics(
    address: SocketAddr,
    tasks: &mut JoinSet<()>,
    mut stopped: watch::Receiver<bool>,
) -> Result<SocketAddr, MetricsError> {
    let router = endpoint::router()?;
    let listen_error = |error| MetricsError::Listen { address, error };
    let tcp = TcpListener::bind(address).await.map_err(listen_error)?;
    let address = tcp.local_addr().map_err(listen_error)?;
    info!(%address, "metrics can be read at /metrics");
    let listener = Listener {
        tcp,
        tls: None,
        router,
        connection_limit: ConnectionLimit::new(SCRAPERS, SCRAPERS),
        proxies: Vec::new(),
    };
    tasks.spawn(listener.serve(stopped.clone()));
    tasks.spawn(async move {
        tokio::select! {
            Err(error) = endpoint::upkeep() => warn!(%error, "metrics are folded in only when they are read"),
            () = told(&mut stopped) => {}
        }
    });
    Ok(address)
}

/// Every connection takes a file handle, and many systems give a process 1,024 of them until it asks.
fn raise_file_limit(connections: NonZeroU32) {
    let wanted = u64::from(connections.get()) + OWN_HANDLES;
    match rlimit::increase_nofile_limit(wanted) {
        Ok(granted) if granted < wanted => {
            warn!(granted, wanted, "the system allows fewer open files than --max-connections may take");
        }
        Ok(_) => {}
        Err(error) => warn!(%error, "how many files may be open could not be found out"),
    }
}

fn listen_error(address: SocketAddr, error: std::io::Error) -> StartError {
    let hint = match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            "; something else is using that port: choose another one with --port"
        }
        std::io::ErrorKind::PermissionDenied => {
            "; ports below 1024 need privileges: choose another one with --port"
        }
        _ => "",
    };
    StartError::Listen { address, error, hint }
}

impl Running {
    /// Shows the certificate that is in the files now. One that cannot be used leaves the old one in place.
    pub fn reload_certificate(&self) {
        match self.certificate.as_ref().map(|certificate| certificate.reload()) {
            Some(Ok(())) => info!("the certificate was read anew"),
            Some(Err(error)) => error!(%error, "the certificate stays what it was"),
            None => info!("there is no certificate to read anew: nothing was changed"),
        }
    }

    /// Goes away: says so to who asks whether it is ready and gives them time to notice, accepts nothing
    /// new, tells the sockets, finishes what has begun, closes the database.
    pub async fn stop(mut self) {
        self.app.draining.begin();
        let notice = Duration::from_secs(self.app.settings.operations.drain_seconds);
        if !notice.is_zero() {
            info!(seconds = notice.as_secs(), "going away: not ready any more, serving on for a while");
            tokio::time::sleep(notice).await;
        }
        info!("going away: telling the sockets and finishing requests");
        self.stop.send_replace(true);
        self.app.hub.drain();
        let finished = async {
            // At once, for requests wait for it that wait for something to deliver.
            self.app.webhooks.stop().await;
            self.app.hub.emptied().await;
            while self.tasks.join_next().await.is_some() {}
        };
        if timeout(DRAIN_WITHIN, finished).await.is_err() {
            warn!("some connections did not finish in time and were cut off");
            self.tasks.shutdown().await;
        }
        self.app.links.close().await;
        let app = self.app.clone();
        if tokio::task::spawn_blocking(move || app.close()).await.is_err() {
            warn!("the database was not closed; the next start will recover it");
        }
    }
}

/// Serves until the process is told to end.
pub async fn run(
    settings: Settings,
    clock: Arc<dyn Clock>,
    host: IpAddr,
    port: u16,
    mut signals: Signals,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), StartError> {
    let running = start(settings, clock, host, port).await?;
    ready(running.address);
    loop {
        match signals.next().await {
            Signal::End => break,
            Signal::Reload => running.reload_certificate(),
        }
    }
    running.stop().await;
    Ok(())
}
