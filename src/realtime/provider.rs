//! Turns what the connection says into signals, refetches and callbacks.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use latido_connection::{
    Config as ConnectionConfig, Connection, Input, Output, Status, TokenFailure, Trouble, config::NotATiming,
    quality::Quality,
};
use latido_protocol::{
    event::{Event, Family},
    json, read_object,
    session::Ticket,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    console,
    driver::Driver,
    history::{Change as StatusChange, History},
};
use crate::{
    api::{Api, Call, Method, error::ApiError, session::SignedIn},
    browser::{Shared, clock, shared},
    config::{Config, SocketAuth},
    queries::{Queries, record::Change},
    writes::Writes,
};

/// The connection, as components see it.
#[derive(Clone)]
pub struct Realtime(Shared<Inner>);

struct Inner {
    driver: Rc<Driver>,
    status: ArcRwSignal<Status>,
    history: Rc<History>,
    listeners: Rc<Listeners>,
}

#[derive(Default)]
struct Listeners {
    last: Cell<u32>,
    list: RefCell<Vec<Listener>>,
}

#[derive(Clone)]
struct Listener {
    number: u32,
    family: Family,
    callback: Rc<dyn Fn(&Event)>,
}

/// Ends the subscription when it is dropped.
#[must_use = "dropping the subscription ends it"]
pub struct Subscription {
    listeners: Rc<Listeners>,
    number: u32,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.listeners.list.borrow_mut().retain(|listener| listener.number != self.number);
    }
}

impl Realtime {
    pub fn status(&self) -> ArcReadSignal<Status> {
        self.0.status.read_only()
    }

    pub fn quality(&self) -> Quality {
        self.0.driver.with(|connection| connection.quality().clone())
    }

    pub fn last_trouble(&self) -> Option<Trouble> {
        self.0.driver.with(Connection::last_trouble)
    }

    /// Every change of the status since the page was opened, oldest first. It has grown when the status changes.
    pub fn history(&self) -> Vec<StatusChange> {
        self.0.history.changes()
    }

    pub fn retry(&self) {
        self.0.driver.input(Input::Retry);
    }

    /// Joins a room, as `conversation:<contactId>`, on this and on every later socket.
    pub fn join(&self, channel: String) -> Room {
        self.0.driver.input(Input::Subscribe { channel: channel.clone() });
        Room { driver: self.0.driver.clone(), channel }
    }

    /// Says that the user types to this contact, or has stopped.
    pub fn typing(&self, contact_id: String, typing: bool) {
        self.0.driver.input(Input::Typing { contact_id, typing });
    }

    /// Calls back with every event of a family, in the order in which they are applied.
    pub fn subscribe(&self, family: Family, callback: impl Fn(&Event) + 'static) -> Subscription {
        let listeners = self.0.listeners.clone();
        let number = listeners.last.get() + 1;
        listeners.last.set(number);
        listeners.list.borrow_mut().push(Listener { number, family, callback: Rc::new(callback) });
        Subscription { listeners, number }
    }
}

/// A room that this page is in for as long as it looks at it.
#[must_use = "dropping it leaves the room"]
pub struct Room {
    driver: Rc<Driver>,
    channel: String,
}

impl Drop for Room {
    fn drop(&mut self) {
        self.driver.input(Input::Unsubscribe { channel: std::mem::take(&mut self.channel) });
    }
}

/// The page's connection.
///
/// # Panics
/// Outside the provider, which is a mistake in the tree.
pub fn use_realtime() -> Realtime {
    expect_context()
}

/// For components that work without a connection as well.
pub fn use_realtime_optional() -> Option<Realtime> {
    use_context()
}

/// Makes the page's one connection, lets it follow the session, and provides it.
pub fn provide_realtime(config: &Config, api: &Api, queries: &Queries, writes: &Writes) -> Realtime {
    console::install();
    if config.socket_url.is_none() {
        console::not_configured();
    }
    let seed = (js_sys::Math::random() * 9e15) as u64;
    let mut machine =
        ConnectionConfig { enabled: config.socket_url.is_some(), ..ConnectionConfig::default() };
    if let Some(timing) = &config.socket_timing
        && let Err(NotATiming(part)) = machine.set_timing(timing)
    {
        console::warn(&format!("WS_TIMING: {part} is not understood and changes nothing"));
    }
    let connection = Connection::new(machine, seed);
    let status = ArcRwSignal::new(connection.status());
    let history = Rc::new(History::default());
    let listeners = Rc::new(Listeners::default());

    let url = config.socket_url.clone().unwrap_or_default();
    let auth = config.socket_auth;
    let driver = Rc::<RefCell<Option<Rc<Driver>>>>::default();
    let outputs = Outputs {
        api: api.clone(),
        queries: queries.clone(),
        auth,
        status: status.clone(),
        history: history.clone(),
        listeners: listeners.clone(),
        driver: driver.clone(),
    };
    let made = Driver::new(connection, url, auth, move |output| outputs.take(output));
    driver.replace(Some(made.clone()));
    made.listen_to_the_page();

    let (reporter, waking) = (made.clone(), writes.clone());
    let failed_before = Cell::new(false);
    queries.on_fetched(move |worked| {
        reporter.input(if worked { Input::PollSucceeded } else { Input::PollFailed });
        // One that works all along says nothing about a server that takes no writes.
        if failed_before.replace(!worked) && worked {
            waking.wake();
        }
    });
    let realtime = Realtime(shared(Inner { driver: made, status, history, listeners }));
    follow_session(api, queries, writes, &realtime);
    provide_context(realtime.clone());
    realtime
}

