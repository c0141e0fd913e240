//! Many sockets at once, each in a task of its own.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::{
    sync::{mpsc::UnboundedReceiver, watch},
    task::JoinSet,
    time::{sleep, sleep_until, timeout},
};

use crate::{
    accounts::Account,
    latency::{Latencies, Percentiles},
    pace::{Due, Rate, lanes},
    socket::{Faults, Socket, SocketError, Target},
};

/// How many sockets are opened a second before something is measured.
const OPENED_A_SECOND: u32 = 1000;
/// How long a socket may take to open before it is given up.
const OPEN_WITHIN: Duration = Duration::from_secs(20);

/// Sockets that listen until they are told to leave.
pub struct Crowd {
    tasks: JoinSet<Left>,
    leave: watch::Sender<bool>,
    pub seen: Rc<Seen>,
    /// Sockets that did not open.
    pub refused: usize,
}

/// What the sockets of a crowd have seen together.
#[derive(Default)]
pub struct Seen {
    /// From when an event was due to when it was here.
    pub deliveries: Latencies,
    /// From when a socket was due to when it was open and had what it missed.
    pub openings: Latencies,
    delivered: Cell<u64>,
    /// Whether any socket was lost; the first is spoken of.
    lost: Cell<bool>,
}

/// How a socket was when it left.
struct Left {
    account: usize,
    /// The last number that it had, or why it has none.
    seq: Option<u64>,
    faults: Faults,
    redials_failed: u64,
}

/// How a crowd was when it left.
#[derive(Debug, Default)]
pub struct Outcome {
    pub faults: Faults,
    /// Sockets that were closed or could not come back.
    pub lost: u64,
    pub redials_failed: u64,
}

impl Crowd {
    /// Opens sockets for accounts in turn, so many a second.
    pub async fn gather(target: Target, accounts: &'static [Account], sockets: usize) -> Self {
        Self::gather_with(target, accounts, sockets, None).await
    }

    /// The same, and each is cut off and comes back whenever its turn comes in `redials`.
    pub async fn gather_with(
        target: Target,
        accounts: &'static [Account],
        sockets: usize,
        redials: Option<Redials>,
    ) -> Self {
        let (leave, left) = watch::channel(false);
        let seen = Rc::new(Seen::default());
        let mut crowd = Self { tasks: JoinSet::new(), leave, seen: Rc::clone(&seen), refused: 0 };
        let lasting = Duration::from_secs(sockets as u64) / OPENED_A_SECOND;
        let mut due = lanes(Rate { per_second: OPENED_A_SECOND, lasting }, 1).remove(0);
        let mut opening = JoinSet::new();
        let mut number = 0;
        while let Some(Due { at, .. }) = due.recv().await {
            let account = number % accounts.len();
            let seen = Rc::clone(&seen);
            opening.spawn_local(async move {
                let opened = timeout(OPEN_WITHIN, Socket::open(target, &accounts[account], None)).await;
                seen.openings.record(at.elapsed());
                (account, opened.unwrap_or(Err(SocketError::TimedOut)))
            });
            number += 1;
        }
        let mut redials = redials.map(|Redials { lanes, offline }| (lanes.into_iter(), offline));
        while let Some(opened) = opening.join_next().await {
            let Ok((account, opened)) = opened else { continue };
            match opened {
                Ok(socket) => {
                    let lane = redials.as_mut().and_then(|(lanes, offline)| Some((lanes.next()?, *offline)));
                    let member =
                        Member { target, account, accounts, seen: Rc::clone(&seen), redials_failed: 0 };
                    crowd.tasks.spawn_local(member.listen(socket, lane, left.clone()));
                }
                Err(error) => {
                    if crowd.refused == 0 {
                        eprintln!("    a socket was not opened: {error}");
                    }
                    crowd.refused += 1;
                }
            }
        }
        crowd
    }

    pub fn delivered(&self) -> u64 {
        self.seen.delivered.get()
    }

    /// Latencies of what came since this was last asked.
    pub fn deliveries(&self) -> Percentiles {
        self.seen.deliveries.take()
    }

