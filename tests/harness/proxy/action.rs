//! What the proxy does with a request.

use std::{rc::Rc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{mpsc, watch},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{handshake::derive_accept_key, protocol::Role},
};

use super::{
    Shared,
    request::{Request, read_head},
    socket,
};

/// A socket that the proxy accepted instead of the server.
pub type Accepted = WebSocketStream<TcpStream>;

/// What the proxy does with a request.
#[derive(Clone, Debug)]
pub enum RequestAction {
    /// Passes it to the server.
    Forward,
    /// Passes it to the server after a delay, as over a long distance.
    Delay(Duration),
    /// Refused with 503.
    Unavailable,
    /// Closes the connection without a response.
    Close,
    /// Holds it back until the rule changes.
    Hold,
    /// Passes it to the server, and holds the response back until the rule changes.
    HoldResponse,
    /// Responds with 200 and this JSON.
    Respond(String),
    /// Responds with this status and an HTML page, as a captive portal does, or a web server without that path.
    RespondWithPage(u16),
    /// Passes it to the server, and responds with 204 and no body.
    RespondEmpty,
    /// Accepts a WebSocket, and sends it to this channel.
    AcceptSocket(mpsc::UnboundedSender<Accepted>),
}

type ChooseAction = Rc<dyn Fn(&Request) -> RequestAction>;

/// The rule of the moment.
pub(super) struct Rule(watch::Sender<ChooseAction>);

impl Default for Rule {
    fn default() -> Self {
        Self(watch::Sender::new(Rc::new(|_| RequestAction::Forward)))
    }
}

impl Rule {
    pub fn replace(&self, rule: impl Fn(&Request) -> RequestAction + 'static) {
        self.0.send_replace(Rc::new(rule));
    }

    /// The rule's action; waits until it is one that `accept` admits.
    async fn action_for(&self, request: &Request, accept: fn(&RequestAction) -> bool) -> RequestAction {
        let mut rules = self.0.subscribe();
        loop {
            let rule = rules.borrow_and_update().clone();
            let action = rule(request);
            if accept(&action) {
                return action;
            }
            // Its sender is `self`.
            let _ = rules.changed().await;
        }
    }
}

/// Answers the one request of a connection.
pub(super) async fn answer(mut browser: TcpStream, shared: &Shared) {
    let Some((request, body)) = Request::read(&mut browser).await else { return };
    shared.arrived.borrow_mut().push(request.clone());
    match shared.rule.action_for(&request, |action| !matches!(action, RequestAction::Hold)).await {
        RequestAction::Forward | RequestAction::HoldResponse => pass(browser, &request, &body, shared).await,
        RequestAction::Delay(delay) => {
            tokio::time::sleep(delay).await;
            pass(browser, &request, &body, shared).await;
        }
        RequestAction::Unavailable => write(browser, "503 Service Unavailable", "").await,
        RequestAction::Respond(json) => write(browser, "200 OK", &json).await,
        RequestAction::RespondWithPage(status) => {
            let page = "<!doctype html><title>Not here</title>";
            write_as(browser, &format!("{status} Status"), "text/html", page).await;
        }
        RequestAction::RespondEmpty => {
            let Ok(mut server) = TcpStream::connect(&shared.server).await else { return };
            let whole = [request.head_for_one().as_bytes(), &body].concat();
            let mut answer = Vec::new();
            if server.write_all(&whole).await.is_ok() && server.read_to_end(&mut answer).await.is_ok() {
                shared.answered.borrow_mut().push(request.clone());
                write(browser, "204 No Content", "").await;
            }
        }
        RequestAction::AcceptSocket(to) => accept(browser, &request, &to).await,
        // That it never ends with being held was waited for.
        RequestAction::Close | RequestAction::Hold => {}
    }
}

async fn pass(mut browser: TcpStream, request: &Request, body: &[u8], shared: &Shared) {
    let Ok(mut server) = TcpStream::connect(&shared.server).await else { return };
    let whole = [request.head_for_one().as_bytes(), body].concat();
    if server.write_all(&whole).await.is_err() {
        return;
    }
    if request.is_dial() {
        let Some((head, first_frames)) = read_head(&mut server).await else { return };
        if browser.write_all(head.as_bytes()).await.is_ok() && head.starts_with("HTTP/1.1 101 ") {
            socket::relay(browser, server, first_frames, &shared.sockets).await;
        }
        return;
    }
    let mut answer = Vec::new();
    if server.read_to_end(&mut answer).await.is_ok() {
        shared.answered.borrow_mut().push(request.clone());
        shared.rule.action_for(request, |action| !matches!(action, RequestAction::HoldResponse)).await;
        // A browser that has gone away does not want it any more.
        let _ = browser.write_all(&answer).await;
    }
}

async fn write(browser: TcpStream, status: &str, json: &str) {
    write_as(browser, status, "application/json", json).await;
}

async fn write_as(mut browser: TcpStream, status: &str, media: &str, body: &str) {
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {media}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = browser.write_all(answer.as_bytes()).await;
}

async fn accept(mut browser: TcpStream, request: &Request, to: &mpsc::UnboundedSender<Accepted>) {
    let Some(key) = request.header("sec-websocket-key") else { return };
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
         sec-websocket-accept: {}\r\nsec-websocket-protocol: latido.v1\r\n\r\n",
        derive_accept_key(key.as_bytes())
    );
    if browser.write_all(head.as_bytes()).await.is_ok() {
        // Without a receiver the socket is closed.
        let _ = to.send(WebSocketStream::from_raw_socket(browser, Role::Server, None).await);
    }
}
