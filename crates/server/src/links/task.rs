//! The task of one link: carries out what the link orders, tells it what comes from the network, and
//! writes what it has changed. Everything that happens to a link happens here, one after the other, so
//! nothing is locked and a stop cannot be overtaken.

use std::{collections::HashMap, sync::Arc, time::Duration};

use latido_protocol::{
    device::Device,
    link::{LinkAction, LinkFigures, LinkId, LinkStatus, LogMetadata, ManagedConnection},
    time::Timestamp,
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, sleep_until},
};
use tokio_tungstenite::tungstenite::Message;
use tracing::warn;

use super::{
    connector::{Channel, CommandId, Connector, Heard},
    dial::{self, Address, Trouble},
    link::{Link, Now},
    machine::{Dial, Input, Order},
    pace::Pace,
    records::{self, StoredLink},
    settings::LinkSettings,
    wire::{Arrival, Wire},
};
use crate::{
    clock::Clock,
    json,
    store::{Store, StoreError},
};

/// When the database takes nothing, it is asked again after this.
const RETRY_AFTER: Duration = Duration::from_secs(1);
const CLEANED_EVERY: Duration = Duration::from_hours(1);
/// After so many rows the log is cleaned before its time.
const CLEANED_AFTER: usize = 500;
/// So many commands may wait for their answers.
const MAX_CALLS: usize = 16;

/// What every link's task needs.
pub struct Environment {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub settings: LinkSettings,
    /// Makes the connector for a dial.
    pub connect: fn(&StoredLink) -> Box<dyn Connector>,
}

/// What a link is doing, for those who only look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vitals {
    pub status: LinkStatus,
    pub last_heard_at: Option<Timestamp>,
    pub figures: LinkFigures,
}

/// Why a relay was not switched.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    #[error("the device is not online")]
    Offline,
    #[error("the source has no such relay")]
    NoRelay,
    #[error("too many commands are waiting for an answer")]
    Busy,
    #[error("the device did not answer in time")]
    TimedOut,
    #[error("the connection was lost before the device answered")]
    Lost,
    #[error("the device refused: {0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a task is asked to do.
pub enum Command {
    Act {
        action: LinkAction,
        actor: LogMetadata,
        reply: oneshot::Sender<Result<ManagedConnection, StoreError>>,
    },
    Switch {
        channel: Channel,
        on: bool,
        actor: LogMetadata,
        reply: oneshot::Sender<Result<Device, SwitchError>>,
    },
    Adopt {
        channel: Channel,
        appointment_only_mode: bool,
        reply: oneshot::Sender<Result<Option<Device>, StoreError>>,
    },
    /// Hang up, write that, and end. `autoReconnect` stays what it is.
    Close,
}

