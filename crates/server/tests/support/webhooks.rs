//! The contact's side in tests: signs what it posts, and takes what is posted to it.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Request, StatusCode},
    routing::post,
};
use latido_domain::account::Role;
use latido_protocol::time::Timestamp;
use latido_server::webhook::{
    secret::Secret,
    signature::{self, Target, Version1, sign, verify},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc, time::timeout};

use super::{Answer, Person, Server, call, socket::PATIENCE};

pub const SECRET: &str = "a secret of the test's own";

pub fn secret() -> Secret {
    Secret::new(SECRET).unwrap()
}

/// The header for a body that is posted to this webhook.
pub fn signed(path: &str, body: &[u8], now: Timestamp) -> String {
    sign(&[secret()], Target { method: "POST", path: &format!("/api/webhooks{path}") }, body, now)
}

/// A coach who follows nobody, and whom nobody follows: the team of the own contacts.
pub async fn team(server: &Server, email: &str) -> Person {
    server.person_as(email, Role::Coach, "main").await
}

/// Posts a body as the provider does.
pub async fn post_signed(server: &Server, path: &str, body: &Value) -> Answer {
    let body = body.to_string();
    let header = signed(path, body.as_bytes(), server.running.app.clock.now());
    post_raw(server, path, &[(signature::HEADER, &header)], body.into_bytes()).await
}

pub async fn post_raw(server: &Server, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
    let mut request = Request::post(format!("/api/webhooks{path}")).header("host", "latido.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    call(server.app(), request.body(Body::from(body)).unwrap()).await
}

/// The contact writes; `id` is the provider's.
pub async fn contact_says(server: &Server, contact: &str, id: &str, text: &str) -> String {
    let message = json!({"type": "message", "contactId": contact, "id": id, "text": text});
    let answer = post_signed(server, "/messages", &message).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.body["messageId"].as_str().unwrap().to_owned()
}

pub async fn report(server: &Server, contact: &str, message: &str, status: &str) -> StatusCode {
    let report = json!({"type": "status", "contactId": contact, "messageId": message, "status": status});
    post_signed(server, "/messages", &report).await.status
}

pub async fn contact_types(server: &Server, contact: &str, typing: bool) {
    let kind = if typing { "typing:start" } else { "typing:stop" };
    let answer = post_signed(server, "/messages", &json!({"type": kind, "contactId": contact})).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
}

/// Creates a contact of this person's and gives its id.
pub async fn contact(person: &Person, name: &str, address: &str) -> String {
    let new = json!({"name": name, "channel": "whatsapp", "address": address});
    let answer = person.post("/conversations", new).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.body["conversation"]["contactId"].as_str().unwrap().to_owned()
}

/// Somebody at the dashboard writes; gives the message's id.
pub async fn says(person: &Person, contact: &str, text: &str) -> String {
    let answer = person.post(&format!("/conversations/{contact}/messages"), json!({"text": text})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.body["message"]["id"].as_str().unwrap().to_owned()
}

/// The only conversation on a person's page.
pub async fn conversation(person: &Person) -> Value {
    let list = person.get("/conversations").await;
    let conversations = list.body["conversations"].as_array().unwrap();
    assert_eq!(conversations.len(), 1, "{}", list.text);
    conversations[0].clone()
}

/// A provider that is posted to, and answers as it is told.
pub struct Provider {
    pub address: SocketAddr,
    posted: mpsc::UnboundedReceiver<Posted>,
}

/// What was posted, already found to be signed.
#[derive(Debug)]
pub struct Posted {
    pub delivery: Option<String>,
    pub body: Value,
}

type Answers = Arc<dyn Fn(&Value) -> StatusCode + Send + Sync>;

impl Provider {
    /// Answers everything with what `answers` says to its body.
    pub async fn start(answers: impl Fn(&Value) -> StatusCode + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, posted) = mpsc::unbounded_channel();
        let answers: Answers = Arc::new(answers);
        let router = Router::new().route("/hook", post(take)).with_state((sender, answers));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, posted }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub async fn next(&mut self) -> Posted {
        timeout(PATIENCE, self.posted.recv()).await.expect("nothing was posted").unwrap()
    }

    /// Whether nothing has been posted that was not yet taken.
    pub fn is_quiet(&mut self) -> bool {
        self.posted.try_recv().is_err()
    }
}

async fn take(
    State((posted, answers)): State<(mpsc::UnboundedSender<Posted>, Answers)>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, [(&'static str, &'static str); 1]) {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    // The tests' clocks stand where they like: the time is taken from the signature itself.
    let signature = text(signature::HEADER).unwrap();
    let seconds = signature.split(',').next().unwrap().strip_prefix("t=").unwrap().parse::<i64>().unwrap();
    let at = Timestamp::from_unix_ms(seconds * 1000);
    let target = Target { method: "POST", path: "/hook" };
    assert_eq!(verify(&[secret()], Some(&signature), target, Version1::Refused, &body, at), Ok(()));
    let body: Value = serde_json::from_slice(&body).unwrap();
    let answer = answers(&body);
    posted.send(Posted { delivery: text("x-latido-delivery"), body }).unwrap();
    (answer, [("location", "/elsewhere")])
}
