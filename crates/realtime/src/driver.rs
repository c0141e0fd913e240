//! The only file that touches `WebSocket`, the connection's timer and the browser's events.
//!
//! It is the connection's hands: it carries out what the machine says and reports what happens,
//! each report with the number of the dial it belongs to. It decides nothing.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};

use gloo_timers::callback::Timeout;
use latido_connection::{Connection, DialId, Input, Output};
use latido_protocol::{
    frame::{SUBPROTOCOL, TICKET_PREFIX},
    time::Timestamp,
};
use leptos::prelude::{WindowListenerHandle, window, window_event_listener_untyped};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use crate::{clock, console, options::SocketAuth, page::is_visible};

/// Longer timeouts overflow in browsers; waking early does no harm.
const LONGEST_TIMEOUT_MS: i64 = 1_000_000_000;
/// What is reported when a socket could not even be made.
const ABNORMAL: u16 = latido_connection::close_code::ABNORMAL;

/// An event of the window, and what it is to the machine when it happens.
type Happening = (&'static str, fn() -> Input);

pub(crate) struct Driver {
    connection: RefCell<Connection>,
    url: String,
    auth: SocketAuth,
    /// One; two while a socket takes over from another.
    sockets: RefCell<Vec<Socket>>,
    timer: RefCell<Option<Timeout>>,
    /// Of the page's events.
    listeners: RefCell<Vec<WindowListenerHandle>>,
    /// Inputs that arrived while another was being carried out; the machine takes one at a time.
    inputs: RefCell<VecDeque<Input>>,
    busy: Cell<bool>,
    /// What is not the browser's to carry out goes to the provider.
    on_output: Box<dyn Fn(Output)>,
    myself: Weak<Self>,
}

impl Driver {
    pub fn new(
        connection: Connection,
        url: String,
        auth: SocketAuth,
        on_output: impl Fn(Output) + 'static,
    ) -> Rc<Self> {
        Rc::new_cyclic(|myself| Self {
            connection: RefCell::new(connection),
            url,
            auth,
            sockets: RefCell::default(),
            timer: RefCell::default(),
            listeners: RefCell::default(),
            inputs: RefCell::default(),
            busy: Cell::new(false),
            on_output: Box::new(on_output),
            myself: myself.clone(),
        })
    }

    pub fn with<T>(&self, look: impl FnOnce(&Connection) -> T) -> T {
        look(&self.connection.borrow())
    }

    /// Reports what happened, and carries out what follows from it.
    pub fn input(&self, input: Input) {
        self.inputs.borrow_mut().push_back(input);
        if self.busy.replace(true) {
            return;
        }
        while let Some(input) = self.next_input() {
            self.connection.borrow_mut().handle(input, clock::now());
            while let Some(output) = self.next_output() {
                self.carry_out(output);
            }
        }
        self.busy.set(false);
    }

    fn next_input(&self) -> Option<Input> {
        self.inputs.borrow_mut().pop_front()
    }

    fn next_output(&self) -> Option<Output> {
        self.connection.borrow_mut().poll()
    }

    fn carry_out(&self, output: Output) {
        match output {
            Output::Dial { dial, token } => self.dial(dial, &token),
            Output::Send { dial, text } => self.send(dial, &text),
            Output::Close { dial, code } => self.close(dial, code),
            Output::WakeAt(at) => self.wake_at(at),
            Output::FetchToken { .. }
            | Output::StatusChanged(_)
            | Output::Event(_)
            | Output::Invalidate(_)
            | Output::Ignored(_)
            | Output::Foreign { .. }
            | Output::AwaitCaughtUp { .. }
            | Output::CheckSession => (self.on_output)(output),
        }
    }

    fn dial(&self, dial: DialId, token: &str) {
        // Those that the other side has closed. Not in their own close handler: it is still running then.
        self.sockets.borrow_mut().retain(|socket| socket.wire.ready_state() < WebSocket::CLOSING);
        let opened = match self.auth {
            SocketAuth::Query => {
                let joint = if self.url.contains('?') { '&' } else { '?' };
                let token: String = js_sys::encode_uri_component(token).into();
                WebSocket::new(&format!("{}{joint}token={token}", absolute(&self.url)))
            }
            SocketAuth::Ticket => {
                let protocols = js_sys::Array::of2(
                    &JsValue::from_str(SUBPROTOCOL),
                    &JsValue::from_str(&format!("{TICKET_PREFIX}{token}")),
                );
                WebSocket::new_with_str_sequence(&absolute(&self.url), &protocols)
            }
        };
        if let Ok(socket) = opened {
            self.sockets.borrow_mut().push(Socket::listen(dial, socket, &self.myself));
        } else {
            console::warn("WS_URL is not an address that a WebSocket can open");
            self.input(Input::Closed { dial, code: ABNORMAL });
        }
    }

    fn send(&self, dial: DialId, text: &str) {
        if let Some(socket) = self.sockets.borrow().iter().find(|socket| socket.dial == dial) {
            console::debug(|| format!("→ {} bytes", text.len()));
            // A socket that is closing says so in its close event.
            let _ = socket.wire.send_with_str(text);
        }
    }

    /// Lets go at once. A close handshake with a dead peer can take a minute; nothing waits for it.
    fn close(&self, dial: DialId, code: u16) {
        self.sockets.borrow_mut().retain(|socket| {
            if socket.dial == dial {
                let _ = socket.wire.close_with_code(code);
            }
            socket.dial != dial
        });
    }

    fn wake_at(&self, at: Option<Timestamp>) {
        let timer = at.map(|at| {
            let wait = (at.unix_ms() - clock::wall().unix_ms()).clamp(0, LONGEST_TIMEOUT_MS);
            let myself = self.myself.clone();
            Timeout::new(wait as u32, move || {
                if let Some(driver) = myself.upgrade() {
                    driver.woke();
                }
            })
        });
        self.timer.replace(timer);
    }

    /// Timers may fire early by a fraction of a millisecond; the machine would not ask again.
    fn woke(&self) {
        self.timer.take();
        self.input(Input::Woke);
        let deadline = self.connection.borrow().wake_at();
        if deadline.is_some() && self.timer.borrow().is_none() {
            self.wake_at(deadline);
        }
    }

    /// Listens to the browser for as long as the driver lives.
    pub fn listen_to_the_page(self: &Rc<Self>) {
        let resumed = || Input::Resumed { visible: is_visible() };
        let events: [Happening; 7] = [
            ("online", || Input::Online),
            ("offline", || Input::Offline),
            ("visibilitychange", visibility),
            ("pageshow", resumed),
            ("resume", resumed),
            ("pagehide", || Input::Frozen),
            ("freeze", || Input::Frozen),
        ];
        for (event, input) in events {
            let driver = self.myself.clone();
            let handle = window_event_listener_untyped(event, move |_| {
                if let Some(driver) = driver.upgrade() {
                    driver.input(input());
                }
            });
            self.listeners.borrow_mut().push(handle);
        }
        self.input(visibility());
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        for listener in self.listeners.get_mut().drain(..) {
            listener.remove();
        }
        for socket in self.sockets.get_mut() {
            let _ = socket.wire.close();
        }
    }
}

fn visibility() -> Input {
    if is_visible() { Input::Visible } else { Input::Hidden }
}

/// Resolves `/ws` against the page, with the scheme that goes with the page's.
fn absolute(url: &str) -> String {
    if !url.starts_with('/') {
        return url.to_owned();
    }
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|scheme| scheme == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}{url}", location.host().unwrap_or_default())
}

