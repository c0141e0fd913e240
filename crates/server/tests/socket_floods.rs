//! What costs the server something to read is counted, also where it is no message.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use support::{Server, socket::open};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

/// Far more than a socket may send, and far less than it could in a second.
const MANY: usize = 50_000;

fn piece(of: Data, text: &str, last: bool) -> Message {
    Message::Frame(Frame::message(text.to_owned().into_bytes(), OpCode::Data(of), last))
}

#[tokio::test]
async fn pongs_without_pings_end_the_socket() {
    let server = Server::start_in_real_time(|_| {}).await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    assert_eq!(socket.flood(Message::Pong(Vec::new().into()), MANY).await, Some(4429));
    server.running.stop().await;
}

#[tokio::test]
async fn empty_pieces_of_a_message_end_the_socket() {
    let server = Server::start_in_real_time(|_| {}).await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    socket.send(piece(Data::Text, "", false)).await;
    assert_eq!(socket.flood(piece(Data::Continue, "", false), MANY).await, Some(4429));
    server.running.stop().await;
}

#[tokio::test]
async fn messages_in_a_few_pieces_are_heard() {
    let server = Server::start_in_real_time(|_| {}).await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    for _ in 0..40 {
        let pieces = ["{\"type\":", "\"unsubscribe\",", "\"data\":{", "\"channel\":", "\"x\"}", "}"];
        for (n, text) in pieces.iter().enumerate() {
            let of = if n == 0 { Data::Text } else { Data::Continue };
            socket.send(piece(of, text, n == pieces.len() - 1)).await;
        }
        socket.send(Message::Pong(Vec::new().into())).await;
    }
    socket.up_to_pong().await;
    server.running.stop().await;
}
