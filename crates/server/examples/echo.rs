//! An echo over WebSocket, with exactly the buffers and limits of the server's own sockets. This is what
//! the conformance suite is run against (`cargo xtask conformance`): the contract of the real socket
//! gives it nothing to repeat.
//!
//! `echo [BYTES]` prints the address it listens on; BYTES is the longest message, 32 KiB if unsaid.

use std::io::{self, Write as _};

use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::Response,
    routing::any,
};
use latido_server::{
    config::Limits,
    socket::{configured, refusal},
};

#[tokio::main]
async fn main() -> io::Result<()> {
    let said = std::env::args().nth(1).map(|bytes| bytes.parse::<usize>().map_err(io::Error::other));
    let message_bytes = said.transpose()?.unwrap_or(Limits::default().message_bytes);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    io::stdout().flush()?;
    axum::serve(listener, Router::new().fallback(any(open)).with_state(message_bytes)).await
}

async fn open(State(message_bytes): State<usize>, upgrade: WebSocketUpgrade) -> Response {
    configured(upgrade, message_bytes).on_upgrade(echo)
}

/// Repeats what it hears until the other side closes, and says why if it is the one that does.
async fn echo(mut socket: WebSocket) {
    while let Some(heard) = socket.recv().await {
        let answer = match heard {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => message,
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_)) => continue,
            Err(error) => {
                if let Some(frame) = refusal(error) {
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