/// A socket and its handlers. Dropping it takes the handlers off first: a closure that is called
/// after it was dropped would throw.
struct Socket {
    dial: DialId,
    wire: WebSocket,
    _on_open: Closure<dyn Fn()>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_close: Closure<dyn Fn(CloseEvent)>,
}

impl Socket {
    fn listen(dial: DialId, socket: WebSocket, driver: &Weak<Driver>) -> Self {
        socket.set_binary_type(BinaryType::Arraybuffer);
        let report = {
            let driver = driver.clone();
            move |input: Input| {
                if let Some(driver) = driver.upgrade() {
                    driver.input(input);
                }
            }
        };
        let on_open = Closure::<dyn Fn()>::new({
            let report = report.clone();
            move || report(Input::Opened { dial })
        });
        let on_message = Closure::<dyn Fn(MessageEvent)>::new({
            let report = report.clone();
            move |event: MessageEvent| match event.data().as_string() {
                Some(text) => {
                    console::debug(|| format!("← {} bytes", text.len()));
                    report(Input::Frame { dial, text });
                }
                None => report(Input::Nonsense { dial }),
            }
        });
        let on_close = Closure::<dyn Fn(CloseEvent)>::new(move |event: CloseEvent| {
            report(Input::Closed { dial, code: event.code() });
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Self { dial, wire: socket, _on_open: on_open, _on_message: on_message, _on_close: on_close }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.wire.set_onopen(None);
        self.wire.set_onmessage(None);
        self.wire.set_onclose(None);
    }
}