fn follow_session(api: &Api, queries: &Queries, writes: &Writes, realtime: &Realtime) {
    let signed_in = api.session().signed_in();
    let (queries, writes, realtime) = (queries.clone(), writes.clone(), realtime.clone());
    Effect::new(move |_| match signed_in.get() {
        SignedIn::Yes(user) | SignedIn::Remembered(user) => {
            writes.start(user.id.as_str().to_owned());
            realtime.0.driver.input(Input::Start);
        }
        SignedIn::No { .. } => {
            realtime.0.driver.input(Input::Stop);
            writes.stop();
            queries.clear();
        }
        SignedIn::Unknown => {}
    });
}

/// Where the driver's outputs go.
struct Outputs {
    api: Api,
    queries: Queries,
    auth: SocketAuth,
    status: ArcRwSignal<Status>,
    history: Rc<History>,
    listeners: Rc<Listeners>,
    driver: Rc<RefCell<Option<Rc<Driver>>>>,
}

impl Outputs {
    fn take(&self, output: Output) {
        let Some(driver) = self.driver.borrow().clone() else { return };
        match output {
            Output::FetchToken { dial, force } => {
                let (api, auth) = (self.api.clone(), self.auth);
                spawn_local(async move {
                    driver.input(match fetch_token(&api, auth, force).await {
                        Ok(token) => Input::TokenReady { dial, token },
                        Err(ApiError::SignedOut) => {
                            Input::TokenFailed { dial, failure: TokenFailure::Refused }
                        }
                        Err(_) => Input::TokenFailed { dial, failure: TokenFailure::Unavailable },
                    });
                });
            }
            Output::StatusChanged(status) => {
                let (last, troubles) =
                    driver.with(|connection| (connection.last_trouble(), connection.quality().troubles));
                self.history.record(clock::wall(), status, last, troubles);
                self.changed(status);
            }
            Output::Event(event) => {
                if let Some(change) = Change::of(&event) {
                    self.queries.put(&change);
                }
                self.follow_person(&event);
                self.tell(&event);
            }
            Output::Invalidate(invalidation) => self.queries.invalidate(invalidation),
            Output::Ignored(kind) => console::verbose(|| format!("ignored a frame of type \"{kind}\"")),
            Output::AwaitCaughtUp { dial } => {
                self.queries.when_quiet(move || driver.input(Input::CaughtUp { dial }));
            }
            Output::CheckSession => {
                let api = self.api.clone();
                spawn_local(async move {
                    let answer = api.send(Call::get("/session")).await;
                    let valid = !matches!(answer, Err(ApiError::SignedOut));
                    driver.input(Input::SessionChecked { valid });
                });
            }
            // The driver's own.
            Output::Dial { .. } | Output::Send { .. } | Output::Close { .. } | Output::WakeAt(_) => {}
        }
    }

    fn changed(&self, status: Status) {
        console::verbose(|| format!("now {}", status.name()));
        match status {
            Status::Live { .. } => console::connected(),
            Status::Disconnected { reason } => {
                console::warn(&format!("WebSocket disconnected ({}); polling", reason.name()));
            }
            Status::Polling | Status::Stopped | Status::Connecting | Status::Reconnecting { .. } => {}
        }
        self.queries.follow(status.is_live());
        self.status.set(status);
    }

    /// A coach's page that shows something of theirs fetches it anew.
    fn follow_person(&self, event: &Event) {
        struct PersonUpdated {
            person_id: String,
            family: String,
        }
        read_object!(PersonUpdated { person_id = "personId", family = "family" });
        if let Event::Told(told) = event
            && told.family == Family::Person
            && let Ok(updated) = json::parse::<PersonUpdated>(told.text())
        {
            self.queries.invalidate_person(&updated.person_id, &updated.family);
        }
    }

    fn tell(&self, event: &Event) {
        let family = event.family();
        // A copy: a callback may subscribe or unsubscribe.
        let listeners = self.listeners.list.borrow().clone();
        for listener in listeners.iter().filter(|listener| listener.family == family) {
            (listener.callback)(event);
        }
    }
}

async fn fetch_token(api: &Api, auth: SocketAuth, force: bool) -> Result<String, ApiError> {
    let refused = if force { api.session().current_token() } else { None };
    let token = api.session().token(refused.as_deref()).await?;
    match auth {
        SocketAuth::Query => Ok(token),
        SocketAuth::Ticket => {
            let answer = api.send(Call { method: Method::Post, ..Call::get("/realtime/ticket") }).await?;
            Ok(answer.read::<Ticket>()?.ticket)
        }
    }
}
