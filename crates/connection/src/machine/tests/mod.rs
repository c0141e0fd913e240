//! Scenarios on a virtual clock. A test's name is the story; `Bench` is the browser and the server.

use latido_protocol::{
    event::Family,
    frame::{ClientFrame, Position, Received},
    time::Timestamp,
};

mod catch_up;
mod heart;
mod lifecycle;
mod plain;
mod rooms;
mod rotation;
mod session;

use super::*;
use crate::{
    io::{Invalidation, TokenFailure},
    status::GaveUp,
};

/// A connection, a clock, and everything it has asked for.
struct Bench {
    connection: Connection,
    ms: i64,
    outputs: Vec<Output>,
}

const START_MS: i64 = 1_795_248_900_000;

impl Bench {
    fn new() -> Self {
        Self::with(Config::default())
    }

    fn with(config: Config) -> Self {
        Self { connection: Connection::new(config, 7), ms: START_MS, outputs: Vec::new() }
    }

    /// Signed in, dialled, welcomed fresh at `head`, and caught up.
    fn live_at(head: u64) -> Self {
        let mut bench = Self::new();
        bench.give(Input::Start);
        bench.dial_succeeds();
        bench.server(&welcome("fresh", head));
        bench.give_caught_up();
        assert!(bench.status().is_live());
        bench.outputs.clear();
        bench
    }

    fn now(&self) -> Now {
        Now { wall: Timestamp::from_unix_ms(self.ms), monotonic_ms: (self.ms - START_MS) as f64 }
    }

    fn give(&mut self, input: Input) {
        self.connection.handle(input, self.now());
        while let Some(output) = self.connection.poll() {
            self.outputs.push(output);
        }
    }

    fn dial(&self) -> DialId {
        DialId(self.connection.last_dial)
    }

    fn dial_succeeds(&mut self) {
        let dial = self.dial();
        self.give(Input::TokenReady { dial, token: "t".into() });
        self.give(Input::Opened { dial });
    }

    fn dial_is_refused(&mut self) {
        let dial = self.dial();
        self.give(Input::TokenReady { dial, token: "t".into() });
        self.give(Input::Closed { dial, code: 1006 });
    }

    fn server(&mut self, text: &str) {
        let dial = self.dial();
        self.give(Input::Frame { dial, text: text.into() });
    }

    /// A frame on another socket than the newest.
    fn server_on(&mut self, dial: DialId, text: &str) {
        self.give(Input::Frame { dial, text: text.into() });
    }

    fn closes(&mut self, code: u16) {
        let dial = self.dial();
        self.give(Input::Closed { dial, code });
    }

    fn give_caught_up(&mut self) {
        let dial = self.dial();
        self.give(Input::CaughtUp { dial });
    }

    /// Lets time pass as a browser in the foreground does: every deadline wakes the machine.
    fn pass(&mut self, ms: i64) {
        let end = self.ms + ms;
        while let Some(at) = self.connection.wake_at.map(Timestamp::unix_ms)
            && at <= end
        {
            self.ms = self.ms.max(at);
            self.give(Input::Woke);
        }
        self.ms = end;
        self.give(Input::Woke);
    }

    /// Time passes and nothing wakes: a laptop lid is closed.
    fn sleep(&mut self, ms: i64) {
        self.ms += ms;
    }

    fn status(&self) -> Status {
        self.connection.status()
    }

    fn sent(&self) -> Vec<ClientFrame> {
        let texts = self.outputs.iter().filter_map(|output| match output {
            Output::Send { text, .. } => Some(text),
            _ => None,
        });
        texts.map(|text| ClientFrame::parse(text).unwrap()).collect()
    }

    fn dials(&self) -> usize {
        self.outputs.iter().filter(|output| matches!(output, Output::FetchToken { .. })).count()
    }

    fn events(&self) -> usize {
        self.outputs.iter().filter(|output| matches!(output, Output::Event(_))).count()
    }

    /// The families that were, in order; everything counts as none of them.
    fn invalidated(&self) -> Vec<Family> {
        let family = |output: &Output| match output {
            Output::Invalidate(
                Invalidation::Family { family, .. } | Invalidation::Confirm { family, .. },
            ) => Some(*family),
            _ => None,
        };
        self.outputs.iter().filter_map(family).collect()
    }

    fn refetched_everything(&self) -> bool {
        self.outputs.contains(&Output::Invalidate(Invalidation::Everything))
    }
}

fn welcome(mode: &str, head: u64) -> String {
    format!(r#"{{"type":"welcome","data":{{"connectionId":"c","epoch":"e","head":{head},"mode":"{mode}"}}}}"#)
}

fn event(seq: u64) -> String {
    format!(r#"{{"type":"foodLogDeleted","data":{{"id":"f{seq}"}},"epoch":"e","seq":{seq}}}"#)
}

const PLAIN_EVENT: &str = r#"{"type":"foodLogDeleted","data":{"id":"f"}}"#;
const PONG: &str = r#"{"type":"pong"}"#;

/// What is said on a new socket, from a position.
fn greeting_at(seq: u64) -> [ClientFrame; 2] {
    [hello_at(seq), ClientFrame::Ping { seq: Some(seq) }]
}

fn hello_at(seq: u64) -> ClientFrame {
    let position = Position { epoch: "e".into(), seq };
    ClientFrame::Hello { position: Some(position), client: Config::default().client }
}
