//! Accepting connections, within bounds: how many there may be, how long a handshake may take and how
//! long and how large the head of a request may be. Every connection is a task of its own, and all of them
//! end with the listener.

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;
use tracing::{debug, warn};

use super::stream::{Bytes, Stream};
use crate::ops::{
    client::{Network, Peer, is_one_of},
    guard::connections::{ConnectionLimit, Permit},
    metrics,
};

/// How long a TLS handshake may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// How long the head of a request may take, counted from when the connection could have begun one: so it
/// is also how long an idle connection is kept. A client that polls every 8 s keeps its own.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// The same for a trusted proxy, which keeps its connections for the next client. Longer than the 60 s
/// after which the usual proxies let go themselves, so that it is not this side that hangs up on a request.
const PROXY_HEAD_WITHIN: Duration = Duration::from_secs(75);
/// A connection ends when nothing of what was sent on it is taken for so long: the answer to a request
/// whose sender does not read it is not kept for ever.
#[cfg(target_os = "linux")]
const TAKEN_WITHIN: Duration = Duration::from_mins(1);
/// What the system holds of an answer that has not been sent, in bytes. By itself it takes up to 4 MB for everybody
/// who does not read; what is under way on a fast line is not limited by this.
#[cfg(target_os = "linux")]
const UNSENT_BYTES: u32 = 64 * 1024;
/// The whole head of a request, in bytes: room for two long tokens and for what browsers send.
const HEAD_BYTES: usize = 16 * 1024;
const HEADERS: usize = 64;
/// How long to wait when the system has no more file handles.
const BREATH: Duration = Duration::from_millis(100);
/// Refusals are told of with the first and then with every so many.
const TELL_EVERY: u64 = 1000;

pub struct Listener {
    pub tcp: TcpListener,
    pub tls: Option<TlsAcceptor>,
    pub router: Router,
    pub connection_limit: ConnectionLimit,
    pub proxies: Vec<IpNet>,
}

impl Listener {
    /// Accepts until it is told to stop, and then waits for the connections to finish what they are at.
    /// Dropping it cuts them off.
    pub async fn serve(self, mut stop: watch::Receiver<bool>) {
        let mut connections = JoinSet::new();
        let mut refused = 0;
        loop {
            tokio::select! {
                accepted = self.tcp.accept() => match accepted {
                    Ok((stream, address)) => {
                        if let Some(permit) = self.admit(address) {
                            connections.spawn(self.connection(stream, address, permit, stop.clone()));
                        } else {
                            refused += 1;
                            tell_of(refused);
                        }
                    }
                    Err(error) => after(error).await,
                },
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
                () = told(&mut stop) => break,
            }
        }
        drop(self.tcp);
        while connections.join_next().await.is_some() {}
    }

    fn admit(&self, address: SocketAddr) -> Option<Permit> {
        let network = (!is_one_of(&self.proxies, address.ip())).then(|| Network::from(address.ip()));
        self.connection_limit
            .acquire(network)
            .inspect_err(|full| metrics::connection_refused(full.as_str()))
            .ok()
    }

    fn connection(
        &self,
        stream: TcpStream,
        address: SocketAddr,
        permit: Permit,
        stop: watch::Receiver<bool>,
    ) -> impl Future<Output = ()> + use<> {
        let (tls, router) = (self.tls.clone(), self.router.clone());
        let proxy = is_one_of(&self.proxies, address.ip());
        let open = metrics::connection_opened();
        async move {
            if let Err(error) = set_up(&stream) {
                debug!(%error, "a connection could not be set up as wanted");
            }
            let Some(bytes) = greet(stream, tls).await else {
                metrics::connection_refused("handshake");
                return;
            };
            let stream = Stream::new(bytes, permit, open);
            converse(
                stream,
                Peer(address),
                router,
                if proxy { PROXY_HEAD_WITHIN } else { HEAD_WITHIN },
                stop,
            )
            .await;
        }
    }
}

fn set_up(stream: &TcpStream) -> io::Result<()> {
    // Small frames leave at once: an event is not held back to be sent along with the next.
    stream.set_nodelay(true)?;
    #[cfg(target_os = "linux")]
    {
        let socket = socket2::SockRef::from(stream);
        socket.set_tcp_user_timeout(Some(TAKEN_WITHIN))?;
        socket.set_tcp_notsent_lowat(UNSENT_BYTES)?;
    }
    Ok(())
}

fn tell_of(refused: u64) {
    if refused % TELL_EVERY == 1 {
        warn!(refused, "connections are refused: too many are open");
    }
}

/// Goes through the handshake, if there is one.
async fn greet(stream: TcpStream, tls: Option<TlsAcceptor>) -> Option<Bytes> {
    let Some(tls) = tls else { return Some(Bytes::Plain(stream)) };
    match timeout(HANDSHAKE_WITHIN, tls.accept(stream)).await {
        Ok(Ok(stream)) => Some(Bytes::Tls(Box::new(stream))),
        Ok(Err(error)) => {
            debug!(%error, "a handshake failed");
            None
        }
        Err(_) => {
            debug!("a handshake took too long");
            None
        }
    }
}

/// Answers the requests of a connection, until it becomes a socket, or ends, or is told to stop.
async fn converse(
    stream: Stream,
    peer: Peer,
    router: Router,
    head_within: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_within)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        debug!(%error, "a connection broke off");
    }
}

/// Waits for the word to stop, which is also given by whoever could give it going away.
pub async fn told(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// What is wrong with one connection concerns nobody else; when the system has no more to give, some have
/// to end first.
async fn after(error: io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        warn!(%error, "no connection can be accepted for the moment");
        sleep(BREATH).await;
    }
}
