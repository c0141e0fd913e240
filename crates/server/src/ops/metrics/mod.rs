//! What is counted. Through the `metrics` facade, so that whoever has something to count need not be
//! handed anything, and without `--metrics` it comes to nothing.
//!
//! Every label is from a closed set, a route as it is registered and never as it was asked for, so that
//! no client can add to what is kept. No label says who.
//!
//! | file | what it holds |
//! |---|---|
//! | [`endpoint`] | where Prometheus reads it |

pub mod endpoint;

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use latido_store_sqlite::metrics::{BATCH_WRITES, COMMIT_SECONDS};
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

const HTTP_REQUESTS: &str = "latido_http_requests_total";
const HTTP_SECONDS: &str = "latido_http_request_seconds";
const CONNECTIONS: &str = "latido_connections_open";
const CONNECTIONS_REFUSED: &str = "latido_connections_refused_total";
const SOCKETS: &str = "latido_sockets_open";
const SOCKET_CLOSES: &str = "latido_socket_closes_total";
const WELCOMES: &str = "latido_welcomes_total";
const EVENTS: &str = "latido_events_published_total";
const DELIVERIES: &str = "latido_deliveries_total";
const OVERFLOWS: &str = "latido_queue_overflows_total";
const RATE_LIMITED: &str = "latido_rate_limited_total";
const BUILD: &str = "latido_build_info";

/// Seconds, from a read of the cache to a request that is given up.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];
/// Writes of a batch, up to the most that share a commit.
const WRITES: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// A request was answered.
pub fn request(method: &'static str, route: &str, status: u16, took: Duration) {
    let route = route.to_owned();
    counter!(HTTP_REQUESTS, "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    histogram!(HTTP_SECONDS, "method" => method, "route" => route).record(took);
}

/// One more connection is open, until the answer is dropped.
pub fn connection_opened() -> Open {
    Open::count(CONNECTIONS)
}

/// A connection was refused; `reason` is one of a few words.
pub fn connection_refused(reason: &'static str) {
    counter!(CONNECTIONS_REFUSED, "reason" => reason).increment(1);
}

/// One more socket is open, until the answer is dropped.
pub fn socket_opened() -> Open {
    Open::count(SOCKETS)
}

/// A socket has ended; with the close code that this server sent, if it sent any.
pub fn socket_closed(code: Option<u16>) {
    let code = code.map_or_else(|| "none".to_owned(), |code| code.to_string());
    counter!(SOCKET_CLOSES, "code" => code).increment(1);
}

/// A hello was answered; `mode` as the contract spells it.
pub fn welcomed(mode: &'static str) {
    counter!(WELCOMES, "mode" => mode).increment(1);
}

/// An event was handed to so many sockets, and to so many it could not be.
pub fn published(deliveries: usize, overflows: usize) {
    counter!(EVENTS).increment(1);
    counter!(DELIVERIES).increment(deliveries as u64);
    counter!(OVERFLOWS).increment(overflows as u64);
}

/// Somebody asked too much; `what` says of what, in one of a few words.
pub fn rate_limited(what: &'static str) {
    counter!(RATE_LIMITED, "what" => what).increment(1);
}

/// Counted as open for as long as it is held.
#[must_use = "dropping it counts it as closed"]
pub struct Open(&'static str);

impl Open {
    fn count(name: &'static str) -> Self {
        gauge!(name).increment(1);
        Self(name)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        gauge!(self.0).decrement(1);
    }
}

/// What everything is counted with in this process. The first to ask sets it up, while others wait.
fn recorder() -> Result<PrometheusHandle, BuildError> {
    static RECORDER: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut recorder = RECORDER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*recorder {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Full(BATCH_WRITES.to_owned()), &WRITES)?
        .install_recorder()?;
    describe();
    Ok(recorder.insert(handle).clone())
}

fn describe() {
    describe_counter!(HTTP_REQUESTS, "Requests answered, by method, route and status");
    describe_histogram!(HTTP_SECONDS, Unit::Seconds, "How long requests took");
    describe_gauge!(CONNECTIONS, "Connections that are open, sockets among them");
    describe_counter!(CONNECTIONS_REFUSED, "Connections refused, by reason");
    describe_gauge!(SOCKETS, "WebSockets that are open");
    describe_counter!(SOCKET_CLOSES, "WebSockets that have ended, by the close code sent");
    describe_counter!(WELCOMES, "Hellos answered, by mode: fresh, resumed or reset");
    describe_counter!(EVENTS, "Events committed and published");
    describe_counter!(DELIVERIES, "Events put into the queue of a socket");
    describe_counter!(OVERFLOWS, "Sockets told to close because they read too slowly");
    describe_histogram!(BATCH_WRITES, "Writes that shared a commit");
    describe_histogram!(COMMIT_SECONDS, Unit::Seconds, "How long commits took, with the sync of the disk");
    describe_counter!(RATE_LIMITED, "Requests and messages refused because there were too many, by limit");
    describe_gauge!(BUILD, "1, with the version as a label");
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1);
    // Present from the start, so that a rate can be computed over the first of them.
    gauge!(CONNECTIONS).increment(0);
    gauge!(SOCKETS).increment(0);
    for name in [EVENTS, DELIVERIES, OVERFLOWS] {
        counter!(name).increment(0);
    }
}