    /// Waits until so many events have been delivered, or nothing more comes.
    pub async fn settle(&self, expected: u64) {
        let mut before = u64::MAX;
        while self.delivered() < expected && self.delivered() != before {
            before = self.delivered();
            sleep(Duration::from_secs(2)).await;
        }
    }

    /// Closes all sockets. `heads` is the number of the last event of each account: who has not got that far misses
    /// the rest.
    pub async fn leave(mut self, heads: impl Fn(usize) -> u64) -> Outcome {
        self.leave.send_replace(true);
        let mut outcome = Outcome::default();
        while let Some(left) = self.tasks.join_next().await {
            let Ok(left) = left else { continue };
            let Left { account, seq, faults, redials_failed } = left;
            outcome.faults.missing += faults.missing;
            outcome.faults.repeated += faults.repeated;
            outcome.faults.resets += faults.resets;
            outcome.redials_failed += redials_failed;
            match seq {
                Some(seq) => outcome.faults.missing += heads(account).saturating_sub(seq),
                None => outcome.lost += 1,
            }
        }
        outcome
    }
}

/// When the sockets of a crowd are cut off, a lane each, and for how long.
pub struct Redials {
    pub lanes: Vec<UnboundedReceiver<Due>>,
    pub offline: Duration,
}

struct Member {
    target: Target,
    account: usize,
    accounts: &'static [Account],
    seen: Rc<Seen>,
    redials_failed: u64,
}

impl Member {
    async fn listen(
        mut self,
        mut socket: Socket,
        redials: Option<(UnboundedReceiver<Due>, Duration)>,
        mut leave: watch::Receiver<bool>,
    ) -> Left {
        let (mut redials, offline) = redials.unzip();
        loop {
            tokio::select! {
                event = socket.next() => match event {
                    Ok(due) => self.delivered(due),
                    Err(error) => {
                        if !self.seen.lost.replace(true) {
                            eprintln!("    a socket was lost: {error}");
                        }
                        return self.left(None, socket.faults);
                    }
                },
                Some(due) = next(&mut redials) => {
                    let back = due.at + offline.unwrap_or_default();
                    match self.come_back(socket, back).await {
                        Ok(again) => socket = again,
                        Err(faults) => return self.left(None, faults),
                    }
                }
                _ = leave.wait_for(|leave| *leave) => {
                    let seq = socket.position.seq;
                    return self.left(Some(seq), socket.faults);
                }
            }
        }
    }

    fn delivered(&self, due: Option<Instant>) {
        if let Some(due) = due {
            self.seen.deliveries.record(due.elapsed());
        }
        self.seen.delivered.set(self.seen.delivered.get() + 1);
    }

    /// Cuts the connection without a word, stays away until `back`, and resumes. Tries a few times.
    async fn come_back(&mut self, socket: Socket, back: Instant) -> Result<Socket, Faults> {
        let (position, mut faults) = (socket.position.clone(), socket.faults);
        drop(socket);
        sleep_until(back.into()).await;
        for _ in 0..5 {
            let account = &self.accounts[self.account];
            let opening = Socket::open(self.target, account, Some(position.clone()));
            match timeout(OPEN_WITHIN, opening).await {
                Ok(Ok(mut socket)) => {
                    self.seen.openings.record(back.elapsed());
                    faults.missing += socket.faults.missing;
                    faults.repeated += socket.faults.repeated;
                    faults.resets += socket.faults.resets;
                    socket.faults = faults;
                    return Ok(socket);
                }
                Ok(Err(_)) | Err(_) => self.redials_failed += 1,
            }
        }
        Err(faults)
    }

    fn left(self, seq: Option<u64>, faults: Faults) -> Left {
        Left { account: self.account, seq, faults, redials_failed: self.redials_failed }
    }
}

/// Never, where there is nothing to wait for or nothing more comes.
async fn next(lane: &mut Option<UnboundedReceiver<Due>>) -> Option<Due> {
    match lane {
        Some(lane) => lane.recv().await,
        None => std::future::pending().await,
    }
}
