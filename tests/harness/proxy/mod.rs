//! A proxy in front of a server, and everything that can go wrong on the way to it.
//!
//! It stands between browser and server as a TCP connection does, so a browser cannot distinguish its faults from
//! those of a network. Requests and sockets (upgraded connections) fail separately:
//!
//! - [`Proxy::intercept`] decides about every request, dials among them: whether it is passed on, refused, answered
//!   here or held back;
//! - [`Proxy::wire`] decides about the bytes of the sockets that are open; they can also be
//!   [cut](Proxy::cut), even [in the middle of a frame](Proxy::cut_in_next_frame), and be
//!   [sent](Proxy::send) frames that the server never sent.
//!
//! A browser's own list of requests is not enough to count them: WebKit lists a preloaded file twice, whether it
//! requested it once or twice. So the proxy records them.
//!
//! | file | what it holds |
//! |---|---|
//! | [`request`] | one request, read whole |
//! | [`action`] | what happens to a request |
//! | [`socket`] | what happens to the frames of an open socket |

pub mod action;
pub mod request;
pub mod socket;

use std::{cell::RefCell, rc::Rc};

use tokio::{
    net::TcpListener,
    sync::mpsc,
    task::{JoinHandle, spawn_local},
};
use tokio_tungstenite::tungstenite::protocol::frame::coding::OpCode;

use action::{Accepted, RequestAction, Rule};
use request::Request;
use socket::{Order, Sockets, Wire};

/// A proxy that passes everything on until it is configured otherwise.
pub struct Proxy {
    port: u16,
    shared: Rc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    /// `127.0.0.1:PORT`
    server: String,
    rule: Rule,
    sockets: Sockets,
    arrived: RefCell<Vec<Request>>,
    answered: RefCell<Vec<Request>>,
}

impl Proxy {
    /// In front of `server`, `http://127.0.0.1:PORT`. Has to be called in a [`tokio::task::LocalSet`].
    pub async fn stand_before(server: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let shared = Rc::new(Shared {
            server: server.trim_start_matches("http://").to_owned(),
            rule: Rule::default(),
            sockets: Sockets::default(),
            arrived: RefCell::default(),
            answered: RefCell::default(),
        });
        let for_each = shared.clone();
        let task = spawn_local(async move {
            while let Ok((browser, _)) = listener.accept().await {
                let shared = for_each.clone();
                spawn_local(async move { action::answer(browser, &shared).await });
            }
        });
        Self { port, shared, task }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on `rule` decides about requests; also about those that are held back now.
    pub fn intercept(&self, rule: impl Fn(&Request) -> RequestAction + 'static) {
        self.shared.rule.replace(rule);
    }

    /// Passes all requests on again.
    pub fn forward_all(&self) {
        self.intercept(|_| RequestAction::Forward);
    }

    /// From now on the proxy accepts sockets itself and sends them to the receiver. A `GET` or a `POST` of a path in
    /// `answers` is answered here as well, with JSON.
    pub fn accept_sockets(
        &self,
        answers: impl Fn(&Request) -> Option<String> + 'static,
    ) -> mpsc::UnboundedReceiver<Accepted> {
        let (accepted, receiver) = mpsc::unbounded_channel();
        self.intercept(move |request| match answers(request) {
            _ if request.is_dial() => RequestAction::AcceptSocket(accepted.clone()),
            Some(json) => RequestAction::Respond(json),
            None => RequestAction::Forward,
        });
        receiver
    }

    /// All requests so far, whatever became of them.
    pub fn arrived(&self) -> Vec<Request> {
        self.shared.arrived.borrow().clone()
    }

    /// The requests that the server has answered, in the order of its answers.
    pub fn answered(&self) -> Vec<Request> {
        self.shared.answered.borrow().clone()
    }

    /// How often a socket was dialled.
    pub fn dials(&self) -> usize {
        self.shared.arrived.borrow().iter().filter(|request| request.is_dial()).count()
    }

    /// Sockets that are open now.
    pub fn open_sockets(&self) -> usize {
        self.shared.sockets.count()
    }

    /// From now on this becomes of the bytes of all sockets, those open now and those opened later.
    pub fn wire(&self, wire: Wire) {
        self.shared.sockets.wire(wire);
    }

    /// From now on the server's texts are what `edit` makes of them; `None` makes them vanish.
    pub fn edit_texts(&self, edit: impl Fn(&str) -> Option<String> + 'static) {
        self.shared.sockets.edit(Some(Rc::new(edit)));
    }

    pub fn leave_texts_alone(&self) {
        self.shared.sockets.edit(None);
    }

    /// Resets every open socket.
    pub fn cut(&self) {
        self.shared.sockets.order(&Order::Cut);
    }

    /// Resets every open socket when half of the server's next frame has passed.
    pub fn cut_in_next_frame(&self) {
        self.shared.sockets.order(&Order::CutInNextFrame);
    }

    /// Sends every open socket a frame, as if the server had.
    pub fn send(&self, kind: OpCode, payload: &[u8]) {
        self.shared.sockets.order(&Order::Send(socket::frame(kind, payload)));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}
