//! A client of the socket that follows the contract: it comes back after every crash with its position,
//! and takes events only without a hole and never twice.

use std::collections::BTreeMap;

use fastrand::Rng;
use futures_util::{SinkExt, StreamExt};
use latido_protocol::{
    frame::{ClientFrame, Position},
    time::Timestamp,
};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message},
};

use crate::{
    stage::{Life, Phase, Stage},
    writer::change,
};

/// The name of the food that is logged when all else is done.
pub const CURTAIN: &str = "curtain";

/// What the client holds at the end.
#[derive(Default)]
pub struct Seen {
    pub records: BTreeMap<String, Value>,
    pub changes: Vec<String>,
    pub resumed: usize,
    /// How many events came as a replay of what was missed.
    pub replayed: u64,
}

pub struct Viewer<'a> {
    pub stage: &'a Stage,
    pub token: String,
    pub rng: Rng,
    pub position: Option<Position>,
    pub seen: Seen,
}

/// The connection went away.
struct Gone;

impl<E: std::error::Error> From<E> for Gone {
    fn from(_: E) -> Self {
        Self
    }
}

impl Viewer<'_> {
    /// Returns when the curtain falls. `begun` is called with every welcome.
    pub async fn watch(mut self, begun: impl Fn()) -> Seen {
        let mut after = None;
        loop {
            let life = self.stage.life_after(after);
            after = Some(life.number);
            // Away for a whole life now and then, so that there is much to replay.
            let away = self.rng.u32(..3) == 0 && self.position.is_some();
            if away && self.stage.phase() == Phase::Killing {
                continue;
            }
            if self.watch_life(life, &begun).await.is_ok() {
                return self.seen;
            }
        }
    }

    async fn watch_life(&mut self, life: Life, begun: impl Fn()) -> Result<(), Gone> {
        let stream = TcpStream::connect(life.address).await?;
        let url = format!("ws://{}/ws?token={}", life.address, self.token);
        let mut socket = match client_async(url, stream).await {
            Ok((socket, _)) => socket,
            Err(tungstenite::Error::Http(answer)) => panic!("refused: {}", answer.status()),
            Err(_) => return Err(Gone),
        };
        let hello = ClientFrame::Hello { position: self.position.clone(), client: "test/1".to_owned() };
        socket.send(Message::text(hello.to_text(Timestamp::from_unix_ms(0)))).await?;
        let welcome = next(&mut socket).await?;
        assert_eq!(welcome["type"], "welcome", "{welcome}");
        let missed_up_to = self.welcomed(&welcome["data"]);
        begun();
        loop {
            let frame = next(&mut socket).await?;
            let seq = self.take(&frame);
            self.seen.replayed += u64::from(seq <= missed_up_to);
            self.stage.apply();
            if frame["data"]["name"] == CURTAIN {
                return Ok(());
            }
        }
    }

    /// Checks how the server took the position, and gives the head.
    fn welcomed(&mut self, welcome: &Value) -> u64 {
        let (epoch, head) = (welcome["epoch"].as_str().unwrap(), welcome["head"].as_u64().unwrap());
        match &self.position {
            None => {
                assert_eq!((&welcome["mode"], head), (&"fresh".into(), 0), "nothing has been written yet");
                self.position = Some(Position { epoch: epoch.to_owned(), seq: head });
            }
            Some(position) => {
                assert_eq!(welcome["mode"], "resumed", "at {position:?}: {welcome}");
                assert_eq!(position.epoch, epoch);
                self.seen.resumed += 1;
            }
        }
        head
    }

    /// Takes an event, which has to be the next one, and gives its number.
    fn take(&mut self, frame: &Value) -> u64 {
        let position = self.position.as_mut().unwrap();
        let (kind, data) = (frame["type"].as_str().unwrap(), &frame["data"]);
        assert_eq!(frame["seq"], position.seq + 1, "after {}: {frame}", position.seq);
        assert_eq!(frame["epoch"], position.epoch);
        position.seq += 1;
        let id = data["id"].as_str().unwrap();
        if kind.ends_with("Deleted") {
            assert!(self.seen.records.remove(id).is_some(), "{frame}");
        } else {
            let before = self.seen.records.insert(id.to_owned(), data.clone());
            assert_eq!(before.is_none(), kind.ends_with("Created"), "{frame}");
        }
        self.seen.changes.push(change(kind, id, data["version"].as_u64()));
        position.seq
    }
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Result<Value, Gone> {
    loop {
        match socket.next().await.ok_or(Gone)?? {
            Message::Text(text) => return Ok(serde_json::from_str(&text).unwrap()),
            Message::Close(close) => panic!("nobody was to close the socket: {close:?}"),
            _ => {}
        }
    }
}
