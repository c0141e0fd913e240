//! Whatever clients do, the server's memory stays where it was. Measured from outside, on the program
//! itself, since what is to be bounded includes what libraries and the allocator hold.
//!
//! The bounds are several times what was seen, and a small part of what it would take to hold on to what
//! the clients send or do not read.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{
    io::{BufRead, BufReader},
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use latido_protocol::frame::{ClientFrame, Position, WelcomeMode};
use latido_protocol::time::Timestamp;
use serde_json::{Value, json};
use support::{
    food,
    process::Process,
    rest::Rest,
    socket::{Socket, dial_address},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::Message;

struct Observed {
    process: Process,
    rest: Rest,
    /// What it writes to its log.
    log: Receiver<String>,
}

impl Observed {
    fn start() -> Self {
        let mut process = Process::start(&["--demo", "--log-level", "debug"]);
        let rest = Rest::sign_in(process.address, "demo@latido.local", "latido-demo");
        let (line, log) = mpsc::channel();
        let said = BufReader::new(process.child.stderr.take().unwrap());
        std::thread::spawn(move || said.lines().map_while(Result::ok).try_for_each(|said| line.send(said)));
        Self { process, rest, log }
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        self.rest.send(self.process.address, method, path, None, body).unwrap()
    }

    /// A socket that says where it stands, and takes in so many bytes before it is read.
    async fn socket(&self, buffer: Option<u32>) -> Socket {
        let path = format!("/ws?token={}", self.rest.token);
        dial_address(self.process.address, &path, &[], buffer).await.unwrap()
    }

    /// Waits until it has noticed that the connections are gone.
    async fn until_few_are_open(&self) {
        let files = format!("/proc/{}/fd", self.process.child.id());
        let few = async {
            while std::fs::read_dir(&files).unwrap().count() > 100 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), few).await.expect("connections are never given up");
    }

    fn kib(&self) -> u64 {
        self.process.resident_kib()
    }

    /// Fails when the memory has grown by more than this.
    fn assert_grown_below(&self, before: u64, kib: u64) {
        let after = self.kib();
        println!("{before} KiB before, {after} KiB after");
        assert!(after < before + kib, "from {before} KiB to {after} KiB");
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        let _ = self.process.child.kill();
        let _ = self.process.child.wait();
    }
}

/// A food whose event takes 12 KB.
fn feast() -> Value {
    let mut body = food("Cocido");
    body["notes"] = json!("\u{1}".repeat(2000));
    body
}

