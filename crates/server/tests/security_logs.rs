//! The server's own log, at its most talkative, over a run in which everything that is secret or about
//! somebody's health goes in and out: none of it is in there.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{
    io::Read as _,
    process::{ChildStderr, Command},
    thread::JoinHandle,
};

use serde_json::{Value, json};
use support::{
    process::Process,
    socket::{Socket, dial_address},
};
use tokio_tungstenite::tungstenite::Message;

const PASSWORD: &str = "latido-demo";

/// A server that says all it can, and what it has said.
struct Talkative {
    server: Process,
    said: JoinHandle<String>,
    agent: ureq::Agent,
}

impl Talkative {
    fn start() -> Self {
        let more = ["--demo", "--log-level", "trace"];
        let mut server =
            Process::start_saying(&more, &[("WEBSOCKET_DEBUG", "true"), ("WEBSOCKET_VERBOSE", "true")]);
        let mut stderr: ChildStderr = server.child.stderr.take().unwrap();
        let said = std::thread::spawn(move || {
            let mut said = String::new();
            stderr.read_to_string(&mut said).unwrap();
            said
        });
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        Self { server, said, agent }
    }

    /// Status, cookie and body of a request below `/api`.
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String, Value) {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}/api{path}", self.server.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = self.agent.run(request.body(body.to_owned()).unwrap()).unwrap();
        let cookie = answer.headers().get("set-cookie").map_or("", |cookie| cookie.to_str().unwrap());
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let text = answer.body_mut().read_to_string().unwrap();
        (answer.status().as_u16(), cookie, serde_json::from_str(&text).unwrap_or_default())
    }

    /// Ends the server and gives all that it said.
    fn end(self) -> String {
        let status = Command::new("kill").arg(self.server.child.id().to_string()).status().unwrap();
        assert!(status.success());
        let said = self.said.join().unwrap();
        let mut server = self.server;
        assert!(server.child.wait().unwrap().success());
        said
    }
}

async fn open(address: std::net::SocketAddr, path: &str, protocols: Option<&str>) -> Option<Socket> {
    let headers: Vec<_> = protocols.iter().map(|protocols| ("sec-websocket-protocol", *protocols)).collect();
    dial_address(address, path, &headers, None).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_and_no_health_value_is_in_the_log() {
    let talkative = Talkative::start();
    let address = talkative.server.address;
    let typed = [("content-type", "application/json")];
    let credentials = json!({"email": "demo@latido.local", "password": PASSWORD}).to_string();
    let (status, cookie, session) = talkative.ask("POST", "/session", &typed, &credentials);
    assert_eq!(status, 201, "{session}");
    let token = session["accessToken"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let mine = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let mut secrets =
        vec![token.clone(), cookie.clone(), PASSWORD.to_owned(), "demo@latido.local".to_owned()];

    // Passwords, right and wrong, and a refresh.
    let wrong = json!({"email": "nobody-here@example.org", "password": "wrong-password-8471"}).to_string();
    assert_eq!(talkative.ask("POST", "/session", &typed, &wrong).0, 401);
    secrets.extend(["nobody-here@example.org".to_owned(), "wrong-password-8471".to_owned()]);
    let (status, refreshed, session) = talkative.ask("POST", "/session/refresh", &[("cookie", &cookie)], "");
    assert_eq!(status, 200);
    secrets.extend([refreshed, session["accessToken"].as_str().unwrap().to_owned()]);
    let forged = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmb3JnZWQifQ.";
    let foreign = [("authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJmb3JnZWQifQ.")];
    assert_eq!(talkative.ask("GET", "/food-logs", &foreign, "").0, 401);
    secrets.push(forged.to_owned());

    // Sockets: by ticket, by token in the URL, refused in both ways.
    let ticket = |talkative: &Talkative| {
        let (status, _, body) = talkative.ask("POST", "/realtime/ticket", &mine, "{}");
        assert_eq!(status, 201);
        body["ticket"].as_str().unwrap().to_owned()
    };
    let used = ticket(&talkative);
    let protocols = format!("latido.v1, ticket.{used}");
    let mut by_ticket = open(address, "/ws", Some(&protocols)).await.unwrap();
    by_ticket.start().await;
    assert!(open(address, "/ws", Some(&protocols)).await.is_none(), "a second use");
    let mut by_query = open(address, &format!("/ws?token={token}"), None).await.unwrap();
    by_query.start().await;
    assert!(open(address, &format!("/ws?token={forged}"), None).await.is_none());
    assert!(open(address, "/ws", Some("latido.v1, ticket.made-up-ticket-5512")).await.is_none());
    secrets.extend([used, "made-up-ticket-5512".to_owned()]);

    // Health, written and read, accepted and refused; and what a socket says.
    let records = [
        (
            "/food-logs",
            json!({"name": "Sopa-de-ajo-6613", "meal": "lunch", "calories": 6613.5, "notes": "nota-6613"}),
        ),
        ("/exercise-logs", json!({"activity": "Remo-7714", "durationMin": 771.5, "intensity": "low"})),
        ("/health-metrics", json!({"kind": "glucose", "value": 188.25})),
        ("/food-logs", json!({"name": "Refused-9915", "meal": "brunch", "calories": -9915})),
        ("/food-logs", json!({"name": 8816.5, "unknown-8816": true})),
    ];
    for (path, body) in records {
        let status = talkative.ask("POST", path, &mine, &body.to_string()).0;
        assert!(matches!(status, 201 | 422), "{status}");
    }
    assert_eq!(talkative.ask("POST", "/food-logs", &mine, "{\"broken-3317\": ").0, 400);
    assert_eq!(talkative.ask("GET", "/health-metrics?kind=glucose&cursor=cursor-4418", &mine, "").0 / 100, 4);
    secrets.extend(
        [
            "Sopa-de-ajo",
            "6613.5",
            "nota-6613",
            "Remo-7714",
            "771.5",
            "188.25",
            "Refused-9915",
            "8816.5",
            "unknown-8816",
            "broken-3317",
            "cursor-4418",
        ]
        .map(str::to_owned),
    );
    for text in [
        "said-2219",
        "{\"type\":\"dance-2219\"}",
        "{\"type\":\"typing:start\",\"data\":{\"contactId\":\"contact-2219\"}}",
    ] {
        by_ticket.send(Message::text(text)).await;
    }
    by_ticket.up_to_pong_passing_errors().await;
    secrets.extend(["said-2219", "dance-2219", "contact-2219"].map(str::to_owned));
    assert_eq!(talkative.ask("DELETE", "/session", &mine, "").0, 204);
    assert_eq!(by_ticket.close_code().await, Some(4401));
    assert_eq!(by_query.close_code().await, Some(4401));

    let said = talkative.end();
    // It is not silent: the events are there.
    for event in ["/api/food-logs", "/ws", "socket ends"] {
        assert!(said.contains(event), "{event} is missing in:\n{said}");
    }
    for secret in secrets {
        // Shorter ones would turn up by chance, in a time or an id.
        assert!(secret.len() >= 5, "{secret}");
        assert!(!said.contains(&secret), "{secret} is in the log:\n{said}");
    }
}
