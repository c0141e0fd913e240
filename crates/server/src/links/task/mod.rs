//! The task of one link: carries out what the link orders, tells it what comes from the network, and
//! writes what it has changed. Everything that happens to a link happens here, one after the other, so
//! nothing is locked and a stop cannot be overtaken.
//!
//! | file | what it holds |
//! |---|---|
//! | [`request`] | the commands of a task |
//! | [`command`] | carrying them out |
//! | [`writing`] | writing what has changed, cleaning the log |

mod command;
pub mod request;
mod writing;

use std::{collections::HashMap, sync::Arc, time::Duration};

use latido_domain::{
    device_link::{DeviceChannel, StoredLink},
    store::Store,
};
use latido_protocol::{
    device::Device,
    link::{LinkFigures, LinkId, LinkStatus, LinkType},
    reason::{Code, Reason},
    time::Timestamp,
};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};
use tokio_tungstenite::tungstenite::Message;

use self::request::Call;
pub use self::request::{Command, SwitchError};
use super::{
    connector::{CommandId, Connector, Heard},
    dial::{self, Address, Route, Trouble},
    link::{Link, Now},
    lookup::Lookups,
    machine::{Dial, Input, LinkEffect},
    settings::LinkSettings,
    throttle::ReadThrottle,
    wire::{Arrival, Wire},
};
use crate::{clock::Clock, json};

/// How long a link that was not ready in time is left alone.
const UNREADY_PAUSE: Duration = Duration::from_secs(10);

/// What every link's task needs.
pub struct Environment {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub settings: LinkSettings,
    pub lookups: Lookups,
    /// Makes the connector for a dial.
    pub connect: fn(&StoredLink) -> Box<dyn Connector>,
}

/// What a link is doing, for those who only look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkStats {
    pub status: LinkStatus,
    pub last_heard_at: Option<Timestamp>,
    pub figures: LinkFigures,
}

enum Happening {
    Command(Option<Command>),
    Arrival(Arrival),
    Woke,
}

pub struct Task<'a> {
    environment: &'a Environment,
    stored: StoredLink,
    link: Link,
    wire: Wire,
    pace: ReadThrottle,
    /// When the first answers of the source are due, while some are missing.
    ready_by: Option<Instant>,
    calls: HashMap<CommandId, Call>,
    next_command: u64,
    commands: &'a mut mpsc::Receiver<Command>,
    stats: &'a watch::Sender<Option<LinkStats>>,
    /// Nothing is written before this.
    write_from: Instant,
    clean_at: Instant,
    rows_since_cleaned: usize,
    closing: bool,
}

impl<'a> Task<'a> {
    pub fn new(
        environment: &'a Environment,
        stored: StoredLink,
        devices: Vec<(DeviceChannel, Device)>,
        commands: &'a mut mpsc::Receiver<Command>,
        stats: &'a watch::Sender<Option<LinkStats>>,
    ) -> Self {
        let now = Instant::now();
        // Only jitter hangs on it.
        let seed = getrandom::u64().unwrap_or_default();
        Self {
            link: Link::restore(stored.connection.clone(), devices, seed),
            environment,
            stored,
            wire: Wire::None,
            pace: ReadThrottle::new(now),
            ready_by: None,
            calls: HashMap::new(),
            next_command: 0,
            commands,
            stats,
            write_from: now,
            clean_at: now,
            rows_since_cleaned: 0,
            closing: false,
        }
    }

    fn now(&self) -> Now {
        Now { at: self.environment.clock.now(), instant: Instant::now() }
    }

    fn id(&self) -> &LinkId {
        self.link.id()
    }

    /// After an earlier task of this link came to grief: says so, and that nothing is online.
    pub async fn repair(&mut self) {
        let said = Code::LinkBegunAnew.says("The server made a mistake with this link and begins it anew.");
        self.link.note_error(said, None, self.now());
        // What cannot be written now is written by `run`.
        let _ = self.flush().await;
    }

    /// Runs until it is told to close, or the link is no more.
    pub async fn run(mut self) {
        if self.link.auto_reconnect() {
            self.tell(Input::Start).await;
        }
        loop {
            if matches!(self.flush().await, Ok(false)) {
                return self.wire.hang_up();
            }
            self.clean().await;
            if self.closing {
                return;
            }
            match self.wait().await {
                // Nobody can command it any more: the server is gone.
                Happening::Command(None) => return,
                Happening::Command(Some(command)) => self.obey(command).await,
                Happening::Arrival(arrival) => self.take(arrival).await,
                Happening::Woke => self.wake().await,
            }
        }
    }

    async fn wait(&mut self) -> Happening {
        let now = Instant::now();
        let resumes_at = self.pace.resumes_at(now);
        let written = self.link.changes_due(now).map(|due| due.max(self.write_from));
        let calls = self.calls.values().map(|call| call.until).min();
        let deadlines =
            [self.link.deadline(), self.ready_by, written, calls, resumes_at, Some(self.clean_at)];
        let wake_at = deadlines.into_iter().flatten().min().unwrap_or(self.clean_at);
        tokio::select! {
            biased;
            command = self.commands.recv() => Happening::Command(command),
            arrival = self.wire.next(), if resumes_at.is_none() => Happening::Arrival(arrival),
            () = sleep_until(wake_at) => Happening::Woke,
        }
    }

