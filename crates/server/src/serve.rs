//! Running the server: listening, and going away without losing anything.

use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::serve::ListenerExt;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::timeout};
use tracing::{info, warn};

use crate::{
    app::{App, StartError},
    clock::Clock,
    config::Settings,
};

/// How long requests and sockets have to finish when the server goes away.
const DRAIN_WITHIN: Duration = Duration::from_secs(4);

/// A server that is listening.
pub struct Running {
    pub app: App,
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Opens the database and begins to listen.
pub async fn start(
    settings: Settings,
    clock: Arc<dyn Clock>,
    host: IpAddr,
    port: u16,
) -> Result<Running, StartError> {
    let wanted = SocketAddr::new(host, port);
    let listener = TcpListener::bind(wanted).await.map_err(|error| listen_error(wanted, error))?;
    let app = App::open(settings, clock).await?;
    let address = listener.local_addr().map_err(|error| listen_error(wanted, error))?;
    let (stop, stopped) = watch::channel(false);
    // Small frames leave at once: an event is not held back to be sent along with the next.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            warn!(%error, "TCP_NODELAY could not be set");
        }
    });
    let serving = axum::serve(listener, app.router()).with_graceful_shutdown(told(stopped));
    let task = tokio::spawn(async move {
        // With a graceful shutdown it ends with Ok, and only after the signal.
        let _ = serving.await;
    });
    Ok(Running { app, address, stop, task })
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

async fn told(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

impl Running {
    /// Goes away: accepts nothing new, tells the sockets, finishes what has begun, closes the database.
    pub async fn stop(self) {
        info!("going away: telling the sockets and finishing requests");
        self.stop.send_replace(true);
        self.app.hub.drain();
        let mut task = self.task;
        let finished = async {
            self.app.hub.emptied().await;
            let _ = (&mut task).await;
        };
        if timeout(DRAIN_WITHIN, finished).await.is_err() {
            warn!("some connections did not finish in time and were cut off");
            task.abort();
        }
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
    ended: impl Future<Output = ()>,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), StartError> {
    let running = start(settings, clock, host, port).await?;
    ready(running.address);
    ended.await;
    running.stop().await;
    Ok(())
}
