//! The diagnosis report for support.
//!
//! English and plain, like a log. It is made of states, times and counters: nothing that goes in could hold a token, a
//! health value or a name, and addresses of pages, which name contacts, are left out.

use latido_connection::{Status, Trouble, quality::Quality};
use latido_protocol::{time::Timestamp, values::Language};
use latido_realtime::{SocketAuth, history::Change};

use crate::log::Level;

pub struct Diagnosis<'a> {
    pub at: Timestamp,
    /// What the browser calls itself.
    pub browser: &'a str,
    pub language: Language,
    pub online: bool,
    pub visible: bool,
    /// `None` without a socket.
    pub auth: Option<SocketAuth>,
    pub level: Level,
    pub status: Status,
    pub quality: &'a Quality,
    pub changes: &'a [Change],
}

pub fn report(of: &Diagnosis) -> String {
    let quality = of.quality;
    let yes = |is: bool| if is { "yes" } else { "no" };
    let auth = match of.auth {
        None => "none",
        Some(SocketAuth::Ticket) => "ticket",
        Some(SocketAuth::Query) => "query",
    };
    let level = match of.level {
        Level::Quiet => "quiet",
        Level::Verbose => "verbose",
        Level::Debug => "debug",
    };
    let uptime = quality.uptime(of.at).map_or_else(|| "-".to_owned(), |share| whole(share * 100.0) + "%");
    let recent: Vec<_> = quality.recent.iter().map(|ms| whole(*ms)).collect();
    let mut lines = vec![
        format!("Latido {}, connection report", env!("CARGO_PKG_VERSION")),
        format!("at: {}", of.at),
        format!("browser: {}", of.browser),
        format!("language: {}", of.language.as_str()),
        format!("online: {}, visible: {}", yes(of.online), yes(of.visible)),
        format!("socket: {auth}, log: {level}"),
        format!("state: {}", state(of.status, of.at)),
        format!("live: {uptime} of the time"),
        format!(
            "round trip: last {} ms, smoothed {} ms, jitter {} ms",
            ms(quality.round_trip),
            ms(quality.smoothed),
            whole(quality.jitter)
        ),
        format!("round trips, oldest first: {}", recent.join(" ")),
        format!("received: {} frames, {} bytes", quality.received, quality.received_bytes),
        format!("sent: {} frames, {} bytes", quality.sent, quality.sent_bytes),
        format!("not understood: {}", quality.not_understood),
        format!(
            "errors: {}, last: {}",
            quality.troubles,
            quality.last_trouble.map_or("none".to_owned(), trouble)
        ),
        format!("missed pongs: {}", quality.missed_pongs),
        format!("reconnects: {}, rotations: {}", quality.reconnects, quality.rotations),
        format!("changes, newest first: {}", of.changes.len()),
    ];
    for change in of.changes.iter().rev() {
        let why = change.why.map(|why| format!(" after: {}", trouble(why))).unwrap_or_default();
        lines.push(format!("{} {}{why}", change.at, state(change.status, change.at)));
    }
    lines.join("\n") + "\n"
}

fn state(status: Status, at: Timestamp) -> String {
    let name = status.name();
    match status {
        Status::Live { since } => format!("{name} since {since}"),
        Status::Reconnecting { retry_at: Some(retry_at), attempt, of } => {
            format!("{name}, attempt {attempt} of {of} in {} ms", retry_at.unix_ms() - at.unix_ms())
        }
        Status::Reconnecting { retry_at: None, attempt, of } => format!("{name}, attempt {attempt} of {of}"),
        Status::Disconnected { reason } => format!("{name}, {}", reason.name()),
        Status::Polling | Status::Stopped | Status::Connecting => name.to_owned(),
    }
}

fn trouble(trouble: Trouble) -> String {
    match trouble {
        Trouble::NoToken => "no token".to_owned(),
        Trouble::DialTimedOut => "dial timed out".to_owned(),
        Trouble::DialRefused => "dial refused".to_owned(),
        Trouble::Closed { code } => format!("closed with {code}"),
        Trouble::NoPong => "no pong".to_owned(),
        Trouble::WentAway => "server went away".to_owned(),
        Trouble::MessageTooBig => "message too big".to_owned(),
    }
}

fn ms(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), whole)
}

/// Whole numbers do, and formatting fractions would cost the page kilobytes.
fn whole(value: f64) -> String {
    (value.round() as i64).to_string()
}