    /// Takes in what came from the network.
    async fn take(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Dialled(dial, Ok(socket)) => {
                let mut connector = (self.environment.connect)(&self.stored);
                let greeting = connector.opened();
                let within = self.environment.settings.ready_within;
                self.ready_by = (!connector.is_ready()).then(|| Instant::now() + within);
                self.wire = Wire::Open { dial, socket, connector };
                self.tell(Input::Opened(dial)).await;
                for text in greeting {
                    self.say(dial, text).await;
                }
            }
            Arrival::Dialled(dial, Err(Trouble::Passing(trouble))) | Arrival::Lost(dial, trouble) => {
                self.tell(Input::Lost(dial, trouble)).await;
            }
            Arrival::Dialled(dial, Err(Trouble::Lasting(trouble))) => {
                self.tell(Input::Refused(dial, trouble)).await;
            }
            Arrival::Sign(dial, bytes) => {
                self.pace.count(Instant::now());
                self.link.heard(dial, bytes, self.now());
            }
            Arrival::Text(dial, text) => {
                self.pace.count(Instant::now());
                self.link.heard(dial, Some(text.len()), self.now());
                let heard = match self.wire.connector(dial) {
                    Some(_) if json::is_too_deep(text.as_bytes()) => vec![Heard::Unreadable],
                    Some(connector) => connector.heard(&text),
                    None => Vec::new(),
                };
                if self.wire.connector(dial).is_some_and(|connector| connector.is_ready()) {
                    self.ready_by = None;
                }
                for heard in heard {
                    self.hear(dial, heard).await;
                }
            }
        }
    }

    async fn hear(&mut self, dial: Dial, heard: Heard) {
        match heard {
            Heard::Reading(reading) => self.link.read(dial, reading, self.now()),
            Heard::Say(text) => self.say(dial, text).await,
            Heard::Answer { command, result } => self.answer(command, result).await,
            Heard::LockedOut(trouble) => self.tell(Input::Refused(dial, trouble)).await,
            Heard::Unusable { why, pause } => self.tell(Input::Unusable(dial, why, pause)).await,
            Heard::Unreadable => self.link.misheard(),
        }
    }

    async fn wake(&mut self) {
        let now = Instant::now();
        self.give_up_calls(now);
        if self.ready_by.is_some_and(|ready_by| ready_by <= now) {
            self.ready_by = None;
            if let Some(dial) = self.link.connected() {
                let why = Code::SourceUnready.says("The source did not answer the first questions in time.");
                self.tell(Input::Unusable(dial, why, UNREADY_PAUSE)).await;
            }
        }
        self.tell(Input::Tick).await;
    }

    async fn tell(&mut self, input: Input) {
        let orders = self.link.handle(input, self.now());
        self.carry_out(orders).await;
    }

    async fn say(&mut self, dial: Dial, text: String) {
        self.send(dial, Message::text(text)).await;
    }

    async fn send(&mut self, dial: Dial, message: Message) {
        if self.wire.send(dial, message).await.is_err() {
            let trouble = Code::MessageNotTaken.says("The source took no message.");
            let orders = self.link.handle(Input::Lost(dial, trouble), self.now());
            // It can only be told to hang up.
            self.obey_orders(orders);
        }
    }

    async fn carry_out(&mut self, orders: Vec<LinkEffect>) {
        let ping = orders.iter().find_map(|order| match order {
            LinkEffect::Ping(dial) => Some(*dial),
            LinkEffect::Dial(_) | LinkEffect::HangUp => None,
        });
        self.obey_orders(orders);
        if let Some(dial) = ping {
            self.send(dial, Message::Ping(Vec::new().into())).await;
        }
    }

    fn obey_orders(&mut self, orders: Vec<LinkEffect>) {
        for order in orders {
            match order {
                LinkEffect::Dial(dial) => self.dial(dial),
                LinkEffect::HangUp => {
                    self.wire.hang_up();
                    self.ready_by = None;
                    self.lose_calls();
                }
                LinkEffect::Ping(_) => {}
            }
        }
    }

    fn dial(&mut self, dial: Dial) {
        let (address, secret) = (Address::parse(&self.stored.address), self.stored.secret.clone());
        let route = Route {
            tenant: self.stored.tenant.clone(),
            reach: self.environment.settings.reach.clone(),
            lookups: self.environment.lookups.clone(),
        };
        // A Shelly's password is no token: it never travels.
        let token = secret.filter(|_| self.stored.connection.kind == LinkType::Custom);
        let dialling = Box::pin(async move {
            let address = address.map_err(|reason| {
                Trouble::Lasting(Reason { detail: format!("The address {}.", reason.detail), ..reason })
            })?;
            dial::dial(&address, token.as_deref(), &route).await
        });
        self.wire = Wire::Dialling { dial, dialling };
    }
}