/// A command that waits for the device's answer.
struct Call {
    until: Instant,
    channel: Channel,
    reply: oneshot::Sender<Result<Device, SwitchError>>,
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
    pace: Pace,
    calls: HashMap<CommandId, Call>,
    next_command: u64,
    commands: &'a mut mpsc::Receiver<Command>,
    vitals: &'a watch::Sender<Option<Vitals>>,
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
        devices: Vec<(Channel, Device)>,
        commands: &'a mut mpsc::Receiver<Command>,
        vitals: &'a watch::Sender<Option<Vitals>>,
    ) -> Self {
        let now = Instant::now();
        // Only jitter hangs on it.
        let seed = getrandom::u64().unwrap_or_default();
        Self {
            link: Link::restore(stored.connection.clone(), devices, seed),
            environment,
            stored,
            wire: Wire::None,
            pace: Pace::new(now),
            calls: HashMap::new(),
            next_command: 0,
            commands,
            vitals,
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
    pub async fn put_right(&mut self) {
        let said = "The server made a mistake with this link and begins it anew.";
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
        let deadlines = [self.link.deadline(), written, calls, resumes_at, Some(self.clean_at)];
        let wake_at = deadlines.into_iter().flatten().min().unwrap_or(self.clean_at);
        tokio::select! {
            biased;
            command = self.commands.recv() => Happening::Command(command),
            arrival = self.wire.next(), if resumes_at.is_none() => Happening::Arrival(arrival),
            () = sleep_until(wake_at) => Happening::Woke,
        }
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Act { action, actor, reply } => {
                let orders = self.link.act(action, actor, self.now());
                self.carry_out(orders).await;
                let done = self.flush().await.map(|_| self.link.connection().clone());
                let _ = reply.send(done);
            }
            Command::Switch { channel, on, actor, reply } => self.switch(channel, on, actor, reply).await,
            Command::Adopt { channel, appointment_only_mode, reply } => {
                let adopted = self.link.adopt(&channel, appointment_only_mode).cloned();
                let _ = reply.send(self.flush().await.map(|_| adopted));
            }
            Command::Close => {
                self.tell(Input::Stop).await;
                self.closing = true;
            }
        }
    }

    async fn switch(
        &mut self,
        channel: Channel,
        on: bool,
        actor: LogMetadata,
        reply: oneshot::Sender<Result<Device, SwitchError>>,
    ) {
        let Some((dial, device)) = self.link.connected().zip(self.link.device(&channel).cloned()) else {
            let _ = reply.send(Err(SwitchError::Offline));
            return;
        };
        if !device.online {
            let _ = reply.send(Err(SwitchError::Offline));
            return;
        }
        if self.calls.len() >= MAX_CALLS {
            let _ = reply.send(Err(SwitchError::Busy));
            return;
        }
        let command = CommandId(self.next_command);
        self.next_command += 1;
        let text = self.wire.connector(dial).and_then(|connector| connector.switch(command, &channel, on));
        let Some(text) = text else {
            let _ = reply.send(Err(SwitchError::NoRelay));
            return;
        };
        let asked = if on { "on" } else { "off" };
        self.link.note_action(format!("{} was asked to switch {asked}.", device.name), actor, self.now());
        let until = Instant::now() + self.environment.settings.command_within;
        self.calls.insert(command, Call { until, channel, reply });
        self.say(dial, text).await;
    }

    /// Takes in what came from the network.
    async fn take(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Dialled(dial, Ok(socket)) => {
                let mut connector = (self.environment.connect)(&self.stored);
                let greeting = connector.opened();
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
            Heard::LockedOut(trouble) => self.tell(Input::Refused(dial, trouble.to_owned())).await,
            Heard::Unreadable => self.link.misheard(),
        }
    }

    /// What the device has done is written before anybody is told that it is done.
    async fn answer(&mut self, command: CommandId, result: Result<(), String>) {
        let Some(call) = self.calls.remove(&command) else { return };
        let written = self.flush().await;
        let device = self.link.device(&call.channel).cloned();
        let _ = call.reply.send(match (result, written, device) {
            (Err(refusal), ..) => Err(SwitchError::Refused(refusal)),
            (Ok(()), Err(error), _) => Err(error.into()),
            (Ok(()), Ok(_), Some(device)) => Ok(device),
            (Ok(()), Ok(_), None) => Err(SwitchError::NoRelay),
        });
    }

    async fn wake(&mut self) {
        let now = Instant::now();
        for (command, call) in self.calls.extract_if(|_, call| call.until <= now) {
            if let Some(connector) = self.link.connected().and_then(|dial| self.wire.connector(dial)) {
                connector.forget(command);
            }
            let _ = call.reply.send(Err(SwitchError::TimedOut));
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
            let trouble = "The source took no message.".to_owned();
            let orders = self.link.handle(Input::Lost(dial, trouble), self.now());
            // It can only be told to hang up.
            self.obey_orders(orders);
        }
    }

    async fn carry_out(&mut self, orders: Vec<Order>) {
        let ping = orders.iter().find_map(|order| match order {
            Order::Ping(dial) => Some(*dial),
            Order::Dial(_) | Order::HangUp => None,
        });
        self.obey_orders(orders);
        if let Some(dial) = ping {
            self.send(dial, Message::Ping(Vec::new().into())).await;
        }
    }

    fn obey_orders(&mut self, orders: Vec<Order>) {
        for order in orders {
            match order {
                Order::Dial(dial) => self.dial(dial),
                Order::HangUp => {
                    self.wire.hang_up();
                    for (_, call) in self.calls.drain() {
                        let _ = call.reply.send(Err(SwitchError::Lost));
                    }
                }
                Order::Ping(_) => {}
            }
        }
    }

    fn dial(&mut self, dial: Dial) {
        let (address, secret) = (Address::parse(&self.stored.address), self.stored.secret.clone());
        let reach = self.environment.settings.reach.clone();
        // A Shelly's password is no token: it never travels.
        let token = secret.filter(|_| self.stored.connection.kind == latido_protocol::link::LinkType::Custom);
        let dialling = Box::pin(async move {
            let address = address.map_err(|detail| Trouble::Lasting(format!("The address {detail}.")))?;
            dial::dial(&address, token.as_deref(), &reach).await
        });
        self.wire = Wire::Dialling { dial, dialling };
    }

    /// Writes what is due. `Ok(false)`: the link is no more.
    async fn flush(&mut self) -> Result<bool, StoreError> {
        let now = self.now();
        // First, so that who hears of a change and then looks sees it.
        self.show();
        if now.instant < self.write_from {
            return Err(StoreError::Unavailable);
        }
        if self.link.changes_due(now.instant).is_none_or(|due| due > now.instant) {
            return Ok(true);
        }
        let changes = Arc::new(self.link.take_changes(now));
        self.rows_since_cleaned += changes.rows.len();
        let (tenant, id, written) = (self.stored.tenant.clone(), self.id().clone(), Arc::clone(&changes));
        let saved = self
            .environment
            .store
            .write(move |write| records::save(write, &tenant, &id, &written, now.at))
            .await;
        if let Err(error) = &saved {
            warn!(link = %self.id(), %error, "what a link has changed could not be written; it is tried again");
            self.write_from = now.instant + RETRY_AFTER;
            self.link.put_back(Arc::unwrap_or_clone(changes));
        }
        saved
    }

    /// Cleans the log, when it is time.
    async fn clean(&mut self) {
        let now = self.now();
        if now.instant < self.clean_at && self.rows_since_cleaned < CLEANED_AFTER {
            return;
        }
        (self.clean_at, self.rows_since_cleaned) = (now.instant + CLEANED_EVERY, 0);
        let settings = &self.environment.settings;
        let (id, before, rows) = (self.id().clone(), now.at.plus_ms(-settings.log_ms), settings.log_rows);
        let cleaned = self.environment.store.write(move |write| records::clean(write, &id, before, rows));
        if let Err(error) = cleaned.await {
            warn!(link = %self.id(), %error, "a link's log could not be cleaned; it is tried again in an hour");
        }
    }

    fn show(&self) {
        self.vitals.send_replace(Some(Vitals {
            status: self.link.status(),
            last_heard_at: self.link.connection().last_ping_at,
            figures: self.link.figures(),
        }));
    }
}
