//! One socket of one user. It counts along: what comes has to be the next number, or something is missing.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::LazyLock,
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt};
use tokio::{net::TcpStream, time::timeout_at};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{self, Message, protocol::WebSocketConfig},
};

use crate::{
    accounts::Account,
    dialect::{Dialect, Heard, Position, Welcome},
    server::Server,
    source::{self, Window},
};

/// How often the dashboard asks whether the server is there.
const HEARTBEAT: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    #[error("no connection: {0}")]
    Connect(#[from] io::Error),
    #[error("{0}")]
    WebSocket(#[from] Box<tungstenite::Error>),
    #[error("the server closed it with {0}")]
    Closed(u16),
    #[error("it did not open in time")]
    TimedOut,
}

impl From<tungstenite::Error> for SocketError {
    fn from(error: tungstenite::Error) -> Self {
        Self::WebSocket(Box::new(error))
    }
}

/// The clock of `due`, which travels in records as nanoseconds.
static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

pub fn to_wire(due: Instant) -> u64 {
    u64::try_from(due.saturating_duration_since(*ORIGIN).as_nanos()).unwrap_or(u64::MAX)
}

fn from_wire(nanos: u64) -> Instant {
    *ORIGIN + Duration::from_nanos(nanos)
}

/// Where sockets go and how.
#[derive(Clone, Copy)]
pub struct Target {
    pub address: SocketAddr,
    pub dialect: Dialect,
    pub window: Window,
}

impl Target {
    pub fn of(server: &Server) -> Self {
        Self { address: server.address, dialect: Dialect::of(server.kind), window: Window::Usual }
    }
}

/// What was wrong with the numbers that came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    pub missing: u64,
    pub repeated: u64,
    /// How often the server could not replay what was missed.
    pub resets: u64,
}

pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    dialect: Dialect,
    pub position: Position,
    pub faults: Faults,
    /// What came before it was open.
    early: VecDeque<Option<Instant>>,
    heartbeat: tokio::time::Instant,
}

impl Socket {
    /// Connects, signs in, says the position if there is one, and waits for the welcome and for all that was missed.
    pub async fn open(
        target: Target,
        account: &Account,
        position: Option<Position>,
    ) -> Result<Self, SocketError> {
        let Target { address, dialect, window } = target;
        let stream = source::connect(address, window).await?;
        let url = format!("ws://{address}{}", dialect.path(&account.token));
        let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
        let (stream, _) = client_async_with_config(url, stream, Some(config)).await?;
        let hello = dialect.hello(&account.token, position.as_ref());
        let mut socket = Self {
            stream,
            dialect,
            position: position.clone().unwrap_or_default(),
            faults: Faults::default(),
            early: VecDeque::new(),
            heartbeat: tokio::time::Instant::now() + HEARTBEAT,
        };
        if dialect.greets_first() {
            socket.send(&hello).await?;
        }
        let mut head = None;
        while head.is_none_or(|head| socket.position.seq < head) {
            match socket.hear().await? {
                Heard::Open => socket.send(&hello).await?,
                Heard::Connected { log } => socket.position.log = log,
                Heard::Welcome(welcome) => {
                    head = Some(welcome.head);
                    socket.welcome(welcome, position.is_some());
                }
                Heard::Event { seq, due, offset } => {
                    let due = socket.count(seq, due, offset);
                    socket.early.push_back(due);
                }
                Heard::Ping(_) | Heard::Other => {}
            }
        }
        Ok(socket)
    }

    fn welcome(&mut self, welcome: Welcome, resuming: bool) {
        let Welcome { head, reset, log, offset } = welcome;
        if let Some(log) = log {
            self.position.log = log;
        }
        if let Some(offset) = offset {
            self.position.offset = offset;
        }
        self.faults.resets += u64::from(reset);
        if reset || !resuming {
            self.position.seq = head;
        }
    }

    /// Waits for the next event; gives when it was due, if it says. Answers and sends heartbeats meanwhile.
    pub async fn next(&mut self) -> Result<Option<Instant>, SocketError> {
        if let Some(due) = self.early.pop_front() {
            return Ok(due);
        }
        loop {
            if let Heard::Event { seq, due, offset } = self.hear().await? {
                return Ok(self.count(seq, due, offset));
            }
        }
    }

    fn count(&mut self, seq: u64, due: Option<u64>, offset: Option<String>) -> Option<Instant> {
        let last = self.position.seq;
        if seq <= last {
            self.faults.repeated += 1;
        } else {
            self.faults.missing += seq - last - 1;
            self.position.seq = seq;
        }
        if let Some(offset) = offset {
            self.position.offset = offset;
        }
        due.map(from_wire)
    }

    async fn hear(&mut self) -> Result<Heard, SocketError> {
        loop {
            match timeout_at(self.heartbeat, self.stream.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => match self.dialect.hear(&text) {
                    Heard::Ping(answer) => self.send(answer).await?,
                    heard => return Ok(heard),
                },
                Ok(Some(Ok(Message::Close(frame)))) => {
                    return Err(SocketError::Closed(frame.map_or(1005, |frame| frame.code.into())));
                }
                Ok(None) => return Err(SocketError::Closed(1006)),
                Ok(Some(Err(error))) => return Err(error.into()),
                // The library answers pings by itself, when something is sent or flushed.
                Ok(Some(Ok(_))) => self.stream.flush().await?,
                Err(_) => {
                    self.heartbeat += HEARTBEAT;
                    if let Some(ping) = self.dialect.heartbeat() {
                        self.send(ping).await?;
                    }
                }
            }
        }
    }

    pub async fn send(&mut self, text: &str) -> Result<(), SocketError> {
        Ok(self.stream.send(Message::text(text)).await?)
    }
}
