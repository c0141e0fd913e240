//! One client a page: it owns the machine by its driver and matches every output.

use std::{
    cell::OnceCell,
    rc::{Rc, Weak},
};

use latido_connection::{Connection, Input, Output, Status, Trouble, quality::Quality};
use latido_protocol::event::{Event, Family};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;

use crate::{
    clock, console,
    driver::Driver,
    history::{Change, History},
    host::RealtimeHost,
    options::RealtimeOptions,
    subscriptions::{Callback, Message, Room, Subscribers, Subscription},
};

/// The page's connection, as components see it. Cheap to clone.
///
/// ```no_run
/// use latido_realtime::use_realtime;
/// use leptos::prelude::*;
///
/// #[component]
/// fn Notice() -> impl IntoView {
///     let (notice, set_notice) = signal(String::new());
///     // An event of the app's own, whose data are a text.
///     let subscription = use_realtime().on("notice", move |text: String| set_notice.set(text));
///     // Kept until the component is unmounted.
///     let subscription = StoredValue::new_local(subscription);
///     on_cleanup(move || subscription.dispose());
///     view! { <p>{notice}</p> }
/// }
/// ```
#[derive(Clone)]
pub struct Realtime(SendWrapper<Rc<Inner>>);

struct Inner {
    driver: Rc<Driver>,
    status: ArcRwSignal<Status>,
    history: Rc<History>,
    subscribers: Rc<Subscribers>,
}

impl Realtime {
    /// A connection to `url` that is not dialled yet. Without an address its status is `polling`.
    pub(crate) fn new(url: Option<&str>, options: RealtimeOptions, host: Rc<dyn RealtimeHost>) -> Self {
        console::install();
        if url.is_none() {
            console::not_configured();
        }
        let seed = (js_sys::Math::random() * 9e15) as u64;
        let mut timing = options.timing;
        timing.enabled = url.is_some();
        let connection = Connection::new(timing, seed);
        let status = ArcRwSignal::new(connection.status());
        let history = Rc::new(History::default());
        let subscribers = Rc::new(Subscribers::default());

        let slot = Rc::<OnceCell<Weak<Driver>>>::default();
        let outputs = Outputs {
            host,
            status: status.clone(),
            history: history.clone(),
            subscribers: subscribers.clone(),
            reconnect: options.reconnect,
            driver: slot.clone(),
        };
        let url = url.unwrap_or_default().to_owned();
        let driver = Driver::new(connection, url, options.auth, move |output| outputs.carry_out(output));
        // It is set here and nowhere else.
        let _ = slot.set(Rc::downgrade(&driver));
        driver.listen_to_the_page();
        Self(SendWrapper::new(Rc::new(Inner { driver, status, history, subscribers })))
    }

    /// The status as a signal that follows every change at once. For a badge: [`debounced`](crate::status::debounced).
    pub fn status(&self) -> ArcReadSignal<Status> {
        self.0.status.read_only()
    }

    /// Round-trip times (milliseconds), uptime and counters since the page was opened.
    pub fn quality(&self) -> Quality {
        self.0.driver.with(|connection| connection.quality().clone())
    }

    /// What went wrong last, if anything has.
    pub fn last_trouble(&self) -> Option<Trouble> {
        self.0.driver.with(Connection::last_trouble)
    }

    /// The last 200 changes of the status since the page was opened, oldest first. A change is in it before the status
    /// signal shows it.
    pub fn history(&self) -> Vec<Change> {
        self.0.history.changes()
    }

    /// Dials, and stays connected until [`disconnect`](Self::disconnect).
    pub fn connect(&self) {
        self.0.driver.input(Input::Start);
    }

    /// Closes the socket. Only [`connect`](Self::connect) undoes this.
    pub fn disconnect(&self) {
        self.0.driver.input(Input::Stop);
    }

    /// Dials at once and resets the counter of attempts; without effect while live or stopped.
    pub fn reconnect(&self) {
        self.0.driver.input(Input::Retry);
    }

    /// Reports whether a poll of the app succeeded. After the attempts are used up, a success dials again: at once if the
    /// poll before had failed, else after [`rearm_after`](latido_connection::Config::rearm_after).
    pub fn report_poll(&self, succeeded: bool) {
        self.0.driver.input(if succeeded { Input::PollSucceeded } else { Input::PollFailed });
    }

