//! What happens to a request.

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

/// A socket that was answered here instead of by the server.
pub type Accepted = WebSocketStream<TcpStream>;

/// What becomes of a request.
#[derive(Clone, Debug)]
pub enum Door {
    /// The server gets it.
    Open,
    /// The server gets it so much later: it is far away.
    After(Duration),
    /// Refused with 503.
    Unavailable,
    /// The connection is closed without a word.
    Shut,
    /// Waits outside until the rule is another.
    Held,
    /// The server gets it; its answer waits until the rule is another.
    AnswerHeld,
    /// Answered here, 200 and this JSON.
    Answered(String),
    /// A dial that is answered here; the socket is in this channel.
    Taken(mpsc::UnboundedSender<Accepted>),
}

type Judge = Rc<dyn Fn(&Request) -> Door>;

/// The rule of the moment.
pub(super) struct Rule(watch::Sender<Judge>);

impl Default for Rule {
    fn default() -> Self {
        Self(watch::Sender::new(Rc::new(|_| Door::Open)))
    }
}

impl Rule {
    pub fn replace(&self, rule: impl Fn(&Request) -> Door + 'static) {
        self.0.send_replace(Rc::new(rule));
    }

    /// Waits until the rule says something that `accept` takes.
    async fn say(&self, request: &Request, accept: fn(&Door) -> bool) -> Door {
        let mut rules = self.0.subscribe();
        loop {
            let rule = rules.borrow_and_update().clone();
            let door = rule(request);
            if accept(&door) {
                return door;
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
    match shared.rule.say(&request, |door| !matches!(door, Door::Held)).await {
        Door::Open | Door::AnswerHeld => pass(browser, &request, &body, shared).await,
        Door::After(delay) => {
            tokio::time::sleep(delay).await;
            pass(browser, &request, &body, shared).await;
        }
        Door::Unavailable => write(browser, "503 Service Unavailable", "").await,
        Door::Answered(json) => write(browser, "200 OK", &json).await,
        Door::Taken(to) => take(browser, &request, &to).await,
        // That it never ends with being held was waited for.
        Door::Shut | Door::Held => {}
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
        shared.rule.say(request, |door| !matches!(door, Door::AnswerHeld)).await;
        // A browser that has gone away does not want it any more.
        let _ = browser.write_all(&answer).await;
    }
}

async fn write(mut browser: TcpStream, status: &str, json: &str) {
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{json}",
        json.len()
    );
    let _ = browser.write_all(answer.as_bytes()).await;
}

async fn take(mut browser: TcpStream, request: &Request, to: &mpsc::UnboundedSender<Accepted>) {
    let Some(key) = request.header("sec-websocket-key") else { return };
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
         sec-websocket-accept: {}\r\nsec-websocket-protocol: latido.v1\r\n\r\n",
        derive_accept_key(key.as_bytes())
    );
    if browser.write_all(head.as_bytes()).await.is_ok() {
        // If nobody takes it, it is closed.
        let _ = to.send(WebSocketStream::from_raw_socket(browser, Role::Server, None).await);
    }
}