#[tokio::test]
async fn a_slow_reader_is_closed_and_memory_stays_flat() {
    const SLOW: usize = 4;
    let server = Observed::start();
    for _ in 0..300 {
        assert_eq!(server.send("POST", "/food-logs", Some(&feast())).0, 201);
    }
    let mut sockets = Vec::new();
    for _ in 0..SLOW {
        let mut socket = server.socket(Some(4096)).await;
        let welcome = socket.start().await;
        sockets.push((socket, welcome));
    }
    let before = server.kib();

    // Nobody reads until the server has had enough of all of them.
    let (mut written, mut closed) = (0, 0);
    while closed < SLOW {
        assert_eq!(server.send("POST", "/food-logs", Some(&feast())).0, 201);
        written += 1;
        closed += server.log.try_iter().filter(|line| line.contains("TooSlow")).count();
        assert!(written < 5000, "{closed} were closed");
    }
    server.assert_grown_below(before, 16 * 1024);

    for (mut socket, welcome) in sockets {
        let (frames, code) = socket.until_closed().await;
        assert_eq!(code, Some(1013));
        let seqs: Vec<_> = frames.iter().map(|frame| frame.seq.unwrap()).collect();
        let seen = welcome.head + seqs.len() as u64;
        assert_eq!(seqs, (welcome.head + 1..=seen).collect::<Vec<_>>());

        let mut again = server.socket(None).await;
        let position = Position { epoch: welcome.epoch, seq: seen };
        let (mode, head) = (WelcomeMode::Resumed, welcome.head + written);
        let welcome = again.hello(Some(position)).await;
        assert_eq!((welcome.mode, welcome.head), (mode, head));
        assert_eq!(again.up_to_pong().await.0, (seen + 1..=head).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_flood_of_messages_is_cut_off_and_memory_stays_flat() {
    let server = Observed::start();
    let frame = ClientFrame::Subscribe { channel: "x".repeat(30 * 1024) };
    let frame = Message::text(frame.to_text(Timestamp::from_unix_ms(0)));
    let mut before = 0;
    for round in 0..20 {
        let mut socket = server.socket(None).await;
        socket.start().await;
        // 60 MB each.
        assert_eq!(socket.flood(frame.clone(), 2000).await, Some(4429));
        if round == 4 {
            before = server.kib();
        }
    }
    server.assert_grown_below(before, 8 * 1024);
}

#[tokio::test]
async fn a_message_far_too_big_is_never_held() {
    let server = Observed::start();
    let mut before = 0;
    for round in 0..6 {
        let mut socket = server.socket(None).await;
        socket.start().await;
        assert_eq!(socket.shout(Message::text("x".repeat(64 << 20))).await, Some(1009));
        if round == 0 {
            before = server.kib();
        }
    }
    server.assert_grown_below(before, 8 * 1024);
}

/// Opens connections that begin an upgrade and never end it. The server may refuse some of them.
async fn begin_upgrades(server: &Observed, count: usize) -> Vec<TcpStream> {
    let mut begun = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(server.process.address).await.unwrap();
        let _ = stream.write_all(b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nX-Slow: ").await;
        begun.push(stream);
    }
    begun
}

#[tokio::test]
async fn upgrades_that_are_never_finished_hold_little_and_let_others_through() {
    const UPGRADES: usize = 500;
    let server = Observed::start();
    let mut viewer = server.socket(None).await;
    let head = viewer.start().await.head;
    let idle = server.kib();
    let begun = begin_upgrades(&server, UPGRADES).await;
    assert_eq!(server.send("POST", "/food-logs", Some(&food("Avena"))).0, 201);
    assert_eq!(viewer.event_seq().await, head + 1, "others are served meanwhile");
    server.assert_grown_below(idle, UPGRADES as u64 * 64);
    drop(begun);

    // What was given back is used again, so that more of the same takes no more.
    let mut before = 0;
    for round in 0..5 {
        server.until_few_are_open().await;
        drop(begin_upgrades(&server, UPGRADES).await);
        if round == 1 {
            before = server.kib();
        }
    }
    assert_eq!(viewer.up_to_pong().await.1, Some(head + 1));
    server.assert_grown_below(before, UPGRADES as u64 * 16);
}

#[tokio::test]
async fn a_body_far_too_big_is_refused_before_it_is_read() {
    let server = Observed::start();
    let before = server.kib();
    let head = format!(
        "POST /api/food-logs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        server.rest.token,
        1_u64 << 40
    );
    for _ in 0..10 {
        let mut stream = TcpStream::connect(server.process.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let chunk = vec![b' '; 1 << 20];
        // It stops taking more before long, and says why.
        for _ in 0..64 {
            let writing = tokio::time::timeout(Duration::from_millis(200), stream.write_all(&chunk));
            if !matches!(writing.await, Ok(Ok(()))) {
                break;
            }
        }
        let mut answer = [0; 12];
        if stream.read_exact(&mut answer).await.is_ok() {
            assert_eq!(&answer, b"HTTP/1.1 413");
        }
    }
    server.assert_grown_below(before, 8 * 1024);
}

/// A body of which every byte is a piece, on so many connections at once.
#[tokio::test]
async fn bodies_in_one_byte_pieces_take_no_more_than_their_bytes() {
    const PIECES: usize = 1000;
    let server = Observed::start();
    for path in ["/api/session", "/api/webhooks/messages"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        let mut connections = Vec::new();
        for _ in 0..60 {
            let mut stream = TcpStream::connect(server.process.address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            connections.push(stream);
        }
        let before = server.kib();
        for _ in 0..PIECES {
            for stream in &mut connections {
                stream.write_all(b"1\r\n \r\n").await.unwrap();
            }
            // So that it is read by itself: what comes together is kept together.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        server.assert_grown_below(before, 8 * 1024);
    }
}

/// Parsed, such a body takes forty times its bytes, and an edit holds it until the database takes the write.
#[tokio::test]
async fn fat_edits_at_once_take_little() {
    const EDITS: usize = 150;
    /// Requests of a user under way and waiting; the others are refused at once.
    const TAKEN_ON: usize = 8 + 64;
    let server = Observed::start();
    let (_, created) = server.send("POST", "/food-logs", Some(&food("Cocido")));
    let body = format!("{{\"notes\":[{}[0]]}}", "[0],".repeat(15_000));
    let request = format!(
        "PATCH /api/food-logs/{} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIf-Match: *\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        created["foodLog"]["id"].as_str().unwrap(),
        server.rest.token,
        body.len()
    );
    let before = server.kib();
    let database = rusqlite::Connection::open(server.process.data.path().join("latido.db")).unwrap();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    let edit = async || {
        let mut stream = TcpStream::connect(server.process.address).await.unwrap();
        // A body that is refused is not read to its end.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.ok().map(|_| String::from_utf8_lossy(&first).into_owned())
    };
    let mut edits: FuturesUnordered<_> = (0..EDITS).map(|_| edit()).collect();
    let mut answers: Vec<_> = edits.by_ref().take(EDITS - TAKEN_ON).collect().await;
    database.execute_batch("ROLLBACK").unwrap();
    answers.extend(edits.collect::<Vec<_>>().await);
    let judged = answers.iter().flatten().filter(|answer| answer.ends_with("422")).count();
    assert!(judged >= 8, "{answers:?}");
    let peak = server.process.peak_kib();
    println!("{judged} judged, {before} KiB before, {peak} KiB at most");
    assert!(peak < before + 64 * 1024, "from {before} KiB to {peak} KiB");
}

#[tokio::test]
async fn lists_that_nobody_reads_take_little() {
    const UNREAD: usize = 150;
    let server = Observed::start();
    for _ in 0..100 {
        assert_eq!(server.send("POST", "/food-logs", Some(&feast())).0, 201);
    }
    assert_eq!(server.send("GET", "/food-logs?limit=200", None).0, 200);
    let request = format!(
        "GET /api/food-logs?limit=200 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
        server.rest.token
    );
    let before = server.kib();
    let mut unread = Vec::new();
    for _ in 0..UNREAD {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let mut stream = socket.connect(server.process.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        unread.push(stream);
    }
    // Each has begun to be answered, or has been refused.
    let mut refused = 0;
    for stream in &mut unread {
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        refused += usize::from(&first == b"HTTP/1.1 429");
    }
    assert!(refused >= UNREAD - 8, "{refused} were refused");
    server.assert_grown_below(before, 48 * 1024);
}