    /// Joins a room, as `conversation:<contactId>`, on this and on every later socket.
    pub fn join(&self, channel: String) -> Room {
        Room::join(self.0.driver.clone(), channel)
    }

    /// Sends that the user types to this contact, or has stopped.
    pub fn typing(&self, contact_id: String, typing: bool) {
        self.0.driver.input(Input::Typing { contact_id, typing });
    }

    /// Calls back with every event of a family, in the order in which they are applied.
    pub fn subscribe(&self, family: Family, callback: impl Fn(&Event) + 'static) -> Subscription {
        self.0.subscribers.add(Callback::Events(family, Rc::new(callback)))
    }

    /// Calls back with every event as it came over the socket, also of types that the protocol does not know.
    pub fn on_message(&self, callback: impl Fn(Message) + 'static) -> Subscription {
        self.0.subscribers.add(Callback::Messages(Rc::new(move |message| callback(message.clone()))))
    }

    /// Calls back with the data of every event of this name, which may be one of the app's own. An event whose data
    /// are no `T` is passed over; the refetch that follows it shows what it has changed.
    pub fn on<T: DeserializeOwned>(
        &self,
        name: &'static str,
        callback: impl Fn(T) + 'static,
    ) -> Subscription {
        self.0.subscribers.add(Callback::Messages(Rc::new(move |message| {
            if message.name == name
                && let Ok(data) = serde_json::from_str(&message.data)
            {
                callback(data);
            }
        })))
    }
}

/// Where the machine's outputs go.
struct Outputs {
    host: Rc<dyn RealtimeHost>,
    status: ArcRwSignal<Status>,
    history: Rc<History>,
    subscribers: Rc<Subscribers>,
    reconnect: bool,
    /// Set as soon as the driver exists, which owns these outputs.
    driver: Rc<OnceCell<Weak<Driver>>>,
}

impl Outputs {
    fn carry_out(&self, output: Output) {
        let Some(driver) = self.driver.get().and_then(Weak::upgrade) else { return };
        self.host.on_backend(driver.with(Connection::backend));
        match output {
            Output::FetchToken { dial, force } => {
                let token = self.host.fetch_token(force);
                spawn_local(async move {
                    driver.input(match token.await {
                        Ok(token) => Input::TokenReady { dial, token },
                        Err(failure) => Input::TokenFailed { dial, failure },
                    });
                });
            }
            Output::StatusChanged(status) => self.status_changed(status, &driver),
            Output::Event(event) => {
                self.host.on_event(&event);
                self.subscribers.notify(&event);
            }
            Output::Invalidate(invalidation) => self.host.on_invalidate(invalidation),
            Output::Foreign { name, data } => {
                let message = Message { name, data };
                self.subscribers.notify_foreign(&message);
                self.host.on_foreign(&message.name);
            }
            Output::Ignored(kind) => console::verbose(|| format!("ignored a frame of type \"{kind}\"")),
            Output::AwaitCaughtUp { dial } => {
                self.host.when_caught_up(Box::new(move || driver.input(Input::CaughtUp { dial })));
            }
            Output::CheckSession => {
                let valid = self.host.check_session();
                spawn_local(async move { driver.input(Input::SessionChecked { valid: valid.await }) });
            }
            // The driver's own.
            Output::Dial { .. } | Output::Send { .. } | Output::Close { .. } | Output::WakeAt(_) => {}
        }
    }

    fn status_changed(&self, status: Status, driver: &Driver) {
        let (last, troubles) =
            driver.with(|connection| (connection.last_trouble(), connection.quality().troubles));
        self.history.record(clock::wall(), status, last, troubles);
        console::verbose(|| format!("now {}", status.name()));
        match status {
            Status::Live { .. } => console::connected(),
            Status::Disconnected { reason } => {
                console::warn(&format!("WebSocket disconnected ({}); polling", reason.name()));
            }
            Status::Polling | Status::Stopped | Status::Connecting | Status::Reconnecting { .. } => {}
        }
        self.host.on_status(status);
        self.status.set(status);
        if !self.reconnect && matches!(status, Status::Reconnecting { .. }) {
            driver.input(Input::Stop);
        }
    }
}
