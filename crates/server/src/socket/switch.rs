//! From HTTP to WebSocket. The framework's extractor checks the request; what comes after is done here, because it
//! lets nothing in between the connection and WebSocket, and that is where [frames are counted](super::metered).

use axum::{
    extract::WebSocketUpgrade,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use latido_protocol::frame::SUBPROTOCOL;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tracing::debug;
use tungstenite::{
    handshake::derive_accept_key,
    protocol::{Role, WebSocketConfig},
};

use super::metered::{Allowance, Metered};
use crate::config::Limits;

/// What a socket may buffer before it touches the network. The library's own sizes are meant for few
/// and busy sockets; ours are many and quiet.
const BUFFER_BYTES: usize = 4096;
/// What may wait to be written: the largest frame there is (a record with notes of 2,000 characters,
/// escaped) several times over.
const WRITE_BYTES: usize = 128 * 1024;

/// A socket of a client.
pub type Socket = WebSocketStream<Metered<TokioIo<Upgraded>>>;

/// Answers a request that the framework takes for an upgrade, and runs what is to become of the socket. The
/// conformance suite is run against an echo that does the same.
pub fn switch<F>(
    upgrade: WebSocketUpgrade,
    upgrading: OnUpgrade,
    headers: &HeaderMap,
    limits: &Limits,
    run: impl FnOnce(Socket) -> F + Send + 'static,
) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    let upgrade = upgrade.protocols([SUBPROTOCOL]);
    let protocol = upgrade.selected_protocol().cloned();
    let key = headers.get(header::SEC_WEBSOCKET_KEY).map_or(&[][..], HeaderValue::as_bytes);
    let accept = derive_accept_key(key);
    let (config, limits) = (config(limits.message_bytes), limits.clone());
    tokio::spawn(async move {
        match upgrading.await {
            Ok(upgraded) => {
                let allowance = Allowance::new(&limits, Instant::now());
                let stream = Metered::new(TokioIo::new(upgraded), allowance);
                run(WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await).await;
            }
            Err(error) => debug!(%error, "an upgrade came to nothing"),
        }
    });
    let headers = [
        (header::CONNECTION, "upgrade"),
        (header::UPGRADE, "websocket"),
        (header::SEC_WEBSOCKET_ACCEPT, accept.as_str()),
    ];
    let mut response = (StatusCode::SWITCHING_PROTOCOLS, headers).into_response();
    if let Some(protocol) = protocol {
        response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    response
}

fn config(message_bytes: usize) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BYTES.max(message_bytes))
        .max_message_size(Some(message_bytes))
        .max_frame_size(Some(message_bytes))
}
