//! A client of the socket that does nothing by itself.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use latido_protocol::{
    frame::{ClientFrame, Position, Received, ServerFrame, Welcome, WelcomeMode},
    time::Timestamp,
};
use serde_json::json;
use tokio::{net::TcpSocket, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message, client::IntoClientRequest, http},
};

use super::{Person, Server};

/// Longer than anything here takes on a busy machine, so that waiting in vain fails and not hangs.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Socket {
    stream: WebSocketStream<tokio::net::TcpStream>,
    pub protocol: Option<String>,
}

/// How a dial went.
pub type Dial = Result<Socket, http::StatusCode>;

/// Dials with these headers; `path` with its query.
pub async fn dial(server: &Server, path: &str, headers: &[(&str, &str)]) -> Dial {
    dial_address(server.running.address, path, headers, None).await
}

/// The same of any server, with so many bytes for what has arrived and was not read.
pub async fn dial_address(
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
    buffer: Option<u32>,
) -> Dial {
    let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(http::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
    }
    let socket = TcpSocket::new_v4().unwrap();
    if let Some(bytes) = buffer {
        socket.set_recv_buffer_size(bytes).unwrap();
    }
    let stream = socket.connect(address).await.unwrap();
    match timeout(PATIENCE, client_async(request, stream)).await.expect("no answer to the dial") {
        Ok((stream, answer)) => {
            let protocol = answer.headers().get("sec-websocket-protocol");
            Ok(Socket { stream, protocol: protocol.map(|value| value.to_str().unwrap().to_owned()) })
        }
        Err(tungstenite::Error::Http(answer)) => Err(answer.status()),
        Err(error) => panic!("the dial failed: {error}"),
    }
}

pub async fn ticket(person: &Person) -> String {
    let answer = person.post("/realtime/ticket", json!({})).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.body["ticket"].as_str().unwrap().to_owned()
}

pub async fn dial_with_ticket(server: &Server, ticket: &str) -> Dial {
    dial(server, "/ws", &[("sec-websocket-protocol", &format!("latido.v1, ticket.{ticket}"))]).await
}

/// A socket of this person that has not yet said hello.
pub async fn open(server: &Server, person: &Person) -> Socket {
    dial_with_ticket(server, &ticket(person).await).await.unwrap()
}

/// One that takes in little before it is read.
pub async fn open_narrow(server: &Server, person: &Person) -> Socket {
    let protocols = format!("latido.v1, ticket.{}", ticket(person).await);
    let headers = [("sec-websocket-protocol", protocols.as_str())];
    dial_address(server.running.address, "/ws", &headers, Some(4096)).await.unwrap()
}

impl Socket {
    pub async fn send(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    /// Whether it could be sent; the server may have closed.
    pub async fn try_send(&mut self, message: Message) -> bool {
        self.stream.send(message).await.is_ok()
    }

    /// Sends while it listens, as browsers do, and gives the close code.
    pub async fn shout(self, message: Message) -> Option<u16> {
        self.flood(message, 1).await
    }

    /// Sends the message so many times, unless it is closed before.
    pub async fn flood(self, message: Message, times: usize) -> Option<u16> {
        let (mut sink, mut stream) = self.stream.split();
        let sending = tokio::spawn(async move {
            for _ in 0..times {
                if sink.send(message.clone()).await.is_err() {
                    break;
                }
            }
        });
        let closed = loop {
            match timeout(PATIENCE, stream.next()).await.expect("nothing came") {
                Some(Ok(Message::Close(frame))) => break frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => break None,
            }
        };
        sending.abort();
        closed
    }

    pub async fn say(&mut self, frame: &ClientFrame) {
        self.send(Message::text(frame.to_text(Timestamp::from_unix_ms(0)))).await;
    }

    pub async fn hello(&mut self, position: Option<Position>) -> Welcome {
        self.say(&ClientFrame::Hello { position, client: "test/1".to_owned() }).await;
        loop {
            // Events that came live before a second hello may still be on their way.
            let received = self.frame().await;
            match received.frame {
                ServerFrame::Welcome(welcome) => return welcome,
                ServerFrame::Event(_) => {}
                other => panic!("{other:?} instead of a welcome"),
            }
        }
    }

    /// Says hello as somebody who knows nothing.
    pub async fn start(&mut self) -> Welcome {
        let welcome = self.hello(None).await;
        assert_eq!(welcome.mode, WelcomeMode::Fresh);
        welcome
    }

    async fn message(&mut self) -> Option<Message> {
        loop {
            let next = timeout(PATIENCE, self.stream.next()).await.expect("nothing came");
            match next {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(message)) => {
                    if message.is_close() {
                        // Sends our answer to it.
                        let _ = timeout(PATIENCE, self.stream.next()).await;
                    }
                    return Some(message);
                }
                Some(Err(_)) | None => return None,
            }
        }
    }

    pub async fn frame(&mut self) -> Received {
        Received::parse(&self.text().await).unwrap()
    }

    /// The next frame as it was sent.
    pub async fn text(&mut self) -> String {
        match self.message().await {
            Some(Message::Text(text)) => text.to_string(),
            other => panic!("{other:?} instead of a frame"),
        }
    }

    /// The next frame as it came, for those that a dashboard does not decode.
    pub async fn json(&mut self) -> serde_json::Value {
        serde_json::from_str(&self.text().await).unwrap()
    }

    /// Everything that comes up to the answer to a ping: it may be of any type.
    pub async fn json_up_to_pong(&mut self) -> Vec<serde_json::Value> {
        self.say(&ClientFrame::Ping { seq: None }).await;
        let mut frames = Vec::new();
        loop {
            let frame = self.json().await;
            if frame["type"] == "pong" {
                return frames;
            }
            frames.push(frame);
        }
    }

    /// The number of the next event, passing over everything else.
    pub async fn event_seq(&mut self) -> u64 {
        loop {
            let received = self.frame().await;
            if let ServerFrame::Event(_) = received.frame {
                return received.seq.expect("a full backend numbers its events");
            }
        }
    }

    /// Sends a ping and gives what comes up to the pong: the events' numbers, and the pong's head.
    pub async fn up_to_pong(&mut self) -> (Vec<u64>, Option<u64>) {
        self.say(&ClientFrame::Ping { seq: None }).await;
        let mut seqs = Vec::new();
        loop {
            let received = self.frame().await;
            match received.frame {
                ServerFrame::Pong { head } => return (seqs, head),
                ServerFrame::Event(_) => seqs.push(received.seq.unwrap()),
                other => panic!("{other:?}"),
            }
        }
    }

    /// The same, when what was said before is answered with errors.
    pub async fn up_to_pong_passing_errors(&mut self) {
        self.say(&ClientFrame::Ping { seq: None }).await;
        while !matches!(self.frame().await.frame, ServerFrame::Pong { .. }) {}
    }

    /// What comes until the socket is closed: the frames, and the close code (`None`: it just ended).
    pub async fn until_closed(&mut self) -> (Vec<Received>, Option<u16>) {
        let mut frames = Vec::new();
        loop {
            match self.message().await {
                Some(Message::Text(text)) => frames.push(Received::parse(&text).unwrap()),
                Some(Message::Close(frame)) => return (frames, frame.map(|frame| frame.code.into())),
                Some(other) => panic!("{other:?}"),
                None => return (frames, None),
            }
        }
    }

    pub async fn close_code(&mut self) -> Option<u16> {
        self.until_closed().await.1
    }

    /// Goes away as a network does: without a word.
    pub fn vanish(self) {
        drop(self);
    }
}
