//! What a server has to stand.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::AsyncWriteExt,
    task::JoinSet,
    time::{interval, sleep, timeout},
};

use super::Bench;
use crate::{
    accounts::Account,
    pace::Rate,
    server::Server,
    socket::{Socket, Target},
    source::{Window, connect},
    writer::{Writing, write},
};

#[derive(Clone, Copy, Debug)]
pub enum Attack {
    /// Ten sockets of one user that never read, while 200 events a second of 8 kB come for them, as
    /// long as the user is allowed to write so many.
    SlowReaders,
    /// Fifty sockets of five users that send 200 messages a second each, and come back at once when thrown out.
    Flood,
    /// 10,000 connections that never finish their first request: half are silent, half send a letter every two
    /// seconds.
    HalfOpen,
}

/// An attack under way.
pub struct Attacking(JoinSet<()>);

impl Attacking {
    pub async fn end(mut self) {
        self.0.shutdown().await;
    }
}

const ATTACKERS: usize = 5;
const SOCKETS_EACH: usize = 10;
const EVENTS_A_SECOND: u32 = 200;
const PADDING: usize = 1950;
const FLOOD_EVERY: Duration = Duration::from_millis(5);
const HALF_OPEN: usize = 10_000;
const TRICKLE_EVERY: Duration = Duration::from_secs(2);
/// What a request for a socket begins with.
const BEGINNING: &[u8] = b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nX: ";

impl Attack {
    pub const ALL: [Self; 3] = [Self::SlowReaders, Self::Flood, Self::HalfOpen];

    /// What its figures are called: the quiet users' p99, its ratio, the growth of the memory.
    pub fn figures(self) -> [&'static str; 3] {
        match self {
            Self::SlowReaders => [
                "10 sockets that do not read: quiet users' p99",
                "as a multiple of alone (slow readers)",
                "memory grown at most (slow readers)",
            ],
            Self::Flood => [
                "10,000 messages a second: quiet users' p99",
                "as a multiple of alone (flood)",
                "memory grown at most (flood)",
            ],
            Self::HalfOpen => [
                "10,000 half-open connections: quiet users' p99",
                "as a multiple of alone (half-open)",
                "memory grown at most (half-open)",
            ],
        }
    }

    pub fn begin(self, bench: &Bench, server: &Server) -> Attacking {
        let target = Target::of(server);
        let attackers = bench.strangers(ATTACKERS);
        let mut tasks = JoinSet::new();
        match self {
            Self::SlowReaders => {
                let target = Target { window: Window::Small, ..target };
                let victim = bench.strangers(1);
                for _ in 0..SOCKETS_EACH {
                    tasks.spawn_local(never_read(target, &victim[0]));
                }
                let rate = Rate { per_second: EVENTS_A_SECOND, lasting: Duration::from_mins(1) };
                let writing = Writing { address: target.address, accounts: victim, rate, padding: PADDING };
                tasks.spawn_local(async move { drop(write(writing).await) });
            }
            Self::Flood => {
                for account in attackers.iter().cycle().take(ATTACKERS * SOCKETS_EACH) {
                    tasks.spawn_local(flood(target, account));
                }
            }
            Self::HalfOpen => {
                for number in 0..HALF_OPEN {
                    tasks.spawn_local(never_begin(target.address, number));
                }
            }
        }
        Attacking(tasks)
    }
}

async fn never_read(target: Target, account: &Account) {
    if let Ok(socket) = Socket::open(target, account, None).await {
        std::future::pending::<()>().await;
        drop(socket);
    }
}

async fn flood(target: Target, account: &Account) {
    loop {
        if let Ok(mut socket) = Socket::open(target, account, None).await {
            let mut ticks = interval(FLOOD_EVERY);
            while socket.send(target.dialect.nonsense()).await.is_ok() {
                ticks.tick().await;
            }
        }
        sleep(FLOOD_EVERY).await;
    }
}

async fn never_begin(address: SocketAddr, number: usize) {
    // So that they do not all come in one instant, which the system's own queue would not take.
    sleep(Duration::from_micros(200) * u32::try_from(number).unwrap_or(0)).await;
    loop {
        if let Ok(Ok(mut stream)) = timeout(TRICKLE_EVERY, connect(address, Window::Usual)).await {
            if number % 2 == 1 {
                std::future::pending::<()>().await;
            }
            let mut open = stream.write_all(BEGINNING).await.is_ok();
            while open {
                sleep(TRICKLE_EVERY).await;
                open = stream.write_all(b"x").await.is_ok();
            }
        }
        sleep(TRICKLE_EVERY).await;
    }
}
