//! Ten thousand clients that are cut off in the same instant: how many dial in the same second?
//!
//! API Gateway takes 500 new connections a second (and a burst above), so a fleet that comes back in
//! step would keep itself out.

use latido_connection::{Config, Connection, DialId, Input, Now, Output, backoff::Backoff};
use latido_protocol::{
    frame::{ClientFrame, ServerFrame, Welcome, WelcomeMode},
    time::Timestamp,
};

use crate::{queue::Queue, record::FIRST_DAY_MS};

/// A request or a socket's opening takes so long, milliseconds.
const LATENCY_MS: i64 = 40;
const SECOND_MS: i64 = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// Takes everybody back at once.
    Back,
    /// Refuses everybody for so many milliseconds.
    Refuses { ms: i64 },
}

/// What a storm came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storm {
    /// The most dials within any one second.
    pub peak: usize,
    /// Until everybody was back, milliseconds.
    pub over_after: i64,
}

const CUT_AT_MS: i64 = 10_000;
/// By then everybody has to be back.
const LONGEST_MS: i64 = 180_000;

/// Cuts `clients` off at once and lets them return under `backoff`.
pub fn storm(clients: u32, backoff: Backoff, server: Server) -> Storm {
    let config = Config { backoff, ..Config::default() };
    let mut fleet: Vec<Connection> =
        (0..clients).map(|client| Connection::new(config.clone(), u64::from(client))).collect();
    let mut queue = Queue::new();
    for client in 0..fleet.len() {
        queue.push(0, (client, Input::Start));
    }
    let cut_at = CUT_AT_MS;
    let mut dials = Vec::new();
    let mut over_after = 0;
    let mut cut = false;
    while let Some((now, (client, input))) = queue.pop(cut_at + LONGEST_MS) {
        if !cut && now >= cut_at {
            cut = true;
            for (other, connection) in fleet.iter_mut().enumerate() {
                assert!(connection.status().is_live(), "client {other} was never live");
                queue.push(cut_at, (other, Input::Closed { dial: DialId(1), code: 1006 }));
            }
        }
        let wall = Timestamp::from_unix_ms(FIRST_DAY_MS + now);
        fleet[client].handle(input, Now { wall, monotonic_ms: now as f64 });
        while let Some(output) = fleet[client].poll() {
            match output {
                Output::FetchToken { dial, .. } => {
                    let token = "t".to_owned();
                    queue.push(now + LATENCY_MS, (client, Input::TokenReady { dial, token }));
                }
                Output::Dial { dial, .. } => {
                    if cut {
                        dials.push(now);
                    }
                    let refused = matches!(server, Server::Refuses { ms } if cut && now < cut_at + ms);
                    let answer =
                        if refused { Input::Closed { dial, code: 1006 } } else { Input::Opened { dial } };
                    queue.push(now + LATENCY_MS, (client, answer));
                }
                Output::Send { dial, text } => {
                    let text = answer(&text, wall);
                    queue.push(now + LATENCY_MS, (client, Input::Frame { dial, text }));
                }
                Output::AwaitCaughtUp { dial } => queue.push(now, (client, Input::CaughtUp { dial })),
                Output::CheckSession => {
                    queue.push(now + LATENCY_MS, (client, Input::SessionChecked { valid: true }));
                }
                Output::WakeAt(Some(at)) => {
                    queue.push((at.unix_ms() - FIRST_DAY_MS).max(now), (client, Input::Woke));
                }
                Output::StatusChanged(status) => {
                    if cut && status.is_live() {
                        over_after = now - cut_at;
                    }
                }
                Output::WakeAt(None)
                | Output::Close { .. }
                | Output::Event(_)
                | Output::Invalidate(_)
                | Output::Ignored(_)
                | Output::Foreign { .. } => {}
            }
        }
    }
    assert!(fleet.iter().all(|connection| connection.status().is_live()), "not everybody came back");
    Storm { peak: peak(&dials), over_after }
}

fn answer(text: &str, wall: Timestamp) -> String {
    if !matches!(ClientFrame::parse(text), Ok(ClientFrame::Hello { .. })) {
        return ServerFrame::Pong { head: None }.to_text(wall, None);
    }
    let welcome = Welcome {
        connection_id: "c".to_owned(),
        epoch: "e".to_owned(),
        head: 0,
        mode: WelcomeMode::Resumed,
        expires_at: None,
    };
    ServerFrame::Welcome(welcome).to_text(wall, None)
}

/// The most of these sorted times within any one second.
fn peak(times: &[i64]) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (last, at) in times.iter().enumerate() {
        while times[first] + SECOND_MS <= *at {
            first += 1;
        }
        most = most.max(last - first + 1);
    }
    most
}

/// The policies there are, by name.
pub fn policies() -> [(&'static str, Backoff); 4] {
    [
        ("quick", Backoff::quick()),
        ("quick, full jitter", Backoff::quick().with_full_jitter()),
        ("patient", Backoff::patient()),
        ("patient, full jitter", Backoff::patient().with_full_jitter()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_patient_clients_with_full_jitter_stay_below_700_dials_a_second() {
        let backoff = Backoff::patient().with_full_jitter();
        for server in [Server::Back, Server::Refuses { ms: 60_000 }] {
            let storm = storm(10_000, backoff, server);
            assert!(storm.peak <= 700, "{server:?}: {storm:?}");
        }
    }

    #[test]
    fn a_second_is_any_second() {
        assert_eq!(peak(&[0, 400, 999, 1_000, 1_399, 5_000]), 4);
    }
}
