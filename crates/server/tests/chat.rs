//! `latido-server chat`, as a user runs it: the contact writes, and reads what is written.
#![allow(clippy::unwrap_used, reason = "these are tests, if not marked as such")]

mod support;

use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdout, Command, Stdio},
};

use latido_protocol::frame::ClientFrame;
use serde_json::{Value, json};
use support::{
    Person, Server,
    process::{PROGRAM, run},
    socket::{Socket, open},
    webhooks::{contact, conversation, says, team},
};

const ADDRESS: &str = "+34600000002";

struct Chat {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Chat {
    /// With the secret that the server has made for itself.
    fn start(server: &Server) -> Self {
        Self::start_as(server, ADDRESS)
    }

    fn start_as(server: &Server, address: &str) -> Self {
        let mut child = Command::new(PROGRAM)
            .args([
                "chat",
                "--contact",
                address,
                "--url",
                &format!("http://{}", server.running.address),
                "--data",
            ])
            .arg(server.data.path().join("data"))
            .env_remove("LATIDO_WEBHOOK_SECRET")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    fn types(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// The next line that it shows.
    async fn shows(self) -> (Self, String) {
        let reading = tokio::task::spawn_blocking(move || {
            let mut chat = self;
            let line = chat.lines.next().unwrap().unwrap();
            (chat, line)
        });
        reading.await.unwrap()
    }

    /// Ends it as the end of its input does.
    fn ends(mut self) -> bool {
        drop(self.child.stdin.take());
        self.child.wait().unwrap().success()
    }
}

async fn talk() -> (Server, Person, String, Socket) {
    let server = Server::start_in_real_time(|_| {}).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", ADDRESS).await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    socket.say(&ClientFrame::Subscribe { channel: format!("conversation:{id}") }).await;
    (server, lucia, id, socket)
}

/// The next frame of this type.
async fn hears(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let frame = socket.json().await;
        if frame["type"] == kind {
            return frame["data"].clone();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_arrives_and_what_is_answered_appears_and_is_read() {
    let (server, lucia, id, mut socket) = talk().await;
    let (mut chat, greeting) = Chat::start(&server).shows().await;
    assert!(greeting.contains("Andrés"), "{greeting}");
    chat.types("¿Ceno pasta hoy?");
    let told = hears(&mut socket, "message:new").await;
    assert_eq!(
        (&told["message"]["text"], &told["message"]["author"]),
        (&json!("¿Ceno pasta hoy?"), &json!("contact"))
    );

    lucia.post(&format!("/conversations/{id}/read"), json!({})).await;
    let (chat, shown) = chat.shows().await;
    assert_eq!(shown, "(read)");
    socket.say(&ClientFrame::TypingStart { contact_id: id.clone() }).await;
    let (chat, shown) = chat.shows().await;
    assert_eq!(shown, "(the coach is typing)");
    says(&lucia, &id, "Mejor crema de calabacín").await;
    let (chat, shown) = chat.shows().await;
    // Both are news at the same moment; either may be fetched first.
    let (chat, shown) = if shown.starts_with('(') { chat.shows().await } else { (chat, shown) };
    assert_eq!(shown, "Coach: Mejor crema de calabacín");
    while conversation(&lucia).await["lastMessage"]["status"] != "read" {
        hears(&mut socket, "message:status").await;
    }
    assert!(chat.ends());
    server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_is_found_however_it_is_spelled() {
    let (server, ..) = talk().await;
    for spelling in ["34600000002", "00 34 600 000 002", "+34-600-000-002"] {
        let (chat, greeting) = Chat::start_as(&server, spelling).shows().await;
        assert!(greeting.contains("Andrés"), "{spelling}: {greeting}");
        assert!(chat.ends());
    }
    server.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_that_there_is_not_and_a_wrong_secret_are_explained() {
    let (server, ..) = talk().await;
    let url = format!("http://{}", server.running.address);
    let data = server.data.path().join("data").display().to_string();
    let tried = tokio::task::spawn_blocking(move || {
        [
            run(&["chat", "--contact", "+34999", "--url", &url, "--data", &data]),
            run(&["chat", "--contact", ADDRESS, "--url", &url, "--secret", "the secret of somebody else"]),
            run(&["chat", "--contact", ADDRESS, "--url", &url, "--data", "no-such-directory"]),
            run(&["chat", "--contact", ADDRESS, "--url", "http://127.0.0.1:1", "--data", &data]),
        ]
    });
    let said = ["nobody here is called +34999", "signature", "--data", "no server answers"];
    for ((succeeded, _, stderr), part) in tried.await.unwrap().iter().zip(said) {
        assert!(!succeeded);
        assert!(stderr.contains(part), "{stderr}");
    }
    server.running.stop().await;
}
