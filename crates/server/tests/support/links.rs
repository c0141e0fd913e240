//! Managed connections to sources on this machine.

use std::time::Duration;

use axum::http::StatusCode;
use futures_util::{SinkExt, StreamExt};
use latido_devtools::shelly::{Options, Simulator};
use latido_domain::account::Role;
use latido_server::{
    config::Settings,
    links::{address::Reach, settings::LinkSettings},
};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};

use super::{Answer, Person, Server, socket, socket::Socket};

pub fn near() -> LinkSettings {
    LinkSettings {
        reach: Reach::new(vec!["127.0.0.0/8".parse().unwrap()]),
        command_within: Duration::from_millis(300),
        ..LinkSettings::default()
    }
}

/// A server whose links may lead to this machine.
pub async fn server() -> Server {
    Server::start_with(reaching_this_machine).await
}

pub fn reaching_this_machine(settings: &mut Settings) {
    settings.links = near();
}

pub async fn admin(server: &Server) -> Person {
    server.person_as("admin@example.org", Role::Admin, "main").await
}

pub async fn plug(switches: u16, password: Option<&str>) -> Simulator {
    plug_with(Options { switches, password: password.map(str::to_owned), ..Options::default() }).await
}

pub async fn plug_with(options: Options) -> Simulator {
    let options = Options {
        name: "Cabina".to_owned(),
        // So seldom that no test sees it unless it wants to.
        measure_every: Duration::from_hours(1),
        ..options
    };
    Simulator::start("127.0.0.1:0".parse().unwrap(), options).await.unwrap()
}

pub fn shelly(plug: &Simulator) -> Value {
    json!({"type": "SHELLY", "referenceId": "plug", "metadata": {"url": plug.url()}})
}

/// Adds a managed connection and gives its id.
pub async fn add(admin: &Person, body: Value) -> String {
    let answer = admin.post("/websocket", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.body["connection"]["id"].as_str().unwrap().to_owned()
}

pub async fn act(admin: &Person, id: &str, action: &str) -> Answer {
    admin.post(&format!("/websocket/{id}/{action}"), json!({})).await
}

pub async fn connection(admin: &Person, id: &str) -> Value {
    admin.get(&format!("/websocket/{id}")).await.body["connection"].clone()
}

pub async fn devices(person: &Person) -> Vec<Value> {
    person.get("/devices").await.body["devices"].as_array().unwrap().clone()
}

/// A socket that hears what happens from now on.
pub async fn listen(server: &Server, person: &Person) -> Socket {
    let mut socket = socket::open(server, person).await;
    socket.start().await;
    socket
}

/// The next event of this type whose data is as wanted. Passes over all others.
pub async fn event(socket: &mut Socket, kind: &str, mut wanted: impl FnMut(&Value) -> bool) -> Value {
    loop {
        let frame = socket.json().await;
        if frame["type"] == kind && wanted(&frame["data"]) {
            return frame;
        }
    }
}

pub async fn status(socket: &mut Socket, status: &str) -> Value {
    event(socket, "connection_update", |data| data["status"] == status).await
}

/// The next time that a device is online, or is not.
pub async fn online(socket: &mut Socket, online: bool) -> Value {
    event(socket, "device-update", |data| data["online"] == online).await["data"].clone()
}

/// A source of JSON messages.
pub struct Source {
    listener: TcpListener,
}

impl Source {
    pub async fn start() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub fn draft(&self) -> Value {
        let url = format!("ws://{}/feed?key=hidden-key", self.listener.local_addr().unwrap());
        json!({"type": "CUSTOM", "referenceId": "feed", "metadata": {"url": url, "token": "hidden-token"}})
    }

    pub async fn accept(&self) -> Feed {
        let (stream, _) = self.listener.accept().await.unwrap();
        Feed(accept_async(stream).await.unwrap())
    }
}

/// One connection of it.
pub struct Feed(WebSocketStream<TcpStream>);

impl Feed {
    pub async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    pub async fn shout(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    pub async fn hear(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }
}
