//! An echo over WebSocket, with exactly the buffers and limits of the server's own sockets. This is what
//! the conformance suite is run against (`cargo xtask conformance`): the contract of the real socket
//! gives it nothing to repeat.
//!
//! `echo [BYTES]` prints the address it listens on; BYTES is the longest message, 32 KiB if unsaid.

use std::io::{self, Write as _};

use axum::{
    Extension, Router,
    extract::{State, WebSocketUpgrade},
    http::HeaderMap,
    response::Response,
    routing::any,
};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::OnUpgrade;
use latido_server::{
    config::Limits,
    socket::{Socket, refusal, switch},
};
use tungstenite::Message;

#[tokio::main]
async fn main() -> io::Result<()> {
    let said = std::env::args().nth(1).map(|bytes| bytes.parse::<usize>().map_err(io::Error::other));
    let message_bytes = said.transpose()?.unwrap_or(Limits::default().message_bytes);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    io::stdout().flush()?;
    axum::serve(listener, Router::new().fallback(any(open)).with_state(message_bytes)).await
}

async fn open(
    State(message_bytes): State<usize>,
    headers: HeaderMap,
    Extension(upgrading): Extension<OnUpgrade>,
    upgrade: WebSocketUpgrade,
) -> Response {
    // As many as the suite likes: it is not about how much a client may say.
    let limits = Limits { message_bytes, messages: usize::MAX, ..Limits::default() };
    switch(upgrade, upgrading, &headers, &limits, echo)
}

/// Repeats what it hears until the other side closes, and says why if it is the one that does.
async fn echo(mut socket: Socket) {
    while let Some(heard) = socket.next().await {
        let answer = match heard {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => message,
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_)) => continue,
            Err(error) => {
                if let Some(frame) = refusal(&error) {
                    let _ = socket.send(Message::Close(Some(frame))).await;
                }
                return;
            }
        };
        if socket.send(answer).await.is_err() {
            return;
        }
    }
}
